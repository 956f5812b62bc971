"""Who and what is there when the playground opens: three people, four chats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.playground.chats import Chat
    from bot.playground.driver import Person
    from bot.playground.server import BotApiServer

ADA, BOB, GRACE = 1001, 1002, 9001
GROUP, FORUM = -1_001_000_000_001, -1_001_000_000_002
TOPICS = {7: "Marketing", 9: "IT"}

PRIVATE = "private"
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "tr")


@dataclass(frozen=True, slots=True)
class Stage:
    """The people at the keyboard, and the chats they share, by the names the page uses."""

    server: BotApiServer
    people: dict[int, Person]
    shared: dict[str, Chat]

    def chats_of(self, person: Person) -> dict[str, Chat]:
        """Return what a person sees in the list of chats."""
        return {PRIVATE: self.server.private_chat(person)} | self.shared


def set_stage(server: BotApiServer) -> Stage:
    """Add the people and the chats to a server and return them.

    Everyone has a private chat with the bot already; Grace is the one to make an admin of.
    """
    people = [
        server.person(ADA, "Ada", username="ada", language_code="de"),
        server.person(BOB, "Bob", username="bob", language_code="en"),
        server.person(GRACE, "Grace", username="grace", language_code="de"),
    ]
    for person in people:
        server.private_chat(person)
    admins = [people[-1]]
    shared = {
        "group": server.group(GROUP, "Team", people, admins=admins),
        "forum": server.group(FORUM, "Forum", people, admins=admins, topics=TOPICS),
        "friends": server.elsewhere(*people, title="Friends"),
    }
    return Stage(server, {person.id: person for person in people}, shared)

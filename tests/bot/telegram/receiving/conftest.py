"""Groups full of questions: a reply tells which question it answers, so answers can be counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.state.sqlite_inbox import SqliteInbox
from tests.bot.telegram.conftest import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.playground import BotApiServer, Chat, Message, Person
    from bot.state.protocol import Inbox

ENGLISH = "Should cities allow beehives on rooftops?"
NOTICE = "I was interrupted while answering."


@dataclass(slots=True)
class Crowd:
    """Some groups, and every question asked there."""

    person: Person
    groups: list[Chat]
    questions: list[Message] = field(default_factory=list)

    async def ask(self, each: int = 1) -> None:
        """Ask in every group so many times."""
        for _ in range(each):
            for group in self.groups:
                self.questions.append(await self.person.say(group, f"/ask {ENGLISH}"))

    def answers(self, question: Message) -> list[Message]:
        """Return the answers to a question."""
        return [one for one in _replies(question) if NOTICE not in one.text]

    def notices(self, question: Message) -> list[Message]:
        """Return what asks whether there was an answer."""
        return [one for one in _replies(question) if NOTICE in one.text]

    async def served(self, timeout_s: float = 60.0) -> None:
        """Return once every question has a reply of some kind."""
        await until(lambda: all(map(_replies, self.questions)), timeout_s)

    async def redeem(self) -> int:
        """Tap where a notice stands without an answer; return how many there were."""
        owed = [one for one in self.questions if self.notices(one) and not self.answers(one)]
        for question in owed:
            await self.person.tap(self.notices(question)[0], "Answer now", timeout_s=120.0)
            await until(lambda: bool(self.answers(question)), 120.0)  # noqa: B023 - awaited at once
        return len(owed)

    def lost(self) -> list[Message]:
        """Return the questions with no answer."""
        return [one for one in self.questions if not self.answers(one)]

    def doubled(self) -> list[Message]:
        """Return the questions with more than one answer."""
        return [one for one in self.questions if len(self.answers(one)) > 1]

    def disordered(self) -> list[Chat]:
        """Return the groups where a later question was answered before an earlier one.

        Those that were interrupted do not count: their answer came when it was asked for.
        """
        return [group for group in self.groups if not _ordered(group)]


def _replies(question: Message) -> list[Message]:
    return [one for one in question.chat.from_bot if one.reply_to is question]


def _ordered(group: Chat) -> bool:
    answered = [one.reply_to.message_id for one in group.from_bot if one.reply_to]
    return answered == sorted(answered)


@pytest.fixture
def crowd(server: BotApiServer, bob: Person) -> Crowd:
    groups = [server.group(-1000 - number, f"Group {number}", [bob]) for number in range(4)]
    return Crowd(bob, groups)


@pytest.fixture
def unhurried(environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a bot in a process, without limits to how much one person may ask."""
    environment.setenv("AUDIATUR_QUESTIONS_PER_MINUTE", "100000")
    environment.setenv("AUDIATUR_QUESTIONS_PER_SECOND", "100000")
    return environment


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    opened = await SqliteInbox.open(tmp_path / "inbox.sqlite")
    yield opened
    await opened.close()

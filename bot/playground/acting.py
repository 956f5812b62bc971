"""What a person can do on the page, by name; each act returns what the page shows at once.

What comes of an act besides, such as the bot's answer, arrives with the scene.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.composing import mentions, typed
from bot.playground.retention import trim
from bot.playground.rules import is_start_parameter
from bot.playground.schema.description import bot_api
from bot.playground.stage import LANGUAGES, PRIVATE
from bot.playground.utf16 import cut
from bot.playground.views import Json, inline_view

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.answers import InlineAnswer
    from bot.playground.chats import Chat
    from bot.playground.driver import Person
    from bot.playground.messages import Message
    from bot.playground.stage import Stage

MAX_ANSWERS = 100


@dataclass(frozen=True, slots=True)
class Given:
    """What the page sent along; a wrong type is the page's mistake, said aloud."""

    fields: Json

    def text(self, name: str) -> str:
        """Return a text.

        Raises:
            ValueError: it is missing, or no text that can be written in UTF-8.

        """
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a text")  # noqa: TRY004 - said to the page
        return value.encode("utf-8", "replace").decode()

    def number(self, name: str) -> int:
        """Return a whole number.

        Raises:
            ValueError: it is missing or something else.

        """
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{name} must be a whole number")  # noqa: TRY004 - likewise
        return value

    def optional(self, name: str) -> int | None:
        """Return a whole number, or None where there is none."""
        return None if self.fields.get(name) is None else self.number(name)


@dataclass(frozen=True, slots=True)
class Acting:
    """The acts, and the inline answers that can still be chosen from."""

    stage: Stage
    patience_s: float
    answers: dict[str, InlineAnswer] = field(default_factory=dict)

    async def do(self, name: str, given: Given) -> Json:
        """Do what a person wants.

        Raises:
            ValueError: it cannot be done; the text says why.
            RuntimeError: the bot does not hear of such things.
            TimeoutError: the bot left it unanswered.

        """
        act = ACTS.get(name)
        if act is None:
            raise ValueError(f"there is no act {name!r}")
        return await act(self, self.person(given), given)

    def person(self, given: Given) -> Person:
        """Return who acts.

        Raises:
            ValueError: nobody of that number is here.

        """
        person = self.stage.people.get(given.number("person"))
        if person is None:
            raise ValueError("there is no such person")
        return person

    def chat(self, person: Person, given: Given) -> Chat:
        """Return the chat it is about.

        Raises:
            ValueError: the person has no such chat.

        """
        chat = self.stage.chats_of(person).get(given.text("chat"))
        if chat is None:
            raise ValueError("there is no such chat")
        return chat

    def message(self, chat: Chat, given: Given, name: str = "message_id") -> Message:
        """Return the message it is about.

        Raises:
            ValueError: it is gone.

        """
        message = chat.find(given.number(name))
        if message is None:
            raise ValueError("that message is gone")
        return message

    def context(self, chat: Chat, given: Given) -> Json:
        """Return what is replied to, and in which topic."""
        thread_id = given.optional("thread_id")
        if thread_id is not None and thread_id not in (chat.topics or {}):
            raise ValueError("there is no such topic")
        replies = given.fields.get("reply_to") is not None
        reply_to = self.message(chat, given, "reply_to") if replies else None
        return {"reply_to": reply_to, "thread_id": thread_id}


async def _say(acting: Acting, person: Person, given: Given) -> Json:
    chat, text = acting.chat(person, given), given.text("text")
    context = acting.context(chat, given)
    if not chat.has_bot and mentions(typed(text), acting.stage.server.bot):
        person.mention(chat, text, reply_to=context["reply_to"])
        return {}
    quote = given.text("quote") if given.fields.get("quote") else None
    await person.say(chat, text, quote=quote, **context)
    return {}


async def _start(acting: Acting, person: Person, given: Given) -> Json:
    payload = given.text("payload")
    if payload and not is_start_parameter(payload):
        raise ValueError("a start parameter is 1-64 of A-Z, a-z, 0-9, _ and -")
    await person.start(acting.stage.chats_of(person)[PRIVATE], payload)
    return {}


async def _edit(acting: Acting, person: Person, given: Given) -> Json:
    message = acting.message(acting.chat(person, given), given)
    if message.via_bot:
        raise ValueError("what was sent through a bot cannot be edited")
    await person.edit(message, given.text("text"))
    return {}


async def _react(acting: Acting, person: Person, given: Given) -> Json:
    message = acting.message(acting.chat(person, given), given)
    emoji = given.text("emoji")
    if emoji not in bot_api().enums["ReactionEmoji"]:
        raise ValueError("there is no such reaction")
    same = message.reacted.get(person.id) == emoji
    await person.react(message, None if same else emoji)
    return {}


async def _press(acting: Acting, person: Person, given: Given) -> Json:
    message = acting.message(acting.chat(person, given), given)
    row, column = given.number("row"), given.number("column")
    if not (0 <= row < len(message.buttons) and 0 <= column < len(message.buttons[row])):
        raise ValueError("that button is gone")
    button = message.buttons[row][column]
    if button["text"] != given.text("label"):
        raise ValueError("that button has changed meanwhile")
    answer = await person.press(message, button, timeout_s=acting.patience_s)
    return {"text": answer.text, "alert": answer.show_alert, "url": answer.url}


async def _inline(acting: Acting, person: Person, given: Given) -> Json:
    chat = acting.chat(person, given)
    kind = "sender" if chat.is_private else chat.type
    answer = await person.inline(
        _cut(given.text("query")),
        given.text("offset"),
        chat_type=kind,
        timeout_s=acting.patience_s,
    )
    name = secrets.token_hex(8)
    acting.answers[name] = answer
    trim(acting.answers, MAX_ANSWERS)
    return inline_view(answer, name)


def _cut(query: str) -> str:
    """A client sends no more than 256 UTF-16 units, and no half of a character."""
    return cut(query, 0, 256).rstrip("\ufffd")


async def _choose(acting: Acting, person: Person, given: Given) -> Json:
    chat = acting.chat(person, given)
    answer = acting.answers.get(given.text("answer"))
    index = given.number("result")
    if answer is None or not 0 <= index < len(answer.results):
        raise ValueError("that result is gone; type the query again")
    thread_id = acting.context(chat, given)["thread_id"]
    await person.choose(answer.results[index], chat, thread_id=thread_id)
    return {}


async def _language(acting: Acting, person: Person, given: Given) -> Json:
    language = given.text("language")
    if language not in LANGUAGES:
        raise ValueError("there is no such language")
    person.account.language_code = language
    acting.stage.server.world.bell.ring()
    return {}


async def _welcome(acting: Acting, person: Person, given: Given) -> Json:
    """Let the bot in or throw it out; in a private chat, unblock or block it."""
    chat, on = acting.chat(person, given), bool(given.fields.get("on"))
    if chat is acting.stage.shared["friends"]:
        raise ValueError("this chat is one without the bot")
    if on != (chat.has_bot and not chat.blocked):
        ways = (
            (person.block, person.unblock)
            if chat.is_private
            else (person.remove_bot, person.add_bot)
        )
        await ways[on](chat)
        chat.bell.ring()
    return {}


async def _privacy(acting: Acting, _person: Person, given: Given) -> Json:
    """Turn privacy mode on or off, as in a talk with BotFather."""
    world = acting.stage.server.world
    world.privacy_mode = bool(given.fields.get("on"))
    world.bell.ring()
    return {}


ACTS: dict[str, Callable[[Acting, Person, Given], Awaitable[Json]]] = {
    "choose": _choose,
    "edit": _edit,
    "inline": _inline,
    "language": _language,
    "press": _press,
    "privacy": _privacy,
    "react": _react,
    "say": _say,
    "start": _start,
    "welcome": _welcome,
}

"""People who talk to the bot: what they ask becomes updates, what they get back is returned."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.playground.chats import SUPERGROUP, Chat
from bot.playground.composing import typed
from bot.playground.methods.inline import post_result
from bot.playground.privacy import reaches_bot
from bot.playground.writing import Writer

if TYPE_CHECKING:
    from bot.playground.accounts import Account
    from bot.playground.answers import CallbackAnswer, InlineAnswer, InlineResult
    from bot.playground.messages import Message
    from bot.playground.world import Query

PATIENCE_S = 5.0
MAX_QUERY = 256


class Person(Writer):
    """Someone with a Telegram client in hand."""

    async def ask(
        self, chat: Chat, text: str, *, timeout_s: float = PATIENCE_S, **more: Any
    ) -> Message:
        """Send a text and return the bot's next message in the chat."""
        known = set(chat.from_bot)
        await self.say(chat, text, **more)
        return await chat.wait_for(lambda message: message not in known, timeout_s)

    async def tap(
        self, message: Message, wanted: str, *, timeout_s: float = PATIENCE_S
    ) -> CallbackAnswer:
        """Tap an inline button, named by its label or its data, and return the bot's answer.

        Raises:
            TimeoutError: the bot did not answer.
            ValueError: there is no such button, or tapping it tells the bot nothing.

        """
        return await self.press(message, message.button(wanted), timeout_s=timeout_s)

    async def press(
        self, message: Message, button: dict[str, Any], *, timeout_s: float = PATIENCE_S
    ) -> CallbackAnswer:
        """Tap one button of a message and return the bot's answer.

        Raises:
            TimeoutError: the bot did not answer.
            ValueError: tapping it tells the bot nothing.

        """
        if "callback_data" not in button:
            raise ValueError(f"button {button['text']!r} asks nothing of the bot: {button}")
        query = self._ask("callback", self._world.limits.callback_query_expires_s)
        update = {
            "id": query.id,
            "from": self.account.as_json(),
            "chat_instance": str(message.chat.id),
            "data": button["callback_data"],
        }
        if message.inline_message_id:
            update["inline_message_id"] = message.inline_message_id
        else:
            update["message"] = message.as_json()
        self._expect("callback_query", update)
        answer: CallbackAnswer = await self._answer(query, timeout_s)
        return answer

    async def inline(
        self,
        query: str,
        offset: str = "",
        *,
        chat_type: str = "sender",
        timeout_s: float = PATIENCE_S,
    ) -> InlineAnswer:
        """Type "@bot query" in some chat and return what is offered.

        Raises:
            TimeoutError: the bot did not answer.

        """
        query = query[:MAX_QUERY]
        cache = self._world.inline_cache
        kept = cache.find(self.id, query, offset) if cache else None
        if kept:
            return kept
        asked = self._ask("inline", self._world.limits.inline_query_expires_s)
        update = {
            "id": asked.id,
            "from": self.account.as_json(),
            "query": query,
            "offset": offset,
            "chat_type": chat_type,
        }
        self._expect("inline_query", update)
        given: InlineAnswer = await self._answer(asked, timeout_s)
        answer = replace(given, results=[replace(one, query=query) for one in given.results])
        if cache:
            cache.keep(self.id, query, offset, answer)
        return answer

    async def choose(
        self, result: InlineResult, chat: Chat | None = None, *, thread_id: int | None = None
    ) -> Message:
        """Choose a result: it is posted to a chat, by default one without the bot.

        The bot is told so, as if BotFather had been asked for inline feedback.
        """
        if chat is None:
            chat = outside_chat(self._world.bot, "Elsewhere", {self.id: self.account})
        message = post_result(self._world, self.account, chat, result, thread_id=thread_id)
        chosen: dict[str, Any] = {
            "result_id": result.id,
            "from": self.account.as_json(),
            "query": result.query,
        }
        # Telegram names the message only where a keyboard may call for its editing.
        if message.buttons:
            chosen["inline_message_id"] = message.inline_message_id
        self._world.updates.push("chosen_inline_result", chosen)
        if reaches_bot(self._world, message):
            self._world.updates.push("message", message.as_json())
        return message

    async def ask_as_guest(
        self, chat: Chat, text: str, *, timeout_s: float = PATIENCE_S
    ) -> Message:
        """Mention the bot in a chat it is not in, and return its one answer."""
        question, query = self.mention(chat, text)
        await self._answer(query, timeout_s)
        return await chat.wait_for(lambda message: message.reply_to is question, timeout_s)

    def mention(
        self, chat: Chat, text: str, *, reply_to: Message | None = None
    ) -> tuple[Message, Query]:
        """Mention the bot in a chat it is not in; return the question and what awaits an answer.

        Raises:
            RuntimeError: the bot does not hear guests; the message is posted all the same.

        """
        question = chat.add(self.account, typed(text), reply_to=reply_to)
        lifetime_s = self._world.limits.guest_query_expires_s
        query = self._ask("guest", lifetime_s, question)
        question.guest_query_id = query.id
        self._expect("guest_message", question.as_json())
        return question, query

    def _expect(self, kind: str, update: dict[str, Any]) -> None:
        """Queue an update that must be answered, so the bot must want to hear of it."""
        if not self._world.updates.push(kind, update):
            raise RuntimeError(f"the bot did not ask for {kind} in allowed_updates")

    def _ask(self, kind: str, lifetime_s: float, context: Any = None) -> Query:
        return self._world.ask(kind, self.account, lifetime_s, context)

    async def _answer(self, query: Query, timeout_s: float) -> Any:
        try:
            async with asyncio.timeout(timeout_s):
                # Shielded, so that an answer after the person gave up is still late, not lost.
                return await asyncio.shield(query.answer)
        except TimeoutError:
            raise TimeoutError(
                f"the bot left a {query.kind} query unanswered for {timeout_s} s"
            ) from None


def outside_chat(bot: Account, title: str, members: dict[int, Account], **more: Any) -> Chat:
    """Return a chat that the bot is not in and cannot name."""
    chat_id = -1_000_000_000_000 - secrets.randbelow(10**9)
    return Chat(chat_id, SUPERGROUP, bot, title, members=members, has_bot=False, **more)

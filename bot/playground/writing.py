"""People who write: messages, files, edits, reactions, and who lets the bot in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.playground.composing import captioned, quoted, typed
from bot.playground.formatting import Formatted
from bot.playground.methods.chats import member_json
from bot.playground.privacy import reaches_bot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.accounts import Account
    from bot.playground.chats import Chat
    from bot.playground.messages import Message
    from bot.playground.tags import Entity
    from bot.playground.world import World


class Writer:
    """Someone whose doings become updates, and who waits for nothing."""

    def __init__(self, account: Account, world: World) -> None:
        self.account = account
        self._world = world

    @property
    def id(self) -> int:
        """The person's identifier, also that of the private chat with the bot."""
        return self.account.id

    async def say(
        self,
        chat: Chat,
        text: str,
        *,
        reply_to: Message | None = None,
        quote: str | None = None,
        entities: Sequence[Entity] = (),
        thread_id: int | None = None,
    ) -> Message:
        """Send a text; commands, mentions and links in it become entities by themselves.

        Raises:
            ValueError: a client would send a text of this length in pieces, or the quote is no
                part of the message replied to.

        """
        content = typed(text, entities)
        part = quoted(reply_to, quote) if quote else None
        return self._post(chat, content, reply_to=reply_to, quote=part, thread_id=thread_id)

    async def start(self, chat: Chat, payload: str = "") -> Message:
        """Press Start, or follow a deep link with a payload."""
        if chat.blocked:
            await self.unblock(chat)
        return await self.say(chat, f"/start {payload}".strip())

    async def send_document(
        self,
        chat: Chat,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        mime_type: str = "application/octet-stream",
        **more: Any,
    ) -> Message:
        """Send a file.

        Raises:
            ValueError: the caption is too long.

        """
        stored = self._world.files.add(name, content, mime_type)
        return self._post(chat, captioned(caption), document=stored.as_document(), **more)

    async def edit(self, message: Message, text: str) -> None:
        """Change a text or a caption sent before.

        Raises:
            ValueError: it is somebody else's message, or the text is too long.

        """
        if message.sender is not self.account:
            raise ValueError("only one's own messages can be edited")
        content = captioned(text) if message.document else typed(text)
        message.edit(content, message.reply_markup)
        if reaches_bot(self._world, message):
            self._world.updates.push("edited_message", message.as_json())

    async def react(self, message: Message, emoji: str | None) -> None:
        """React to a message, or take the reaction back; bots hear of it if they asked to."""
        old = message.reacted.pop(self.id, None)
        if emoji:
            message.reacted[self.id] = emoji
        message.chat.touch(message)
        if not message.chat.has_bot:
            return
        update = {
            "chat": message.chat.as_json(),
            "message_id": message.message_id,
            "user": self.account.as_json(),
            "date": message.date,
            "old_reaction": _reactions(old),
            "new_reaction": _reactions(emoji),
        }
        self._world.updates.push("message_reaction", update)

    async def block(self, chat: Chat) -> None:
        """Block the bot: it can no longer write to this person."""
        chat.blocked = True
        self._tell_membership(chat, "member", "kicked")

    async def unblock(self, chat: Chat) -> None:
        """Let the bot write again."""
        chat.blocked = False
        self._tell_membership(chat, "kicked", "member")

    async def add_bot(self, chat: Chat) -> None:
        """Bring the bot into a group."""
        chat.has_bot = True
        self._tell_membership(chat, "left", "member")
        account = self._world.bot.as_json()
        self._post(chat, Formatted(""), service={"new_chat_members": [account]})

    async def remove_bot(self, chat: Chat) -> None:
        """Throw the bot out of a group."""
        self._tell_membership(chat, "member", "kicked")
        chat.has_bot = False

    def _post(self, chat: Chat, content: Formatted, **more: Any) -> Message:
        reply_to = more.get("reply_to")
        if reply_to and chat.topics is not None and more.get("thread_id") is None:
            more["thread_id"] = reply_to.thread_id
        message = chat.add(self.account, content, **more)
        if reaches_bot(self._world, message):
            self._world.updates.push("message", message.as_json())
        return message

    def _tell_membership(self, chat: Chat, old: str, new: str) -> None:
        bot = member_json(self._world, chat, self._world.bot.id)
        ends = {"until_date": 0}
        update = {
            "chat": chat.as_json(),
            "from": self.account.as_json(),
            "date": int(time.time()),
            "old_chat_member": bot | {"status": old} | (ends if old == "kicked" else {}),
            "new_chat_member": bot | {"status": new} | (ends if new == "kicked" else {}),
        }
        self._world.updates.push("my_chat_member", update)


def _reactions(emoji: str | None) -> list[dict[str, Any]]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []

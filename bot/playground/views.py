"""What the page shows to one person: chats, messages, commands, as plain JSON.

Everything is text and entities as the Bot API has them; the page makes no HTML of it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.playground.stage import LANGUAGES

if TYPE_CHECKING:
    from bot.playground.answers import InlineAnswer
    from bot.playground.chats import Chat
    from bot.playground.driver import Person
    from bot.playground.formatting import Formatted
    from bot.playground.messages import Message
    from bot.playground.stage import Stage

# A little over what Telegram hands to bots, so that a bot's refusal can be seen.
MAX_UPLOAD_BYTES = 24_000_000
ACTION_S = 5.0
DRAFT_S = 30.0

Json = dict[str, Any]


def scene(stage: Stage, person: Person, since: int = 0) -> Json:
    """Return everything around the messages, and those messages that changed after a ring."""
    world = stage.server.world
    chats = stage.chats_of(person)
    return {
        "ring": world.bell.rings,
        "bot": _bot(stage, person),
        "person": person.account.as_json(),
        "people": [one.account.as_json() for one in stage.people.values()],
        "admins": sorted(stage.shared["group"].admins),
        "languages": LANGUAGES,
        "upload_bytes": MAX_UPLOAD_BYTES,
        "privacy_mode": world.privacy_mode,
        "chats": [_chat(stage, person, name, chat) for name, chat in chats.items()],
        "messages": {
            name: [message_view(message, person) for message in chat.changed_since(since)]
            for name, chat in chats.items()
        },
    }


def message_view(message: Message, person: Person) -> Json:
    """Return a Message with what else a screen shows."""
    if message.deleted:
        return {"message_id": message.message_id, "deleted": True}
    view = message.as_json()
    del view["chat"]
    return view | {
        "mine": message.sender is person.account,
        "reactions": _reactions(message, person),
        "inline": message.inline_message_id is not None,
    }


def inline_view(answer: InlineAnswer, name: str) -> Json:
    """Return what is offered under an inline query; `name` is what it is chosen by."""
    return {
        "answer": name,
        "next_offset": answer.next_offset,
        "button": answer.button,
        "results": [
            {"title": result.title, "description": result.description, "type": result.type}
            for result in answer.results
        ],
    }


def _bot(stage: Stage, person: Person) -> Json:
    world = stage.server.world
    language = person.account.language_code or ""
    return {
        "id": world.bot.id,
        "username": world.bot.username,
        "name": world.profile.text("name", language),
        "description": world.profile.text("description", language),
        "awake": world.updates.wanted or bool(world.webhook_url),
    }


def _chat(stage: Stage, person: Person, name: str, chat: Chat) -> Json:
    world = stage.server.world
    view = {
        "name": name,
        "kind": chat.type,
        "title": chat.title,
        "has_bot": chat.has_bot,
        "blocked": chat.blocked,
        "members": [one.first_name for one in chat.members.values()],
        "first": chat.first_id,
        "action": _action(chat),
        "draft": _draft(chat),
        "keyboard": chat.keyboard,
        "commands": world.profile.commands_seen(person.account, chat) if chat.has_bot else [],
    }
    if chat.topics is not None:
        view["topics"] = [{"id": number, "name": title} for number, title in chat.topics.items()]
    return view


def _action(chat: Chat) -> Json | None:
    """Return what the bot is doing, unless it has spoken since."""
    if not chat.actions:
        return None
    last = chat.actions[-1]
    left_s = last.at + ACTION_S - time.monotonic()
    if left_s <= 0 or last.at < chat.bot_spoke_at:
        return None
    return {"action": last.action, "left_ms": int(1000 * left_s), "thread_id": last.thread_id}


def _draft(chat: Chat) -> Json | None:
    draft = chat.draft
    left_s = draft.at + DRAFT_S - time.monotonic() if draft else 0
    if draft is None or left_s <= 0:
        return None
    return {"id": draft.draft_id, "left_ms": int(1000 * left_s)} | _content(draft.content)


def _content(content: Formatted) -> Json:
    return {"text": content.text, "entities": list(content.entities)}


def _reactions(message: Message, person: Person) -> list[Json]:
    by_emoji: dict[str, Json] = {}
    bots = [(message.chat.bot.id, one["emoji"]) for one in message.reactions if "emoji" in one]
    for who, emoji in [*bots, *message.reacted.items()]:
        shown = by_emoji.setdefault(emoji, {"emoji": emoji, "count": 0, "mine": False})
        shown["count"] += 1
        shown["mine"] |= who == person.id
    return list(by_emoji.values())

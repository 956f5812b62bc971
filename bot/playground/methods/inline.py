"""Answers to what people asked: taps on buttons, inline queries, guests' messages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bot.playground.answers import CallbackAnswer, InlineAnswer, InlineResult
from bot.playground.errors import bad_request
from bot.playground.formatting import caption, message_text
from bot.playground.retention import trim

if TYPE_CHECKING:
    from bot.playground.accounts import Account
    from bot.playground.chats import Chat
    from bot.playground.messages import Message
    from bot.playground.world import Call, World

MAX_RESULTS = 50
MAX_OFFSET_BYTES = 64
DEFAULT_CACHE_S = 300


def answer_callback_query(world: World, call: Call) -> bool:
    """Answer a tap, once and soon."""
    params = call.params
    if "url" in params and f"t.me/{world.bot.username}?start=" not in params["url"]:
        raise bad_request("URL_INVALID")
    answer = CallbackAnswer(
        text=params.get("text", ""),
        show_alert=params.get("show_alert", False),
        url=params.get("url"),
        cache_time=params.get("cache_time", 0),
    )
    world.settle("callback", params["callback_query_id"], answer)
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    """Show up to 50 results under what a person types."""
    params = call.params
    _check_results(params["results"])
    if len(params.get("next_offset", "").encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = InlineAnswer(
        results=[parse_result(result) for result in params["results"]],
        next_offset=params.get("next_offset", ""),
        button=params.get("button"),
        cache_time=params.get("cache_time", DEFAULT_CACHE_S),
        is_personal=params.get("is_personal", False),
    )
    world.settle("inline", params["inline_query_id"], answer)
    return True


def answer_guest_query(world: World, call: Call) -> dict[str, str]:
    """Answer a guest's message with one result, posted where the guest asked."""
    result = parse_result(call.params["result"])
    query = world.settle("guest", call.params["guest_query_id"], result)
    question: Message = query.context
    message = post_result(world, world.bot, question.chat, result)
    message.guest_caller, message.reply_to = query.asker, question
    question.chat.touch(message)
    return {"inline_message_id": message.inline_message_id or ""}


def parse_result(raw: dict[str, Any]) -> InlineResult:
    """Return a result with the message it would post, formatted and within its limits."""
    content = raw.get("input_message_content", {})
    caption(raw)
    return InlineResult(
        id=raw["id"],
        type=raw["type"],
        title=raw.get("title", ""),
        description=raw.get("description", ""),
        content=message_text(content, "message_text") if "message_text" in content else None,
        reply_markup=raw.get("reply_markup"),
        raw=raw,
    )


def post_result(
    world: World, sender: Account, chat: Chat, result: InlineResult, **more: Any
) -> Message:
    """Add the message of a result to a chat and give it the name it can be edited by."""
    if result.content is None:
        raise bad_request(f"results of type {result.type} cannot be posted here")
    message = chat.add(
        sender,
        result.content,
        reply_markup=result.reply_markup,
        via_bot=None if sender is world.bot else world.bot,
        inline_message_id=secrets.token_urlsafe(16),
        **more,
    )
    world.inline_messages[message.inline_message_id or ""] = message
    trim(world.inline_messages, world.retention.calls)
    return message


def _check_results(results: list[dict[str, Any]]) -> None:
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    names = [result["id"] for result in results]
    if len(names) != len(set(names)):
        raise bad_request("RESULT_ID_DUPLICATE")

"""Sending, editing, deleting and reacting to messages of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground import utf16
from bot.playground.chats import Draft
from bot.playground.errors import bad_request
from bot.playground.formatting import MAX_TEXT, Formatted, caption, format_text, message_text
from bot.playground.methods.sending import post, thread_of

if TYPE_CHECKING:
    from bot.playground.messages import Message
    from bot.playground.world import Call, World

MAX_DELETED_AT_ONCE = 100

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Send a text and return the message."""
    world.open_chat(call.params["chat_id"])
    return post(world, call, message_text(call.params)).as_json()


def send_message_draft(world: World, call: Call) -> bool:
    """Show a preview of an answer that is still being written; the same id goes on with it."""
    params = call.params
    chat = world.open_chat(params["chat_id"])
    if not chat.is_private:
        raise bad_request("drafts can be sent only to private chats")
    if params["draft_id"] == 0:
        raise bad_request("draft identifier must be non-zero")
    thread_of(chat, params)
    content = format_text(params.get("text", ""), params.get("parse_mode"), params.get("entities"))
    if utf16.length(content.text) > MAX_TEXT:
        raise bad_request("message is too long")
    chat.preview(Draft(params["draft_id"], content))
    return True


def edit_message_text(world: World, call: Call) -> dict[str, Any] | bool:
    """Replace a text and its keyboard; a keyboard that is not sent again goes away."""
    if "rich_message" in call.params:
        raise bad_request("rich messages are not supported here")
    message = _own_message(world, call)
    if message.document:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, call, message, message_text(call.params))


def edit_message_caption(world: World, call: Call) -> dict[str, Any] | bool:
    """Replace a document's caption and its keyboard."""
    message = _own_message(world, call)
    if not message.document:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, call, message, caption(call.params))


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any] | bool:
    """Replace the keyboard only."""
    message = _own_message(world, call)
    return _edit(world, call, message, message.content)


def delete_message(world: World, call: Call) -> bool:
    """Delete one message."""
    chat = world.open_chat(call.params["chat_id"])
    message = chat.find(call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    _delete(world, message)
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Delete up to 100 messages; those that are gone already are skipped."""
    chat = world.open_chat(call.params["chat_id"])
    wanted = call.params["message_ids"]
    if not 1 <= len(wanted) <= MAX_DELETED_AT_ONCE:
        raise bad_request("message identifiers are not specified or too many")
    for message in filter(None, map(chat.find, wanted)):
        _delete(world, message)
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    """Set the bot's one reaction to a message, or remove it."""
    chat = world.open_chat(call.params["chat_id"])
    message = chat.find(call.params["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.params.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions = reactions
    chat.touch(message)
    return True


def _own_message(world: World, call: Call) -> Message:
    params = call.params
    by_chat = {"chat_id", "message_id"} <= params.keys()
    if by_chat == ("inline_message_id" in params):
        raise bad_request("message identifier is not specified")
    if not by_chat:
        inline = world.inline_messages.get(params["inline_message_id"])
        if inline is None or inline.deleted:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline
    message = world.open_chat(params["chat_id"]).find(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, call: Call, message: Message, new: Formatted) -> dict[str, Any] | bool:
    markup = call.params.get("reply_markup")
    # An empty keyboard and none are the same on a screen.
    old_rows, new_rows = message.buttons, (markup or {}).get("inline_keyboard", [])
    preview = call.params.get("link_preview_options", message.link_preview)
    if (message.content, old_rows, message.link_preview) == (new, new_rows, preview):
        raise bad_request(NOT_MODIFIED)
    world.floods.count(message.chat.id, group=not message.chat.is_private)
    message.link_preview = preview
    message.edit(new, markup)
    return True if "inline_message_id" in call.params else message.as_json()


def _delete(world: World, message: Message) -> None:
    chat = message.chat
    others = message.sender is not world.bot
    if others and not chat.is_private and world.bot.id not in chat.admins:
        raise bad_request("message can't be deleted")
    message.delete()

"""The methods this server implements, by the name they are called by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.methods import chats, commands, files, identity, inline, messages, receiving

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.webhook import Webhook
    from bot.playground.world import Call, World

    # Returns the result, or an awaitable of it where the method waits.
    Handler = Callable[[World, Call], Any]

HANDLERS: dict[str, Handler] = {
    "answerCallbackQuery": inline.answer_callback_query,
    "answerGuestQuery": inline.answer_guest_query,
    "answerInlineQuery": inline.answer_inline_query,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "deleteMyCommands": commands.delete_my_commands,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "editMessageText": messages.edit_message_text,
    "getChat": chats.get_chat,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatMenuButton": identity.get_chat_menu_button,
    "getFile": files.get_file,
    "getMe": identity.get_me,
    "getMyCommands": commands.get_my_commands,
    "getMyDescription": identity.get_my_description,
    "getMyName": identity.get_my_name,
    "getMyShortDescription": identity.get_my_short_description,
    "getUpdates": receiving.get_updates,
    "leaveChat": chats.leave_chat,
    "sendChatAction": chats.send_chat_action,
    "sendDocument": files.send_document,
    "sendMessage": messages.send_message,
    "sendMessageDraft": messages.send_message_draft,
    "setChatMenuButton": identity.set_chat_menu_button,
    "setMessageReaction": messages.set_message_reaction,
    "setMyCommands": commands.set_my_commands,
    "setMyDescription": identity.set_my_description,
    "setMyName": identity.set_my_name,
    "setMyShortDescription": identity.set_my_short_description,
}


def with_webhook(webhook: Webhook) -> dict[str, Handler]:
    """Return all methods, those about the webhook bound to the one that delivers."""
    return HANDLERS | {
        "deleteWebhook": receiving.WebhookMethods(webhook).delete_webhook,
        "getWebhookInfo": receiving.WebhookMethods(webhook).get_webhook_info,
        "setWebhook": receiving.WebhookMethods(webhook).set_webhook,
    }

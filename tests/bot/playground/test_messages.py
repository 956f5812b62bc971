"""Messages are sent, edited, answered and deleted as a person would see it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.playground.conftest import Client

MORE = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}


async def test_a_message_is_seen_with_its_formatting(call: Client, chat: Chat) -> None:
    """Text, entities, HTML and keyboard, and the same in what the bot gets back."""
    sent = await call.result(
        "sendMessage",
        chat_id=1001,
        text="<b>Hi</b> &amp; 😀",
        parse_mode="HTML",
        reply_markup=MORE,
    )
    (message,) = chat.messages
    assert (message.text, message.html, message.labels) == (
        "Hi & 😀",
        "<b>Hi</b> &amp; 😀",
        ["More"],
    )
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["chat"]["id"] == 1001
    assert sent["from"]["is_bot"]


async def test_an_edit_keeps_what_was_said_before(call: Client, chat: Chat) -> None:
    """And an edit without a keyboard takes the keyboard away."""
    await call.result("sendMessage", chat_id=1001, text="one", reply_markup=MORE)
    edited = await call.result("editMessageText", chat_id=1001, message_id=1, text="two")
    (message,) = chat.messages
    assert [content.text for content in message.history] == ["one"]
    assert (message.text, message.edit_count, message.labels) == ("two", 1, [])
    assert edited["edit_date"] >= edited["date"]


async def test_a_keyboard_can_change_alone(call: Client, chat: Chat) -> None:
    """Then the text is no other, and the same keyboard again is no change."""
    await call.result("sendMessage", chat_id=1001, text="one")
    target = {"chat_id": 1001, "message_id": 1}
    await call.result("editMessageReplyMarkup", **target, reply_markup=MORE)
    assert chat.messages[0].labels == ["More"]
    refusal = await call.refusal("editMessageReplyMarkup", **target, reply_markup=MORE)
    assert "message is not modified" in refusal
    await call.result("editMessageReplyMarkup", **target)
    assert chat.messages[0].labels == []


async def test_a_reply_carries_message_and_quote(call: Client, ada: Person, chat: Chat) -> None:
    """The quote's place counts UTF-16 units, and the nearest of several is meant."""
    await ada.say(chat, "😀 no, no")
    reply = {"message_id": 1, "quote": "no", "quote_position": 7}
    sent = await call.result("sendMessage", chat_id=1001, text="x", reply_parameters=reply)
    assert sent["quote"] == {"text": "no", "position": 7, "is_manual": True}
    assert sent["reply_to_message"]["text"] == "😀 no, no"


async def test_deleting_takes_messages_off_the_screen(
    call: Client, ada: Person, chat: Chat
) -> None:
    """In a private chat also the person's."""
    await ada.say(chat, "oops")
    await call.result("sendMessage", chat_id=1001, text="x")
    await call.result("deleteMessage", chat_id=1001, message_id=1)
    await call.result("deleteMessages", chat_id=1001, message_ids=[2, 99])
    assert chat.messages == []
    assert [message.text for message in chat.deleted] == ["oops", "x"]


async def test_in_a_group_others_messages_stay(
    call: Client, server: BotApiServer, ada: Person
) -> None:
    """Unless the bot is an administrator."""
    group = server.group(-5, "Group", [ada])
    await ada.say(group, "mine")
    refusal = await call.refusal("deleteMessage", chat_id=-5, message_id=1)
    assert refusal == "Bad Request: message can't be deleted"
    group.admins.add(server.bot.id)
    await call.result("deleteMessage", chat_id=-5, message_id=1)


async def test_a_forum_has_topics(call: Client, server: BotApiServer, ada: Person) -> None:
    """A message goes to its topic, and a reply to the topic of what it replies to."""
    forum = server.group(-6, "Forum", [ada], topics={7: "Philosophy"})
    asked = await ada.say(forum, "/ask", thread_id=7)
    sent = await call.result("sendMessage", chat_id=-6, text="x", message_thread_id=7)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (7, True)
    reply = {"message_id": asked.message_id}
    answered = await call.result("sendMessage", chat_id=-6, text="y", reply_parameters=reply)
    assert answered["message_thread_id"] == 7
    refusal = await call.refusal("sendMessage", chat_id=-6, text="x", message_thread_id=8)
    assert refusal == "Bad Request: message thread not found"


async def test_a_draft_is_seen_until_the_message_comes(call: Client, chat: Chat) -> None:
    """All previews stay on record."""
    for text in ("H", "Hel", "<b>Hello</b>"):
        await call.result(
            "sendMessageDraft", chat_id=1001, draft_id=3, text=text, parse_mode="HTML"
        )
    shown = chat.draft
    assert shown
    assert shown.content.text == "Hello"
    await call.result("sendMessage", chat_id=1001, text="Hello")
    assert chat.draft is None
    assert [draft.content.text for draft in chat.drafts] == ["H", "Hel", "Hello"]


async def test_drafts_are_for_private_chats(call: Client, server: BotApiServer) -> None:
    """A group would see them too."""
    server.group(-5, "Group")
    refusal = await call.refusal("sendMessageDraft", chat_id=-5, draft_id=1, text="x")
    assert "private chats" in refusal


async def test_actions_and_reactions_are_seen(call: Client, ada: Person, chat: Chat) -> None:
    """As "typing…" above the chat and an emoji under a message."""
    message = await ada.say(chat, "x")
    await call.result("sendChatAction", chat_id=1001, action="typing")
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await call.result("setMessageReaction", chat_id=1001, message_id=1, reaction=thumb)
    assert [action.action for action in chat.actions] == ["typing"]
    assert message.reactions == thumb


async def test_a_blocked_bot_is_told(call: Client, ada: Person, chat: Chat) -> None:
    """By an update, and by 403 if it writes nevertheless."""
    await ada.block(chat)
    (update,) = await call.result("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refusal = await call.refusal("sendMessage", chat_id=1001, text="x")
    assert refusal == "Forbidden: bot was blocked by the user"
    await ada.unblock(chat)
    await call.result("sendMessage", chat_id=1001, text="x")


async def test_a_bot_comes_into_a_group_and_goes(
    call: Client, server: BotApiServer, ada: Person
) -> None:
    """Membership, service message, and 403 once it is out."""
    group = server.group(-5, "Group", [ada], has_bot=False)
    await ada.add_bot(group)
    kinds = [set(update) - {"update_id"} for update in await call.result("getUpdates")]
    assert kinds == [{"my_chat_member"}, {"message"}]
    await ada.remove_bot(group)
    refusal = await call.refusal("sendMessage", chat_id=-5, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"


async def test_an_edited_question_is_an_update(call: Client, ada: Person, chat: Chat) -> None:
    """With the new text."""
    message = await ada.say(chat, "helo")
    await ada.edit(message, "hello")
    update = (await call.result("getUpdates"))[-1]
    assert update["edited_message"]["text"] == "hello"


async def test_a_person_quotes_and_reacts(call: Client, ada: Person, chat: Chat) -> None:
    """The quote is a part of what is replied to; a reaction can be taken back."""
    await call.result("getUpdates", allowed_updates=["message", "message_reaction"])
    await call.result("sendMessage", chat_id=1001, text="😀 yes and no")
    (message,) = chat.messages
    await ada.say(chat, "why?", reply_to=message, quote="no")
    with pytest.raises(ValueError, match="must be a part"):
        await ada.say(chat, "why?", reply_to=message, quote="perhaps")
    await ada.react(message, "👍")
    await ada.react(message, None)
    said, *reacted = await call.result("getUpdates")
    assert said["message"]["quote"] == {"text": "no", "position": 11, "is_manual": True}
    thumb = [{"type": "emoji", "emoji": "👍"}]
    changes = [one["message_reaction"] for one in reacted]
    assert [(one["old_reaction"], one["new_reaction"]) for one in changes] == [
        ([], thumb),
        (thumb, []),
    ]


async def test_only_ones_own_messages_can_be_edited(call: Client, ada: Person, chat: Chat) -> None:
    """And a file's caption as well as a text."""
    await call.result("sendMessage", chat_id=1001, text="x")
    with pytest.raises(ValueError, match="only one's own"):
        await ada.edit(chat.messages[0], "y")
    sent = await ada.send_document(chat, "a.txt", b"a", "caption")
    await ada.edit(sent, "")
    assert "caption" not in (await call.result("getUpdates"))[-1]["edited_message"]


async def test_waiting_finds_by_number_text_and_predicate(call: Client, chat: Chat) -> None:
    """Also what is there already, and what an edit makes of it."""
    waiting = asyncio.create_task(chat.wait_for(lambda message: message.edit_count == 1))
    await call.result("sendMessage", chat_id=1001, text="one")
    assert (await chat.wait_for(1)).text == "one"
    await call.result("editMessageText", chat_id=1001, message_id=1, text="two")
    assert (await chat.wait_for("tw")) is await waiting
    with pytest.raises(TimeoutError, match=r"the bot said \['two'\]"):
        await chat.wait_for(2, timeout_s=0.01)


async def test_a_reply_keyboard_stays_until_it_is_removed(call: Client, chat: Chat) -> None:
    """Under the input field, whatever message comes next."""
    shown = {"keyboard": [[{"text": "Yes"}, {"text": "No"}]]}
    await call.result("sendMessage", chat_id=1001, text="x", reply_markup=shown)
    await call.result("sendMessage", chat_id=1001, text="y")
    assert chat.keyboard == ["Yes", "No"]
    removed = {"remove_keyboard": True}
    await call.result("sendMessage", chat_id=1001, text="z", reply_markup=removed)
    assert chat.keyboard == []


async def test_what_a_bot_did_not_ask_for_cannot_be_answered(call: Client, ada: Person) -> None:
    """Told at once, instead of by a timeout."""
    await call.result("getUpdates", allowed_updates=["message"])
    with pytest.raises(RuntimeError, match="did not ask for inline_query"):
        await ada.inline("x")

"""Each rule of the Bot API has a request that breaks it, and the words it is refused with."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.formatting import Formatted

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.playground import BotApiServer, Chat
    from tests.bot.playground.conftest import Client

Json = dict[str, Any]


def message(**changes: Any) -> Json:
    return {"chat_id": 1001, "text": "x"} | changes


def keyboard(*buttons: Json) -> Json:
    return message(reply_markup={"inline_keyboard": [list(buttons)]})


def entity(**changes: Any) -> Json:
    one = {"type": "bold", "offset": 0, "length": 1} | changes
    return message(entities=[one])


def article(**changes: Any) -> Json:
    content = {"message_text": "x"}
    one = {"type": "article", "id": "1", "title": "t", "input_message_content": content}
    return one | changes


def answer(*results: Json, **changes: Any) -> Json:
    return {"inline_query_id": "1", "results": list(results)} | changes


def commands(*names: str, description: str = "d", **more: Any) -> Json:
    return {"commands": [{"command": name, "description": description} for name in names]} | more


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)

BROKEN: list[tuple[str, Json, str]] = [
    # Names and presence.
    ("sendMessage", message(txet="x"), '"txet" is no field of sendMessage'),
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 1001}, "message text is empty"),
    ("sendMessage", message(text=""), "message text is empty"),
    ("sendMessage", message(text=" \n "), "message text is empty"),
    ("sendMessage", message(reply_to_message_id=1), '"reply_to_message_id" is deprecated'),
    ("sendMessage", message(chat_id=5), "chat not found"),
    ("sendMessage", message(chat_id="@nobody"), "chat not found"),
    ("sendMessage", message(business_connection_id="x"), "not supported here"),
    ("getChatMember", {"chat_id": 1001}, '"user_id" is required'),
    # Types.
    ("sendMessage", message(disable_notification="maybe"), "must be of type Boolean"),
    ("sendMessage", message(message_thread_id="x"), "must be of type Integer"),
    ("sendMessage", message(reply_markup="{"), "can't parse reply markup JSON object"),
    ("sendMessage", message(reply_markup=[1]), "must be an object"),
    ("sendMessage", message(entities={"a": 1}), "must be an array of MessageEntity"),
    ("sendMessage", message(reply_parameters={"message_id": "1"}), "must be of type Integer"),
    ("sendMessage", message(link_preview_options={"size": 1}), "is no field"),
    ("sendMessage", message(reply_markup={"remove_keyboard": False}), "must be true"),
    ("sendMessage", message(entities=[{"type": "\ud800", "offset": 0, "length": 1}]), "in UTF-8"),
    # Texts and entities.
    ("sendMessage", message(text="x" * 4097), "message is too long"),
    ("sendMessage", message(text="😀" * 2049), "message is too long"),
    ("sendMessage", message(parse_mode="Latex"), "unsupported parse_mode"),
    ("sendMessage", message(parse_mode="MarkdownV2"), "not supported here"),
    ("sendMessage", message(text="<b>x", parse_mode="HTML"), "can't parse entities"),
    ("sendMessage", entity(length=2), "ends after the end of the text at UTF-16 offset 1"),
    ("sendMessage", entity(length=0), "incorrect offset or length"),
    ("sendMessage", entity(offset=-1), "incorrect offset or length"),
    ("sendMessage", entity() | {"text": "😀"}, "ends in a middle of a UTF-16 symbol"),
    ("sendMessage", entity(offset=1) | {"text": "😀"}, "begins in a middle of a UTF-16 symbol"),
    ("sendMessage", entity(type="huge"), "unsupported type 'huge'"),
    ("sendMessage", entity(type="text_link"), 'Can\'t find field "url"'),
    ("sendMessage", entity() | {"parse_mode": "HTML"}, "exclude each other"),
    # Replies and topics.
    ("sendMessage", message(reply_parameters={"message_id": 9}), "to be replied not found"),
    (
        "sendMessage",
        message(reply_parameters={"message_id": 1, "quote": "hullo"}),
        "QUOTE_TEXT_INVALID",
    ),
    ("sendMessage", message(message_thread_id=3), "message thread not found"),
    # Inline keyboards.
    ("sendMessage", keyboard({"text": "x"}), "Text buttons are unallowed"),
    (
        "sendMessage",
        keyboard({"text": "x", "callback_data": "a", "url": "https://x.org"}),
        "exactly one action",
    ),
    ("sendMessage", keyboard({"text": "x", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
    ("sendMessage", keyboard({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
    ("sendMessage", keyboard({"text": " ", "callback_data": "a"}), "Button text is empty"),
    ("sendMessage", keyboard({"text": "x", "url": "nowhere"}), "Wrong HTTP URL"),
    ("sendMessage", keyboard({"text": "x", "url": "javascript:alert(1)"}), "Wrong HTTP URL"),
    ("sendMessage", keyboard({"text": "x", "url": "file:///etc/passwd"}), "Wrong HTTP URL"),
    ("sendMessage", keyboard({"text": "x", "web_app": {"url": "http://x.org"}}), "Only HTTPS"),
    (
        "sendMessage",
        keyboard({"text": "x", "callback_data": "a", "style": "loud"}),
        "invalid button style",
    ),
    (
        "sendMessage",
        keyboard({"text": "x", "copy_text": {"text": "x" * 257}}),
        "BUTTON_COPY_TEXT_INVALID",
    ),
    ("sendMessage", keyboard(*[{"text": "x", "callback_data": "a"}] * 101), "MARKUP_TOO_LONG"),
    (
        "sendMessage",
        keyboard({"text": "x", "callback_dat": "a"}),
        '"reply_markup.inline_keyboard[0][0].callback_dat" is no field of InlineKeyboardButton',
    ),
    (
        "sendMessage",
        keyboard({"text": "x", "switch_inline_query_chosen_chat": {"query": "q"}}),
        "At least one chat type must be allowed",
    ),
    ("sendMessage", message(reply_markup={"keyboard": []}), "at least one button"),
    (
        "editMessageReplyMarkup",
        {"chat_id": 1001, "message_id": 2, "reply_markup": {"keyboard": [[{"text": "x"}]]}},
        "is no field of InlineKeyboardMarkup",
    ),
    # Editing and deleting.
    ("editMessageText", message(message_id=9), "message to edit not found"),
    ("editMessageText", message(message_id=1), "message can't be edited"),
    ("editMessageText", message(), "message identifier is not specified"),
    ("editMessageText", {"inline_message_id": "x", "text": "x"}, "MESSAGE_ID_INVALID"),
    (
        "editMessageText",
        message(message_id=2, text="hello back"),
        NOT_MODIFIED,
    ),
    ("editMessageCaption", {"chat_id": 1001, "message_id": 2, "caption": "c"}, "no caption"),
    ("deleteMessage", {"chat_id": 1001, "message_id": 9}, "message to delete not found"),
    ("deleteMessages", {"chat_id": 1001, "message_ids": []}, "not specified or too many"),
    (
        "deleteMessages",
        {"chat_id": 1001, "message_ids": list(range(1, 102))},
        "not specified or too many",
    ),
    # Answers.
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", answer(article()), "query is too old"),
    ("answerInlineQuery", answer(*[article(id=str(n)) for n in range(51)]), "RESULTS_TOO_MUCH"),
    ("answerInlineQuery", answer(article(), article()), "RESULT_ID_DUPLICATE"),
    ("answerInlineQuery", answer(article(id="")), "RESULT_ID_INVALID"),
    ("answerInlineQuery", answer(article(id="é" * 33)), "RESULT_ID_INVALID"),
    ("answerInlineQuery", answer(article(title="")), "TITLE_EMPTY"),
    ("answerInlineQuery", answer(article(type="essay")), '"results[0].type" must be "article"'),
    (
        "answerInlineQuery",
        answer(article(input_message_content={"message_text": ""})),
        "message text is empty",
    ),
    (
        "answerInlineQuery",
        answer(article(input_message_content={"message_text": "<i>", "parse_mode": "HTML"})),
        "can't parse entities",
    ),
    ("answerInlineQuery", answer(next_offset="é" * 33), "NEXT_OFFSET_INVALID"),
    ("answerInlineQuery", answer(button={"text": "x"}), "exactly one of web_app"),
    (
        "answerInlineQuery",
        answer(button={"text": " ", "start_parameter": "a"}),
        "SWITCH_PM_TEXT_EMPTY",
    ),
    (
        "answerInlineQuery",
        answer(button={"text": "x", "start_parameter": "a b"}),
        "START_PARAM_INVALID",
    ),
    (
        "answerInlineQuery",
        answer(button={"text": "x", "start_parameter": "x" * 65}),
        "START_PARAM_INVALID",
    ),
    (
        "answerInlineQuery",
        answer(button={"text": "x", "start_parameter": "a", "web_app": {"url": "https://x"}}),
        "exactly one of web_app",
    ),
    (
        "answerGuestQuery",
        {"guest_query_id": "1", "result": article()},
        "query is too old",
    ),
    # The bot's own profile.
    ("setMyCommands", commands("Ask"), "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands("x" * 33), "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands("ask", "ask"), "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands("ask", description=""), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", commands("ask", description="x" * 257), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", commands(*[f"c{n}" for n in range(101)]), "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", commands("ask", language_code="deu"), "LANG_CODE_INVALID"),
    ("setMyCommands", commands("ask", scope={"type": "moon"}), '"scope.type" must be'),
    ("setMyCommands", commands("ask", scope={"type": "chat"}), '"scope.chat_id" is required'),
    ("setMyCommands", commands("ask", scope={"type": "chat", "chat_id": 5}), "chat not found"),
    ("setMyName", {"name": "x" * 65}, "must be 0-64 characters long"),
    ("setMyDescription", {"description": "x" * 513}, "must be 0-512 characters long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "must be 0-120 characters"),
    ("setChatMenuButton", {"menu_button": {"type": "web_app"}}, "is required"),
    # The rest.
    ("sendChatAction", {"chat_id": 1001, "action": "thinking"}, "wrong parameter action"),
    ("sendMessageDraft", message(draft_id=0), "must be non-zero"),
    ("sendMessageDraft", message(draft_id=1, text="x" * 4097), "message is too long"),
    (
        "setMessageReaction",
        {"chat_id": 1001, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "🧮"}]},
        "REACTION_INVALID",
    ),
    ("setMessageReaction", {"chat_id": 1001, "message_id": 9}, "message to react not found"),
    (
        "setMessageReaction",
        {"chat_id": 1001, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2},
        "REACTIONS_TOO_MANY",
    ),
    ("getChatMember", {"chat_id": 1001, "user_id": 5}, "PARTICIPANT_ID_INVALID"),
    ("getChatAdministrators", {"chat_id": 1001}, "no administrators in the private chat"),
    ("leaveChat", {"chat_id": 1001}, "can't be changed in private chats"),
    ("getFile", {"file_id": "x"}, "wrong file_id"),
    ("sendDocument", {"chat_id": 1001}, "there is no document in the request"),
    ("sendDocument", {"chat_id": 1001, "document": "x"}, "wrong remote file identifier"),
    ("sendDocument", {"chat_id": 1001, "document": "attach://x"}, "must be of type InputFile"),
    ("getUpdates", {"limit": 0}, "limit must be 1-100"),
    ("getUpdates", {"allowed_updates": ["messages"]}, "unknown update types"),
    ("setWebhook", {"url": "http://example.org"}, "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https:///hook"}, "URL host is empty"),
    ("setWebhook", {"url": "https://x.org", "secret_token": "a b"}, "unallowed characters"),
    ("setWebhook", {"url": "https://x.org", "secret_token": "x" * 257}, "1-256 characters"),
    ("setWebhook", {"url": "https://x.org:8080"}, "only on ports 80, 88, 443 or 8443"),
    ("answerCallbackQuery", {"callback_query_id": "1", "url": "https://x.org"}, "URL_INVALID"),
    ("sendPhoto", {"chat_id": 1001, "photo": "x"}, "method sendPhoto is not supported here"),
]


@pytest.mark.parametrize(("method", "params", "words"), BROKEN)
async def test_a_broken_rule_is_refused_in_words(
    call: Client, chat: Chat, method: str, params: Json, words: str
) -> None:
    """The first message of the chat is Ada's "hello", the second the bot's "hello back"."""
    await _converse(chat, call)
    answer = await call(method, **params)
    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert words in answer["description"]


KEPT: list[tuple[str, Json]] = [
    ("sendMessage", message(text="😀" * 2048)),
    ("sendMessage", message(text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")),
    ("sendMessage", message(disable_web_page_preview=True)),
    ("sendMessage", entity(length=2) | {"text": "😀"}),
    ("sendMessage", keyboard({"text": "x", "callback_data": "é" * 32})),
    ("sendMessage", keyboard({"text": "x", "copy_text": {"text": "x" * 256}})),
    ("sendMessage", keyboard({"text": "x", "url": "tg://user?id=1"})),
    ("sendMessage", keyboard({"text": "x", "url": "t.me/test_bot?start=a"})),
    ("sendMessage", keyboard({"text": "x", "url": "http://x.org:8080/a#b"})),
    ("sendMessage", keyboard({"text": "x", "switch_inline_query": ""})),
    ("sendMessage", message(reply_markup={"force_reply": True})),
    ("sendMessage", message(reply_markup={"keyboard": [[{"text": "x"}]]})),
    ("sendMessage", message(reply_parameters={"message_id": 1, "quote": "ell"})),
    (
        "sendMessage",
        message(reply_parameters={"message_id": 9, "allow_sending_without_reply": True}),
    ),
    ("sendMessage", message(chat_id="1001")),
    ("sendMessage", message(chat_id="@Ada")),
    ("sendMessageDraft", message(draft_id=1, text="")),
    ("editMessageText", message(message_id=2, text="hello again")),
    ("setMyCommands", commands(*[f"c{n}" for n in range(100)], language_code="de")),
    ("setMyName", {"name": "x" * 64}),
    ("deleteWebhook", {"drop_pending_updates": True}),
    ("getupdates", {"allowed_updates": ["message"], "timeout": 0}),
]


@pytest.mark.parametrize(("method", "params"), KEPT)
async def test_what_keeps_the_rules_goes_through(
    call: Client, chat: Chat, method: str, params: Json
) -> None:
    """The same rules, from their other side."""
    await _converse(chat, call)
    await call.result(method, **params)


async def test_a_wrong_token_is_unauthorized(server: BotApiServer, session: ClientSession) -> None:
    """401, whatever is asked."""
    async with session.get(f"{server.url}/bot42:WRONG/getMe") as response:
        assert response.status == 401
        assert await response.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    assert [request.ok for request in server.calls("getMe")] == [False]


async def test_an_unknown_method_is_not_found(call: Client) -> None:
    """404, as for a typing error in a method's name."""
    answer = await call("sendMesage")
    assert (answer["error_code"], answer["description"]) == (404, "Not Found")


async def test_parameters_arrive_by_any_road(
    server: BotApiServer, session: ClientSession, chat: Chat
) -> None:
    """The query, a form, JSON and multipart all say the same."""
    url = f"{server.url}/bot{server.token}/sendMessage"
    plain = {"chat_id": "1001", "text": "x"}
    await session.get(url, params=plain)
    await session.post(url, data=plain)
    await session.post(url, json={"chat_id": 1001, "text": "x"})
    with_file = {**plain, "extra": BytesIO(b"file")}
    async with session.post(url, data=with_file) as response:
        assert '"extra" is no field' in (await response.json())["description"]
    assert [message.text for message in chat.messages] == ["x"] * 3


async def test_a_person_who_never_started_the_bot_is_out_of_reach(
    server: BotApiServer, call: Client
) -> None:
    """403, not 400: the person exists."""
    server.person(7)
    answer = await call("sendMessage", chat_id=7, text="x")
    assert answer["error_code"] == 403
    assert answer["description"] == "Forbidden: bot can't initiate conversation with a user"


async def _converse(chat: Chat, call: Client) -> None:
    chat.add(chat.members[1001], Formatted("hello"))
    await call.result("sendMessage", chat_id=1001, text="hello back")

"""Files have limits of their own, in both directions, and so have request bodies."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import BotApiServer, Limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientSession

    from bot.playground import Chat, Person
    from tests.bot.playground.conftest import Client

SMALL = Limits(upload_bytes=100, download_bytes=50)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(limits=SMALL) as running:
        yield running


async def _send(
    server: BotApiServer, session: ClientSession, content: bytes, **more: str
) -> dict[str, Any]:
    url = f"{server.url}/bot{server.token}/sendDocument"
    form = {"chat_id": "1001", "document": BytesIO(content), **more}
    async with session.post(url, data=form) as response:
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize(
    ("content", "more", "code", "words"),
    [
        (b"", {}, 400, "file must be non-empty"),
        (b"x" * 101, {}, 413, "Request Entity Too Large"),
        (b"x", {"caption": "x" * 1025}, 400, "message caption is too long"),
        (b"x", {"caption": "<b>x", "parse_mode": "HTML"}, 400, "can't parse entities"),
    ],
)
async def test_a_document_keeps_its_limits(
    server: BotApiServer,
    session: ClientSession,
    content: bytes,
    more: dict[str, str],
    code: int,
    words: str,
) -> None:
    """Size and caption; the caption after its entities are parsed."""
    answer = await _send(server, session, content, **more)
    assert answer["error_code"] == code
    assert words in answer["description"]
    edge = {"caption": "<b>" + "x" * 1024 + "</b>", "parse_mode": "HTML"}
    assert (await _send(server, session, b"x" * 100, **edge))["ok"]


async def test_a_document_has_a_caption_and_no_text(
    call: Client, server: BotApiServer, session: ClientSession, chat: Chat
) -> None:
    """Each can be edited by its own method only."""
    await _send(server, session, b"x", caption="one")
    target = {"chat_id": 1001, "message_id": 1}
    assert "no text" in await call.refusal("editMessageText", **target, text="two")
    caption = {"caption": "<i>two</i>", "parse_mode": "HTML"}
    edited = await call.result("editMessageCaption", **target, **caption)
    assert edited["caption"] == chat.messages[0].text == "two"


async def test_a_persons_file_can_be_fetched_up_to_a_size(
    call: Client, server: BotApiServer, session: ClientSession, ada: Person, chat: Chat
) -> None:
    """Beyond it, Telegram does not hand it to bots."""
    await ada.send_document(chat, "a.txt", b"x" * 50, "<caption>", mime_type="text/plain")
    await ada.send_document(chat, "b", b"x" * 51)
    small, large = (update["message"] for update in await call.result("getUpdates"))
    assert (small["caption"], small["document"]["mime_type"]) == ("<caption>", "text/plain")
    path = (await call.result("getFile", file_id=small["document"]["file_id"]))["file_path"]
    async with session.get(f"{server.url}/file/bot{server.token}/{path}") as response:
        assert await response.read() == b"x" * 50
    async with session.get(f"{server.url}/file/bot1:WRONG/{path}") as response:
        assert response.status == 401
    async with session.get(f"{server.url}/file/bot{server.token}/documents/x") as response:
        assert response.status == 404
    refusal = await call.refusal("getFile", file_id=large["document"]["file_id"])
    assert refusal == "Bad Request: file is too big"


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(
    server: BotApiServer, session: ClientSession, body: bytes
) -> None:
    """In Telegram's words."""
    url = f"{server.url}/bot{server.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with session.post(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert answer["description"] == "Bad Request: can't parse request JSON object"


async def test_results_that_cannot_be_posted_are_refused(
    call: Client, server: BotApiServer, ada: Person
) -> None:
    """Said, instead of pretending; here to a guest."""
    question, _query = ada.mention(server.elsewhere(ada), "@test_bot?")
    result = {"type": "document", "id": "1", "title": "t", "document_url": "https://x.org/a.pdf"}
    refusal = await call.refusal(
        "answerGuestQuery",
        guest_query_id=question.guest_query_id,
        result=result | {"mime_type": "application/pdf"},
    )
    assert "cannot be posted here" in refusal

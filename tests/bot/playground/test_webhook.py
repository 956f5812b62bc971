"""Updates are delivered in order, with the secret, until the bot takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import MultipartWriter, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.playground.conftest import Client


class Receiver:
    """A bot's end of a webhook, answering as told."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[tuple[str | None, str]] = []
        self.statuses: list[int] = []
        self.answer: Any = None

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.seen.append((secret, update["message"]["text"]))
        status = self.statuses.pop(0) if self.statuses else 200
        if isinstance(self.answer, MultipartWriter):
            return web.Response(body=self.answer)
        return web.json_response(self.answer or {}, status=status)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_arrive_in_order_with_the_secret(
    call: Client, server: BotApiServer, receiver: Receiver, ada: Person, chat: Chat
) -> None:
    """What waited before the webhook was set arrives as well."""
    await ada.say(chat, "one")
    await call.result("setWebhook", url=receiver.url, secret_token="s3cret")
    await ada.say(chat, "two")
    await server.drained()
    assert receiver.seen == [("s3cret", "one"), ("s3cret", "two")]


async def test_a_failed_delivery_is_repeated(
    call: Client, server: BotApiServer, receiver: Receiver, ada: Person, chat: Chat
) -> None:
    """Until 2xx, and nothing overtakes it; the last error can be asked for."""
    receiver.statuses = [500, 401]
    await call.result("setWebhook", url=receiver.url)
    await ada.say(chat, "one")
    await ada.say(chat, "two")
    await server.drained()
    assert [text for _, text in receiver.seen] == ["one", "one", "one", "two"]
    info = await call.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 401"
    assert info["pending_update_count"] == 0


async def test_nobody_there_is_an_error_too(
    call: Client, server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """The update stays, and comes by polling once the webhook is gone."""
    await call.result("setWebhook", url="http://127.0.0.1:1/", allowed_updates=["message"])
    await ada.say(chat, "one")
    while server.webhook.last_error is None:
        await chat.bell.until(lambda: True, 1)
        await server.quiet(0.01)
    info = await call.result("getWebhookInfo")
    assert info["last_error_message"].startswith("Connection failed")
    assert info["allowed_updates"] == ["message"]
    await call.result("deleteWebhook")
    assert len(await call.result("getUpdates")) == 1


async def test_pending_updates_can_be_dropped(
    call: Client, server: BotApiServer, receiver: Receiver, ada: Person, chat: Chat
) -> None:
    """As at the start of a bot that was away for long."""
    await ada.say(chat, "old")
    await call.result("setWebhook", url=receiver.url, drop_pending_updates=True)
    await ada.say(chat, "new")
    await server.drained()
    assert [text for _, text in receiver.seen] == ["new"]


async def test_an_answer_may_call_a_method(
    call: Client, server: BotApiServer, receiver: Receiver, ada: Person, chat: Chat
) -> None:
    """In JSON; one that is refused does not stop the deliveries."""
    receiver.answer = {"method": "sendMessage", "chat_id": 1001, "text": "pong"}
    await call.result("setWebhook", url=receiver.url)
    await ada.ask(chat, "ping")
    receiver.answer = {"method": "sendMessage", "chat_id": 5, "text": "pong"}
    await ada.say(chat, "ping")
    await server.drained()
    assert len(receiver.seen) == 2
    receiver.answer = _multipart(method="sendMessage", chat_id="1001", text="form")
    await ada.say(chat, "ping")
    await chat.wait_for("form")
    assert [message.text for message in chat.from_bot] == ["pong", "form"]
    assert [request.ok for request in server.calls("sendMessage")] == [True, False, True]


def _multipart(**fields: str) -> MultipartWriter:
    """The way aiogram answers with a method."""
    writer = MultipartWriter("form-data")
    for name, value in fields.items():
        part = writer.append(value)
        part.set_content_disposition("form-data", name=name)
    return writer

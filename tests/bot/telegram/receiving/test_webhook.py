"""Telegram brings updates to a door that others cannot find, and is thanked when they are safe."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.errors import Refused, ServiceError
from bot.state.errors import StateError
from bot.telegram.app import ALLOWED_UPDATES
from bot.telegram.receiving import webhook
from bot.telegram.receiving.intake import Intake
from bot.telegram.receiving.webhook import SECRET_HEADER, derived

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.conftest import Eventually
    from tests.bot.telegram.conftest import Service, Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
JSON = "application/json"


@pytest.fixture
def address(unused_tcp_port: int) -> str:
    return f"http://127.0.0.1:{unused_tcp_port}/telegram"


@pytest.fixture
async def service(start: Start, address: str, unused_tcp_port: int) -> Service:
    """A bot behind a webhook."""
    return await start(webhook_url=address, webhook_port=unused_tcp_port)


class Stranger:
    """Somebody with an HTTP client."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session = session
        self.url = f"{address}/{derived(token, 'path')}"
        self.secret = derived(token, "secret")
        self._address = address

    async def post(
        self, body: bytes, *, path: str | None = None, secret: str | None = None, kind: str = JSON
    ) -> int:
        """Post something, with path and secret of the token unless others are given."""
        url = self.url if path is None else f"{self._address}/{path}"
        headers = {SECRET_HEADER: self.secret if secret is None else secret, "Content-Type": kind}
        async with self._session.post(url, data=body, headers=headers) as response:
            return response.status


@pytest.fixture
async def stranger(address: str, server: BotApiServer) -> AsyncIterator[Stranger]:
    async with aiohttp.ClientSession() as session:
        yield Stranger(session, address, server.token)


def update(number: int = 1, **more: Any) -> bytes:
    return json.dumps({"update_id": number} | more).encode()


@pytest.mark.usefixtures("service")
async def test_questions_are_answered(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """As with polling, and without a single poll; for just the updates that handlers use."""
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text
    assert (await ada.inline(GERMAN)).results
    assert server.calls("getUpdates") == []
    (request,) = server.calls("setWebhook")
    assert tuple(request.params["allowed_updates"]) == ALLOWED_UPDATES
    assert request.params["max_connections"] == 40


async def test_the_webhook_stays_set_when_a_bot_stops(
    service: Service, server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """Other replicas go on with it; what comes meanwhile waits at Telegram's."""
    await service.stop()
    assert server.calls("deleteWebhook") == []
    await ada.say(chat, GERMAN)
    assert server.webhook.info()["pending_update_count"] == 1


@pytest.mark.usefixtures("service")
async def test_only_telegram_is_let_in(stranger: Stranger) -> None:
    """Whoever knows the token's path and secret; all else is refused before it is read."""
    assert await stranger.post(update()) == 200
    assert await stranger.post(update(), path="") == 404
    assert await stranger.post(update(), path="x") == 404
    assert await stranger.post(update(), path=derived("42:OTHER", "path")) == 404
    assert await stranger.post(update(), secret="") == 401
    assert await stranger.post(update(), secret="wrong") == 401
    assert await stranger.post(update(), secret="ü") == 401
    assert await stranger.post(update(), kind="text/plain") == 415


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_json_is_refused(body: bytes, stranger: Stranger) -> None:
    """However it is wrong."""
    assert await stranger.post(body) == 400


@pytest.mark.usefixtures("service")
async def test_a_body_is_limited(stranger: Stranger) -> None:
    """To a megabyte."""
    assert await stranger.post(b" " * 990_000 + update()) == 200
    assert await stranger.post(b" " * 1_010_000 + update()) == 413


@pytest.mark.usefixtures("service")
async def test_an_update_that_cannot_be_decoded_does_not_come_again(
    stranger: Stranger, server: BotApiServer, ada: Person, chat: Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """It is taken, and logged by its number."""
    assert await stranger.post(update(5, message="Vertrauliches")) == 200
    number = server.queue_raw({"message": {"text": "Vertrauliches"}})
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text
    assert "left out update 5: " in caplog.text
    assert f"left out update {number}: " in caplog.text
    assert "Vertrauliches" not in caplog.text


@pytest.mark.usefixtures("service")
async def test_what_cannot_be_kept_comes_again(
    server: BotApiServer, ada: Person, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram hears 503 until it is safe, and then no more."""
    take, failures = Intake.take, [StateError("full"), StateError("full")]

    async def taken(intake: Intake, updates: list[Any]) -> None:
        if failures:
            raise failures.pop()
        await take(intake, updates)

    monkeypatch.setattr(Intake, "take", taken)
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text
    await server.quiet(0.3)
    assert len(chat.from_bot) == 1
    assert server.webhook.last_error
    assert server.webhook.last_error[1].endswith(": 503")


async def test_an_update_is_safe_before_telegram_is_thanked(
    service: Service, stranger: Stranger, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the disk, and stays there for the next process until it is done with."""
    from bot.telegram.receiving.consuming import Consumers  # noqa: PLC0415

    async def held(_consumers: Consumers, _claim: object) -> None:
        return None

    monkeypatch.setattr(Consumers, "_handle", held)
    sender = ada.account.as_json()
    chat = {"id": ada.id, "type": "private", "first_name": "Ada"}
    message = {"message_id": 1, "date": 0, "chat": chat, "from": sender, "text": "safe"}
    assert await stranger.post(update(99, message=message)) == 200
    with sqlite3.connect(service.settings.data / "bot.sqlite") as file:
        ((payload,),) = file.execute("SELECT payload FROM updates WHERE update_id = 99")
    assert json.loads(payload)["update"]["message"]["text"] == "safe"


async def test_a_second_delivery_changes_nothing(
    service: Service, stranger: Stranger, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Telegram repeats what it believes not to have arrived."""
    assert service.settings.webhook_url
    await ada.ask(chat, GERMAN)
    question = next(one for one in chat.messages if one not in chat.from_bot)
    again = update(700_001, message=question.as_json())
    assert await stranger.post(again) == 200
    await server.quiet(0.3)
    assert len(chat.from_bot) == 1


async def test_a_port_that_is_taken_is_named(
    service: Service, start: Start, address: str, unused_tcp_port: int
) -> None:
    """With the setting to change."""
    assert not service.task.done()
    with pytest.raises(ServiceError, match=r"cannot listen on .*; change AUDIATUR_WEBHOOK_PORT"):
        await start(webhook_url=address, webhook_port=unused_tcp_port)


async def test_a_webhook_that_is_taken_away_ends_the_bot(
    start: Start, address: str, unused_tcp_port: int, server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch, eventually: Eventually,
) -> None:  # fmt: skip
    """It would wait for ever; a poller with the same token is the usual reason."""
    monkeypatch.setattr(webhook, "_LOOK_EVERY_S", 0.05)
    service = await start(webhook_url=address, webhook_port=unused_tcp_port)
    await server.webhook.stop()
    await eventually(service.task.done)
    with pytest.raises(Refused, match="another instance took the webhook away"):
        await service.task


async def test_path_and_secret_are_not_logged(
    service: Service, stranger: Stranger, ada: Person, chat: Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Nor can one be had from the other, nor from another token's."""
    caplog.set_level("DEBUG")
    await ada.ask(chat, GERMAN)
    await service.stop()
    assert stranger.secret not in caplog.text
    assert stranger.url.rpartition("/")[2] not in caplog.text
    assert len({derived(token, word) for token in ("1:a", "1:b") for word in "xy"}) == 4

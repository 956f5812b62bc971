"""The network fails in many ways; people still get each answer, and operators clear words."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiogram.methods import Response
from aiogram.types import ShippingOption

from bot.errors import Refused, ServiceError
from bot.heartbeat import Heartbeat
from bot.ops.logs import configure_logging
from bot.playground import ApiError, Limits, faults
from bot.telegram import app
from bot.telegram.sending import patience, session

if TYPE_CHECKING:
    from bot.library import Library
    from bot.playground import BotApiServer, Chat, Person
    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder
    from tests.bot.telegram.conftest import Service, Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(patience, "_FIRST_PAUSE_S", 0.01)


@pytest.mark.usefixtures("service")
async def test_a_flood_limit_is_waited_out(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """As long as Telegram asks; then the answer comes, once."""
    server.faults.add(faults.rate_limited(1), method="sendMessage")
    began = time.monotonic()
    answer = await ada.ask(chat, GERMAN)
    assert time.monotonic() - began >= 1
    assert "Ja – Für Dachbienen" in answer.text
    assert [request.ok for request in server.calls("sendMessage")] == [False, True]


def test_what_decodes_an_answer_outlives_a_garbage_collection() -> None:
    kept = weakref.ref(session.response_type(ShippingOption))
    gc.collect()
    assert kept() is Response[ShippingOption]


@pytest.mark.parametrize(
    "fault",
    [faults.server_error(), faults.server_error(502)],
    ids=["500", "502"],
)
@pytest.mark.usefixtures("service")
async def test_a_passing_failure_is_tried_again(
    fault: faults.Fault, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Several times if need be; the person sees one answer."""
    server.faults.add(fault, times=3, method="sendMessage")
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text
    await server.drained()
    await server.quiet()
    assert len(chat.from_bot) == 1
    assert len(server.calls("sendMessage")) == 4


@pytest.mark.usefixtures("service")
async def test_a_refusal_is_not_tried_again(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """Somebody who blocks the bot meanwhile is left alone; others are answered."""
    blocked = ApiError(403, "Forbidden: bot was blocked by the user")
    server.faults.add(faults.failed(blocked), method="sendMessage")
    await ada.say(chat, GERMAN)
    await server.drained()
    await server.quiet(0.3)
    assert len(server.calls("sendMessage")) == 1
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


@pytest.mark.usefixtures("service")
async def test_typing_is_not_waited_for(
    ada: Person, chat: Chat, server: BotApiServer, encoder: StubEncoder, eventually: Eventually
) -> None:
    """Where Telegram refuses to show it, the answer comes all the same, and at once."""
    server.faults.add(faults.rate_limited(30), times=5, method="sendChatAction")
    encoder.questions.close()
    await ada.say(chat, GERMAN)
    await eventually(lambda: bool(server.calls("sendChatAction")))
    encoder.questions.open()
    assert "Ja – Für Dachbienen" in (await chat.wait_for(1)).text


async def test_telegrams_limits_are_kept_by_waiting(
    settings: Settings, ada: Person, server: BotApiServer, start: Start
) -> None:
    """Seven quick questions in one chat all get their answers."""
    server.world.floods._limits = Limits(chat_per_s=2.0, chat_burst=4)
    chat = server.private_chat(ada)
    await start(questions_per_minute=settings.questions_per_minute)
    for _ in range(7):
        await ada.say(chat, GERMAN)
    await chat.wait_for(7)
    assert any(request.ok is False for request in server.calls("sendMessage"))


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "fault",
    [faults.malformed(), faults.malformed('{"ok": true, "result": 7}'), faults.server_error()],
    ids=["cut off", "no list", "500"],
)
async def test_polling_goes_on_after_a_bad_answer(
    fault: faults.Fault, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """What was asked meanwhile is not lost."""
    server.faults.add(fault, method="getUpdates")
    await ada.ask(chat, GERMAN)
    await ada.ask(chat, GERMAN)
    assert len(chat.from_bot) == 2


async def test_each_poll_is_a_heartbeat(service: Service, ada: Person, chat: Chat) -> None:
    """The health check sees it."""
    await ada.ask(chat, GERMAN)
    assert Heartbeat(service.settings.data).is_fresh()


async def test_a_bad_token_is_refused_in_clear_words(
    settings: Settings, library: Library, server: BotApiServer
) -> None:
    """At once, and without showing the token."""
    wrong = replace(settings, token="42:WRONG", api_url=server.url)
    with pytest.raises(Refused, match="refuses BOT_TOKEN; copy it anew") as refused:
        await app.serve(wrong, library, asyncio.Event())
    assert "WRONG" not in str(refused.value)
    assert len(server.calls("getMe")) == 1


async def test_a_token_that_is_withdrawn_ends_the_bot(
    service: Service, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Polling on would never mend it."""
    server.faults.add(faults.failed(ApiError(401, "Unauthorized")), times=2, method="getUpdates")
    await ada.say(chat, GERMAN)
    with pytest.raises(Refused, match="no longer accepts BOT_TOKEN"):
        await service.task


async def test_a_second_instance_ends_the_bot(
    service: Service, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """After some patience, since a restart overlaps for a moment; and with clear words."""
    conflict = ApiError(409, "Conflict: terminated by other getUpdates request")
    server.faults.add(faults.failed(conflict), times=3, method="getUpdates")
    await ada.say(chat, GERMAN)
    with pytest.raises(Refused, match="another instance polls with this token"):
        await service.task


async def test_a_short_overlap_is_survived(
    service: Service,
    ada: Person,
    chat: Chat,
    server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A conflict is forgotten with the next good poll."""
    monkeypatch.setattr(session, "_CONFLICTS_TOLERATED", 2)
    conflict = ApiError(409, "Conflict: terminated by other getUpdates request")
    for _ in range(2):
        server.faults.add(faults.failed(conflict), method="getUpdates")
        await ada.ask(chat, GERMAN)
        await ada.ask(chat, GERMAN)
    assert not service.task.done()


async def test_an_api_that_cannot_be_reached_is_named(
    settings: Settings, library: Library, unused_tcp_port: int
) -> None:
    """With what to check; the reason is not a traceback."""
    nowhere = replace(settings, api_url=f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(ServiceError, match=f"cannot reach 127.0.0.1:{unused_tcp_port}; check"):
        await app.serve(nowhere, library, asyncio.Event())


async def test_a_start_survives_a_moment_without_network(
    start: Start, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """The first call is tried again like any other."""
    server.faults.add(faults.dropped(), times=2, method="getMe")
    server.faults.add(faults.server_error(), method="setMyCommands")
    await start()
    assert (await ada.ask(chat, "/help")).text


async def test_stopping_lets_answers_finish(
    service: Service, ada: Person, chat: Chat, server: BotApiServer, eventually: Eventually
) -> None:
    """Whoever is being answered still gets the answer."""
    server.faults.add(faults.delayed(0.5), method="sendMessage")
    await ada.say(chat, GERMAN)
    await eventually(lambda: server.faults.left == 0)
    assert chat.from_bot == []
    await service.stop()
    assert "Ja – Für Dachbienen" in chat.from_bot[0].text


async def test_two_bots_can_live_in_one_process(start: Start, ada: Person, chat: Chat) -> None:
    """One after the other."""
    first = await start()
    await ada.ask(chat, "/help")
    await first.stop()
    await start()
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


@pytest.mark.usefixtures("quiet_root")
async def test_the_log_knows_neither_questions_nor_people_nor_the_token(
    start: Start,
    ada: Person,
    chat: Chat,
    admin: Person,
    admins_chat: Chat,
    server: BotApiServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Over a whole conversation, with failures, and in every detail that can be switched on."""
    caplog.set_level(logging.DEBUG)
    configure_logging("DEBUG")
    ada.account.first_name, ada.account.username = "Ada Lovelace", "countess"
    group = server.group(-1001, "Secret society", [ada])
    await start()
    server.faults.add(faults.server_error(), method="sendMessage")
    await ada.ask(chat, GERMAN)
    await ada.ask(chat, "Mein Geheimnis?")
    await ada.ask(group, f"/ask {GERMAN}")
    await ada.inline("Sollten Städte Bienen")
    listed = await ada.ask(chat, "/debates")
    await ada.tap(listed, listed.labels[0])
    await ada.send_document(chat, "geheim.txt", b"x")
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: ")
    server.faults.add(faults.refused("wrong something"), method="sendMessage")
    await ada.ask(chat, GERMAN)
    await server.drained()
    await server.quiet()
    assert "answered=True debate=city-bees" in caplog.text
    for secret in (
        server.token, "Sollten Städte", "Geheimnis", "Lovelace", "countess", "Secret", "geheim",
    ):  # fmt: skip
        assert secret not in caplog.text, secret

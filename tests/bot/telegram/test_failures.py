"""What fails in a handler is told with an id, logged under it, and stays one message's failure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import ApiError, faults
from bot.telegram import app
from bot.telegram.handlers import failures

if TYPE_CHECKING:
    from aiogram import Dispatcher

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.conftest import Eventually, StubEncoder

pytestmark = pytest.mark.usefixtures("alarms", "service")


class Alarmed:
    """Notes the alarms, or fails to raise them."""

    def __init__(self) -> None:
        self.raised: list[tuple[str, BaseException]] = []
        self.broken = False

    async def raise_alarm(self, number: str, exception: BaseException) -> None:
        if self.broken:
            raise RuntimeError("no admin")
        self.raised.append((number, exception))


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Alarmed:
    """What the bot is told to raise alarms by."""
    alarmed = Alarmed()
    build = app.build_dispatcher

    def built(*parts: Any, **more: Any) -> Dispatcher:
        return build(*parts, **more | {"alarms": alarmed})

    monkeypatch.setattr(app, "build_dispatcher", built)
    return alarmed


GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"


async def test_a_person_gets_an_apology_with_an_id(
    ada: Person, chat: Chat, encoder: StubEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    """In their language; the log tells more under the id, but not the question."""
    encoder.error = RuntimeError("out of memory")
    apology = await ada.ask(chat, GERMAN)
    found = re.fullmatch(r"Bei mir ist etwas schiefgegangen\. .*: ([0-9a-f]{8})", apology.text)
    assert found
    assert f"failed, id {found.group(1)}" in caplog.text
    assert "RuntimeError: out of memory" in caplog.text
    assert "Bienenstöcke" not in caplog.text


async def test_each_failure_has_its_own_id_and_the_bot_goes_on(
    ada: Person, chat: Chat, encoder: StubEncoder
) -> None:
    """The next question is answered."""
    encoder.error = RuntimeError("out of memory")
    first = await ada.ask(chat, GERMAN)
    second = await ada.ask(chat, GERMAN)
    assert first.text != second.text
    encoder.error = None
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_a_tap_is_answered_too(ada: Person, chat: Chat, encoder: StubEncoder) -> None:
    """By a notice that fits."""
    listed = await ada.ask(chat, "/debates")
    encoder.error = RuntimeError("out of memory")
    notice = await ada.tap(listed, listed.labels[0])
    assert notice.text.startswith("Bei mir ist etwas schiefgegangen.")
    assert len(notice.text) <= 200


async def test_an_inline_query_has_nobody_to_tell(
    ada: Person, encoder: StubEncoder, caplog: pytest.LogCaptureFixture, eventually: Eventually
) -> None:
    """It is logged; the next one is answered."""
    encoder.error = RuntimeError("out of memory")
    with pytest.raises(TimeoutError):
        await ada.inline(GERMAN, timeout_s=0.3)
    await eventually(lambda: "RuntimeError: out of memory" in caplog.text)
    encoder.error = None
    assert (await ada.inline(GERMAN)).results


async def test_an_apology_that_is_refused_is_made_again(
    ada: Person, chat: Chat, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was wrong may pass."""
    monkeypatch.setattr(failures, "_PAUSES_S", (0.01, 0.01))
    server.faults.add(faults.refused(), times=3, method="sendMessage")
    assert "schiefgegangen" in (await ada.ask(chat, GERMAN)).text
    await server.drained()
    await server.quiet(0.2)
    assert len(chat.from_bot) == 1


async def test_an_apology_that_cannot_be_delivered_is_logged(
    ada: Person,
    chat: Chat,
    server: BotApiServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And is the end of it."""
    monkeypatch.setattr(failures, "_PAUSES_S", (0.01,))
    server.faults.add(faults.refused("chat not found"), times=3, method="sendMessage")
    await ada.say(chat, GERMAN)
    await server.drained()
    await server.quiet(0.2)
    assert "could not be delivered" in caplog.text
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_admins_hear_of_it_under_the_same_id(
    ada: Person, chat: Chat, encoder: StubEncoder, alarms: Alarmed, eventually: Eventually
) -> None:
    """Once a failure; an alarm that fails itself is logged, and takes nothing away."""
    encoder.error = RuntimeError("out of memory")
    apology = await ada.ask(chat, GERMAN)
    await eventually(lambda: bool(alarms.raised))
    assert [(number in apology.text, str(error)) for number, error in alarms.raised] == [
        (True, "out of memory")
    ]
    alarms.broken = True
    assert "schiefgegangen" in (await ada.ask(chat, GERMAN)).text
    encoder.error = None
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_whoever_has_blocked_the_bot_is_no_failure(
    ada: Person, chat: Chat, server: BotApiServer, alarms: Alarmed, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody need be told."""
    blocked = ApiError(403, "Forbidden: bot was blocked by the user")
    server.faults.add(faults.failed(blocked), method="sendMessage")
    await ada.say(chat, GERMAN)
    await server.drained()
    await server.quiet(0.3)
    assert alarms.raised == []
    assert "failed, id" not in caplog.text

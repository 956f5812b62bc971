"""The bot as a process of its own: exit codes, signals, and what a kill leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from bot.playground import faults
from bot.settings import Settings
from bot.telegram.sending import session
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.playground import BotApiServer, Chat, Message, Person
    from tests.bot.conftest import Eventually
    from tests.bot.forking import Forked
    from tests.bot.telegram.conftest import Launch, Start

    Quoted = Callable[[Message], list[str]]

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
SEEDS_QUESTION = "Sollten Unternehmen die sozialen Medien verlassen?"
PATIENCE_S = 120.0
FIRST_BUILD_S = 600.0


async def stalled_rebuild(
    process: Forked, admin: Person, chat: Chat, settings: Settings, eventually: Eventually
) -> str:
    """Let an admin begin a rebuild that does not get on; return the index that answers."""
    added = settings.corpus / "eilig.txt"  # whatever did not change is not encoded again
    added.write_text("Eiliges\n\nDieser Text ist neu und muss erst gelesen werden.\n", "utf-8")
    process.stall.touch()
    await admin.ask(chat, "/reindex")
    await eventually(process.stall.with_suffix(".reached").exists)
    added.unlink()
    return str(Shelf(settings.data).current_name())


async def test_sigterm_lets_an_answer_finish(
    launch: Launch, server: BotApiServer, ada: Person, chat: Chat, eventually: Eventually
) -> None:
    """The person gets it, and the process exits with 0."""
    process = await launch()
    server.faults.add(faults.delayed(0.5), method="sendMessage")
    await ada.say(chat, GERMAN)
    await eventually(lambda: server.faults.left == 0)
    assert chat.from_bot == []
    process.terminate()
    code, log = await process.ended()
    assert code == 0
    assert "Ja – Für Dachbienen" in chat.from_bot[0].text
    assert "stopped; 0 answers left unfinished" in log
    assert server.token not in log
    assert "Bienenstöcke" not in log


async def test_sigterm_stops_a_rebuild_and_the_old_index_answers(
    launch: Launch,
    settings: Settings,
    admin: Person,
    admins_chat: Chat,
    ada: Person,
    chat: Chat,
    eventually: Eventually,
) -> None:
    """The admin is told, the process exits with 0, and the next one need not build."""
    process = await launch()
    before = await stalled_rebuild(process, admin, admins_chat, settings, eventually)
    process.terminate()
    await asyncio.sleep(0.1)
    process.stall.unlink()
    code, _log = await process.ended()
    assert code == 0
    assert "The old index keeps answering." in admins_chat.from_bot[0].text
    assert Shelf(settings.data).current_name() == before
    await launch()
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN, timeout_s=PATIENCE_S)).text


async def test_a_kill_during_a_rebuild_costs_nothing(
    launch: Launch,
    settings: Settings,
    admin: Person,
    admins_chat: Chat,
    ada: Person,
    chat: Chat,
    eventually: Eventually,
) -> None:
    """The next process answers from the old index, and can rebuild and tidy up."""
    process = await launch()
    before = await stalled_rebuild(process, admin, admins_chat, settings, eventually)
    process.kill()
    assert (await process.ended())[0] == -signal.SIGKILL
    process.stall.unlink()
    snapshots = settings.data / "snapshots"
    assert list(snapshots.glob("*.building"))
    await launch()
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN, timeout_s=PATIENCE_S)).text
    assert Shelf(settings.data).current_name() == before
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: 6 documents, 11 passages, 0 re-embedded, ", PATIENCE_S)
    assert Shelf(settings.data).current_name() != before
    assert not list(snapshots.glob("*.building"))


async def test_what_another_process_builds_is_answered(
    launch: Launch, settings: Settings, ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """Without a restart: `audiatur reindex` beside a running bot, which ends well on Ctrl-C."""
    sentence = "Die Straßenbahn fährt auch dann pünktlich, wenn die Autos im Stau stehen."
    question = "Sollte die Straßenbahn zurückkommen?"
    process = await launch()
    assert sentence not in quoted(await ada.ask(chat, question, timeout_s=PATIENCE_S))
    (settings.corpus / "neu.txt").write_text(f"Neues\n\n{sentence}\n", encoding="utf-8")
    with (settings.corpus / "debates" / "tram.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[labels."neu.txt"]\nyes = ["{sentence}"]\n')
    reindex = await launch("reindex", polls=False)
    assert (await reindex.ended())[0] == 0
    assert sentence in quoted(await ada.ask(chat, question, timeout_s=PATIENCE_S))
    process.send_signal(signal.SIGINT)
    assert (await process.ended())[0] == 0


async def test_a_bad_token_ends_with_1_and_clear_words(
    launch: Launch, environment: pytest.MonkeyPatch
) -> None:
    """One line, no traceback, no token."""
    environment.setenv("BOT_TOKEN", "42:WRONG-token")
    process = await launch(polls=False)
    code, log = await process.ended()
    assert code == 1
    assert log.splitlines()[-1] == (
        "audiatur: Telegram refuses BOT_TOKEN; copy it anew from @BotFather"
    )
    assert "Traceback" not in log
    assert "WRONG" not in log


async def test_a_second_instance_ends_with_1_and_clear_words(
    launch: Launch,
    start: Start,
    server: BotApiServer,
    ada: Person,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two that poll with one token, the one that goes on answers."""
    monkeypatch.setattr(session, "_CONFLICTS_TOLERATED", 1_000)  # let the other one give way
    await start()
    second = await launch()
    code, log = await second.ended()
    assert code == 1
    assert log.splitlines()[-1] == (
        "audiatur: another instance polls with this token; stop it, or use another bot"
    )
    assert server.token not in log
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN, timeout_s=PATIENCE_S)).text


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A data folder for the seeds and the real encoder, with what this checkout has built.

    Vectors are kept from one run to the next in pytest's cache, by model and content.
    """
    data = tmp_path_factory.mktemp("seeds") / "data"
    if Settings().data.is_dir():
        shutil.copytree(Settings().data, data, ignore=shutil.ignore_patterns("embeddings.*"))
    data.mkdir(exist_ok=True)
    if pytestconfig.cache:
        kept = pytestconfig.cache.mkdir("embeddings")
        (data / "embeddings.sqlite").symlink_to(kept / "embeddings.sqlite")
    return data


@pytest.mark.encoder
async def test_the_real_bot_answers_from_the_seeds(
    seeds_index: Path,
    server: BotApiServer,
    environment: pytest.MonkeyPatch,
    ada: Person,
    chat: Chat,
    quoted: Quoted,
) -> None:
    """The whole service as it is run, and the same answer from the command line."""
    environment.delenv("AUDIATUR_CORPUS")
    environment.setenv("AUDIATUR_DATA", str(seeds_index))
    asked = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "ask", "-",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(FIRST_BUILD_S):
        printed, _ = await asked.communicate(f"{SEEDS_QUESTION}\nApfelstrudel?\n".encode())
    answer, nothing = map(json.loads, printed.decode().splitlines())
    assert asked.returncode == 0
    assert (answer["answered"], nothing["answered"]) == (True, False)
    assert all(side["excerpts"] for side in answer["sides"])

    token = {"BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "bot", env=os.environ | token
    )
    await ada.say(chat, SEEDS_QUESTION)
    shown = await chat.wait_for(1, 2 * PATIENCE_S)
    sided = [excerpt["quote"] for side in answer["sides"] for excerpt in side["excerpts"]]
    assert quoted(shown)[: len(sided)] == sided
    bot.terminate()
    async with asyncio.timeout(PATIENCE_S):
        assert await bot.wait() == 0

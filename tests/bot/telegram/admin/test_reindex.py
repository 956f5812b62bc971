"""An admin rebuilds the index by a message; a restart in the middle loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.pace import Progressed
from bot.playground import faults
from bot.telegram.handlers.admin import progress
from bot.telegram.handlers.admin.progress import ProgressMessage
from bot.telegram.handlers.admin.rebuilding import SPACE, report_text
from index.building import BuildReport
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person
    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder
    from tests.bot.telegram.admin.conftest import Desk, Start

QUESTION = "Sollte die Straßenbahn zurückkommen?"
LABELLED = "Die Straßenbahn fährt auch dann pünktlich, wenn die Autos im Stau stehen."
BUSY = "The index is being rebuilt already. Please wait for that."
PATIENCE_S = 30.0


@pytest.fixture
def addition(settings: Settings) -> str:
    """Add a document to the corpus, with a sentence that is put on a side; return it."""
    (settings.corpus / "neu.txt").write_text(f"Neues\n\n{LABELLED}\n", encoding="utf-8")
    with (settings.corpus / "debates" / "tram.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[labels."neu.txt"]\nyes = ["{LABELLED}"]\n')
    return LABELLED


async def quoted(desk: Desk) -> list[str]:
    return [excerpt.quote for excerpt in (await desk.worker.advise(QUESTION)).excerpts()]


async def test_an_admin_sees_how_it_goes_and_what_came_of_it(
    desk: Desk, addition: str, admin: Person, admins_chat: Chat, encoder: StubEncoder
) -> None:
    """By edits of one message; afterwards the new document answers, without a restart."""
    assert addition not in await quoted(desk)
    encoder.passages.close()
    shown = await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Embedding passages … ", PATIENCE_S)
    encoder.passages.open()
    await admins_chat.wait_for("Done: 7 documents, 12 passages, 1 re-embedded, ", PATIENCE_S)
    assert shown.text.endswith(" s.")
    said = [content.text for content in shown.history]
    assert said[0] == "Rebuilding the index …"
    assert any(text.startswith("Embedding passages … ") for text in said)
    assert len(admins_chat.from_bot) == 1
    assert addition in await quoted(desk)
    assert not await desk.store.entries(SPACE)


async def test_the_chat_goes_on_meanwhile(
    desk: Desk, addition: str, admin: Person, admins_chat: Chat, encoder: StubEncoder
) -> None:
    """Its next message is answered; a second rebuild is told to wait; the old index answers."""
    encoder.passages.close()
    await admin.ask(admins_chat, "/reindex")
    assert (await admin.ask(admins_chat, "Hello")).text == "for everybody"
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for(BUSY, PATIENCE_S)
    assert addition not in await quoted(desk)
    encoder.passages.open()
    await admins_chat.wait_for("Done: ", PATIENCE_S)
    assert addition in await quoted(desk)


@pytest.mark.usefixtures("desk")
async def test_progress_speaks_the_admins_language(german: Person, germans_chat: Chat) -> None:
    """Edits included, which are made after the command was handled."""
    shown = await german.ask(germans_chat, "/reindex")
    await germans_chat.wait_for("Fertig: 6 Dokumente, 11 Passagen, 0 neu eingebettet, ", PATIENCE_S)
    words = ("Der Index wird", "Dokumente werden gelesen", "Passagen werden", "Fragen werden")
    for content in shown.history:
        assert content.text.startswith(words), content.text


async def test_what_a_kill_interrupted_is_done_again(
    open_desk: Start, addition: str, admin: Person, admins_chat: Chat, encoder: StubEncoder
) -> None:
    """The message says so; then it is over, and a further start does nothing."""
    desk = await open_desk()
    encoder.passages.close()
    shown = await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Embedding passages … ", PATIENCE_S)
    encoder.passages.open()
    await desk.kill()
    before = Shelf(desk.settings.data).current_name()
    assert "Done" not in shown.text
    desk = await open_desk()
    await admins_chat.wait_for("Done: 7 documents", PATIENCE_S)
    assert any(
        content.text.startswith("A restart interrupted this; the index is rebuilt once more.")
        for content in shown.history
    )
    assert len(admins_chat.from_bot) == 1
    assert Shelf(desk.settings.data).current_name() != before
    assert addition in await quoted(desk)
    await desk.stop()
    edits = shown.edit_count
    await open_desk()
    await admin.ask(admins_chat, "Hello")
    assert shown.edit_count == edits


@pytest.mark.usefixtures("addition")
async def test_a_restart_that_is_meant_goes_on_afterwards(
    open_desk: Start, admin: Person, admins_chat: Chat, encoder: StubEncoder, eventually: Eventually
) -> None:
    """The message says what is going to happen."""
    desk = await open_desk()
    encoder.passages.close()
    shown = await admin.ask(admins_chat, "/reindex")
    await eventually(encoder.passages.reached)
    desk.worker.stop()
    encoder.passages.open()
    await admins_chat.wait_for("I am being restarted; then I go on.", PATIENCE_S)
    await desk.stop()
    await open_desk()
    await admins_chat.wait_for("Done: 7 documents", PATIENCE_S)
    assert "A restart interrupted this" in shown.text


async def test_a_kill_before_the_first_word_is_made_good(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    """The request was noted: its message is sent at the next start."""
    desk = await open_desk()
    job = {"key": "k", "chat": admin.id, "language": "de", "message": 0, "interruptions": 0}
    await desk.store.put(SPACE, "k", job)
    await desk.store.put(SPACE, "nonsense", {"chat": "?"})
    await desk.stop()
    desk = await open_desk()
    await admins_chat.wait_for("Fertig: 6 Dokumente", PATIENCE_S)
    await desk.jobs.stop(PATIENCE_S)
    assert not await desk.store.entries(SPACE)


async def test_what_kills_the_process_again_and_again_is_left(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    """The admins are told, and nothing is built."""
    desk = await open_desk()
    before = Shelf(desk.settings.data).current_name()
    shown = await desk.bot.send_message(admin.id, "Rebuilding")
    job = {"key": "k", "chat": admin.id, "language": "en", "message": shown.message_id}
    await desk.store.put(SPACE, "k", job | {"interruptions": 2})
    await desk.stop()
    desk = await open_desk()
    await admins_chat.wait_for("Restarts interrupted this 3 times; I leave it.")
    await admins_chat.wait_for("Something needs a person to look at it: RuntimeError at ")
    assert Shelf(desk.settings.data).current_name() == before
    assert not await desk.store.entries(SPACE)


async def test_what_another_process_builds_is_not_taken_for_interrupted(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    """Its message stays its own; should that process be killed, the note is still there."""
    desk = await open_desk()
    shown = await admin.ask(admins_chat, "Hello")
    job = {"key": "k", "chat": admin.id, "language": "en", "message": shown.message_id}
    await desk.store.put(SPACE, "k", job | {"interruptions": 0})
    await desk.stop()
    with Shelf(desk.settings.data).building():
        desk = await open_desk()
        await desk.jobs.stop(PATIENCE_S)
    assert shown.text == "for everybody"
    assert await desk.store.get(SPACE, "k") == job | {"interruptions": 0}


async def test_a_build_of_another_process_is_waited_for(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The lock on disk counts, not only this bot's own build."""
    with Shelf(desk.settings.data).building():
        await admin.ask(admins_chat, "/reindex")
        await admins_chat.wait_for(BUSY, PATIENCE_S)
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: ", PATIENCE_S)


@pytest.mark.usefixtures("desk")
async def test_an_admin_may_rebuild_from_a_group(admin: Person, server: BotApiServer) -> None:
    """Under their own name."""
    group = server.group(-1001, "Round", [admin])
    await admin.ask(group, "/reindex@test_bot")
    await group.wait_for("Done: 6 documents", PATIENCE_S)
    assert len(group.from_bot) == 1


async def test_a_broken_file_is_named_and_the_old_index_answers(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Once it is mended, the next rebuild goes through."""
    file = desk.settings.corpus / "debates" / "tram.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text("motion = {<b>&", encoding="utf-8")
    await admin.ask(admins_chat, "/reindex")
    failed = await admins_chat.wait_for("That failed: ", PATIENCE_S)
    assert "tram.toml: not valid TOML (" in failed.text
    assert failed.text.endswith(". The old index keeps answering.")
    assert await quoted(desk)
    file.write_text(good, encoding="utf-8")
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: 6 documents", PATIENCE_S)


async def test_what_should_be_looked_at_is_listed(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Five problems at most, as they are, with their number."""
    for number in range(7):
        (desk.settings.corpus / f"<b>{number}.txt").write_bytes(b"")
    await admin.ask(admins_chat, "/reindex")
    report = await admins_chat.wait_for("Done: 6 documents", PATIENCE_S)
    lines = report.text.splitlines()
    assert lines[1] == "To look at (7):"
    assert lines[2].startswith("• <b>0.txt: ")
    assert len(lines) == 7


async def test_what_should_be_looked_at_is_told_in_the_admins_language(
    desk: Desk, german: Person, germans_chat: Chat
) -> None:
    """Files that cannot be read, and quotations that are gone."""
    (desk.settings.corpus / "leer.txt").write_bytes(b"")
    path = desk.settings.corpus / "stadtbienen.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Bienen", "Wespen"), encoding="utf-8")
    await german.ask(germans_chat, "/reindex")
    report = await germans_chat.wait_for("Fertig: 6 Dokumente", PATIENCE_S)
    lines = report.text.splitlines()
    assert lines[1].startswith("Anzusehen (")
    assert lines[2] == "• leer.txt: enthält keinen Text"
    assert lines[3].startswith("• Zuordnung zu ")
    assert lines[3].endswith("“: das Zitat steht nicht mehr im Text")


@pytest.mark.usefixtures("addition")
async def test_an_unforeseen_failure_is_told_and_raises_an_alarm(
    desk: Desk,
    admin: Person,
    admins_chat: Chat,
    germans_chat: Chat,
    encoder: StubEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its reason stands in the log, under the id that the admins are given."""

    def failing(_texts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(encoder, "encode_passages", failing)
    await admin.ask(admins_chat, "/reindex")
    failed = await admins_chat.wait_for("The old index keeps answering; the log says more.")
    number = failed.text.split(",")[1].split(".")[0].strip()
    await germans_chat.wait_for(number)
    assert number in caplog.text
    assert "OSError: disk full" in caplog.text
    assert await quoted(desk)
    assert not await desk.store.entries(SPACE)


@pytest.mark.usefixtures("desk")
async def test_progress_that_cannot_be_shown_stops_no_build(
    admin: Person, admins_chat: Chat, server: BotApiServer
) -> None:
    """The message may be gone, or say so already."""
    server.faults.add(faults.refused("message to edit not found"), method="editMessageText")
    server.faults.add(faults.refused("message is not modified"), method="editMessageText")
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: 6 documents", PATIENCE_S)


def test_a_report_writes_numbers_as_its_reader_does() -> None:
    report = BuildReport("one", 12_000, 57_000, 0, 0.64, (), 0)
    assert report_text(report, "de") == (
        "Fertig: 12.000 Dokumente, 57.000 Passagen, 0 neu eingebettet, 0,6 s."
    )


def test_rate_and_rest_are_told_where_a_step_has_a_count() -> None:
    shown = ProgressMessage(None, 1, 1, "en")  # type: ignore[arg-type]
    assert shown._step("embed", Progressed("200/1000", "20", "40 s")) == (
        "Embedding passages … 200/1000 · 20 a second, 40 s left"
    )
    assert shown._step("read", Progressed("3/120 MB")) == "Reading documents … 3/120 MB"
    assert shown._step("read", Progressed()) == "Reading documents …"


async def test_a_step_that_comes_too_soon_is_shown_a_moment_later(
    desk: Desk, admins_chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long step that is told of once must not hide behind the one before it."""
    monkeypatch.setattr(progress, "EDIT_EVERY_S", 0.2)
    sent = await desk.bot.send_message(admins_chat.id, "…")
    shown = ProgressMessage(desk.bot, admins_chat.id, sent.message_id, "en")
    for done in range(5):
        shown.note("learn", done, 4)
    shown.note("suggest", 0, 0)
    message = await admins_chat.wait_for("Suggesting sides …")
    assert len(message.history) == 1
    shown.note("write", 0, 0)
    await shown.finish("Done.")
    assert message.text == "Done."
    assert len(message.history) == 2

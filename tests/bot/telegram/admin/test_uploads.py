"""An admin sends a file, says what it does not tell of itself, and it is in the corpus."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest

from bot.playground import faults
from bot.telegram.handlers.admin.waiting_files import SPACE, WaitingFile, WaitingFiles
from index.corpus.catalogue import read_catalogue
from tests.bot.telegram.admin.conftest import FOR_EVERYBODY

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import BotApiServer, Chat, Message, Person
    from tests.bot.telegram.admin.conftest import Desk, Start

PATIENCE_S = 60.0
PLAIN = (
    "Der Stadtrat hat lange über Bänke am Fluss gestritten, und am Ende war niemand zufrieden.\n"
    "Wer abends dort sitzt, der weiß aber, wie viel eine einfache Bank für ein Viertel tun kann.\n"
).encode()
TITLE_QUESTION = "“bank.txt” tells no title. What is it called?"


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def send(person: Person, chat: Chat, name: str, content: bytes) -> Message:
    """Send a file, and return what the bot says to it."""
    known = len(chat.from_bot)
    await person.send_document(chat, name, content)
    return await chat.wait_for(known + 1, PATIENCE_S)


async def test_what_a_file_does_not_tell_is_asked_for(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Then it is in the corpus under a name of ours, with a catalogue entry, and can be quoted."""
    asked = await send(admin, admins_chat, "bank.txt", PLAIN)
    assert asked.text == TITLE_QUESTION
    asked = await admin.ask(admins_chat, "Eine  Bank für <alle>")
    assert asked.text == "“Eine Bank für <alle>” tells no author. Who wrote it?"
    added = await admin.ask(admins_chat, "Ida Bänkler")
    assert added.text.startswith(
        "Added: Eine Bank für <alle> (passages: 1), as eine-bank-fuer-alle-"
    )
    (path,) = desk.settings.corpus.glob("eine-bank-*.txt")
    assert path.read_bytes() == PLAIN
    card = read_catalogue(desk.settings.corpus)[path.name]
    assert (card.title, card.author) == ("Eine Bank für <alle>", "Ida Bänkler")
    assert (card.origin or "").endswith(" as bank.txt")
    assert (await admin.ask(admins_chat, "Hallo")).text == FOR_EVERYBODY
    assert not list((desk.settings.data / "uploads").iterdir())
    assert not await desk.store.entries(SPACE)
    await admin.tap(added, "Rebuild the index")
    await admins_chat.wait_for("Done: 7 documents", PATIENCE_S)


async def test_questions_can_be_skipped(desk: Desk, german: Person, germans_chat: Chat) -> None:
    """What nobody knows is not made up."""
    asked = await send(german, germans_chat, "bank.txt", PLAIN)
    assert asked.text == "„bank.txt“ nennt keinen Titel. Wie heißt das Dokument?"
    await german.tap(asked, "Überspringen")
    asked_again = await germans_chat.wait_for("nennt keinen Verfasser.")
    answer = await german.tap(asked, "Überspringen")
    assert answer.text == "Das ist schon beantwortet."
    await german.tap(asked_again, "Überspringen")
    await germans_chat.wait_for("Aufgenommen: bank.txt", PATIENCE_S)
    (path,) = desk.settings.corpus.glob("document-*.txt")
    card = read_catalogue(desk.settings.corpus)[path.name]
    assert (card.title, card.author) == (None, None)


async def test_what_a_file_tells_is_not_asked(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """A Word file with its properties."""
    document = docx.Document()
    document.core_properties.title = "Gleise für alle"
    document.core_properties.author = "Ida Gleis"
    document.add_heading("Gleise für alle", 1)
    document.add_paragraph(PLAIN.decode().replace("\n", " "))
    content = io.BytesIO()
    document.save(content)
    said = await send(admin, admins_chat, "X.DOCX", content.getvalue())
    assert said.text.startswith("Added: Gleise für alle (")
    (path,) = desk.settings.corpus.glob("gleise-fuer-alle-*.docx")
    assert read_catalogue(desk.settings.corpus)[path.name].author == "Ida Gleis"


async def test_a_restart_between_the_questions_loses_nothing(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    """Neither the file nor what was answered."""
    desk = await open_desk()
    await send(admin, admins_chat, "bank.txt", PLAIN)
    await admin.ask(admins_chat, "Eine Bank")
    await desk.kill()
    await open_desk()
    added = await admin.ask(admins_chat, "Ida", timeout_s=PATIENCE_S)
    assert added.text.startswith("Added: Eine Bank (passages: 1)")
    (path,) = desk.settings.corpus.glob("eine-bank-*.txt")
    assert path.read_bytes() == PLAIN


async def test_what_is_handled_anew_after_a_kill_answers_nothing_twice(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The title is not taken for the author, nor the file for a second one."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    again = await send(admin, admins_chat, "bank.txt", PLAIN)
    assert again.text == TITLE_QUESTION
    assert len(await desk.store.entries(SPACE)) == 1
    await admin.ask(admins_chat, "Eine Bank")
    said = admins_chat.messages[-2]
    known = len(admins_chat.from_bot)
    desk_updates = said.as_json()
    assert desk_updates["text"] == "Eine Bank"
    admin._world.updates.push("message", desk_updates)
    repeated = await admins_chat.wait_for(known + 1)
    assert repeated.text == "“Eine Bank” tells no author. Who wrote it?"


async def test_several_files_are_asked_about_one_after_the_other(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """As a group of files comes; each is added or dropped for itself."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    second = await send(admin, admins_chat, "brief.txt", PLAIN + b"Und noch ein Satz mehr davon.\n")
    assert second.text == "“brief.txt” can be read, and comes next."
    await admin.ask(admins_chat, "Eine Bank")
    await admin.say(admins_chat, "Ida")
    asked = await admins_chat.wait_for("“brief.txt” tells no title. What is it called?")
    await admin.tap(asked, "Do not add it")
    await admins_chat.wait_for("“brief.txt” is dropped; nothing has changed.")
    assert len(list(desk.settings.corpus.glob("*.txt"))) == 6
    assert not await desk.store.entries(SPACE)


async def test_a_file_that_tells_all_waits_for_no_other(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """It is added while something is asked about another; that question is not repeated."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    told = b"---\ntitle: Ein Brief\nauthor: Ida\n---\n\n" + PLAIN
    assert (await send(admin, admins_chat, "brief.md", told)).text.startswith("Added: Ein Brief (")
    assert (await admin.ask(admins_chat, "Eine Bank")).text == (
        "“Eine Bank” tells no author. Who wrote it?"
    )
    assert len(list(desk.settings.corpus.glob("ein-brief-*.md"))) == 1


async def test_a_question_can_be_cancelled(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """The file is gone; what is said afterwards is a question again."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    assert (await admin.ask(admins_chat, "/cancel")).text == (
        "“bank.txt” is dropped; nothing has changed."
    )
    assert not list((desk.settings.data / "uploads").iterdir())
    assert (await admin.ask(admins_chat, "/cancel")).text == "No file of yours is waiting."
    assert (await admin.ask(admins_chat, "Eine Bank")).text == FOR_EVERYBODY


@pytest.mark.usefixtures("desk")
async def test_a_command_is_no_title(admin: Person, admins_chat: Chat) -> None:
    """The question stays open meanwhile."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    assert (await admin.ask(admins_chat, "/help")).text == FOR_EVERYBODY
    assert (await admin.ask(admins_chat, "x" * 201)).text == (
        "That is too long; at most 200 characters."
    )
    assert "tells no author" in (await admin.ask(admins_chat, "Eine Bank")).text


async def test_the_same_content_is_recognised(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """Under whatever name, also before the index is rebuilt."""
    known = (desk.settings.corpus / "nachtmarkt.txt").read_bytes()
    before = everything(desk.settings.corpus)
    said = await send(admin, admins_chat, "markt.txt", known)
    assert said.text == "The corpus has this already, as nachtmarkt.txt; nothing has changed."
    assert everything(desk.settings.corpus) == before


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bank.exe", PLAIN, "“bank.exe” is no file that I can read. Send one of these: .txt, "),
        ("bank", PLAIN, "“bank” is no file that I can read."),
        ("bank.jsonl", b"{}", "“bank.jsonl” is no file that I can read."),
        ("bank.pdf", PLAIN, "“bank.pdf” cannot be read: "),
        ("bank.docx", b"PK\x03\x04" + b"\0" * 99, "“bank.docx” cannot be read: "),
        ("bank.txt", b" \n ", "“bank.txt” cannot be read: "),
        ("bank.txt", b"%PDF-1.7\n" + PLAIN, "“bank.txt” cannot be read: "),
        ("<b>\n../../etc/passwd.txt", b" ", "“<b> ../../etc/passwd.txt” cannot be read: "),
    ],
)
async def test_what_cannot_be_read_changes_nothing(
    desk: Desk, admin: Person, admins_chat: Chat, name: str, content: bytes, reason: str
) -> None:
    """And is told why."""
    before = everything(desk.settings.corpus)
    said = await send(admin, admins_chat, name, content)
    assert said.text.startswith(reason)
    assert everything(desk.settings.corpus) == before
    assert (await admin.ask(admins_chat, "Hallo")).text == FOR_EVERYBODY
    assert not everything(desk.settings.data / "uploads")
    assert not await desk.store.entries(SPACE)


def word_file(main_part: str = "word/document.xml") -> bytes:
    """A Word file, or an archive that is none."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(main_part, PLAIN * 9)
    return content.getvalue()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bank.txt", b" ", "enthält keinen Text"),
        (
            "bank.txt",
            b"%PDF-1.7\n" + PLAIN,
            "ist dem Inhalt nach eine .pdf-Datei; benennen Sie",
        ),
        ("bank.txt", b"\x89PNG\r\n", "ist ein Bild (PNG) und kein Dokument; entfernen Sie es"),
        ("bank.txt", b"x" * 1_000_001, "enthält eine Zeile von 1.000.001 Zeichen; teilen Sie"),
        ("bank.pdf", b"%PDF-1.7\n" + PLAIN, "ist abgeschnitten, das Ende fehlt; laden Sie"),
        ("bank.docx", word_file()[:300], "ist eine beschädigte, abgeschnittene oder versch"),
        ("bank.docx", word_file("xl/workbook.xml"), "ist kein Word-Dokument und heißt nur so;"),
        ("bank.md", b"---\ndate: bald\n---\nEin Satz.", "im Vorspann: published = 'bald' ist kein"),
    ],
)
async def test_why_a_file_cannot_be_read_is_said_in_the_admins_language(
    german: Person, germans_chat: Chat, name: str, content: bytes, reason: str
) -> None:
    said = await send(german, germans_chat, name, content)
    assert said.text.startswith(f"„{name}“ lässt sich nicht lesen: {reason}")
    assert said.text.endswith(". Es hat sich nichts geändert.")


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_file_over_the_limit_is_refused(
    open_desk: Start, admin: Person, admins_chat: Chat, *, hidden: bool
) -> None:
    """Before it is fetched, or, where Telegram does not say how large it is, afterwards."""
    desk = await open_desk(upload_limit_mb=1)
    content = b"Ein Satz. " * 110_000
    if hidden:
        sent = await admin.send_document(admins_chat, "note.txt", b" ")
        await admins_chat.wait_for(1)
        assert sent.document
        stored = admin._world.files.add("gross.txt", content, "text/plain")
        document = {key: stored.as_document()[key] for key in ("file_id", "file_unique_id")}
        sent.document = document | {"file_name": "gross.txt"}
        admin._world.updates.push("message", sent.as_json())
        said = await admins_chat.wait_for(2, PATIENCE_S)
    else:
        said = await send(admin, admins_chat, "gross.txt", content)
    assert said.text == "“gross.txt” is larger than 1 MB, which is the limit."
    assert not everything(desk.settings.data / "uploads")


async def test_a_file_that_telegram_does_not_hand_over_is_asked_for_again(
    desk: Desk,
    admin: Person,
    admins_chat: Chat,
    server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether it refuses to name the file's place or has nothing there; nothing is half there."""
    server.faults.add(faults.refused("wrong file_id"), method="getFile")
    said = await send(admin, admins_chat, "bank.txt", PLAIN)
    assert said.text == "“bank.txt” could not be fetched from Telegram; please send it once more."
    with monkeypatch.context() as patch:
        patch.setattr(admin._world.files, "at", lambda _path: None)
        again = await send(admin, admins_chat, "bank.txt", PLAIN)
    assert again.text == said.text
    assert not await desk.store.entries(SPACE)
    assert not everything(desk.settings.data / "uploads")
    assert (await send(admin, admins_chat, "bank.txt", PLAIN)).text == TITLE_QUESTION


async def test_a_corpus_that_cannot_be_changed_keeps_the_file_waiting(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The admin is told why; once that is mended, a tap adds it."""
    catalogue = desk.settings.corpus / "catalogue.toml"
    good = catalogue.read_bytes()
    catalogue.write_text("[[document", encoding="utf-8")
    await send(admin, admins_chat, "bank.txt", PLAIN)
    await admin.ask(admins_chat, "Eine Bank")
    said = await admin.ask(admins_chat, "Ida", timeout_s=PATIENCE_S)
    assert said.text.startswith("The corpus cannot be changed: catalogue.toml is not valid TOML")
    assert not list(desk.settings.corpus.glob("eine-bank-*"))
    catalogue.write_bytes(good)
    await admin.tap(said, "Try again", timeout_s=PATIENCE_S)
    await admins_chat.wait_for("Added: Eine Bank", PATIENCE_S)


async def test_a_waiting_file_that_is_gone_is_asked_for_again(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Somebody has emptied the data folder."""
    await send(admin, admins_chat, "bank.txt", PLAIN)
    for path in (desk.settings.data / "uploads").iterdir():
        path.unlink()
    await admin.ask(admins_chat, "Eine Bank")
    assert (await admin.ask(admins_chat, "Ida")).text == (
        "“bank.txt” is gone; please send it once more."
    )
    assert (await admin.ask(admins_chat, "Hallo")).text == FOR_EVERYBODY
    assert not await desk.store.entries(SPACE)


async def test_each_admin_has_files_of_their_own(
    desk: Desk, admin: Person, admins_chat: Chat, german: Person, germans_chat: Chat
) -> None:
    """What one is asked, the other does not answer, and can forget without the other's files."""
    asked = await send(admin, admins_chat, "bank.txt", PLAIN)
    skip = asked.button("Skip")["callback_data"]
    assert (await german.ask(germans_chat, "Eine Bank")).text == FOR_EVERYBODY
    forged = germans_chat.from_bot[-1]
    forged.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": skip}]]}
    assert (await german.tap(forged, "x")).text == "Diese Datei wartet nicht mehr."
    assert len(await WaitingFiles(desk.store, admin.id).all()) == 1
    await desk.store.forget(admin.id)
    assert not await WaitingFiles(desk.store, admin.id).all()


async def test_a_memory_that_makes_no_sense_is_passed_over(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Such as one of a later version."""
    await desk.store.put(SPACE, f"{admin.id}:x", {"file": "x"})
    await desk.store.put(SPACE, f"{admin.id}:y", "?")
    assert (await admin.ask(admins_chat, "Hallo")).text == FOR_EVERYBODY


def test_answers_are_taken_in_order() -> None:
    """A skipped one is left open."""
    file = WaitingFile("k", "f", "c", None, None, ("title", "author"), 1, since=0.0)
    answered = file.answered(None, 7).answered("Ida", 8)
    assert (answered.title, answered.author, answered.asks, answered.heard) == (None, "Ida", (), 8)

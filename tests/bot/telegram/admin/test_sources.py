"""An admin looks at a document, removes it behind a question, and gets it back as it was."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from bot.telegram.handlers.admin.buttons import RemoveSource, RestoreSource, ShowSource, key_of
from index.corpus.catalogue import read_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Chat, Message, Person
    from tests.bot.telegram.admin.conftest import Desk, Start

PATIENCE_S = 30.0
BEES = "Bienen über der Stadt"


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def to_the_question(admin: Person, chat: Chat) -> Message:
    """Open the bees' card, and ask to remove them."""
    shown = await admin.ask(chat, "/sources")
    await admin.tap(shown, BEES)
    await admin.tap(shown, "Remove …")
    return shown


@pytest.mark.usefixtures("desk")
async def test_a_document_has_a_card(admin: Person, admins_chat: Chat) -> None:
    """What is known of it, how its passages begin, and what rests on it."""
    shown = await admin.ask(admins_chat, "/sources")
    assert shown.text.startswith("Documents: 6\n")
    assert BEES in shown.labels
    assert "Nachtmarkt & <Lärm>" in shown.labels
    await admin.tap(shown, BEES)
    first, second = shown.text.splitlines()[7:10:2]
    assert first.startswith("Auf Dächern stehen Bienenstöcke niemandem im Weg.")
    assert 140 < len(first) <= 162
    assert re.search(r"\w …$", first)
    assert shown.text.splitlines() == [
        BEES,
        "File: stadtbienen.txt",
        "Author: Ida Imker",
        "Published: May 20, 2019",
        "Language: de",
        "Passages: 2",
        "",
        first,
        "",
        second,
        "",
        "Labels that rest on it: 6 by people, 0 suggested.",
        "• Cities should allow beehives on roofs. 6",
    ]
    await admin.tap(shown, "↩ All documents")
    assert "Nachtmarkt & <Lärm>" in shown.labels


async def test_a_document_goes_only_after_a_question_that_names_what_is_lost(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """It goes to the data folder, with its catalogue entry; a rebuild ends its quotations."""
    corpus = desk.settings.corpus
    before = everything(corpus)
    shown = await to_the_question(admin, admins_chat)
    assert f"Remove “{BEES}”?" in shown.text
    assert "Labels that rest on it: 6 by people" in shown.text
    assert everything(corpus) == before
    await admin.tap(shown, "Yes, remove it")
    assert shown.text.startswith(f"“{BEES}” is removed.")
    assert not (corpus / "stadtbienen.txt").exists()
    assert "stadtbienen.txt" not in read_catalogue(corpus)
    (kept,) = (desk.settings.data / "removed").glob("*/content")
    assert kept.read_bytes() == before[str(corpus / "stadtbienen.txt")]
    await admin.tap(shown, "Rebuild the index")
    done = await admins_chat.wait_for("Done: 5 documents", PATIENCE_S)
    assert "there is no document stadtbienen.txt" in done.text


async def test_what_was_removed_comes_back_as_it_was(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """To the byte, catalogue included; a second tap says that it is done."""
    before = everything(desk.settings.corpus)
    shown = await to_the_question(admin, admins_chat)
    await admin.tap(shown, "Yes, remove it")
    assert everything(desk.settings.corpus) != before
    undo = shown.button("Put it back")["callback_data"]
    await admin.tap(shown, "Put it back")
    assert shown.text == "“stadtbienen.txt” is back, as it was."
    assert everything(desk.settings.corpus) == before
    assert not everything(desk.settings.data / "removed")
    shown.reply_markup = {"inline_keyboard": [[{"text": "again", "callback_data": undo}]]}
    answer = await admin.tap(shown, "again")
    assert answer.text == "That has been put back already."


async def test_a_restart_between_removal_and_undo_changes_nothing(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    desk = await open_desk()
    before = everything(desk.settings.corpus)
    shown = await to_the_question(admin, admins_chat)
    await admin.tap(shown, "Yes, remove it")
    await desk.stop()
    await open_desk()
    await admin.tap(shown, "Put it back")
    assert everything(desk.settings.corpus) == before


@pytest.mark.usefixtures("desk")
async def test_two_admins_remove_one_document_once(
    admin: Person, admins_chat: Chat, german: Person, germans_chat: Chat
) -> None:
    """The second one sees that it is removed, and can put it back, too."""
    mine = await to_the_question(admin, admins_chat)
    shown = await german.ask(germans_chat, "/sources")
    await german.tap(shown, BEES)
    await german.tap(shown, "Entfernen …")
    await admin.tap(mine, "Yes, remove it")
    await german.tap(shown, "Ja, entfernen")
    assert shown.text.startswith(f"„{BEES}“ ist entfernt.")
    await german.tap(shown, "Zurückholen")
    assert shown.text == "„stadtbienen.txt“ ist wieder da, wie zuvor."


async def test_forged_buttons_name_no_files(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """A key is looked up among the documents; a removal's name is no path."""
    shown = await admin.ask(admins_chat, "/sources")
    before = everything(desk.settings.data.parent)
    for tap in (
        ShowSource(document="../../etc/passwd"),
        RemoveSource(document=key_of("../catalogue.toml"), sure=True),
        RestoreSource(removal="../snapshots"),
        RestoreSource(removal=""),
    ):
        shown.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": tap.pack()}]]}
        answer = await admin.tap(shown, "x")
        assert answer.text in {
            "This document is no longer here; /sources shows those that are.",
            "That has been put back already.",
        }
    after = everything(desk.settings.data.parent)
    assert {name for name in after if "sqlite" not in name} == {
        name for name in before if "sqlite" not in name
    }


async def test_a_catalogue_that_cannot_be_edited_keeps_everything(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The admin is told why."""
    catalogue = desk.settings.corpus / "catalogue.toml"
    catalogue.write_text(f"{catalogue.read_text(encoding='utf-8')}\n[[document", encoding="utf-8")
    before = everything(desk.settings.corpus)
    shown = await to_the_question(admin, admins_chat)
    answer = await admin.tap(shown, "Yes, remove it")
    assert (answer.text or "").startswith(
        "That is not possible, and nothing has changed: catalogue.toml is not valid TOML"
    )
    assert answer.show_alert
    assert everything(desk.settings.corpus) == before


async def test_a_name_that_is_taken_is_not_overwritten(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """Somebody has put another file there meanwhile."""
    shown = await to_the_question(admin, admins_chat)
    await admin.tap(shown, "Yes, remove it")
    (desk.settings.corpus / "stadtbienen.txt").write_text("Etwas anderes.", encoding="utf-8")
    answer = await admin.tap(shown, "Put it back")
    assert answer.text == "Another file has its name by now; rename that first."
    assert (desk.settings.corpus / "stadtbienen.txt").read_text() == "Etwas anderes."


async def test_many_documents_are_paged(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """A card leads back to the page that it came from."""
    for number in range(6):
        text = f"Titel {number}\n\nWas in Nummer {number} steht, hat keine zweite Stelle gesagt.\n"
        (desk.settings.corpus / f"z{number}.txt").write_text(text, encoding="utf-8")
    desk.library.rebuild(lambda *_: None)
    shown = await admin.ask(admins_chat, "/sources")
    assert shown.text.startswith("Documents: 12\n")
    assert "Page 1 of 2" in shown.text
    assert "◀" not in shown.labels
    await admin.tap(shown, "▶")
    assert shown.labels == ["Titel 2", "Titel 3", "Titel 4", "Titel 5", "◀"]
    await admin.tap(shown, "Titel 5")
    await admin.tap(shown, "↩ All documents")
    assert "Page 2 of 2" in shown.text


async def test_the_last_document_stays(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """Without any, no index could be built."""
    for path in desk.settings.corpus.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "stadtbienen.txt":
            path.unlink()
    desk.library.rebuild(lambda *_: None)
    shown = await to_the_question(admin, admins_chat)
    answer = await admin.tap(shown, "Yes, remove it")
    assert answer.text == "The last document stays: without any, I could not answer."
    assert (desk.settings.corpus / "stadtbienen.txt").exists()

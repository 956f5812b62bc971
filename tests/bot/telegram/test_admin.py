"""An admin rebuilds the index by a message; everybody else goes on asking meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import faults
from bot.telegram.handlers import admin as room
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground import BotApiServer, Chat, Message, Person
    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder
    from tests.bot.telegram.conftest import Service

    Quoted = Callable[[Message], list[str]]

QUESTION = "Sollte die Straßenbahn zurückkommen?"
LABELLED = "Die Straßenbahn fährt auch dann pünktlich, wenn die Autos im Stau stehen."
REFUSAL = "Only admins can rebuild the index. Ask one of them."


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show every step of a build."""
    monkeypatch.setattr(room, "_EDIT_EVERY_S", 0.0)


@pytest.fixture
def addition(settings: Settings) -> str:
    """Add a document to the corpus, with a sentence that is put on a side; return it."""
    (settings.corpus / "neu.txt").write_text(f"Neues\n\n{LABELLED}\n", encoding="utf-8")
    with (settings.corpus / "debates" / "tram.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[labels."neu.txt"]\nyes = ["{LABELLED}"]\n')
    return LABELLED


async def test_an_admin_sees_how_it_goes_and_what_came_of_it(
    service: Service,
    addition: str,
    admin: Person,
    admins_chat: Chat,
    encoder: StubEncoder,
    quoted: Quoted,
) -> None:
    """By edits of one message; afterwards the new document answers, without a restart."""
    before = await admin.ask(admins_chat, QUESTION)
    assert addition not in quoted(before)
    encoder.passages.close()
    shown = await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Embedding passages … ")
    encoder.passages.open()
    await admins_chat.wait_for("Done: 7 documents, 12 passages, 1 re-embedded, ")
    assert shown.text.endswith(" s.")
    said = [content.text for content in shown.history]
    assert said[0] == "Rebuilding the index …"
    assert any(text.startswith("Embedding passages … ") for text in said)
    assert len(admins_chat.from_bot) == 2
    assert addition in quoted(await admin.ask(admins_chat, QUESTION))
    assert "• Neues (1 passages)" in (await admin.ask(admins_chat, "/sources")).text
    assert not service.task.done()


@pytest.mark.usefixtures("service")
async def test_progress_speaks_the_admins_language(admin: Person, admins_chat: Chat) -> None:
    """Edits included, which are made after the command was handled."""
    admin.account.language_code = "de"
    shown = await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Fertig: 6 Dokumente, 11 Passagen, 0 neu eingebettet, ")
    assert len(shown.history) > 1
    words = {"Der Index wird", "Dokumente werden gelesen", "Passagen werden", "Fragen werden"}
    for content in shown.history:
        assert any(content.text.startswith(begin) for begin in words), content.text


@pytest.mark.usefixtures("service", "addition")
async def test_questions_are_answered_meanwhile(
    admin: Person,
    admins_chat: Chat,
    ada: Person,
    chat: Chat,
    encoder: StubEncoder,
    eventually: Eventually,
) -> None:
    """From the old index, the admin's own too; a second rebuild is told to wait."""
    encoder.passages.close()
    await admin.ask(admins_chat, "/reindex")
    await eventually(encoder.passages.reached)
    assert "Ja – Für die Straßenbahn" in (await ada.ask(chat, QUESTION)).text
    assert LABELLED not in chat.from_bot[-1].text
    assert "Ja – Für die" in (await admin.ask(admins_chat, QUESTION)).text
    assert (await ada.inline(QUESTION)).results
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("The index is being rebuilt already. Please wait for that.")
    encoder.passages.open()
    await admins_chat.wait_for("Done: ")
    assert LABELLED in (await ada.ask(chat, QUESTION)).text


async def test_a_build_of_another_process_is_waited_for(
    service: Service, admin: Person, admins_chat: Chat
) -> None:
    """The lock on disk counts, not only this bot's own build."""
    with Shelf(service.settings.data).building():
        await admin.ask(admins_chat, "/reindex")
        await admins_chat.wait_for("The index is being rebuilt already. Please wait for that.")
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: ")


@pytest.mark.parametrize("where", ["private", "group"])
async def test_nobody_else_may_rebuild(
    where: str, service: Service, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """They are told kindly, in their language; nothing is built."""
    ada.account.language_code = "en"
    group = server.group(-1001, "Round", [ada], admins=[ada])
    before = Shelf(service.settings.data).current_name()
    answer = await ada.ask(chat if where == "private" else group, "/reindex")
    assert answer.text == REFUSAL
    await server.drained()
    await server.quiet()
    assert Shelf(service.settings.data).current_name() == before
    assert not server.calls("editMessageText")


async def test_an_anonymous_admin_of_a_group_is_nobody(
    service: Service, admin: Person, server: BotApiServer
) -> None:
    """Whoever speaks as the group could be anyone in it, whatever id the message carries."""
    group = server.group(-1001, "Round", [admin], admins=[admin])
    before = Shelf(service.settings.data).current_name()
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    for place, sender in enumerate((anonymous, admin.account.as_json()), start=1):
        message: dict[str, Any] = {
            "message_id": 500 + place,
            "from": sender,
            "sender_chat": group.as_json(),
            "chat": group.as_json(),
            "date": int(time.time()),
            "text": "/reindex",
            "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
        }
        server.queue_raw({"message": message})
        assert (await group.wait_for(place)).text == REFUSAL
    await server.quiet()
    assert Shelf(service.settings.data).current_name() == before


@pytest.mark.usefixtures("service")
async def test_an_admin_may_rebuild_from_a_group(admin: Person, server: BotApiServer) -> None:
    """Under their own name."""
    group = server.group(-1001, "Round", [admin])
    await admin.ask(group, "/reindex@test_bot")
    await group.wait_for("Done: 6 documents")


async def test_a_broken_file_is_named_and_the_old_index_answers(
    service: Service, admin: Person, admins_chat: Chat
) -> None:
    """Once it is mended, the next rebuild goes through."""
    file = service.settings.corpus / "debates" / "tram.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text("motion = {<b>&", encoding="utf-8")
    await admin.ask(admins_chat, "/reindex")
    failed = await admins_chat.wait_for("That failed: ")
    assert "tram.toml: not valid TOML (" in failed.text
    assert failed.text.endswith(". The old index keeps answering.")
    assert "Ja – Für die Straßenbahn" in (await admin.ask(admins_chat, QUESTION)).text
    file.write_text(good, encoding="utf-8")
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: 6 documents")


async def test_what_should_be_looked_at_is_listed(
    service: Service, admin: Person, admins_chat: Chat
) -> None:
    """Five problems at most, as they are, with their number."""
    for number in range(7):
        (service.settings.corpus / f"<b>{number}.txt").write_bytes(b"\xff\xfe")
    await admin.ask(admins_chat, "/reindex")
    report = await admins_chat.wait_for("Done: 6 documents")
    lines = report.text.splitlines()
    assert lines[1] == "To look at (7):"
    assert lines[2] == "• <b>0.txt: not UTF-8 (byte 0); save it as UTF-8"
    assert len(lines) == 7


@pytest.mark.usefixtures("service", "addition")
async def test_an_unforeseen_failure_is_told(
    admin: Person,
    admins_chat: Chat,
    encoder: StubEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its reason stands in the log, under the id of the apology."""

    def failing(_texts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(encoder, "encode_passages", failing)
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("That failed. The old index keeps answering; the log says more.")
    apology = await admins_chat.wait_for("Something went wrong on my side.")
    assert apology.text.rsplit(" ", 1)[-1] in caplog.text
    assert "OSError: disk full" in caplog.text
    assert "Ja – Für die Straßenbahn" in (await admin.ask(admins_chat, QUESTION)).text


@pytest.mark.usefixtures("service")
async def test_progress_that_cannot_be_shown_stops_no_build(
    admin: Person, admins_chat: Chat, server: BotApiServer
) -> None:
    """The message may be gone, or say so already."""
    server.faults.add(faults.refused("message to edit not found"), method="editMessageText")
    server.faults.add(faults.refused("message is not modified"), method="editMessageText")
    await admin.ask(admins_chat, "/reindex")
    await server.drained()
    await server.quiet(0.3)
    assert len(server.calls("editMessageText")) >= 2
    await admin.ask(admins_chat, "/reindex")
    await admins_chat.wait_for("Done: 6 documents")

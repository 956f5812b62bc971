"""The admins' rooms in the bot as it is put together: before those of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.playground import Chat, Person

PATIENCE_S = 30.0


@pytest.mark.usefixtures("service")
async def test_admins_and_others_have_lists_of_their_own(
    admin: Person, admins_chat: Chat, ada: Person, chat: Chat
) -> None:
    """One to tap for admins, one to read for all others."""
    mine = await admin.ask(admins_chat, "/sources", timeout_s=PATIENCE_S)
    assert "Bienen über der Stadt" in mine.labels
    theirs = await ada.ask(chat, "/sources", timeout_s=PATIENCE_S)
    assert "Bienen über der Stadt" in theirs.text
    assert "Bienen über der Stadt" not in theirs.labels


@pytest.mark.usefixtures("service")
async def test_an_answer_about_a_file_is_no_question(admin: Person, admins_chat: Chat) -> None:
    """Afterwards, texts are questions again."""
    text = "Der Rat hat lange über die Bänke am Fluss gestritten, ohne einen Schluss zu finden.\n"
    await admin.send_document(admins_chat, "bank.txt", text.encode())
    await admins_chat.wait_for("tells no title", PATIENCE_S)
    asked = await admin.ask(
        admins_chat, "Sollte die Straßenbahn zurückkommen?", timeout_s=PATIENCE_S
    )
    assert "tells no author" in asked.text
    await admin.ask(admins_chat, "/cancel", timeout_s=PATIENCE_S)
    answer = await admin.ask(
        admins_chat, "Sollte die Straßenbahn zurückkommen?", timeout_s=PATIENCE_S
    )
    assert "Ja – Für die Straßenbahn" in answer.text


@pytest.mark.usefixtures("service")
async def test_a_rebuild_goes_through(admin: Person, admins_chat: Chat) -> None:
    """By the jobs of the bot itself."""
    await admin.ask(admins_chat, "/reindex", timeout_s=PATIENCE_S)
    await admins_chat.wait_for("Done: 6 documents", PATIENCE_S)

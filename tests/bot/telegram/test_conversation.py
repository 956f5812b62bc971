"""A conversation: follow-ups, fresh starts, edited questions, and what is kept of all that."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from bot.state.opening import open_state
from bot.state.postgres import MIGRATIONS
from bot.telegram import app
from index.answering.advisor import Advisor
from index.storage.postgres.migrating import migrate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.playground import BotApiServer, Chat, Person
    from bot.settings import Settings
    from bot.state.opening import State
    from index.answering.advice import Advice
    from tests.bot.telegram.conftest import Service, Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
TRAM = "Sollte die Straßenbahn zurückkommen?"
FOLLOW_UP = "Und was ist mit den Kosten?"
BESIDE = "Is the museum free on Sundays?"


@pytest.fixture
def handed_in(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """Each question that the advisor is asked, with what it is to be read with."""
    seen: list[tuple[str, str | None]] = []
    advise = Advisor.advise

    def noted(
        advisor: Advisor,
        question: str,
        per_side: int | None = None,
        *,
        explain: bool = False,
        previous: str | None = None,
    ) -> Advice:
        seen.append((question, previous))
        return advise(advisor, question, per_side, explain=explain, previous=previous)

    monkeypatch.setattr(Advisor, "advise", noted)
    return seen


Handed = list[tuple[str, "str | None"]]


@pytest.mark.usefixtures("service")
async def test_a_question_is_read_with_the_one_before(
    ada: Person, bob: Person, chat: Chat, server: BotApiServer, handed_in: Handed
) -> None:
    """The person's own, in this chat; /new starts afresh."""
    await ada.ask(chat, GERMAN)
    await bob.ask(server.private_chat(bob), FOLLOW_UP)
    await ada.ask(chat, FOLLOW_UP)
    (_, first), (_, bobs), (_, second) = handed_in
    assert first is None
    assert bobs is None
    assert second
    assert GERMAN in second
    assert (await ada.ask(chat, "/new")).text == (
        "Neu begonnen: Ihre nächste Frage steht für sich."
    )
    await ada.ask(chat, FOLLOW_UP)
    assert handed_in[-1] == (FOLLOW_UP, None)


@pytest.mark.usefixtures("service")
async def test_an_unanswered_question_is_nothing_to_go_on_from(
    ada: Person, chat: Chat, handed_in: Handed
) -> None:
    """The one before it still is."""
    await ada.ask(chat, GERMAN)
    await ada.ask(chat, BESIDE)
    await ada.ask(chat, FOLLOW_UP)
    previous = handed_in[-1][1]
    assert previous
    assert GERMAN in previous
    assert BESIDE not in previous


async def test_after_the_window_a_question_stands_alone(
    start: Start, ada: Person, chat: Chat, handed_in: Handed
) -> None:
    """What was asked long ago is forgotten."""
    await start(follow_up_s=0.01)
    await ada.ask(chat, GERMAN)
    await ada.ask(chat, FOLLOW_UP)
    assert handed_in[-1] == (FOLLOW_UP, None)


@pytest.mark.usefixtures("service")
async def test_a_reply_to_an_answer_goes_on_from_that(
    ada: Person, chat: Chat, handed_in: Handed
) -> None:
    """Not from the last question."""
    bees = await ada.ask(chat, GERMAN)
    await ada.ask(chat, TRAM)
    await ada.ask(chat, FOLLOW_UP, reply_to=bees)
    previous = handed_in[-1][1]
    assert previous
    assert GERMAN in previous
    assert TRAM not in previous


@pytest.mark.usefixtures("service")
async def test_an_edited_question_edits_its_answer(
    ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """In place, with the buttons of the new one; an edit that changes nothing is no error."""
    answer = await ada.ask(chat, GERMAN)
    question = chat.messages[0]
    await ada.edit(question, TRAM)
    await chat.wait_for(lambda one: one is answer and "Straßenbahn" in one.text)
    assert len(chat.from_bot) == 1
    before = answer.html
    await ada.tap(answer, "🔎 1")
    await chat.wait_for("Im Zusammenhang")
    assert "Gleise" in answer.text or "Straßenbahn" in answer.text
    await ada.edit(question, TRAM)
    await chat.wait_for(lambda one: one is answer and one.html == before)
    await ada.edit(question, BESIDE)
    await chat.wait_for(lambda one: one is answer and "I have nothing on this." in one.text)
    assert answer.labels[-1] == "All debates"
    await ada.edit(question, GERMAN)
    await chat.wait_for(lambda one: one is answer and "Für Dachbienen" in one.text)
    await server.quiet()
    assert len(chat.from_bot) == 1


@pytest.mark.usefixtures("service")
async def test_in_a_group_an_edit_may_address_the_bot_at_last(
    ada: Person, server: BotApiServer
) -> None:
    """Then it is a question like any other, and answered once."""
    group = server.group(-1001, "Round", [ada], admins=[server.bot])
    said = await ada.say(group, GERMAN)
    await server.drained()
    await server.quiet()
    assert group.from_bot == []
    await ada.edit(said, f"@test_bot {GERMAN}")
    answer = await group.wait_for(1)
    assert "Für Dachbienen" in answer.text
    await ada.edit(said, f"@test_bot {TRAM}")
    await group.wait_for(lambda one: one is answer and "Straßenbahn" in one.text)
    assert len(group.from_bot) == 1


@pytest.mark.usefixtures("service")
async def test_a_deep_link_opens_an_answer_or_a_debate(
    ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """The full answer of an inline result; what is gone is said."""
    offered = await ada.inline(GERMAN)
    (full,) = offered.results[1].raw["reply_markup"]["inline_keyboard"][0]
    assert full["text"] == "Ganze Antwort im privaten Chat"
    payload = full["url"].removeprefix("https://t.me/test_bot?start=")
    await ada.start(chat, payload)
    answer = await chat.wait_for(1)
    assert "Ja – Für Dachbienen" in answer.text
    assert "Quellen" in answer.labels
    await ada.start(chat, "d_tram")
    assert (await chat.wait_for(2)).text.startswith("Die Straßenbahn sollte zurückkommen.")
    await ada.start(chat, "a_unknown")
    assert (await chat.wait_for(3)).text.startswith("Diese Antwort wird nicht mehr aufbewahrt.")
    await ada.start(chat, "d_unknown")
    assert (await chat.wait_for(4)).text.startswith("Stellen Sie mir eine Frage")
    await server.quiet()


@pytest.mark.usefixtures("service")
async def test_a_guest_is_answered_once(ada: Person, server: BotApiServer) -> None:
    """In a chat that the bot is not in, also with silence, and with a way to the full answer."""
    elsewhere = server.elsewhere(ada)
    answer = await ada.ask_as_guest(elsewhere, f"@test_bot {GERMAN}")
    assert "Ja – Für Dachbienen" in answer.text
    assert answer.button("Ganze Antwort im privaten Chat")["url"].startswith("https://t.me/")
    nothing = await ada.ask_as_guest(elsewhere, f"@test_bot {BESIDE}")
    assert nothing.text.startswith("I have nothing on this.")
    alone = await ada.ask_as_guest(elsewhere, "@test_bot")
    assert alone.text.startswith("Erwähnen Sie mich zusammen mit Ihrer Frage")
    await server.quiet()
    assert len(server.calls("answerGuestQuery")) == 3


@pytest.fixture(params=["file", "postgres"])
def kept(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[str]]:
    """Let the bot remember in a file or on a server; return each row that it keeps there."""
    if request.param == "file":
        return lambda: rows_in_file(settings.data / "bot.sqlite")
    url: str = request.getfixturevalue("database_url")
    migrate(url, [MIGRATIONS])

    def opened(settings: Settings) -> Awaitable[State]:
        return open_state(replace(settings, database_url=url))

    monkeypatch.setattr(app, "open_state", opened)
    return lambda: rows_on_server(url)


async def test_forget_leaves_nothing_of_a_person(
    kept: Callable[[], list[str]],
    service: Service,
    ada: Person,
    bob: Person,
    chat: Chat,
    server: BotApiServer,
) -> None:
    """After asking whether they are sure; what others have stays, and so do the counts."""
    bobs = server.private_chat(bob)
    his = await bob.ask(bobs, TRAM)
    answer = await ada.ask(chat, GERMAN)
    await ada.tap(answer, "👍")
    await ada.inline(GERMAN)
    guide = await ada.ask(chat, "/hive")
    await ada.tap(guide, "☐ Einen Platz finden")
    await chat.wait_for("Schritt 1 von 2")
    await ada.tap(guide, "☑ Erledigt")
    await chat.wait_for("☑ Einen Platz finden")
    asked = await ada.ask(chat, "/forget")
    await ada.tap(asked, "Behalten")
    await chat.wait_for("Nichts wurde gelöscht.")
    assert (await ada.tap(answer, "👍")).text == "Das haben Sie schon gesagt."
    asked = await ada.ask(chat, "/forget")
    await ada.tap(asked, "Alles löschen")
    await chat.wait_for("Gelöschte Einträge: ")
    assert "nicht mehr aufbewahrt" in (await ada.tap(answer, "👍")).text
    assert "0 von 2 erledigt" in (await ada.ask(chat, "/hive")).text
    assert (await bob.tap(his, "🔎 1")).text == ""
    await server.drained()
    await service.stop()
    rows = kept()
    assert [row for row in rows if re.search(rf"\b{ada.id}\b", row) or GERMAN in row] == []
    assert [row for row in rows if re.search(rf"\b{bob.id}\b", row)]


@pytest.mark.usefixtures("service")
async def test_forgetting_is_for_whoever_asked_for_it(
    ada: Person, bob: Person, server: BotApiServer
) -> None:
    """In a group others see the button too: it deletes nothing of theirs, and stays."""
    bobs = server.private_chat(bob)
    his = await bob.ask(bobs, TRAM)
    group = server.group(-1001, "Round", [ada, bob], admins=[server.bot])
    asked = await ada.ask(group, "/forget")
    assert (await bob.tap(asked, "Alles löschen")).text == "Only the person who asked can do that."
    assert (await bob.tap(his, "🔎 1")).text == ""
    await ada.tap(asked, "Alles löschen")
    await group.wait_for("Gelöschte Einträge: ")


def rows_in_file(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            f"{table}: {row}"
            for (table,) in tables
            for row in database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        ]


def rows_on_server(url: str) -> list[str]:
    """Return all rows but those that count how often somebody asked within this minute."""
    with psycopg.connect(url) as database:
        query = "SELECT tablename FROM pg_tables WHERE tablename ~ '^bot_' AND tablename <> %s"
        tables = [table for (table,) in database.execute(query, ["bot_hits"])]
        return [
            f"{table}: {row}"
            for table in tables
            for row in database.execute(sql.SQL("TABLE {}").format(sql.Identifier(table)))
        ]

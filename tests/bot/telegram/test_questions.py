"""In a private chat any text is a question, and both sides come back, verbatim and cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.playground import faults
from bot.telegram import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground import BotApiServer, Chat, Message, Person
    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder
    from tests.bot.telegram.conftest import Service, Start

    Quoted = Callable[[Message], list[str]]

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
ENGLISH = "Should cities ban beehives from roofs?"
BESIDE = "Is the museum free on Sundays?"


async def test_a_german_question_is_answered_from_both_sides(
    service: Service, ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """The motion is bold, then Yes and No, each with block quotes and numbered citations."""
    answer = await ada.ask(chat, GERMAN)
    bold = re.findall(r"<b>(.*?)</b>", answer.html)
    assert bold == [
        "Städte sollten Bienenstöcke auf Dächern erlauben.",
        "Ja – Für Dachbienen",
        "Nein – Gegen Dachbienen",
        "Hintergrund",
    ]
    assert answer.html.startswith(f"<b>{bold[0]}</b>\n\n<b>{bold[1]}</b>\n\n<blockquote")
    citations = re.findall(r"</blockquote>\n<i>\[(\d)\] (.*?)</i>", answer.html)
    assert [number for number, _ in citations] == ["1", "2", "3", "4", "5", "6", "7"]
    assert citations[0][1] == (
        "Bienen über der Stadt, Ida Imker, 20.05.2019 · Warum Dächer gute Orte sind"
    )
    assert len(quoted(answer)) == 7
    texts = [path.read_text("utf-8") for path in service.settings.corpus.glob("*.*")]
    for quote in quoted(answer):
        assert any(quote in text for text in texts)
    assert answer.link_preview == {"is_disabled": True}
    assert answer.reply_to is None


@pytest.mark.usefixtures("service")
async def test_a_no_to_the_motion_is_the_questions_yes(
    ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """Whoever asks for a ban reads first what speaks for a ban; in the question's language."""
    answer = await ada.ask(chat, ENGLISH)
    bold = re.findall(r"<b>(.*?)</b>", answer.html)
    assert bold == [
        "Cities should allow beehives on roofs.",
        "Yes – Against rooftop bees",
        "No – For rooftop bees",
        "Background",
    ]
    first_side = answer.text[: answer.text.index("No – For")]
    assert quoted(answer)[0] in first_side
    assert "Inspectors rarely climb up" in first_side
    assert "May 20, 2019" in answer.text


@pytest.mark.usefixtures("service")
async def test_a_long_quotation_can_be_folded(ada: Person, chat: Chat) -> None:
    """A short one stands open."""
    answer = await ada.ask(chat, ENGLISH)
    assert "<blockquote expandable>Dachbienen bestäuben die Obstbäume" in answer.html
    assert "<blockquote>Rooftop hives bring pollinators" in answer.html


@pytest.mark.usefixtures("service")
async def test_where_one_side_has_no_voice_that_is_said(
    ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """And a view that is only reported is marked."""
    answer = await ada.ask(chat, "Sollte die Stadt einen Nachtmarkt erlauben?")
    assert answer.text.endswith(
        "Nein – Gegen den Nachtmarkt\n\nIn den Dokumenten spricht keine Stimme für diese Seite."
    )
    assert len(quoted(answer)) == 3
    reported = await ada.ask(chat, "Sollte die Straßenbahn zurückkommen?")
    assert reported.text.endswith(
        "Die Straßenbahn kommt zurück · dort nur berichtet, vom Autor nicht geteilt"
    )


@pytest.mark.usefixtures("service")
async def test_an_open_question_has_no_sides(ada: Person, chat: Chat, quoted: Quoted) -> None:
    """But the topic's name, and what stands about it."""
    answer = await ada.ask(chat, "How do I look after a hive?")
    assert answer.html.startswith("<b>How to look after a hive</b>")
    assert quoted(answer)[0] == "Open the hive on a warm day and look for eggs."
    assert "Yes" not in answer.text


@pytest.mark.usefixtures("service")
async def test_nothing_found_is_said_with_what_there_is(
    ada: Person, chat: Chat, bob: Person, server: BotApiServer
) -> None:
    """In the question's language, and where that is none of ours in the person's."""
    answer = await ada.ask(chat, BESIDE)
    assert answer.text == "I have nothing on this.\n\nWhat my documents do cover, for example:"
    assert (await ada.ask(chat, "😀😀")).text.startswith("Dazu habe ich nichts.")
    assert (await bob.ask(server.private_chat(bob), "😀😀")).text.startswith("I have nothing")


@pytest.mark.usefixtures("service")
async def test_what_there_is_opens_at_a_tap(
    ada: Person, chat: Chat, bob: Person, server: BotApiServer
) -> None:
    """In a message of its own, in groups too; a handful, and all of them behind one more button."""
    nothing = await ada.ask(chat, "😀😀")
    labels = [button["text"] for row in nothing.buttons for button in row]
    assert len(labels) == 6
    assert labels[0] == "Städte sollten Bienenstöcke auf Dächern erlauben."
    assert labels[-1] == "Alle Debatten"
    await ada.tap(nothing, labels[0])
    opened = await chat.wait_for("Ja – Für Dachbienen")
    assert opened.text.startswith(labels[0])
    assert nothing.text.startswith("Dazu habe ich nichts.")
    await ada.tap(nothing, "Alle Debatten")
    await chat.wait_for("Tippen Sie auf eine")
    group = server.group(-1001, "Round", [ada, bob])
    beside = await bob.ask(group, "/ask 😀😀")
    await bob.tap(beside, beside.buttons[0][0]["text"])
    await group.wait_for("Yes – For")


@pytest.mark.parametrize(
    ("language_code", "reply"), [("de-AT", "Dazu"), ("fr", "I have"), (None, "I have")]
)
async def test_a_persons_language_is_understood_with_its_region(
    language_code: str | None, reply: str, start: Start, server: BotApiServer
) -> None:
    """One that we do not speak, or do not know, is English."""
    await start()
    person = server.person(1003, "Eve", language_code=language_code)
    answer = await person.ask(server.private_chat(person), "😀")
    assert answer.text.startswith(reply)


@pytest.mark.usefixtures("service")
async def test_ask_works_in_private_too(ada: Person, chat: Chat) -> None:
    """And says how it is used where the question is missing."""
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, f"/ask {GERMAN}")).text
    how = "Schreiben Sie Ihre Frage hinter /ask, in einer beliebigen Sprache."
    assert (await ada.ask(chat, "/ask")).text == how
    assert (await ada.ask(chat, "/ask   ")).text == how


@pytest.mark.usefixtures("service")
async def test_only_text_can_be_read(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """A file is answered by saying so, once, and kept nowhere."""
    await ada.send_document(chat, "holiday.jpg", b"\xff\xd8", caption=GERMAN)
    answer = await chat.wait_for(1)
    assert answer.text == (
        "Dateien nehme ich nur von Admins an. Bitte schreiben Sie Ihre Frage als Text."
    )
    await server.drained()
    await server.quiet()
    assert len(chat.from_bot) == 1
    assert not server.calls("getFile")


@pytest.mark.usefixtures("service")
async def test_each_question_is_answered_once(
    ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Also when several come at once, and a message that is edited later is not asked again."""
    asked = [await ada.say(chat, GERMAN) for _ in range(3)]
    await chat.wait_for(3)
    await ada.edit(asked[0], ENGLISH)
    await server.drained()
    await server.quiet()
    assert len(chat.from_bot) == 3


@pytest.mark.usefixtures("service")
async def test_its_own_inline_results_are_no_questions(
    ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Somebody may choose one in the chat with the bot itself."""
    offered = await ada.inline(GERMAN)
    await ada.choose(offered.results[0], chat)
    await server.drained()
    await server.quiet()
    assert chat.from_bot == []


async def test_a_slow_answer_shows_typing(
    start: Start,
    ada: Person,
    chat: Chat,
    encoder: StubEncoder,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quick one does not, so that nothing flickers."""
    await start()
    monkeypatch.setattr(waiting, "TYPING_AFTER_S", 0.2)
    await ada.ask(chat, GERMAN)
    assert chat.actions == []
    encoder.questions.close()
    await ada.say(chat, ENGLISH)
    await eventually(lambda: bool(chat.actions))
    encoder.questions.open()
    await chat.wait_for(2)
    assert {action.action for action in chat.actions} == {"typing"}


async def test_a_slow_answer_in_private_is_announced_by_a_draft(
    start: Start,
    ada: Person,
    chat: Chat,
    encoder: StubEncoder,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The draft goes when the answer comes; nothing of it stays in the chat."""
    await start()
    monkeypatch.setattr(waiting, "DRAFT_AFTER_S", 0.1)
    monkeypatch.setattr(waiting, "DRAFT_EVERY_S", 0.1)
    encoder.questions.close()
    await ada.say(chat, GERMAN)
    await eventually(lambda: len(chat.drafts) >= 2)
    first, second = chat.drafts[:2]
    assert first.content.text == "Ich suche beide Seiten in meinen Dokumenten …"
    assert second.content.text.startswith(first.content.text)
    assert first.draft_id == second.draft_id
    encoder.questions.open()
    answer = await chat.wait_for(1)
    assert "Für Dachbienen" in answer.text
    assert chat.draft is None
    assert chat.from_bot == [answer]


async def test_a_server_without_drafts_does_no_harm(
    start: Start,
    server: BotApiServer,
    ada: Person,
    chat: Chat,
    encoder: StubEncoder,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer comes all the same."""
    await start()
    monkeypatch.setattr(waiting, "DRAFT_AFTER_S", 0.1)
    server.faults.add(faults.refused("method not found"), times=9, method="sendMessageDraft")
    encoder.questions.close()
    await ada.say(chat, GERMAN)
    await eventually(lambda: bool(server.calls("sendMessageDraft")))
    encoder.questions.open()
    assert "Für Dachbienen" in (await chat.wait_for(1)).text


async def test_an_answer_that_takes_too_long_is_given_up(
    start: Start, ada: Person, chat: Chat, encoder: StubEncoder
) -> None:
    """The person is told, and the next question is answered."""
    service = await start(answer_timeout_s=0.3)
    service.library.advisor.advise(ENGLISH)
    encoder.questions.close()
    answer = await ada.ask(chat, GERMAN)
    assert answer.text.startswith("Das hat zu lange gedauert.")
    encoder.questions.open()
    assert "Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_without_an_index_an_admin_is_named(
    start: Start, settings: Settings, ada: Person, chat: Chat
) -> None:
    """Every command says so in plain words; none fails."""
    (settings.data / "CURRENT").unlink()
    await start()
    reason = "Es gibt noch keinen Index, aus dem ich antworten kann."
    assert (await ada.ask(chat, GERMAN)).text.startswith(reason)
    assert (await ada.ask(chat, "/sources")).text.startswith(reason)
    assert (await ada.ask(chat, "/debates")).text.startswith(reason)
    greeting = await ada.ask(chat, "/start")
    assert greeting.text.startswith("Stellen Sie mir eine Frage")
    assert greeting.buttons == []
    offered = await ada.inline(GERMAN)
    assert offered.results == []
    assert offered.button
    assert offered.button["text"] == "Gerade kann ich nicht antworten – fragen Sie mich privat"


async def test_a_corpus_without_debates_is_quoted_without_sides(
    start: Start, settings: Settings, ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """And says that no debate is described."""
    for path in settings.corpus.rglob("*.toml"):
        path.unlink()
    service = await start()
    service.library.rebuild(lambda *_: None)
    answer = await ada.ask(chat, "Honigbienen übertragen Krankheiten auf seltene Hummeln")
    assert answer.text.startswith("Für diese Dokumente ist keine Debatte beschrieben; das")
    assert any("Krankheiten" in quote for quote in quoted(answer))
    assert "Hintergrund" not in answer.text
    debates = await ada.ask(chat, "/debates")
    assert debates.text == "Für diese Dokumente ist keine Debatte beschrieben."
    assert (await ada.ask(chat, "/start")).buttons == []
    assert (await ada.ask(chat, "😀")).text == "Dazu habe ich nichts."

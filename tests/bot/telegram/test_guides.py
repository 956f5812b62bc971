"""Guides and interviews come from the corpus: steps to tick, questions to tap, files to keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.telegram.buttons import ExportInterview, Form, GoOn, ShowStep

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Message, Person
    from tests.bot.telegram.conftest import Service, Start


async def shows(chat: Chat, message: Message, words: str) -> None:
    await chat.wait_for(lambda one: one is message and words in one.text)


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("command", ["/bienenhaus", "/hive", "/HIVE", "/hive@test_bot"])
async def test_a_command_of_the_corpus_opens_a_guide(ada: Person, chat: Chat, command: str) -> None:
    """Under its name in any language; words are in the person's."""
    opened = await ada.ask(chat, command)
    assert opened.html.startswith("<b>Das erste Bienenhaus</b>\n\nZwei Schritte bis zum ersten")
    assert opened.labels == [
        "☐ Einen Platz finden", "☐ An den Winter denken", "Als PDF", "Als Webseite",
    ]  # fmt: skip
    assert "0 von 2 erledigt" in opened.text


@pytest.mark.usefixtures("service")
async def test_steps_are_walked_with_their_citations(ada: Person, chat: Chat) -> None:
    """Forward, back, and to the overview, in one message; everything is escaped."""
    guide = await ada.ask(chat, "/hive")
    await ada.tap(guide, "☐ Einen Platz finden")
    await shows(chat, guide, "Schritt 1 von 2")
    assert (
        "<blockquote>Auf Dächern stehen Bienenstöcke niemandem im Weg.</blockquote>" in guide.html
    )
    assert "[1] Bienen über der Stadt, Ida Imker" in guide.text
    await ada.tap(guide, "▶")
    await shows(chat, guide, "Schritt 2 von 2")
    assert "Rechnen Sie mit <weniger> & leiseren Bienen." in guide.text
    assert "▶" not in guide.labels
    await ada.tap(guide, "◀")
    await shows(chat, guide, "Schritt 1 von 2")
    await ada.tap(guide, "Übersicht")
    await shows(chat, guide, "Zwei Schritte")
    assert len(chat.from_bot) == 1


async def test_ticks_are_a_persons_own_and_survive(
    start: Start, ada: Person, bob: Person, chat: Chat, server: BotApiServer
) -> None:
    """A restart keeps them, another person does not see them, and they can be taken back."""
    service = await start()
    guide = await ada.ask(chat, "/hive")
    await ada.tap(guide, "☐ An den Winter denken")
    await shows(chat, guide, "Schritt 2 von 2")
    await ada.tap(guide, "☑ Erledigt")
    await shows(chat, guide, "☑ An den Winter denken")
    await service.stop()
    await start()
    again = await ada.ask(chat, "/hive")
    assert again.labels[1] == "☑ An den Winter denken"
    assert "1 von 2 erledigt" in again.text
    bobs = await bob.ask(server.private_chat(bob), "/hive")
    assert bobs.labels[1] == "☐ Think of winter"
    await ada.tap(again, "☑ An den Winter denken")
    await shows(chat, again, "Schritt 2 von 2")
    await ada.tap(again, "☐ Wieder offen")
    await shows(chat, again, "☐ An den Winter denken")


@pytest.mark.usefixtures("service")
async def test_the_list_can_be_taken_away(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """As PDF and as a web page, with the ticks."""
    guide = await ada.ask(chat, "/hive")
    await ada.tap(guide, "Als PDF")
    sent = await chat.wait_for(2)
    assert content(server, sent).startswith(b"%PDF-")
    assert name(sent).endswith(".pdf")
    await ada.tap(guide, "Als Webseite")
    page = content(server, await chat.wait_for(3)).decode()
    assert "Das erste Bienenhaus" in page
    assert "Rechnen Sie mit &lt;weniger&gt; &amp; leiseren Bienen." in page


@pytest.mark.usefixtures("service")
async def test_in_a_group_the_way_to_the_private_chat_is_shown(
    ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Ticks are nobody else's business; the link opens the guide there."""
    group = server.group(-1001, "Round", [ada])
    answer = await ada.ask(group, "/hive")
    link = answer.button("Das erste Bienenhaus")["url"]
    assert link == "https://t.me/test_bot?start=g_hive"
    await ada.start(chat, "g_hive")
    assert (await chat.wait_for(1)).text.startswith("Das erste Bienenhaus")


@pytest.mark.usefixtures("service")
async def test_an_interview_ends_with_both_sides(ada: Person, chat: Chat) -> None:
    """Question by question in one message, back where one likes, and no verdict at the end."""
    message = await ada.ask(chat, "/dach")
    assert "Zwei Fragen zu Ihrem Dach." in message.text
    assert message.labels == ["Leute mit Gärten", "Niemand"]
    await ada.tap(message, "Niemand")
    await shows(chat, message, "Frage 2 von 2")
    await ada.tap(message, "↩ Zurück")
    await shows(chat, message, "Frage 1 von 2")
    await ada.tap(message, "Leute mit Gärten")
    await shows(chat, message, "Frage 2 von 2")
    await ada.tap(message, "Eine Imkerin")
    await shows(chat, message, "Kein Urteil: Die Entscheidung bleibt bei Ihnen.")
    headings = re.findall(r"<b>(.*?)</b>", message.html)
    assert headings == [
        "Bienen auf Ihr Dach?",
        "Wer wohnt nebenan? – Leute mit Gärten",
        "Wer pflegt die Völker? – Eine Imkerin",
    ]
    assert message.text.count("▸ Für Dachbienen") == 2
    assert message.text.count("▸ Gegen Dachbienen") == 2
    numbers = re.findall(r"^\[(\d+)\] ", message.text, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= 4
    await ada.tap(message, "Noch einmal")
    await shows(chat, message, "Frage 1 von 2")
    assert len(chat.from_bot) == 1


@pytest.mark.usefixtures("service")
async def test_what_was_weighed_can_be_taken_away(bob: Person, server: BotApiServer) -> None:
    """Both files hold what the message shows, in the person's language."""
    chat = server.private_chat(bob)
    message = await bob.ask(chat, "/roof")
    await bob.tap(message, "People with gardens")
    await shows(chat, message, "Question 2 of 2")
    await bob.tap(message, "Nobody really")
    await shows(chat, message, "No verdict")
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", message.html, re.DOTALL)
    await bob.tap(message, "As web page")
    page = content(server, await chat.wait_for(2)).decode()
    assert all(" ".join(quote.split())[:40] in " ".join(page.split()) for quote in quotes)
    await bob.tap(message, "As PDF")
    assert content(server, await chat.wait_for(3)).startswith(b"%PDF-")


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "data",
    [
        ShowStep(guide="gone").pack(),
        ShowStep(guide="hive", step=9).pack(),
        GoOn(name="gone").pack(),
        GoOn(name="roof", chosen="9").pack(),
        GoOn(name="roof", chosen="000").pack(),
        GoOn(name="roof", chosen="x").pack(),
        ExportInterview(name="gone", chosen="", form=Form.PDF).pack(),
        ExportInterview(name="roof", chosen="09", form=Form.HTML).pack(),
    ],
)
async def test_buttons_of_another_corpus_say_so(ada: Person, chat: Chat, data: str) -> None:
    """The corpus may have changed since; nothing fails."""
    message = await ada.ask(chat, "/dach")
    plant(message, "old", data)
    before = message.text
    notice = await ada.tap(message, "old")
    assert "eändert" in notice.text
    assert message.text == before


async def test_without_guides_the_commands_are_unknown(
    service: Service, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Another corpus brings its own or none, and the menus follow."""
    seen = server.world.profile.commands_seen(ada.account, chat)
    assert {"bienenhaus", "dach"} <= {one["command"] for one in seen}
    for path in service.settings.corpus.glob("*/*.toml"):
        if path.parent.name in {"guides", "interviews"}:
            path.unlink()
    service.library.rebuild(lambda *_: None)
    assert (await ada.ask(chat, "/hive")).text.startswith("Diesen Befehl kenne ich nicht")


def name(message: Message) -> str:
    assert message.document
    return str(message.document["file_name"])


def content(server: BotApiServer, message: Message) -> bytes:
    assert message.document
    stored = server.world.files.find(message.document["file_id"])
    assert stored
    return stored.content


def plant(message: Message, text: str, data: str) -> None:
    """Put a button under a message, as an old client may still show it."""
    assert message.reply_markup
    message.reply_markup["inline_keyboard"].append([{"text": text, "callback_data": data}])

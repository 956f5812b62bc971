"""The buttons under an answer: more, context, sources, verdicts, sharing; also after a restart."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.state.opening import open_state
from bot.statistics import Statistics
from bot.telegram.buttons import JudgeAnswer, OtherDebate, ShowAnswer, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground import BotApiServer, Chat, Message, Person
    from bot.settings import Settings
    from tests.bot.telegram.conftest import Service, Start

    Quoted = Callable[[Message], list[str]]

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
TRAM = "Should the tram come back?"
BESIDE = "Is the museum free on Sundays?"
GONE = "Diese Antwort wird nicht mehr aufbewahrt. Bitte fragen Sie noch einmal."


def label(message: Message, start: str) -> str:
    return next(one for one in message.labels if one.startswith(start))


async def turned(person: Person, chat: Chat, message: Message, wanted: str, words: str) -> None:
    """Tap a button and wait until the message shows some words."""
    notice = await person.tap(message, wanted)
    assert notice.text == ""
    await chat.wait_for(lambda one: one is message and words in one.text)


@pytest.mark.usefixtures("service")
async def test_every_excerpt_can_be_opened_in_context(
    ada: Person, chat: Chat, quoted: Quoted, settings: Settings
) -> None:
    """Its neighbours stand around it verbatim, the quotation is bold, and back is as before."""
    answer = await ada.ask(chat, GERMAN)
    before, quotes = answer.html, quoted(answer)
    numbers = [one for one in answer.labels if one.startswith("🔎")]
    assert len(numbers) == len(quotes)
    texts = [path.read_text("utf-8") for path in settings.corpus.glob("*.*")]
    for number, quote in zip(numbers, quotes, strict=True):
        await turned(ada, chat, answer, number, "Im Zusammenhang")
        (shown,) = quoted(answer)
        assert any(shown in text for text in texts)
        marked = re.findall(r"<b>(.*?)</b>", answer.html, re.DOTALL)
        assert marked[0] == "Im Zusammenhang"
        assert quote in shown
        assert len(re.findall(r"^Warum Dächer gute Orte sind$", answer.text, re.MULTILINE)) == 0
        assert re.search(r"Passage \d+ von \d+, nach \d+ % des Textes", answer.text)
        await turned(ada, chat, answer, "↩ Zurück", "Ja – Für Dachbienen")
        assert answer.html == before


@pytest.mark.usefixtures("service")
async def test_more_of_a_side_is_paged_in_place(ada: Person, chat: Chat, quoted: Quoted) -> None:
    """No excerpt twice, all of one side, numbered on, and back to both sides."""
    answer = await ada.ask(chat, GERMAN)
    shown = set(quoted(answer))
    more = label(answer, "Mehr: ")
    count = int(re.findall(r"\+(\d+)", more)[0])
    await turned(ada, chat, answer, more, "Seite 2 von")
    assert not shown & set(quoted(answer))
    pages = int(re.findall(r"Seite 2 von (\d+)", answer.text)[0])
    seen = list(quoted(answer))
    for page in range(3, pages + 1):
        await turned(ada, chat, answer, "▶", f"Seite {page} von")
        seen += quoted(answer)
    assert "▶" not in answer.labels
    assert len(seen) == len(set(seen)) == count
    await turned(ada, chat, answer, answer.labels[0], "Im Zusammenhang")
    await turned(ada, chat, answer, "↩ Zurück", f"Seite {pages} von")
    for page in range(pages - 1, 0, -1):
        await turned(ada, chat, answer, "◀", f"Seite {page} von")
    await turned(ada, chat, answer, "↩ Beide Seiten", "Nein – Gegen Dachbienen")
    assert len(chat.from_bot) == 1


@pytest.mark.usefixtures("service")
async def test_the_sources_are_named_once_each(ada: Person, chat: Chat) -> None:
    """With how often the answer quotes them."""
    answer = await ada.ask(chat, GERMAN)
    cited = len(re.findall(r"^\[\d+\]", answer.text, re.MULTILINE))
    await turned(ada, chat, answer, "Quellen", "Quellen dieser Antwort")
    lines = [line for line in answer.text.splitlines() if line.startswith("• ")]
    assert any(
        line.startswith("• Bienen über der Stadt, Ida Imker, 20.05.2019 (") for line in lines
    )
    assert len(lines) == len(set(lines))
    assert sum(int(re.findall(r"\((\d+)× zitiert\)$", line)[0]) for line in lines) == cited
    await turned(ada, chat, answer, "↩ Zurück", "Für Dachbienen")


async def test_a_verdict_counts_once(
    service: Service, ada: Person, bob: Person, server: BotApiServer, chat: Chat
) -> None:
    """Helpful at once; what is wrong is asked for, excerpt by excerpt; nobody counts twice."""
    answer = await ada.ask(chat, GERMAN)
    whole = answer.text
    assert (await ada.tap(answer, "👍")).text == "Danke, ist vermerkt."
    assert (await ada.tap(answer, "👍")).text == "Das haben Sie schon gesagt."
    await turned(ada, chat, answer, "👎", "Nicht hilfreich")
    assert "[1] Falsche Seite" in answer.labels
    assert (await ada.tap(answer, "[1] Falsche Seite")).text == "Danke, ist vermerkt."
    await chat.wait_for(lambda one: one is answer and one.text == whole)
    his = await bob.ask(server.private_chat(bob), GERMAN)
    await bob.tap(his, "👍")
    assert await statistics(service) == {"helpful": 2, "wrong-side": 1}


async def test_an_excerpt_is_judged_where_it_stands(
    service: Service, ada: Person, chat: Chat
) -> None:
    """Under its context; background cannot be on a wrong side."""
    answer = await ada.ask(chat, GERMAN)
    numbers = [one for one in answer.labels if one.startswith("🔎")]
    await turned(ada, chat, answer, numbers[-1], "Im Zusammenhang")
    assert "Falsche Seite" not in answer.labels
    await turned(ada, chat, answer, "↩ Zurück", "Für Dachbienen")
    await turned(ada, chat, answer, numbers[0], "Im Zusammenhang")
    await ada.tap(answer, "Falsche Seite")
    await chat.wait_for(lambda one: one is answer and "Für Dachbienen" in one.text)
    assert await statistics(service) == {"wrong-side": 1}


@pytest.mark.usefixtures("service")
async def test_share_switches_to_inline_with_the_question(ada: Person, chat: Chat) -> None:
    """In a chat of the person's choice; a question too long for that has no such button."""
    answer = await ada.ask(chat, GERMAN)
    assert answer.button("Teilen")["switch_inline_query"] == GERMAN
    long = await ada.ask(chat, GERMAN + " Bitte mit Gründen." * 20)
    assert "Teilen" not in long.labels


@pytest.mark.usefixtures("service")
async def test_silence_has_no_buttons_but_for_debates(ada: Person, chat: Chat) -> None:
    """There is nothing to share or to judge."""
    silence = await ada.ask(chat, BESIDE)
    data = [button["callback_data"] for row in silence.buttons for button in row]
    assert [one.partition(":")[0] for one in data] == ["debate"] * 5 + ["debates"]


async def test_buttons_survive_a_restart(start: Start, ada: Person, chat: Chat) -> None:
    """What they need is in the store, not in the process."""
    service = await start()
    answer = await ada.ask(chat, GERMAN)
    await service.stop()
    await start()
    await turned(ada, chat, answer, "🔎 1", "Im Zusammenhang")
    await turned(ada, chat, answer, "↩ Zurück", "Für Dachbienen")
    assert (await ada.tap(answer, "👍")).text == "Danke, ist vermerkt."


async def test_an_answer_of_an_older_index_shows_its_source(
    service: Service, ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """Where the text has moved it is found again; where it is gone, what was quoted is said."""
    answer = await ada.ask(chat, GERMAN)
    first = quoted(answer)[0]
    corpus = service.settings.corpus
    (path,) = [one for one in corpus.glob("*.*") if first in one.read_text("utf-8")]
    text = path.read_text("utf-8")
    head, rest = text.split("\n", 1)
    path.write_text(f"{head}\n\nEin neuer erster Absatz über ganz andere Dinge.\n{rest}", "utf-8")
    service.library.rebuild(lambda *_: None)
    await turned(ada, chat, answer, "🔎 1", "Das Dokument wurde seither geändert")
    assert first in quoted(answer)[0]
    await turned(ada, chat, answer, "↩ Zurück", "Für Dachbienen")
    path.write_text(text.replace(first, "Dieser Absatz wurde neu geschrieben."), "utf-8")
    service.library.rebuild(lambda *_: None)
    await turned(ada, chat, answer, "🔎 1", "Diese Stelle steht nicht mehr")
    assert quoted(answer) == [first]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "data",
    [
        ShowAnswer(answer="unknown").pack(),
        ShowAnswer(answer="{id}", view=View.CONTEXT, number=999).pack(),
        ShowAnswer(answer="{id}", view=View.CONTEXT, number=-1).pack(),
        ShowAnswer(answer="{id}", view=View.SIDE, side=7).pack(),
        ShowAnswer(answer="{id}", view=View.SIDE, number=-3).pack(),
        JudgeAnswer(answer="unknown", verdict="helpful").pack(),
        JudgeAnswer(answer="{id}", verdict="splendid").pack(),
        JudgeAnswer(answer="{id}", verdict="helpful", number=999).pack(),
        OtherDebate(answer="{id}", number=5).pack(),
        OtherDebate(answer="unknown", number=0).pack(),
    ],
)
async def test_a_button_that_leads_nowhere_says_so(ada: Person, chat: Chat, data: str) -> None:
    """Forged or old; the message stays as it is."""
    answer = await ada.ask(chat, GERMAN)
    own = answer.button("Quellen")["callback_data"].split(":")[1]
    plant(answer, "forged", data.replace("{id}", own))
    before = answer.html
    notice = await ada.tap(answer, "forged")
    assert notice.text == GONE
    assert notice.show_alert
    assert answer.html == before


@pytest.mark.usefixtures("service")
async def test_a_double_tap_is_no_error(ada: Person, chat: Chat, server: BotApiServer) -> None:
    """Telegram refuses an edit that changes nothing; the person need not know."""
    answer = await ada.ask(chat, GERMAN)
    await turned(ada, chat, answer, "🔎 1", "Im Zusammenhang")
    data = ShowAnswer(
        answer=answer.button("↩ Zurück")["callback_data"].split(":")[1], view=View.CONTEXT
    ).pack()
    plant(answer, "again", data)
    await ada.tap(answer, "again")
    await server.quiet()
    assert len(chat.from_bot) == 1


async def statistics(service: Service) -> dict[str, int]:
    """Return the verdicts counted so far, from the file itself."""
    state = await open_state(service.settings)
    try:
        summary = await Statistics(state.store).summary(datetime.now(UTC))
    finally:
        await state.close()
    return {str(verdict): count for verdict, count in summary.ever.verdicts.items() if count}


def plant(message: Message, text: str, data: str) -> None:
    """Put a button under a message, as an old client may still show it."""
    assert message.reply_markup
    message.reply_markup["inline_keyboard"].append([{"text": text, "callback_data": data}])

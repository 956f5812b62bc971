"""Inline queries offer the whole answer first, then single excerpts, page by page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot.playground import InlineAnswer, InlineResult, faults
from bot.telegram.handlers.inline import name_of

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Person
    from tests.bot.conftest import StubEncoder
    from tests.bot.telegram.conftest import Service, Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
ENGLISH = "Should cities ban beehives from roofs?"
BESIDE = "Is the museum free on Sundays?"


async def all_pages(person: Person, query: str) -> list[InlineAnswer]:
    """Scroll to the end, as a client does."""
    pages = [await person.inline(query)]
    while pages[-1].next_offset:
        assert len(pages) < 10
        pages.append(await person.inline(query, pages[-1].next_offset))
    return pages


def results_of(pages: list[InlineAnswer]) -> list[InlineResult]:
    return [result for page in pages for result in page.results]


@pytest.mark.usefixtures("service")
async def test_the_whole_answer_comes_first(ada: Person) -> None:
    """It would post what a private chat shows; its title is the motion."""
    first, *_others = (await ada.inline(GERMAN)).results
    assert first.title == "Städte sollten Bienenstöcke auf Dächern erlauben."
    assert first.description == "Beide Seiten"
    assert first.html.startswith(f"<b>{first.title}</b>\n\n<b>Ja – Für Dachbienen</b>\n\n<block")
    assert "<b>Nein – Gegen Dachbienen</b>" in first.html
    assert "<i>[7] " in first.html


@pytest.mark.usefixtures("service")
async def test_single_excerpts_follow_side_by_side(ada: Person) -> None:
    """Each names its side, is quoted in the list, and carries its citation when posted."""
    _whole, *singles = results_of(await all_pages(ada, GERMAN))
    titles = [single.title for single in singles]
    assert titles[:4] == ["Ja – Für Dachbienen", "Nein – Gegen Dachbienen"] * 2
    assert titles[-1] == "Hintergrund"
    assert min(titles.count("Ja – Für Dachbienen"), titles.count("Nein – Gegen Dachbienen")) > 3
    for single in singles:
        assert single.html.startswith(
            "<b>Städte sollten Bienenstöcke auf Dächern erlauben.</b>\n\n"
            f"<b>{single.title}</b>\n\n<blockquote"
        )
        assert single.html.count("<blockquote") == 1
        assert "</blockquote>\n<i>[1] " in single.html
        assert single.description.removesuffix(" …") in single.text
        assert len(single.description) <= 122


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("query", [GERMAN, ENGLISH, "", "How do I look after a hive?"])
async def test_no_page_repeats_another(query: str, ada: Person) -> None:
    """Every id is unique and short enough, every answer is the person's own and fresh."""
    pages = await all_pages(ada, query)
    results = results_of(pages)
    assert len({result.id for result in results}) == len(results)
    assert all(1 <= len(result.id.encode()) <= 64 for result in results)
    assert len({result.text for result in results}) == len(results)
    assert all(page.is_personal for page in pages)
    assert all(0 < page.cache_time <= 60 for page in pages)
    assert all(page.results for page in pages)


@pytest.mark.usefixtures("service")
async def test_a_query_without_words_offers_the_debates(ada: Person) -> None:
    """All of them over two pages, each with both sides."""
    first, second = await all_pages(ada, "  ")
    assert (len(first.results), len(second.results)) == (8, 2)
    assert first.results[0].title == "Städte sollten Bienenstöcke auf Dächern erlauben."
    for result in [*first.results, *second.results]:
        assert result.description == "Beide Seiten"
        assert result.html.startswith(f"<b>{result.title}</b>\n\n<b>Ja – ")
        assert "<b>Nein – " in result.html
    assert first.button is None


@pytest.mark.usefixtures("service")
async def test_nothing_found_leads_to_the_private_chat(ada: Person) -> None:
    """By a button, and is not kept for long."""
    offered = await ada.inline(BESIDE)
    assert offered.results == []
    assert offered.button == {
        "text": "Dazu habe ich nichts – fragen Sie mich privat",
        "start_parameter": "ask",
    }
    assert (offered.is_personal, offered.next_offset) == (True, "")
    assert offered.cache_time <= 1


@pytest.mark.usefixtures("service")
async def test_the_language_is_the_questions_then_the_persons(ada: Person, bob: Person) -> None:
    """An English question of a German person is answered in English."""
    assert (await ada.inline(ENGLISH)).results[1].title == "Yes – Against rooftop bees"
    assert (await bob.inline(GERMAN)).results[1].title == "Ja – Für Dachbienen"
    assert (await bob.inline("")).results[0].title == "Cities should allow beehives on roofs."


@pytest.mark.usefixtures("service")
async def test_an_open_question_offers_excerpts(bob: Person) -> None:
    """Under the topic's name; none of them is put on a side."""
    whole, *singles = results_of(await all_pages(bob, "How do I look after a hive?"))
    assert (whole.title, whole.description) == ("How to look after a hive", "Excerpts")
    assert {single.title for single in singles} == {"Background"}


@pytest.mark.usefixtures("service")
async def test_choosing_a_result_posts_it(ada: Person, server: BotApiServer) -> None:
    """In a chat that the bot is not in, exactly as it was offered."""
    elsewhere = server.elsewhere(ada)
    offered = await ada.inline(GERMAN)
    posted = await ada.choose(offered.results[2], elsewhere)
    assert posted.html == offered.results[2].html
    assert posted.via_bot is server.bot
    assert elsewhere.messages == [posted]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("offset", ["x", "-1", "1e3", "٣", "²", " 8", "9" * 64])
async def test_an_offset_of_somebody_else_does_no_harm(offset: str, ada: Person) -> None:
    """It is the beginning again, or the end."""
    offered = await ada.inline(GERMAN, offset)
    assert offered.button is None
    if offset.isascii() and offset.isdigit():
        assert offered.results == []
    else:
        assert offered.results == (await ada.inline(GERMAN)).results
    assert (await ada.inline("", offset)).button is None


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "query", ["x" * 256, '<b>&"<script>', "😀" * 100, "\u202eabc", "@test_bot"]
)
async def test_any_query_is_answered(
    query: str, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Be it with nothing."""
    await ada.inline(query)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.usefixtures("service")
async def test_an_answer_that_comes_too_late_is_no_failure(
    ada: Person, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The person has typed on; the next query is answered."""
    late = "query is too old and response timeout expired or query ID is invalid"
    server.faults.add(faults.refused(late), method="answerInlineQuery")
    with pytest.raises(TimeoutError):
        await ada.inline(GERMAN, timeout_s=0.5)
    assert (await ada.inline(GERMAN)).results
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_query_that_takes_too_long_leads_to_the_private_chat(
    start: Start, ada: Person, encoder: StubEncoder
) -> None:
    """Telegram would forget it after some seconds anyway."""
    service = await start(answer_timeout_s=0.2)
    service.library.advisor.advise("Is everything ready?")  # what is remembered needs no encoder
    encoder.questions.close()
    offered = await ada.inline(GERMAN)
    assert offered.results == []
    assert offered.button
    assert offered.button["start_parameter"] == "ask"


async def test_a_corpus_without_debates_offers_excerpts(
    service: Service, ada: Person, server: BotApiServer
) -> None:
    """And leads to the private chat where nothing is asked yet."""
    for path in service.settings.corpus.rglob("*.toml"):
        path.unlink()
    service.library.rebuild(lambda stage, done, total: None)  # noqa: ARG005
    offered = await ada.inline("Honigbienen übertragen Krankheiten auf seltene Hummeln")
    assert offered.results[0].title == "Was die Dokumente sagen"
    assert len(offered.results) > 1
    empty = await ada.inline("")
    assert empty.results == []
    assert empty.button
    assert all(request.error is None for request in server.calls("answerInlineQuery"))


def test_an_answers_name_tells_nobody_what_was_asked() -> None:
    """Who knows a person's number and guesses the question still lacks the bot's token."""
    ours = name_of("Should we leave?", 1001, "42:OURS")
    assert ours == name_of("Should we leave?", 1001, "42:OURS")
    assert ours != name_of("Should we leave?", 1001, "42:THEIRS")
    assert ours != name_of("Should we leave?", 1002, "42:OURS")

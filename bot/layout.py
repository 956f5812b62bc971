"""Advice → the blocks of a message, the same for a terminal and for Telegram.

A block knows what it is, not how it looks. A message that is too long shows fewer excerpts; no
sentence is ever cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from bot.translation import Translate, translator, written_date
from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance
from index.debates.records import CURATED, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.debates.loading import Agenda
    from index.storage.records import Entry

MESSAGE_LIMIT = 4096
"""Telegram's limit of a message, in UTF-16 units after entities are parsed."""
_SUGGESTIONS = 6


@dataclass(frozen=True, slots=True)
class Title:
    """What the message is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document, verbatim, with the number and the words of their citation."""

    text: str
    number: int
    citation: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts."""

    texts: tuple[str, ...]


Block = Title | Heading | Paragraph | Quote | Items


def utf16_length(text: str) -> int:
    """Return a text's length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def lay_out(advice: Advice, language: str, agenda: Agenda) -> list[Block]:
    """Return the blocks of an answer, in an interface language, within one message."""
    shown = advice
    while True:
        blocks = list(_blocks(shown, language, agenda))
        fewer = _with_fewer(shown)
        if length_of(blocks) <= MESSAGE_LIMIT or fewer is None:
            return blocks
        shown = fewer


def length_of(blocks: Sequence[Block]) -> int:
    """Return an upper bound of the blocks' length when shown, in UTF-16 units."""
    return sum(utf16_length(_plain(block)) + 2 for block in blocks)


def citation(excerpt: Excerpt, language: str) -> str:
    """Return what is known of an excerpt's origin: title, author, date, heading."""
    day = written_date(excerpt.published, language) if excerpt.published else None
    known = [excerpt.title or excerpt.document, excerpt.author, day]
    named = ", ".join(part for part in known if part)
    return f"{named} · {excerpt.heading}" if excerpt.heading else named


def cited(excerpt: Excerpt, language: str) -> str:
    """Return an excerpt's origin, and what a reader should know before trusting it."""
    translate = translator(language)
    words = [citation(excerpt, language)]
    if excerpt.reported:
        words.append(translate("reported there, not shared by the author"))
    if is_suggested(excerpt):
        percent = round(100 * (excerpt.certainty or 0))
        words.append(translate("side suggested by a model, {percent} %").format(percent=percent))
    if excerpt.similar:
        words.append(translate("+{count} similar").format(count=len(excerpt.similar)))
    return " · ".join(words)


def is_suggested(excerpt: Excerpt) -> bool:
    """Tell whether a model, and no person, put an excerpt on its side."""
    if excerpt.label_by is None:
        return False
    certainty = 1.0 if excerpt.certainty is None else excerpt.certainty
    return trust(excerpt.label_by, certainty) > trust(CURATED)


def side_name(side: SideOfAnswer, language: str) -> str:
    """Return a side's heading: the answer that it speaks for, and its name."""
    translate = translator(language)
    answer = translate("Yes") if side.stance is Stance.YES else translate("No")
    return f"{answer} – {side.label.in_language(language)}"


def sources_blocks(entries: Sequence[Entry], language: str) -> list[Block]:
    """Return the list of documents with what is known of them."""
    translate = translator(language)
    lines = []
    for entry in entries:
        card = entry.card
        day = written_date(card.published, language) if card.published else None
        named = ", ".join(part for part in (card.title or entry.id, card.author, day) if part)
        size = translate("{count} passages").format(count=entry.passages)
        lines.append(f"{named} ({size})")
    return _fitted(translate("Documents"), lines, translate)


def _fitted(title: str, lines: Sequence[str], translate: Translate) -> list[Block]:
    """Return a list within one message; what has no room is counted."""
    for shown in range(len(lines), 0, -1):
        blocks: list[Block] = [Title(title), Items(tuple(lines[:shown]))]
        if shown < len(lines):
            blocks.append(
                Paragraph(translate("And {count} more.").format(count=len(lines) - shown))
            )
        if length_of(blocks) <= MESSAGE_LIMIT:
            return blocks
    return [Title(title)]


def covered(agenda: Agenda, language: str) -> tuple[str, ...]:
    """Return what the corpus has answers on, for somebody who asked beside it."""
    motions = [debate.motion.in_language(language) for debate in agenda.debates]
    return tuple(motions[:_SUGGESTIONS])


def _blocks(advice: Advice, language: str, agenda: Agenda) -> Iterator[Block]:
    translate = translator(language)
    if not advice.answered:
        yield from _nothing(agenda, language, translate)
        return
    subject = advice.debate.motion if advice.debate else advice.topic and advice.topic.title
    if subject:
        yield Title(subject.in_language(language))
    elif advice.sides:
        yield Paragraph(translate("No debate is described for this; a model chose the sides."))
    numbers = count(1)
    for side in advice.sides:
        yield Heading(side_name(side, language))
        if not side.excerpts:
            yield Paragraph(_no_voice(advice, translate))
        yield from _quotes(side.excerpts, numbers, language)
    if advice.background:
        yield from _introduction(advice, agenda, translate)
        yield from _quotes(advice.background, numbers, language)
    if advice.unclear:
        yield Heading(translate("Related, side not certain"))
        yield from _quotes(advice.unclear, numbers, language)


def _introduction(advice: Advice, agenda: Agenda, translate: Translate) -> Iterator[Block]:
    if advice.sides:
        yield Heading(translate("Background"))
    elif not agenda.debates:
        yield Paragraph(
            translate("No debate is described for these documents; this is what they say.")
        )


def _no_voice(advice: Advice, translate: Translate) -> str:
    if advice.debate:
        return translate("No voice in the documents speaks for this side.")
    return translate("The model is certain of no excerpt for this side.")


def _nothing(agenda: Agenda, language: str, translate: Translate) -> Iterator[Block]:
    yield Paragraph(translate("I have nothing on this."))
    topics = covered(agenda, language)
    if topics:
        yield Paragraph(translate("What my documents do cover, for example:"))
        yield Items(topics)


def _quotes(excerpts: Iterable[Excerpt], numbers: Iterator[int], language: str) -> Iterator[Quote]:
    for excerpt in excerpts:
        yield Quote(excerpt.quote, next(numbers), cited(excerpt, language))


def _with_fewer(advice: Advice) -> Advice | None:
    """Return the answer with one excerpt less: unclear and background first, then of each side."""
    if advice.unclear:
        return replace(advice, unclear=advice.unclear[:-1])
    if len(advice.background) > (0 if advice.sides else 1):
        return replace(advice, background=advice.background[:-1])
    if any(len(side.excerpts) > 1 for side in advice.sides):
        room = max(len(side.excerpts) for side in advice.sides) - 1
        sides = tuple(replace(side, excerpts=side.excerpts[:room]) for side in advice.sides)
        return replace(advice, sides=sides)
    return None


def _plain(block: Block) -> str:
    if isinstance(block, Quote):
        return f"{block.text}\n[{block.number}] {block.citation}"
    if isinstance(block, Items):
        return "\n".join(f"• {text}" for text in block.texts)
    return block.text

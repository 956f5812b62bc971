"""What the buttons under an answer show: more of a side, an excerpt in its place, the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.layout.answer import title_of
from bot.layout.blocks import (
    MESSAGE_LIMIT,
    Block,
    Heading,
    Items,
    Marked,
    Note,
    Paragraph,
    Quote,
    Title,
    length_of,
)
from bot.layout.citing import cited, origin, side_name
from bot.translation import translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.answering.advice import Advice, Excerpt, SideOfAnswer
    from index.answering.context import Context

PAGE = 3
"""How many excerpts of one side stand on a page of "more"."""
_START = 90


def pages_of(side: SideOfAnswer) -> list[tuple[Excerpt, ...]]:
    """Return all excerpts of a side, page by page, those first that the answer showed."""
    every = (*side.excerpts, *side.further)
    return [every[start : start + PAGE] for start in range(0, len(every), PAGE)]


def side_page(advice: Advice, side: SideOfAnswer, page: int, language: str) -> list[Block]:
    """Return one page of a side's excerpts, numbered on from the page before."""
    translate = translator(language)
    pages = pages_of(side)
    blocks: list[Block] = [*title_of(advice, language), Heading(side_name(side, language))]
    for number, excerpt in enumerate(pages[page], start=page * PAGE + 1):
        blocks.append(Quote(excerpt.quote, number, cited(excerpt, language)))
    of = translate("Page {page} of {pages}").format(page=page + 1, pages=len(pages))
    return [*blocks, Note(of)]


def context_blocks(excerpt: Excerpt, context: Context | None, language: str) -> list[Block]:
    """Return an excerpt with what stands around it, or what is left to say of it."""
    translate = translator(language)
    head: list[Block] = [Title(translate("In context")), Note(cited(excerpt, language))]
    if context is None:
        gone = translate(
            "This passage no longer stands in today's documents. This is what was quoted:"
        )
        return [*head, Paragraph(gone), Marked("", excerpt.quote, "")]
    place = translate("Passage {ordinal} of {passages}, {percent} % into the text").format(
        ordinal=context.ordinal, passages=context.passages, percent=round(100 * context.share)
    )
    notes: list[Block] = [Note(place)]
    # a heading alone stands in the citation above
    if tuple(context.heading) not in {(), (excerpt.heading,)}:
        notes.insert(0, Note(" › ".join(context.heading)))
    if context.moved:
        notes.append(Note(translate("The document has changed since; this is its text of today.")))
    before, after = context.before, context.after
    while True:
        blocks = [*head, *notes, Marked(before, context.quote, after)]
        over = length_of(blocks) - MESSAGE_LIMIT
        if over <= 0 or not (before or after):
            return blocks
        before, after = _shortened(before, after, over)


def sources_of(excerpts: Iterable[Excerpt], language: str) -> list[Block]:
    """Return each document that an answer quotes, once, with how often it is quoted."""
    translate = translator(language)
    cites: dict[str, int] = {}
    names: dict[str, str] = {}
    for excerpt in excerpts:
        cites[excerpt.document] = cites.get(excerpt.document, 0) + 1
        names.setdefault(excerpt.document, origin(excerpt, language))
    quoted = translate("quoted {count}×")
    lines = tuple(
        f"{names[document]} ({quoted.format(count=count)})" for document, count in cites.items()
    )
    return [Title(translate("Sources of this answer")), Items(lines)]


def verdict_question(excerpts: Sequence[Excerpt], language: str) -> list[Block]:
    """Return what a reader is asked who found an answer not helpful."""
    translate = translator(language)
    text = translate("What is wrong? Tap what applies; each excerpt can be judged by its number.")
    listed = "\n".join(_short(excerpts))
    return [
        Title(translate("Not helpful")),
        Paragraph(text),
        *([Paragraph(listed)] if listed else []),
    ]


def _short(excerpts: Sequence[Excerpt]) -> Iterator[str]:
    for number, excerpt in enumerate(excerpts, start=1):
        words = " ".join(excerpt.quote.split())
        start = words if len(words) <= _START else words[:_START].rsplit(" ", 1)[0] + " …"
        yield f"[{number}] {start}"


def _shortened(before: str, after: str, over: int) -> tuple[str, str]:
    """Take what is too much from the longer side, from its far end."""
    if len(before) >= len(after):
        return before[over:] if over < len(before) else "", after
    return before, after[:-over] if over < len(after) else ""

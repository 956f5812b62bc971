"""Where an excerpt is from, and what a reader should know before trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.translation import translator, written_date
from index.answering.advice import Stance
from index.debates.records import CURATED, trust

if TYPE_CHECKING:
    from index.answering.advice import Excerpt, SideOfAnswer


def origin(excerpt: Excerpt, language: str) -> str:
    """Return what is known of the document of an excerpt: title, author, date."""
    day = written_date(excerpt.published, language) if excerpt.published else None
    known = [excerpt.title or excerpt.document, excerpt.author, day]
    return ", ".join(part for part in known if part)


def place_in_document(excerpt: Excerpt, language: str) -> str | None:
    """Return where in its document an excerpt stands: page and heading, where there are any."""
    translate = translator(language)
    page = translate("p. {page}").format(page=excerpt.page) if excerpt.page else None
    return " · ".join(part for part in (page, excerpt.heading) if part) or None


def citation(excerpt: Excerpt, language: str) -> str:
    """Return what is known of an excerpt's origin: document, page, heading."""
    parts = (origin(excerpt, language), place_in_document(excerpt, language))
    return " · ".join(part for part in parts if part)


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
    """Return a side's heading: the answer that it speaks for, if that is sure, and its name."""
    name = side.label.in_language(language)
    return f"{answer_of(side, language)} – {name}" if side.sure else name


def answer_of(side: SideOfAnswer, language: str) -> str:
    """Return the answer that a side speaks for in a word; its name where that is not sure."""
    translate = translator(language)
    if not side.sure:
        return side.label.in_language(language)
    return translate("Yes") if side.stance is Stance.YES else translate("No")

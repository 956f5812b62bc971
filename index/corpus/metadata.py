"""What documents tell of themselves → cards, whatever format it is told in."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from index.corpus.faults import Fault
from index.corpus.records import Card
from index.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH = 500
_TOLD_LENGTH = 40
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-]+)*(?:\.\S*)?")


def card_of(told: Mapping[str, object]) -> Card:
    """Return the card of front matter or of a line of a .jsonl; other fields are not ours.

    Raises:
        DocumentError: A field of ours holds what it cannot mean.
    """
    published = told.get("published", told.get("date"))
    return Card(
        title=_text(told, "title"),
        author=_text(told, "author") or _text(told, "authors"),
        published=None if published in (None, "") else _day(published),
        language=_language(told),
        origin=_text(told, "origin") or _text(told, "url"),
    )


def filled(card: Card, found: Card) -> Card:
    """Return the card with what was found where it says nothing."""
    gaps = [field.name for field in fields(Card) if getattr(card, field.name) is None]
    return replace(card, **{name: getattr(found, name) for name in gaps})


def one_line(value: str | None) -> str | None:
    """Return a text found in a document as one line of at most 500 characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())
    return line[:_LENGTH].rstrip() or None


def language_code(value: str | None) -> str | None:
    """Return "de" for "de-AT" or "de_AT.UTF-8", `None` for what is no language."""
    match = _LANGUAGE.fullmatch((value or "").strip())
    code = match.group(1).lower() if match else None
    return None if code in ("und", "mul", "zxx") else code


def day_of(value: str) -> date | None:
    """Return the day of "2011-02-18", with or without a time after it."""
    match = _DAY.fullmatch(value.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _text(told: Mapping[str, object], name: str) -> str | None:
    value = told.get(name)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if value is None or isinstance(value, str):
        return one_line(value)
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        with suppress(ValueError):  # a number of thousands of digits
            return str(value)
    raise DocumentError(Fault.FIELD_NO_TEXT.of(field=name))


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        remark = (
            Fault.FIELD_NO_DATE_BUT.of(value=repr(value[:_TOLD_LENGTH]))
            if isinstance(value, str)
            else Fault.FIELD_NO_DATE.of()
        )
        raise DocumentError(remark)
    return day


def _language(told: Mapping[str, object]) -> str | None:
    value = _text(told, "language") or _text(told, "lang")
    code = language_code(value)
    if value and not code:
        raise DocumentError(Fault.FIELD_NO_LANGUAGE.of(value=repr(value[:_TOLD_LENGTH])))
    return code

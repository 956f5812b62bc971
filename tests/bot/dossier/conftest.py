"""A dossier with everything that one can hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.dossier.records import Column, Dossier, Part, Quote, Source, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Dossier]

WORDS = Words("Quellen", "erledigt", "zu tun")


def make_dossier(text: str = "Räder sparen Geld.", language: str = "de") -> Dossier:
    """Return a dossier that says this text wherever one can stand."""
    quote = Quote(text, 1, "de", text, text)
    columns = (Column(text, (quote, quote), text), Column(text, (), text, text))
    return Dossier(
        name="probe-2026-02-03",
        language=language,
        title=text,
        subtitle=text,
        introduction=text,
        parts=(
            Part(text, label=text, text=text, columns=columns),
            Part(text, text=text, quotes=(quote,), ticked=True),
            Part(text, quotes=(Quote(text, 2),), ticked=False),
            Part(text, note=text),
        ),
        sources=(Source(1, text, text), Source(2, text, text)),
        note=text,
        day=date(2026, 2, 3),
        written_day="03.02.2026",
        words=WORDS,
    )


@pytest.fixture
def make() -> Make:
    """Return a function that makes dossiers of a text."""
    return make_dossier

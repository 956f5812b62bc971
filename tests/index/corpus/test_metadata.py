"""What documents tell of themselves is put into one form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from index.corpus.metadata import card_of, day_of, filled, language_code, one_line
from index.corpus.records import UNKNOWN, Card
from index.errors import CorpusError


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_de.UTF-8", "de"),
        ("zh-Hant-TW", "zh"),
        ("gsw", "gsw"),
        ("und", None),
        ("Deutsch", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_its_code(value: str | None, code: str | None) -> None:
    assert language_code(value) == code


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2011-02-18", date(2011, 2, 18)),
        (" 2011/2/8 ", date(2011, 2, 8)),
        ("2011-02-18T23:00:00+01:00", date(2011, 2, 18)),
        ("2011-02-30", None),
        ("2011", None),
        ("18.2.2011", None),
    ],
)
def test_a_day_is_read_or_not(value: str, day: date | None) -> None:
    assert day_of(value) == day


def test_other_names_of_fields_are_known() -> None:
    told = {"date": datetime(2011, 2, 18, 9, tzinfo=UTC), "authors": ["A", "B"], "lang": "en"}
    assert card_of(told) == Card(None, "A, B", date(2011, 2, 18), "en", None)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_field_tells_nothing(value: object) -> None:
    assert card_of({"title": value, "author": value, "language": value}) == UNKNOWN


@pytest.mark.parametrize(
    "told",
    [{"title": True}, {"author": [1]}, {"published": 2011}, {"url": {}}, {"language": "Deutsch"}],
)
def test_what_cannot_be_meant_is_refused_by_name(told: dict[str, object]) -> None:
    with pytest.raises(CorpusError, match=rf"({'|'.join(told)}|origin).*(; put|; write)"):
        card_of(told)


def test_only_gaps_are_filled() -> None:
    known = Card(title="T", language="de")
    assert filled(known, Card("X", "A", None, "en", "o")) == Card("T", "A", None, "de", "o")


def test_a_line_is_one_line_and_not_endless() -> None:
    assert one_line(" a\n\tb\u200b\x07c ") == "a b c"
    assert one_line("\n") is None
    assert len(one_line("x" * 9000) or "") == 500

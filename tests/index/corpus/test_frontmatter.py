"""Front matter tells of a text and is none of it; what merely looks like it stays text."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.frontmatter import read_front_matter
from index.corpus.records import UNKNOWN, BlockKind, Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from tests.index.conftest import ReadText

FRONT = """---
title: Warum wir radeln
author: [Petra Muster, Hans Beispiel]
date: 2021-03-04
lang: de-DE
url: https://example.org/radeln
tags: [rad, firma]
draft: false
---
"""
TEXT = "\n# Kosten\n\nEin Rad kostet Geld, und das ist noch lange nicht alles, sagen sie.\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_what_it_tells_is_on_the_card(start: str, end: str) -> None:
    front = start + FRONT.replace("\n", end)
    assert read_front_matter(front + TEXT) == (
        Card(
            title="Warum wir radeln",
            author="Petra Muster, Hans Beispiel",
            published=date(2021, 3, 4),
            language="de",
            origin="https://example.org/radeln",
        ),
        len(front),
    )


def test_offsets_point_into_the_file_as_it_is(read_text: ReadText) -> None:
    document = read_text(FRONT + TEXT)
    assert document.text == FRONT + TEXT
    assert document.blocks[0].kind is BlockKind.FRONT_MATTER
    assert document.blocks[0].span.of(document.text) == FRONT
    [passage] = document.passages
    assert passage.span.of(document.text).startswith("Ein Rad kostet Geld")
    assert passage.heading == ("Kosten",)
    assert document.card.title == "Warum wir radeln"


def test_the_catalogue_comes_before_front_matter(read_text: ReadText) -> None:
    card = read_text(FRONT + TEXT, title="Anders").card
    assert (card.title, card.author) == ("Anders", "Petra Muster, Hans Beispiel")


@pytest.mark.parametrize(
    "text",
    [
        "Kein Anfang\n---\ntitle: x\n---\n",
        "---\n\nEin Text zwischen zwei Strichen.\n\n---\n\nNoch einer.",
        "---\nEr sagte: ja: nein\n---\n",
        "---\ntitle: x\nohne Ende",
        "---\n- eins\n- zwei\n---\n",
        "----\ntitle: x\n----\n",
        "---\ntitle: x\n" + "# y\n" * 9000 + "---\n",
    ],
)
def test_what_is_none_stays_text(text: str) -> None:
    assert read_front_matter(text) == (UNKNOWN, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("title: [x", r"front matter is not valid YAML \(line 3\); mend it"),
        ("title: x\n\tauthor: y", "front matter is not valid YAML"),
        ("published: bald", "front matter: published = 'bald' is no date; write 2011-02-18"),
        ("published: 2021-13-45", "is no date|not valid YAML"),
        ("title: {a: b}", "front matter: title is no text; put it in quotes"),
        ("language: Klingonisch", "front matter: language = 'Klingonisch' is no language"),
        ("published: &a [1, *a]", "front matter: published is no date"),
        ("title: 0x" + "f" * 9000, "title is no text"),
    ],
)
def test_a_mistake_is_named_with_its_cure(content: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        read_front_matter(f"---\n{content}\n---\nText.")


def test_aliases_that_would_fill_the_memory_are_not_unfolded() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    with pytest.raises(CorpusError, match="title is no text"):
        read_front_matter("\n".join(["---", *lines, "title: *a59", "---", "Text."]))


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)


@settings(deadline=None)
@given(title=WORDS, author=WORDS, day=st.dates(), text=st.text(max_size=40))
def test_what_is_written_as_yaml_is_read_again(
    title: str, author: str, day: date, text: str
) -> None:
    told = {"title": title, "author": author, "published": day}
    front = f"---\n{yaml.safe_dump(told, allow_unicode=True)}---\n"
    card, end = read_front_matter(front + text)
    assert end == len(front)
    assert card.published == day
    printable = "".join(sign if sign.isprintable() else " " for sign in title)
    assert card.title == (" ".join(printable.split()) or None)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_front_matter_or_not_and_nothing_else(content: str, text: str) -> None:
    whole = f"---\n{content}\n---\n{text}"
    with suppress(CorpusError):
        card, end = read_front_matter(whole)
        assert 0 <= end <= len(whole)
        assert end or card == UNKNOWN

"""A .jsonl is read line by line; a bad line costs itself."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.faults import Fault
from index.corpus.jsonl import REPORTED, read_lines
from index.corpus.records import UNKNOWN, Card, Document, Unreadable
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    ReadLines = Callable[..., list[Document | Unreadable]]

TEXT = "Ein Satz über Räder, der lang genug ist, um für sich zu stehen."


@pytest.fixture
def read(tmp_path: Path) -> ReadLines:
    """Return a function that reads content as `c.jsonl`."""

    def lines(
        content: bytes | str, card: Card = UNKNOWN, limits: Limits = LIMITS
    ) -> list[Document | Unreadable]:
        path = tmp_path / "c.jsonl"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = read_lines(path, "c.jsonl", card, limits, cleaning=True)
        return [one for one in found if isinstance(one, Document | Unreadable)]

    return lines


def line(**fields: object) -> str:
    return json.dumps({"text": TEXT, **fields}) + "\n"


def test_a_line_is_a_document_with_its_card(read: ReadLines) -> None:
    [document] = read(
        line(
            id="eins",
            title="Titel",
            author="Petra Muster",
            published="2021-03-04T10:00:00Z",
            language="de-AT",
            url="https://example.org",
            likes=7,
        )
    )
    assert isinstance(document, Document)
    assert (document.id, document.text) == ("c.jsonl#eins", TEXT)
    assert document.card == Card(
        "Titel", "Petra Muster", date(2021, 3, 4), "de", "https://example.org"
    )
    assert document.passages[0].span.of(document.text) == TEXT


def test_the_number_of_the_line_stands_in_for_an_id(read: ReadLines) -> None:
    found = read("\ufeff" + line() + "\n  \n" + line(id=7) + line().replace("\n", "\r\n") + line())
    ids = [one.id for one in found if isinstance(one, Document)]
    assert ids == ["c.jsonl#1", "c.jsonl#7", "c.jsonl#5", "c.jsonl#6"]


def test_what_a_line_tells_comes_before_the_catalogue(read: ReadLines) -> None:
    [document] = read(line(title="Zeile"), Card(title="Datei", author="Alle"))
    assert isinstance(document, Document)
    assert (document.card.title, document.card.author) == ("Zeile", "Alle")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "is not valid JSON (character 2); mend it"),
        ("[" * 100_000, "is not valid JSON; mend it"),
        ('{"text": ' + "9" * 5000 + "}", "is not valid JSON; mend it"),
        ("[1]", 'is no JSON object; write {"text": …}'),
        ("{}", 'has no "text"; give it one'),
        ('{"text": 3}', 'has no "text"; give it one'),
        ('{"text": " "}', "holds no text"),
        ('{"text": "a\\u0000b"}', "holds null characters; it is no text file, or not UTF-8"),
        ('{"text": "a\\ud800b"}', "holds half a character (at 1); mend its text"),
        ('{"text": "a", "published": "bald"}', "published = 'bald' is no date; write 2011-02-18"),
        ('{"text": "a", "title": {}}', "title is no text; put it in quotes"),
        ('{"text": "a", "id": ""}', 'has an unusable "id"; write a short text or a number'),
        ('{"text": "a", "id": "a\\nb"}', 'has an unusable "id"; write a short text or a number'),
        ('{"text": "a", "id": true}', 'has an unusable "id"; write a short text or a number'),
        ('{"text": "a", "id": "1"}', "has the id '1', as a line above; give each its own"),
        (b'{"text": "caf\xe9"}', "is not UTF-8 (byte 13); save the file as UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(
    read: ReadLines, bad: str | bytes, reason: str
) -> None:
    content = bad.encode() if isinstance(bad, str) else bad
    first, left_out, last = read(line().encode() + content + b"\n" + line().encode())
    assert isinstance(first, Document)
    assert isinstance(left_out, Unreadable)
    assert (left_out.file, str(left_out.reason)) == ("c.jsonl#2", f"line 2: {reason}")
    assert isinstance(last, Document)
    assert last.id == "c.jsonl#3"


def test_an_endless_line_is_passed_over(read: ReadLines) -> None:
    content = line() + line(text="x" * 3_000_000) + line()
    first, left_out, last = read(content, limits=Limits(size_bytes=1_000_000))
    assert isinstance(first, Document)
    assert isinstance(left_out, Unreadable)
    assert str(left_out.reason) == "line 2: is larger than 1 MB; split it"
    assert isinstance(last, Document)


def test_bad_lines_are_counted_where_they_are_too_many(read: ReadLines) -> None:
    found = read(line() + "bad\n" * (REPORTED + 5) + line())
    assert sum(isinstance(one, Document) for one in found) == 2
    assert found[-1] == Unreadable("c.jsonl", Fault.MORE_LINES.of(count=5))
    assert len(found) == 2 + REPORTED + 1


def test_a_file_that_is_bad_from_the_start_is_given_up(read: ReadLines) -> None:
    with pytest.raises(CorpusError, match=f"its first {REPORTED} lines are no documents"):
        read("bad\n" * 100_000)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "holds no text"),
        (" \n\n", "holds no text"),
        ("%PDF-1.7\n", r"is a \.pdf by its content"),
        ("SQLite format 3\0", "is a database"),
    ],
)
def test_what_is_no_jsonl_at_all_is_refused(read: ReadLines, content: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        read(content)


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(line() + line())
    stream = read_lines(path, "c.jsonl", UNKNOWN, LIMITS, cleaning=True)
    assert isinstance(next(stream), Document)
    path.unlink()
    assert isinstance(next(stream), Document)


ANY = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(ANY, min_size=1, max_size=6), title=ANY, ascii_only=st.booleans())
def test_a_text_is_kept_to_the_last_code_point(
    read: ReadLines, texts: list[str], title: str, *, ascii_only: bool
) -> None:
    content = "".join(
        json.dumps({"text": f"Ein Satz. {text}", "title": title}, ensure_ascii=ascii_only) + "\n"
        for text in texts
    )
    found = read(content)
    assert len(found) == len(texts)
    for one, text in zip(found, texts, strict=True):
        if isinstance(one, Document):
            assert one.text == f"Ein Satz. {text}"
        else:
            assert "\0" in text

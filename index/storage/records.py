"""Reads documents, passages, debates, labels and guides of a snapshot from its SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.corpus.records import Card, Passage, Span
from index.corpus.remarks import Remark
from index.corpus.survey import SourceFile
from index.debates.loading import Agenda
from index.debates.records import Anchored, Debate, Label, Localised, Side, Topic
from index.errors import SnapshotDamaged
from index.guides.stored import guidebook_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.guides.records import Guidebook

_CHUNK = 1000
_REMEMBERED = 1 << 13
"""How many passages and cards are kept: the same ones come up for question after question."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage with its row and the row of its first sentence's vector."""

    row: int
    first_sentence: int
    passage: Passage

    @property
    def sentence_rows(self) -> range:
        """The rows of its sentences' vectors."""
        return range(self.first_sentence, self.first_sentence + len(self.passage.sentences))


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a snapshot knows it, without its text."""

    id: str
    card: Card
    passages: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at: an unreadable file, a label whose quote is gone."""

    what: Remark
    reason: Remark

    @classmethod
    def read(cls, what: str, reason: str) -> Problem:
        """Return a problem as `Remark.stored` stored it."""
        return cls(Remark.read(what), Remark.read(reason))


class Records:
    """Reads a snapshot's SQLite file; safe to use from several threads.

    Raises:
        SnapshotDamaged: The file is missing or is no database of ours.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, Stored] = {}
        self._card = lru_cache(_REMEMBERED)(self._read_card)
        self._text = lru_cache(_REMEMBERED)(self._read_text)
        self._pages = lru_cache(_REMEMBERED)(self._read_pages)
        try:
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            self.passage_count = int(self._one("SELECT count(*) FROM passages")[0])
            self.document_count = int(self._one("SELECT count(*) FROM documents")[0])
            self.sentence_count = int(
                self._one(
                    "SELECT coalesce(max(first_sentence + sentences), 0) FROM documents "
                    "WHERE place = (SELECT max(place) FROM documents)"
                )[0]
            )
        except sqlite3.Error as error:
            raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def documents(self) -> list[Entry]:
        """Return all documents in the order of their ids."""
        rows = self._all(
            "SELECT id, title, author, published, language, origin, passages FROM documents "
            "ORDER BY id"
        )
        return [Entry(row[0], card_from(row[1:6]), row[6]) for row in rows]

    def card(self, document: str) -> Card:
        """Return what is known of a document."""
        return self._card(document)

    def text(self, document: str, span: Span) -> str:
        """Return a span of a document's text as it was when the snapshot was built."""
        return self._text(document, span.start, len(span))

    def page_of(self, document: str, position: int) -> int | None:
        """Return the page, from 1, that holds a position; `None` where there are no pages."""
        return bisect_right(self._pages(document), position) or None

    def pages_of(self, document: str) -> tuple[int, ...]:
        """Return where each page of a document begins; nothing where it has none."""
        return self._pages(document)

    def whole_text(self, document: str) -> str:
        """Return a document's text as it was when the snapshot was built."""
        return str(self._one("SELECT text FROM documents WHERE id = ?", document)[0])

    def passages(self, rows: Sequence[int]) -> list[Stored]:
        """Return the passages of these rows, in the order asked for."""
        wanted = [int(row) for row in rows]
        found = {row: known for row in wanted if (known := self._known.get(row))}
        missing = [row for row in dict.fromkeys(wanted) if row not in found]
        if missing:
            found.update(self._read_passages(missing))
        return [found[row] for row in wanted]

    def all_passages(self) -> list[Stored]:
        """Return every passage in row order."""
        return [stored_from(row) for row in self._all("SELECT * FROM passages ORDER BY row")]

    def passage_at(self, document: str, ordinal: int) -> Stored | None:
        """Return the passage at a place of a document, `None` past either end."""
        rows = self._all(
            "SELECT * FROM passages WHERE document = ? AND ordinal = ?", document, ordinal
        )
        return stored_from(rows[0]) if rows else None

    def passages_of(self, document: str) -> int:
        """Return how many passages a document has."""
        return len(self.rows_of(document))

    def row_at(self, document: str, position: int) -> int:
        """Return the row of the passage that covers a position of a document."""
        row = self._one(
            "SELECT row FROM passages WHERE document = ? AND start <= ? AND stop > ?",
            document,
            position,
            position,
        )
        return int(row[0])

    def agenda(self) -> Agenda:
        """Return the debates and topics; labels are read with `labels`."""
        subjects = self._all("SELECT content FROM subjects ORDER BY place")
        contents = [json.loads(row[0]) for row in subjects]
        debates = tuple(_debate(content) for content in contents if "motion" in content)
        topics = tuple(_topic(content) for content in contents if "title" in content)
        return Agenda(debates, topics)

    def labels(self) -> list[Anchored]:
        """Return all labels with their places."""
        rows = self._all("SELECT * FROM labels ORDER BY rowid")
        return [
            Anchored(
                Label(row[0], row[1], row[5], Side(row[4]), row[6], bool(row[7]), row[8]),
                Span(row[2], row[3]),
            )
            for row in rows
        ]

    def guidebook(self) -> Guidebook:
        """Return the guides and interviews, their quotations tied to their places."""
        return guidebook_from_json(json.loads(self._one("SELECT content FROM guidebook")[0]))

    def problems(self) -> list[Problem]:
        """Return what a person should look at."""
        return [Problem.read(*row) for row in self._all("SELECT what, reason FROM problems")]

    def left_out(self) -> list[tuple[str, str, str]]:
        """Return `(document, kind, text)` of each block that is not indexed."""
        return self._all(
            "SELECT d.id, b.value ->> 0, "
            "substr(d.text, (b.value ->> 1) + 1, (b.value ->> 2) - (b.value ->> 1)) "
            "FROM documents d, json_each(d.blocks) b "
            "WHERE b.value ->> 0 NOT IN ('paragraph', 'list item', 'heading') "
            "ORDER BY d.place, b.key"
        )

    def facts(self) -> dict[str, str]:
        """Return what the index was made from, beside its documents."""
        return dict(self._all("SELECT name, value FROM facts"))

    def files(self) -> Iterator[SourceFile]:
        """Return the files that were read, in their order."""
        (count,) = self._one("SELECT count(*) FROM files")
        for first in range(0, count, _CHUNK):
            query = "SELECT name, digest, card, stamp FROM files WHERE place >= ? AND place < ?"
            for row in self._all(f"{query} ORDER BY place", first, first + _CHUNK):
                yield SourceFile(*row)

    def rows_of(self, document: str) -> range:
        """Return the rows of a document's passages; none where there is no such document."""
        rows = self._all("SELECT first_passage, passages FROM documents WHERE id = ?", document)
        return range(rows[0][0], sum(rows[0])) if rows else range(0)

    def _read_passages(self, rows: Sequence[int]) -> dict[int, Stored]:
        query = "SELECT * FROM passages WHERE row IN (SELECT value FROM json_each(?))"
        read = {
            stored.row: stored for stored in map(stored_from, self._all(query, json.dumps(rows)))
        }
        for row in rows:
            if row not in read:
                raise ValueError(f"no such record: {row}")
        if len(self._known) + len(read) > _REMEMBERED:
            self._known = {}
        self._known.update(read)
        return read

    def _read_card(self, document: str) -> Card:
        row = self._one(
            "SELECT title, author, published, language, origin FROM documents WHERE id = ?",
            document,
        )
        return card_from(row)

    def _read_text(self, document: str, start: int, length: int) -> str:
        row = self._one(
            "SELECT substr(text, ?, ?) FROM documents WHERE id = ?", start + 1, length, document
        )
        return str(row[0])

    def _read_pages(self, document: str) -> tuple[int, ...]:
        return tuple(json.loads(self._one("SELECT pages FROM documents WHERE id = ?", document)[0]))

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> tuple[Any, ...]:
        rows = self._all(query, *values)
        if not rows:
            raise ValueError(f"no such record: {values[-1] if values else query}")
        return rows[0]


def card_from(row: Sequence[Any]) -> Card:
    """Return the card in columns of a document."""
    title, author, published, language, origin = row
    return Card(
        title, author, date.fromisoformat(published) if published else None, language, origin
    )


def stored_from(row: Sequence[Any]) -> Stored:
    """Return the passage in a row."""
    number, document, ordinal, start, stop, heading, sentences, first = row
    spans = tuple(Span(*pair) for pair in json.loads(sentences))
    passage = Passage(document, ordinal, Span(start, stop), tuple(json.loads(heading)), spans)
    return Stored(number, first, passage)


def _debate(content: dict[str, Any]) -> Debate:
    return Debate(
        content["id"],
        Localised(content["motion"]),
        {Side(side): Localised(texts) for side, texts in content["sides"].items()},
        tuple(content["inherits"]),
        tuple(content["read"]),
    )


def _topic(content: dict[str, Any]) -> Topic:
    return Topic(content["id"], Localised(content["title"]))

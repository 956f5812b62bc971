"""Documents, passages, debates, labels and guides of a snapshot, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from bisect import bisect_right
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.corpus.records import Card, Passage, Span
from index.debates.loading import Agenda
from index.debates.records import Anchored, Debate, Label, Localised, Side, Topic
from index.errors import SnapshotDamaged
from index.guides.records import NO_GUIDEBOOK
from index.guides.stored import guidebook_as_json, guidebook_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.corpus.records import Document
    from index.guides.records import Guidebook

_REMEMBERED = 1 << 13
"""How many passages and cards are kept: the same ones come up for question after question."""
_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, title TEXT, author TEXT, published TEXT, language TEXT, origin TEXT,
    digest TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL
);
CREATE TABLE blocks (
    document TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, heading TEXT NOT NULL,
    sentences TEXT NOT NULL, first_sentence INTEGER NOT NULL
);
CREATE UNIQUE INDEX passages_by_place ON passages (document, ordinal);
CREATE TABLE subjects (id TEXT PRIMARY KEY, place INTEGER NOT NULL, content TEXT NOT NULL);
CREATE TABLE labels (
    subject TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    side TEXT NOT NULL, quote TEXT NOT NULL, given_by TEXT NOT NULL, reported INTEGER NOT NULL,
    certainty REAL NOT NULL
);
CREATE TABLE problems (what TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE guidebook (content TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage with its row and the row of its first sentence's vector."""

    row: int
    first_sentence: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a snapshot knows it, without its text."""

    id: str
    card: Card
    passages: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at: an unreadable file, a label whose quote is gone."""

    what: str
    reason: str


def write_records(
    path: Path,
    documents: Sequence[Document],
    agenda: Agenda,
    anchored: Iterable[Anchored],
    problems: Iterable[Problem],
    guidebook: Guidebook = NO_GUIDEBOOK,
) -> None:
    """Write everything but vectors and words; rows count from 0 in reading order."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_SCHEMA)
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(_document_row, documents),
        )
        database.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?)",
            (
                (document.id, block.kind, block.span.start, block.span.end)
                for document in documents
                for block in document.blocks
            ),
        )
        database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _passage_rows(documents)
        )
        database.executemany("INSERT INTO subjects VALUES (?, ?, ?)", _subject_rows(agenda))
        database.executemany(
            "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_label_row, anchored)
        )
        database.executemany(
            "INSERT INTO problems VALUES (?, ?)", ((p.what, p.reason) for p in problems)
        )
        content = json.dumps(guidebook_as_json(guidebook), ensure_ascii=False)
        database.execute("INSERT INTO guidebook VALUES (?)", (content,))


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
            self.sentence_count = int(
                self._one(
                    "SELECT coalesce(max(first_sentence + json_array_length(sentences)), 0) "
                    "FROM passages"
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
            "SELECT d.id, d.title, d.author, d.published, d.language, d.origin, count(p.row) "
            "FROM documents d LEFT JOIN passages p ON p.document = d.id GROUP BY d.id ORDER BY d.id"
        )
        return [Entry(row[0], _card(row[1:6]), row[6]) for row in rows]

    def card(self, document: str) -> Card:
        """Return what is known of a document."""
        return self._card(document)

    def text(self, document: str, span: Span) -> str:
        """Return a span of a document's text as it was when the snapshot was built."""
        return self._text(document, span.start, len(span))

    def page_of(self, document: str, position: int) -> int | None:
        """Return the page, from 1, that holds a position; `None` where there are no pages."""
        return bisect_right(self._pages(document), position) or None

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
        return [_stored(row) for row in self._all("SELECT * FROM passages ORDER BY row")]

    def passage_at(self, document: str, ordinal: int) -> Stored | None:
        """Return the passage at a place of a document, `None` past either end."""
        rows = self._all(
            "SELECT * FROM passages WHERE document = ? AND ordinal = ?", document, ordinal
        )
        return _stored(rows[0]) if rows else None

    def passages_of(self, document: str) -> int:
        """Return how many passages a document has."""
        return int(self._one("SELECT count(*) FROM passages WHERE document = ?", document)[0])

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
        return [Problem(*row) for row in self._all("SELECT what, reason FROM problems")]

    def left_out(self) -> list[tuple[str, str, str]]:
        """Return `(document, kind, text)` of each block that is not indexed."""
        return self._all(
            "SELECT b.document, b.kind, substr(d.text, b.start + 1, b.stop - b.start) "
            "FROM blocks b JOIN documents d ON d.id = b.document "
            "WHERE b.kind NOT IN ('paragraph', 'list item', 'heading') ORDER BY b.rowid"
        )

    def _read_passages(self, rows: Sequence[int]) -> dict[int, Stored]:
        query = "SELECT * FROM passages WHERE row IN (SELECT value FROM json_each(?))"
        read = {stored.row: stored for stored in map(_stored, self._all(query, json.dumps(rows)))}
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
        return _card(row)

    def _read_text(self, document: str, start: int, length: int) -> str:
        row = self._one(
            "SELECT substr(text, ?, ?) FROM documents WHERE id = ?", start + 1, length, document
        )
        return str(row[0])

    def _read_pages(self, document: str) -> list[int]:
        pages: list[int] = json.loads(
            self._one("SELECT pages FROM documents WHERE id = ?", document)[0]
        )
        return pages

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> tuple[Any, ...]:
        rows = self._all(query, *values)
        if not rows:
            raise ValueError(f"no such record: {values[-1] if values else query}")
        return rows[0]


def _document_row(document: Document) -> tuple[object, ...]:
    card = document.card
    published = card.published.isoformat() if card.published else None
    return (
        document.id, card.title, card.author, published, card.language, card.origin,
        document.digest, document.text, json.dumps(document.pages),
    )  # fmt: skip


def _passage_rows(documents: Sequence[Document]) -> Iterable[tuple[object, ...]]:
    row = first = 0
    for document in documents:
        for passage in document.passages:
            sentences = [[span.start, span.end] for span in passage.sentences]
            yield (
                row, passage.document, passage.ordinal, passage.span.start, passage.span.end,
                json.dumps(passage.heading, ensure_ascii=False), json.dumps(sentences), first,
            )  # fmt: skip
            row += 1
            first += len(sentences)


def _subject_rows(agenda: Agenda) -> Iterable[tuple[object, ...]]:
    for place, debate in enumerate(agenda.debates):
        content = {
            "id": debate.id,
            "motion": dict(debate.motion.texts),
            "sides": {side: dict(name.texts) for side, name in debate.sides.items()},
            "inherits": debate.inherits,
            "read": debate.read,
        }
        yield debate.id, place, json.dumps(content, ensure_ascii=False)
    for place, topic in enumerate(agenda.topics, start=len(agenda.debates)):
        content = {"id": topic.id, "title": dict(topic.title.texts)}
        yield topic.id, place, json.dumps(content, ensure_ascii=False)


def _label_row(anchored: Anchored) -> tuple[object, ...]:
    label, span = anchored.label, anchored.span
    return (
        label.subject, label.document, span.start, span.end,
        label.side, label.quote, label.by, int(label.reported), label.certainty,
    )  # fmt: skip


def _card(row: Sequence[Any]) -> Card:
    title, author, published, language, origin = row
    return Card(
        title, author, date.fromisoformat(published) if published else None, language, origin
    )


def _stored(row: Sequence[Any]) -> Stored:
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

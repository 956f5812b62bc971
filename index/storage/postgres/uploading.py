"""Writes a finished snapshot into the database as a new generation, inside one transaction.

Documents are known by a digest over all that is kept of them: those that an older generation holds
are shared with it, and only others are written. The digest names the model, which with the text
decides the vectors. A kill leaves nothing: no row is visible before the transaction commits.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg.types.json import Jsonb

from index.corpus.inputs import encoder_text
from index.corpus.records import Document
from index.debates.stored import agenda_as_json
from index.guides.stored import guidebook_as_json
from index.storage.analysis import analyser_of
from index.storage.postgres.bm25 import length_id
from index.storage.postgres.copying import copy_rows
from index.storage.postgres.packing import (
    bigints,
    entry_of,
    halfvec,
    key_of,
    part_of,
    word_hash,
)
from index.storage.postgres.placing import PLACES, Places
from index.storage.postgres.whole import WholeDocuments
from index.storage.snapshot import BASELINES, CLASSIFIER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.storage.postgres.connecting import Connection
    from index.storage.postgres.whole import Whole
    from index.storage.snapshot import Snapshot

    Record = tuple[Any, ...]

logger = logging.getLogger(__name__)

_WRITTEN = 1_000
_POSTED = 20_000
_PIECE = 16_000_000


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What was written: documents that no generation had, and all of the new one's passages."""

    generation: int
    space: int
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as it is known by, and the first sentence of each of its passages."""

    name: str
    digest: bytes
    firsts: tuple[int, ...]

    @classmethod
    def of(cls, whole: Whole, space: int) -> _Read:
        firsts = tuple(one.first_sentence for one in whole.stored)
        return cls(whole.id, whole.digest(space), firsts)


def upload(connection: Connection, source: Snapshot) -> Uploaded:
    """Write a snapshot; return what is new. The caller's transaction holds it together.

    Raises:
        psycopg.Error: The database refused; nothing is left of it after a rollback.
        ValueError: A document cannot be kept.
    """
    manifest = source.manifest
    space = _space(connection, manifest.model, manifest.dimension)
    documents = WholeDocuments(source)
    read = [_Read.of(whole, space) for whole in documents]
    known = _known(connection, [one.digest for one in read])
    writer = _Writer(connection, space, _Numbers(connection, len(read) - len(known)))
    first = 0
    for one in read:
        rows = range(first, first + len(one.firsts))
        if one.digest not in known:
            known[one.digest] = writer.add(documents.again(one.name, rows), one.digest, source)
        first = rows.stop
    writer.finish()
    numbers = [known[one.digest] for one in read]
    generation = _generation(connection, source, space)
    members = ((generation, number, place) for place, number in enumerate(numbers))
    copy_rows(connection, "index_members", members)
    _write_rest(connection, source, generation)
    _write_files(connection, source, generation, _places(read, numbers, source))
    logger.info("uploaded %d new documents of %d", writer.documents, len(read))
    return Uploaded(generation, space, writer.documents, len(source.passage_baseline.means))


class _Numbers:
    """Hands out numbers of documents, taken from the database all at once."""

    def __init__(self, connection: Connection, count: int) -> None:
        rows = connection.execute(
            "SELECT nextval('index_documents_number_seq') FROM generate_series(1, %s)", (count,)
        )
        self._numbers = iter([row[0] for row in rows])

    def next(self) -> int:
        return int(next(self._numbers))


class _Writer:
    """Writes new documents with their passages and postings, a batch at a time."""

    def __init__(self, connection: Connection, space: int, numbers: _Numbers) -> None:
        self._connection = connection
        self._space = space
        self._numbers = numbers
        self._rows: dict[str, list[Record]] = defaultdict(list)
        self._entries: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._hashes: dict[tuple[str, str], int] = {}
        self._posted = 0
        self.documents = 0

    def add(self, whole: Whole, digest: bytes, source: Snapshot) -> int:
        """Write one document; return its number."""
        number, part = self._numbers.next(), part_of(digest)
        tokens = self._add_words(whole, number, part)
        self._add_passages(whole, number, part, source)
        card = whole.card
        self._rows["index_documents"].append((
            number, digest, self._space, part, whole.id, card.title, card.author, card.published,
            card.language, card.origin, list(whole.pages), len(whole.stored), whole.sentences,
            tokens,
        ))  # fmt: skip
        kept = Jsonb(_storable(whole.left_out))
        self._rows["index_texts"].append((part, number, _storable(whole.text), kept))
        self.documents += 1
        if len(self._rows["index_passages"]) >= _WRITTEN or self.documents % _WRITTEN == 0:
            self._write()
        return number

    def finish(self) -> None:
        """Write what is left."""
        self._write()
        self._post()

    def _add_passages(self, whole: Whole, number: int, part: int, source: Snapshot) -> None:
        rows = np.array([one.row for one in whole.stored], np.int64)
        vectors = source.vectors.vectors(rows)
        for one, vector in zip(whole.stored, vectors, strict=True):
            passage = one.passage
            spans = [at for span in passage.sentences for at in (span.start, span.end)]
            last = one.first_sentence + len(passage.sentences)
            halves = np.asarray(source.sentences[one.first_sentence : last], "<f2")
            self._rows["index_passages"].append((
                part, key_of(number, passage.ordinal), self._space, passage.span.start,
                passage.span.end, _storable(list(passage.heading)), spans,
                _storable(passage.span.of(whole.text)), halfvec(vector), halves.tobytes(),
            ))  # fmt: skip

    def _add_words(self, whole: Whole, number: int, part: int) -> int:
        """Note the words of each passage; return how many there are in all."""
        language = whole.card.language or "en"
        analyser = analyser_of(language)
        document = Document(whole.id, whole.text, whole.card, "", (), ())
        total = 0
        for one in whole.stored:
            words = analyser.analyze(encoder_text(document, one.passage))
            key, length = key_of(number, one.passage.ordinal), length_id(len(words))
            for word, count in Counter(words).items():
                self._entries[part, self._hash(language, word)].append(entry_of(key, count, length))
            total += len(words)
        self._posted += len(whole.stored)
        return total

    def _hash(self, language: str, word: str) -> int:
        place = language, word
        if place not in self._hashes:
            self._hashes[place] = word_hash(language, word)
        return self._hashes[place]

    def _write(self) -> None:
        for table in ("index_documents", "index_texts", "index_passages"):
            copy_rows(self._connection, table, self._rows.pop(table, ()))
        if self._posted >= _POSTED:
            self._post()

    def _post(self) -> None:
        rows = (
            (part, word, bigints(np.array(entries, np.int64)))
            for (part, word), entries in sorted(self._entries.items())
        )
        copy_rows(self._connection, "index_postings", rows)
        self._entries.clear()
        self._hashes.clear()
        self._posted = 0


def _space(connection: Connection, model: str, dimension: int) -> int:
    values = model, dimension
    connection.execute(
        "INSERT INTO index_spaces (model, dimension) VALUES (%s, %s) ON CONFLICT DO NOTHING", values
    )
    query = "SELECT number FROM index_spaces WHERE model = %s AND dimension = %s"
    return int(_one(connection.execute(query, values).fetchone()))


def _known(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Return the numbers of documents that some generation has."""
    known: dict[bytes, int] = {}
    query = "SELECT digest, number FROM index_documents WHERE digest = ANY(%s)"
    for start in range(0, len(digests), _POSTED):
        known |= dict(connection.execute(query, (list(digests[start : start + _POSTED]),)))
    return known


def _generation(connection: Connection, source: Snapshot, space: int) -> int:
    """Write the generation's own row; its words are counted when its documents are known."""
    manifest = source.manifest
    content = {name: getattr(manifest, name) for name in manifest.__slots__}
    row = connection.execute(
        "INSERT INTO index_generations (name, space, manifest, agenda, guidebook, tokens) "
        "VALUES (%s, %s, %s, %s, %s, '{}') RETURNING number",
        (
            source.name.removesuffix(".building"),
            space,
            Jsonb(content),
            Jsonb(_storable(agenda_as_json(source.agenda))),
            Jsonb(_storable(guidebook_as_json(source.guidebook))),
        ),
    ).fetchone()
    return int(_one(row))


def _write_rest(connection: Connection, source: Snapshot, generation: int) -> None:
    labels = (
        (
            generation, place, one.label.subject, one.label.document, one.span.start, one.span.end,
            str(one.label.side), _storable(one.label.quote), one.label.by, one.label.reported,
            float(one.label.certainty),
        )
        for place, one in enumerate(source.labels)
    )  # fmt: skip
    copy_rows(connection, "index_labels", labels)
    problems = (
        (generation, place, one.what.stored(), one.reason.stored())
        for place, one in enumerate(source.records.problems())
    )
    copy_rows(connection, "index_problems", problems)
    connection.execute(
        "UPDATE index_generations SET tokens = (SELECT coalesce(jsonb_object_agg(l, n), '{}') FROM "
        "(SELECT coalesce(d.language, 'en') AS l, sum(d.tokens) AS n FROM index_members m "
        "JOIN index_documents d ON d.number = m.document WHERE m.generation = %s GROUP BY 1) t) "
        "WHERE number = %s",
        (generation, generation),
    )


def _write_files(connection: Connection, source: Snapshot, generation: int, places: Places) -> None:
    files = {PLACES: places.as_bytes()}
    for name in (BASELINES, CLASSIFIER):
        if (source.folder / name).exists():
            files[name] = (source.folder / name).read_bytes()
    for name, content in files.items():
        for piece, start in enumerate(range(0, len(content), _PIECE)):
            connection.execute(
                "INSERT INTO index_files VALUES (%b, %b, %b, %b)",
                (generation, name, piece, content[start : start + _PIECE]),
            )


def _places(read: Sequence[_Read], numbers: Sequence[int], source: Snapshot) -> Places:
    counts = np.array([len(one.firsts) for one in read], np.int64)
    ordinals = np.concatenate([np.arange(count) for count in (*counts, 0)])
    keys = np.repeat(np.array([key_of(number, 0) for number in numbers], np.int64), counts)
    parts = np.repeat(np.array([part_of(one.digest) for one in read], np.int64), counts)
    firsts = [first for one in read for first in one.firsts]
    return Places(keys + ordinals, parts, np.array([*firsts, len(source.sentences)], np.int64))


def _one(row: Record | None) -> Any:
    if row is None:
        raise ValueError("the database returned nothing")
    return row[0]


def _storable(value: Any) -> Any:
    """Return a value with the one sign that PostgreSQL cannot keep replaced by another."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return value

"""Writes a snapshot's SQLite file as documents come, and takes over what an older one holds.

Documents, passages and sentences are numbered from 0 in the order of the files, whatever was read
and whatever was taken over: the same corpus always gives the same records. What is written is
committed every few hundred files, so that a killed build goes on where it was.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Self

from index.corpus.jsonl import Kept
from index.corpus.records import Document, Unreadable
from index.corpus.remarks import Remark
from index.corpus.survey import SourceFile
from index.guides.records import NO_GUIDEBOOK
from index.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.guides.records import Guidebook
    from index.storage.records import Problem

_COMMITTED_DOCUMENTS = 500


class Counts(NamedTuple):
    """How much there is of each."""

    documents: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Run:
    """Rows that stand one after the other in an older snapshot, as they do here."""

    passage: int
    passages: int
    old_passage: int
    sentence: int
    sentences: int
    old_sentence: int

    def goes_on_in(self, other: Run) -> bool:
        """Tell whether another run begins where this one ends, here and there."""
        here = other.passage == self.passage + self.passages
        return here and other.old_passage == self.old_passage + self.passages

    def joined_with(self, other: Run) -> Run:
        """Return the two as one run."""
        passages, sentences = self.passages + other.passages, self.sentences + other.sentences
        return replace(self, passages=passages, sentences=sentences)


class Recorder:
    """Writes one file of records; a context manager that lets go of it."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}", uri=True)
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(tables.SCHEMA)
        self._saved = self._files = 0
        self._counts = Counts(0, 0, 0)
        self._count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def files(self) -> int:
        """How many files are recorded."""
        return self._files

    @property
    def counts(self) -> Counts:
        """How much is recorded."""
        return self._counts

    def keep(self, files: Sequence[SourceFile], facts: Mapping[str, str]) -> int:
        """Keep what an interrupted build recorded of the first of `files`; return of how many.

        `facts` say how documents are read: nothing is kept of a build that read otherwise. What
        else was noted is kept with all of the files, and with all of them only.
        """
        kept = 0
        noted = self.facts()
        if facts.items() <= noted.items():
            query = "SELECT name, digest, card FROM files ORDER BY place"
            # an open cursor would lock the tables whose indexes are dropped below
            with closing(self._database.execute(query)) as known:
                for file, row in zip(files, known, strict=False):
                    if (file.name, file.digest, file.card) != row:
                        break
                    kept += 1
        if kept < max(len(files), self._files):
            self._forget_from(kept)
            self.note(facts)
        return kept

    def facts(self) -> dict[str, str]:
        """Return what was noted."""
        return dict(self._database.execute("SELECT name, value FROM facts"))

    def note(self, facts: Mapping[str, str]) -> None:
        """Note facts, and commit what was recorded."""
        self._database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        self.save()

    def start_from(self, older: Path) -> None:
        """Make another file of records the one that is taken over from."""
        self._database.execute("ATTACH ? AS old", (f"{older.absolute().as_uri()}?mode=ro",))

    def add(self, file: SourceFile, found: Iterable[Document | Unreadable | Kept]) -> int:
        """Record a file, with its documents as they are read and with what was left out.

        Documents that are kept are copied. Returns how many were not.
        """
        first, kept, copied = self._counts.documents, range(0), 0
        for one in found:
            if isinstance(one, Kept) and one.place == kept.stop and kept:
                kept = range(kept.start, one.place + 1)
                continue
            copied += self._take_documents(kept)
            kept = range(one.place, one.place + 1) if isinstance(one, Kept) else range(0)
            if isinstance(one, Unreadable):
                left_out = (self._files, one.file, one.reason.stored())
                self._database.execute("INSERT INTO unreadable VALUES (?, ?, ?)", left_out)
            elif isinstance(one, Document):
                self._add_document(one)
        copied += self._take_documents(kept)
        documents = self._counts.documents - first
        values = (self._files, *tables.file_row(file), first, documents)
        self._database.execute(tables.FILE, values)
        self._files += 1
        if self._files + self._counts.documents >= self._saved + _COMMITTED_DOCUMENTS:
            self.save()
        return documents - copied

    def take_over(self, first: int, files: Sequence[SourceFile]) -> None:
        """Copy files, with all that was read of them, that stand in a row from place `first`."""
        last, copy = first + len(files) - 1, self._database.execute
        query = (
            "SELECT min(first_document), coalesce(sum(documents), 0) "
            "FROM old.files WHERE place BETWEEN ? AND ?"
        )
        document, documents = copy(query, (first, last)).fetchone()
        copy(
            "INSERT INTO files SELECT place + ?, name, digest, card, stamp, first_document + ?, "
            "documents FROM old.files WHERE place BETWEEN ? AND ?",
            (self._files - first, self._counts.documents - document, first, last),
        )
        self._database.executemany(
            "UPDATE files SET stamp = ? WHERE place = ?",
            ((file.stamp, place) for place, file in enumerate(files, start=self._files)),
        )
        copy(
            "INSERT INTO unreadable SELECT file + ?, what, reason FROM old.unreadable "
            "WHERE file BETWEEN ? AND ? ORDER BY rowid",
            (self._files - first, first, last),
        )
        self._take_documents(range(document, document + documents))
        self._files += len(files)
        self.save()

    def runs(self) -> list[Run]:
        """Return what was taken over, in row order."""
        joined: list[Run] = []
        rows = self._database.execute("SELECT * FROM runs WHERE passages > 0 ORDER BY passage")
        for run in (Run(*row) for row in rows):
            if joined and joined[-1].goes_on_in(run):
                joined.append(joined.pop().joined_with(run))
            else:
                joined.append(run)
        return joined

    def unreadable(self) -> list[Unreadable]:
        """Return what was left out, in reading order."""
        rows = self._database.execute("SELECT what, reason FROM unreadable ORDER BY file, rowid")
        return [Unreadable(what, Remark.read(reason)) for what, reason in rows]

    def save(self) -> None:
        """Commit what was recorded."""
        self._database.commit()
        self._saved = self._files + self._counts.documents

    def complete(self) -> None:
        """Let the documents, all of which are there, be found by name."""
        self._database.executescript(tables.INDEXES)
        self.save()

    def finish(
        self,
        agenda: Agenda,
        anchored: Iterable[Anchored],
        problems: Iterable[Problem],
        guidebook: Guidebook = NO_GUIDEBOOK,
    ) -> None:
        """Record all that is no document."""
        insert = self._database.executemany
        with self._database:
            for table in ("subjects", "labels", "problems", "guidebook", "runs"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            insert(tables.SUBJECT, tables.subject_rows(agenda))
            insert(tables.LABEL, map(tables.label_row, anchored))
            rows = ((one.what.stored(), one.reason.stored()) for one in problems)
            insert("INSERT INTO problems VALUES (?, ?)", rows)
            insert("INSERT INTO guidebook VALUES (?)", [tables.guidebook_row(guidebook)])

    def _add_document(self, document: Document) -> None:
        place, row, sentence = self._counts
        first_row, first_sentence = row, sentence
        for passage in document.passages:
            values = (row, *tables.passage_row(passage), sentence)
            self._database.execute(tables.PASSAGE, values)
            row += 1
            sentence += len(passage.sentences)
        sizes = (first_row, row - first_row, first_sentence, sentence - first_sentence)
        self._database.execute(tables.DOCUMENT, (place, *sizes, *tables.document_row(document)))
        self._counts = Counts(place + 1, row, sentence)

    def _take_documents(self, places: range) -> int:
        """Copy documents, with their passages, from places in the older file; return how many."""
        if not places:
            return 0
        first, last, copy = places[0], places[-1], self._database.execute
        query = (
            "SELECT min(first_passage), min(first_sentence), count(*), sum(passages), "
            "sum(sentences) FROM old.documents WHERE place BETWEEN ? AND ?"
        )
        passage, sentence, *sizes = copy(query, (first, last)).fetchone()
        new, size = self._counts, Counts(*sizes)
        shifts = (new.passages - passage, new.sentences - sentence)
        copy(
            "INSERT INTO documents SELECT place + ?, first_passage + ?, passages, "
            "first_sentence + ?, sentences, id, title, author, published, language, origin, "
            "digest, pages, blocks, text FROM old.documents WHERE place BETWEEN ? AND ?",
            (new.documents - first, *shifts, first, last),
        )
        copy(
            "INSERT INTO passages SELECT row + ?, document, ordinal, start, stop, heading, "
            "sentences, first_sentence + ? FROM old.passages WHERE row BETWEEN ? AND ?",
            (*shifts, passage, passage + size.passages - 1),
        )
        run = Run(new.passages, size.passages, passage, new.sentences, size.sentences, sentence)
        copy("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", astuple(run))
        self._counts = Counts(*(have + more for have, more in zip(new, size, strict=True)))
        return len(places)

    def _forget_from(self, place: int) -> None:
        """Drop the files from a place on, and all that was read of them or learned since."""
        drop = self._database.execute
        row = drop("SELECT first_document FROM files WHERE place = ?", (place,)).fetchone()
        drop("DELETE FROM files WHERE place >= ?", (place,))
        drop("DELETE FROM unreadable WHERE file >= ?", (place,))
        if row:
            drop("DELETE FROM documents WHERE place >= ?", row)
        self._count()
        passages = self._counts.passages
        drop("DELETE FROM passages WHERE row >= ?", (passages,))
        drop("DELETE FROM runs WHERE passage >= ?", (passages,))
        self._shorten_last_run()
        drop("DELETE FROM facts")
        for index in ("documents_by_id", "passages_by_place"):
            drop(f"DROP INDEX IF EXISTS {index}")  # made anew, and faster, at the end

    def _shorten_last_run(self) -> None:
        self._database.execute(
            "UPDATE runs SET passages = min(passages, ? - passage), "
            "sentences = min(sentences, ? - sentence)",
            (self._counts.passages, self._counts.sentences),
        )

    def _count(self) -> None:
        query = (
            "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(sentences), 0) "
            "FROM documents"
        )
        self._counts = Counts(*self._database.execute(query).fetchone())
        (self._files,) = self._database.execute("SELECT count(*) FROM files").fetchone()
        self._saved = self._files + self._counts.documents


def write_records(
    path: Path,
    documents: Iterable[Document],
    agenda: Agenda,
    anchored: Iterable[Anchored],
    problems: Iterable[Problem],
    guidebook: Guidebook = NO_GUIDEBOOK,
) -> None:
    """Write documents that are not read from files, and what is known about them."""
    with Recorder(path) as recorder:
        for document in documents:
            recorder.add(SourceFile(document.id, document.digest, "", ""), [document])
        recorder.complete()
        recorder.finish(agenda, anchored, problems, guidebook)

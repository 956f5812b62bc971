"""Reads the documents of a snapshot one after the other, each with all that is kept of it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.corpus.records import Card
    from index.storage.records import Stored
    from index.storage.snapshot import Snapshot

_READ = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """A document of the snapshot, with the rows of its passages."""

    id: str
    text: str
    card: Card
    pages: tuple[int, ...]
    left_out: list[tuple[str, str]]
    stored: tuple[Stored, ...]

    @property
    def sentences(self) -> int:
        """How many sentences it has."""
        return sum(len(one.passage.sentences) for one in self.stored)

    def digest(self, space: int) -> bytes:
        """Return what it is known by: documents of one digest are kept in the same words."""
        passages = [
            [one.passage.span.start, one.passage.span.end, one.passage.heading]
            + [[span.start, span.end] for span in one.passage.sentences]
            for one in self.stored
        ]
        card = self.card
        known = [card.title, card.author, str(card.published), card.language, card.origin]
        content = [space, self.id, known, self.pages, self.left_out, passages, self.text]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()


class WholeDocuments:
    """The documents of a snapshot: in row order, then those without a passage."""

    def __init__(self, source: Snapshot) -> None:
        self._source = source
        self._cards = {entry.id: entry.card for entry in source.records.documents()}
        self._blocks: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, kind, text in source.records.left_out():
            self._blocks[name].append((str(kind), text))

    def __iter__(self) -> Iterator[Whole]:
        seen: set[str] = set()
        for name, stored in groupby(all_stored(self._source), key=lambda one: one.passage.document):
            seen.add(name)
            yield self._whole(name, stored)
        for name in sorted(self._cards.keys() - seen):
            yield self._whole(name, ())

    def again(self, name: str, rows: range) -> Whole:
        """Return a document once more, by the rows of its passages."""
        return self._whole(name, self._source.records.passages(rows))

    def _whole(self, name: str, stored: Iterable[Stored]) -> Whole:
        records = self._source.records
        text, pages = records.whole_text(name), records.pages_of(name)
        return Whole(name, text, self._cards[name], pages, self._blocks[name], tuple(stored))


def all_stored(source: Snapshot) -> Iterator[Stored]:
    """Yield the snapshot's passages in row order; some of them are held in memory."""
    count = source.records.passage_count
    for start in range(0, count, _READ):
        yield from source.records.passages(range(start, min(start + _READ, count)))

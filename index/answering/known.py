"""What can be read of a snapshot's passages whatever is asked: kept for the next question."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from index.answering.runs import Sentences, reported_claims

if TYPE_CHECKING:
    from index.answering.excerpts import Judge
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored

_REMEMBERED = 1 << 12
"""How many passages are kept as they were read, some kilobytes each."""


class PassagesRead:
    """The sentences of a snapshot's passages, each passage read once.

    Nothing here depends on a question, nor on a side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._records = snapshot.records
        self._claims = reported_claims(snapshot.labels)
        self._read = lru_cache(_REMEMBERED)(self._unjudged)

    def sentences(self, stored: Stored, judge: Judge) -> tuple[Sentences, str]:
        """Return a passage's sentences as a judge sees them, and their language."""
        read, language = self._read(stored.row)
        verdicts = [judge(stored.passage.document, span) for span in read.spans]
        return replace(read, verdicts=verdicts), language

    def _unjudged(self, row: int) -> tuple[Sentences, str]:
        passage = self._records.passages([row])[0].passage
        language = self._records.card(passage.document).language or "en"
        text = self._records.text(passage.document, passage.span)
        claims = self._claims.get(passage.document, ())
        return Sentences.of(passage, text, language, lambda *_: None, claims), language


def passages_read(snapshot: Snapshot) -> PassagesRead:
    """Return what was read of a snapshot; one with other labels is another snapshot."""
    labels, read = _READ.get(snapshot, ((), None))
    if read is None or labels is not snapshot.labels:
        read = PassagesRead(snapshot)
        _READ[snapshot] = snapshot.labels, read
    return read


_READ: WeakKeyDictionary[Snapshot, tuple[object, PassagesRead | None]] = WeakKeyDictionary()

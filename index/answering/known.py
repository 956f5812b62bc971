"""What can be read of a snapshot's passages whatever is asked: kept for the next question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from index.answering.runs import Sentences, reported_claims
from index.answering.standalone import standing, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.answering.excerpts import Judge, Verdict
    from index.answering.standalone import Wording
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored

_REMEMBERED = 1 << 12
"""How many passages are kept as they were read, some kilobytes each."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a passage's sentences that a judge admits.

    `places` are the first and the last sentence of each, `standings` tell how well each can be read
    alone, `verdicts` why it may be shown, `wordings` what its sentences say. `pooling`, `(R, S)`,
    turns the cosines of a question and the passage's S sentences into those of it and the R runs,
    whose vectors are pooled by the lengths of their sentences.
    """

    places: Sequence[tuple[int, int]]
    standings: Sequence[float]
    verdicts: Sequence[Verdict]
    wordings: Sequence[tuple[Wording, ...]]
    pooling: NDArray[np.float32]


class PassagesRead:
    """A snapshot's passages, each read once, and once more for each judge of its sentences.

    Nothing here depends on a question.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._records = snapshot.records  # not the snapshot, which would then be kept for ever
        self._sentences = snapshot.sentences
        self._claims = reported_claims(snapshot.labels)
        self._read = lru_cache(_REMEMBERED)(self._unjudged)
        self._admitted = lru_cache(_REMEMBERED)(self._judged)

    def runs(self, stored: Stored, judge: Judge, limit: int) -> Runs:
        """Return the runs of up to `limit` sentences, and what they need, that a judge admits."""
        return self._admitted(stored.row, judge, limit)

    def _judged(self, row: int, judge: Judge, limit: int) -> Runs:
        document, language, sentences = self._read(row)
        read = replace(sentences, verdicts=[judge(document, span) for span in sentences.spans])
        places = list(read.runs(limit))
        words = tuple(wording(text, language) for text in read.texts)
        parts = [slice(first, last + 1) for first, last in places]
        return Runs(
            places,
            [standing(" ".join(read.texts[at]), read.texts[at.start], language) for at in parts],
            [read.verdict(first, last) for first, last in places],
            [words[at] for at in parts],
            self._pooling(row, read, parts),
        )

    def _pooling(self, row: int, read: Sentences, parts: Sequence[slice]) -> NDArray[np.float32]:
        shares = np.zeros((len(parts), len(read.texts)), np.float32)
        for share, at in zip(shares, parts, strict=True):
            share[at] = [len(text) for text in read.texts[at]]
        rows = self._records.passages([row])[0].sentence_rows
        pooled = shares @ np.asarray(self._sentences[np.array(rows)], np.float32)
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(shares / np.maximum(lengths, _TINY), np.float32)

    def _unjudged(self, row: int) -> tuple[str, str, Sentences]:
        passage = self._records.passages([row])[0].passage
        language = self._records.card(passage.document).language or "en"
        text = self._records.text(passage.document, passage.span)
        claims = self._claims.get(passage.document, ())
        sentences = Sentences.of(passage, text, language, lambda *_: None, claims)
        return passage.document, language, sentences


def passages_read(snapshot: Snapshot) -> PassagesRead:
    """Return what was read of a snapshot; one with other labels is another snapshot."""
    labels, read = _READ.get(snapshot, ((), None))
    if read is None or labels is not snapshot.labels:
        read = PassagesRead(snapshot)
        _READ[snapshot] = snapshot.labels, read
    return read


_READ: WeakKeyDictionary[Snapshot, tuple[object, PassagesRead | None]] = WeakKeyDictionary()

"""Looks labels up by debate, side and place, and judges sentences by them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from index.answering.excerpts import Judge, Verdict
from index.debates.records import CURATED, Side, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from index.corpus.records import Span
    from index.debates.records import Anchored, Debate
    from index.storage.protocol import Snapshot
    from index.storage.vectors import Rows

INHERITED = 0.97
"""What an inherited label is worth beside one that was given for this very debate."""
SUGGESTED = 0.97
"""What a model's suggestion is worth beside a label that a person gave."""
ON_SUBJECT = 1.12
"""What a sentence labelled for the subject of an open question is worth beside any other."""


class LabelMap:
    """The labels of a snapshot, by subject and by document."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._by_subject: dict[str, list[Anchored]] = defaultdict(list)
        for anchored in snapshot.labels:
            self._by_subject[anchored.label.subject].append(anchored)
        self._rows = _rows_by_label(snapshot)
        self._found: dict[tuple[Hashable, ...], Rows] = {}
        self._judges: dict[tuple[Hashable, ...], Judge] = {}

    def rows(self, debate: Debate, side: Side) -> Rows:
        """Return the passages that hold a label of this side."""
        key = (debate.id, debate.inherits, side)
        if key not in self._found:
            self._found[key] = self._rows_of(
                one for one in self._of(debate) if one.label.side is side
            )
        return self._found[key]

    def rows_of_subject(self, subject: str) -> Rows:
        """Return the passages that hold any label of a subject."""
        return self._rows_of(self._by_subject.get(subject, ()))

    def judge(self, debate: Debate, side: Side) -> Judge:
        """Return a judge that admits what is labelled for one side, and nothing of the other.

        Unlabelled sentences and background may accompany. What a model suggests counts only where
        no person has spoken, not for a debate whose labels are inherited either.
        """
        key = (debate.id, debate.inherits, side)
        if key not in self._judges:
            self._judges[key] = self._judge(debate, side)
        return self._judges[key]

    def subject_judge(self, subject: str | None) -> Judge:
        """Return a judge that admits every sentence and prefers those labelled for a subject.

        That a model is not certain of a side is no label.
        """
        key = (subject,)
        if key not in self._judges:
            self._judges[key] = self._subject_judge(subject)
        return self._judges[key]

    def _judge(self, debate: Debate, side: Side) -> Judge:
        labels = _by_document(self._of(debate))

        def verdict(document: str, sentence: Span) -> Verdict | None:
            touching = [one for one in labels.get(document, ()) if one.span.overlaps(sentence)]
            touching = [one for one in touching if not _is_suggested(one)] or touching
            mine = [one for one in touching if one.label.side is side]
            opposed = [one for one in touching if one.label.side not in (side, Side.BACKGROUND)]
            if opposed:
                return None
            if not mine:
                return Verdict(core=False)
            best = min(mine, key=lambda one: (_rank(one), one.label.subject != debate.id))
            weight = 1.0 if best.label.subject == debate.id else INHERITED
            weight *= SUGGESTED if _is_suggested(best) else 1.0
            by = None if side is Side.UNCLEAR else best.label.by
            return Verdict(by, best.label.reported, weight, certainty=best.label.certainty)

        return _remembering(verdict, labels, Verdict(core=False))

    def _subject_judge(self, subject: str | None) -> Judge:
        given = self._by_subject.get(subject or "", ())
        labels = _by_document(one for one in given if one.label.side is not Side.UNCLEAR)

        def verdict(document: str, sentence: Span) -> Verdict:
            touching = [one for one in labels.get(document, ()) if one.span.overlaps(sentence)]
            if not touching:
                return Verdict()
            best = min(touching, key=_rank)
            return Verdict(best.label.by, weight=ON_SUBJECT, certainty=best.label.certainty)

        return _remembering(verdict, labels, Verdict())

    def _of(self, debate: Debate) -> list[Anchored]:
        own = self._by_subject.get(debate.id, [])
        inherited = [one for parent in debate.inherits for one in self._by_subject.get(parent, [])]
        return [*own, *inherited]

    def _rows_of(self, labels: Iterable[Anchored]) -> Rows:
        rows = {self._rows[id(one)] for one in labels}
        return np.array(sorted(rows), dtype=np.int64)


def _remembering(
    verdict: Callable[[str, Span], Verdict | None],
    labels: Mapping[str, list[Anchored]],
    unlabelled: Verdict,
) -> Judge:
    """Return a judge that looks at each sentence once; documents without labels need no look."""
    known: dict[tuple[str, int, int], Verdict | None] = {}

    def remembered(document: str, sentence: Span) -> Verdict | None:
        if document not in labels:
            return unlabelled
        place = (document, sentence.start, sentence.end)
        if place not in known:
            known[place] = verdict(document, sentence)
        return known[place]

    return remembered


def _rank(one: Anchored) -> int:
    return trust(one.label.by, one.label.certainty)


def _is_suggested(one: Anchored) -> bool:
    return _rank(one) > trust(CURATED)


def _by_document(labels: Iterable[Anchored]) -> dict[str, list[Anchored]]:
    by_document: dict[str, list[Anchored]] = defaultdict(list)
    for anchored in labels:
        by_document[anchored.label.document].append(anchored)
    return by_document


def _rows_by_label(snapshot: Snapshot) -> dict[int, int]:
    """Return the row of the passage that holds each label, by the label's identity."""
    return {
        id(anchored): snapshot.records.row_at(anchored.label.document, anchored.span.start)
        for anchored in snapshot.labels
    }

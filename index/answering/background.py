"""What the documents hold on a question that has no sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.answering.excerpts import as_excerpt, choose, cut_windows, first_of_passages
from index.answering.method import FULL
from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.advice import Excerpt
    from index.answering.excerpts import Window
    from index.answering.explanation import Explanation
    from index.answering.labels import LabelMap
    from index.answering.method import Method
    from index.answering.retrieval import Found, Query
    from index.storage.protocol import Snapshot

BACKGROUND = 5
_PASSAGES = 24
_NEARLY = 0.985
"""How near, of the nearest labelled one, an unlabelled excerpt must be to stand beside it."""


class BackgroundFinder:
    """Finds excerpts for an open question; what is labelled for its subject comes first."""

    def __init__(self, snapshot: Snapshot, labels: LabelMap, method: Method = FULL) -> None:
        self._snapshot = snapshot
        self._labels = labels
        self._method = method
        self._topics = {topic.id for topic in snapshot.agenda.topics}

    def find(
        self,
        subject: str | None,
        query: Query,
        found: Found,
        explanation: Explanation | None = None,
    ) -> tuple[Excerpt, ...]:
        """Return excerpts on a subject, or on none, best first; on a topic in the text's order."""
        fused = dict(list(found.fused.items())[:_PASSAGES])
        for row in self._labels.rows_of_subject(subject).tolist() if subject else ():
            fused.setdefault(row, 0.0)
        passages = self._snapshot.records.passages(list(fused))
        judge = self._labels.subject_judge(subject)
        windows = cut_windows(self._snapshot, query, passages, judge)
        if not self._method.excerpt_choice:
            windows = first_of_passages(windows)
        labelled = [window for window in windows if window.verdict.by]
        on_topic = subject in self._topics
        room = BACKGROUND if on_topic else BACKGROUND // 2
        chosen = choose(labelled, fused, room, method=self._method)
        near = windows
        if chosen and on_topic:
            nearest = max(window.similarity for window in chosen)
            near = [window for window in windows if window.similarity >= _NEARLY * nearest]
        chosen += choose(near, fused, BACKGROUND - len(chosen), chosen, self._method)
        if explanation:
            explanation.weigh(Side.BACKGROUND, windows, found, [(window,) for window in chosen])
        if on_topic:
            chosen = in_text_order(chosen)
        return tuple(as_excerpt(self._snapshot, window) for window in chosen)


def in_text_order(windows: Sequence[Window]) -> list[Window]:
    """Return windows document by document, those of the best first, as they follow in the text.

    Steps and stories are told in an order.
    """
    documents = list(dict.fromkeys(window.stored.passage.document for window in windows))
    return sorted(
        windows,
        key=lambda window: (documents.index(window.stored.passage.document), window.span.start),
    )

"""Cuts excerpts from passages: windows of whole sentences, chosen for the question.

An excerpt stands alone. It begins early enough for its first words to be understood, and goes on
until it has said what it sets out to say: see `runs`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.answering.advice import Excerpt
from index.answering.fusion import fuse
from index.answering.known import passages_read
from index.answering.method import FULL
from index.answering.runs import LENGTH_CEILING, LENGTH_LIMIT, SENTENCE_LIMIT
from index.corpus.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.method import Method
    from index.answering.retrieval import Query
    from index.answering.standalone import Wording
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored

__all__ = [
    "LENGTH_CEILING",
    "LENGTH_LIMIT",
    "SENTENCE_LIMIT",
    "Judge",
    "Verdict",
    "Window",
    "as_excerpt",
    "choose",
    "cut_windows",
    "first_of_passages",
]

_SAME_DOCUMENT = 0.93
"""What a further excerpt of a document already shown is worth: diversity over documents."""
_PASSAGE_WEIGHT = 0.25
"""How much the passage's rank counts beside the window's own nearness to the question."""
_COMPARED = 1 << 15
"""Of so many pairs it is kept whether they say the same, some hundred bytes each."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence may be shown.

    A sentence that is no `core` may only accompany one that leans on it. `weight` tells how much
    its label is worth for this question.
    """

    by: str | None = None
    reported: bool = False
    weight: float = 1.0
    core: bool = True
    certainty: float | None = None


Judge = Callable[[str, Span], Verdict | None]
"""Given a document and a sentence's place; `None` rules the sentence out."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one passage that could be shown.

    `similarity` is its cosine with the question, `standing` how well it can be read alone,
    `wordings` what its sentences say.
    """

    stored: Stored
    first: int
    last: int
    similarity: float
    standing: float
    verdict: Verdict
    wordings: tuple[Wording, ...] = ()

    @property
    def span(self) -> Span:
        """The place in the document."""
        sentences = self.stored.passage.sentences
        return Span(sentences[self.first].start, sentences[self.last].end)

    @property
    def worth(self) -> float:
        """Nearness to the question, less what stands against showing it."""
        return self.similarity * self.standing * self.verdict.weight

    @property
    def document(self) -> str:
        """The document that it is from."""
        return self.stored.passage.document

    def overlaps(self, other: Window) -> bool:
        """Tell whether both show a common sentence."""
        same = self.stored.row == other.stored.row
        return same and self.first <= other.last and other.first <= self.last

    def repeats(self, other: Window) -> bool:
        """Tell whether a sentence of one says nearly the same as one of the other."""
        return any(one.repeats(two) for one in self.wordings for two in other.wordings)


def cut_windows(
    snapshot: Snapshot,
    query: Query,
    passages: Sequence[Stored],
    judge: Judge,
    sentences: int = SENTENCE_LIMIT,
) -> list[Window]:
    """Return every window of up to `sentences` sentences that the judge admits.

    Where one leans on the sentence before, or is nothing without the next, those come along, up to
    `SENTENCE_LIMIT` in all. What a document reports only to refute it is shown with its refutation,
    or as reported, or not at all.
    """
    known = passages_read(snapshot)
    read = [(stored, known.runs(stored, judge, sentences)) for stored in passages]
    admitted = [(stored, runs) for stored, runs in read if runs.places]
    if not admitted:
        return []
    rows = np.concatenate([stored.sentence_rows for stored, _ in admitted])
    cosines = np.asarray(snapshot.sentences[rows], np.float32) @ query.vector
    ends = np.cumsum([len(stored.sentence_rows) for stored, _ in admitted])
    windows: list[Window] = []
    for (stored, runs), near in zip(admitted, np.split(cosines, ends[:-1]), strict=True):
        similarities: list[float] = (runs.pooling @ near).tolist()
        made = zip(
            runs.places, similarities, runs.standings, runs.verdicts, runs.wordings, strict=True
        )
        windows += [
            Window(stored, first, last, similarity, standing, verdict, wordings)
            for (first, last), similarity, standing, verdict, wordings in made
        ]
    return windows


def choose(
    windows: Sequence[Window],
    passage_ranks: dict[int, float],
    limit: int,
    taken: Sequence[Window] = (),
    method: Method = FULL,
) -> list[Window]:
    """Return up to `limit` windows, best first, that do not overlap, spread over documents.

    Two rankings are fused: what the window itself is worth, and how well its passage was found.
    Windows in `taken` have been shown elsewhere in the same answer; nothing is shown twice, in the
    same words or nearly so.
    """
    places = range(len(windows))
    by_worth = sorted(places, key=[-window.worth for window in windows].__getitem__)
    ranks = [-passage_ranks.get(window.stored.row, 0.0) for window in windows]
    by_passage = sorted(places, key=ranks.__getitem__)
    fused = fuse([(by_worth, 1.0), (by_passage, _PASSAGE_WEIGHT)])
    unlike = _unlike if method.diversity else _beside
    same_document = _SAME_DOCUMENT if method.diversity else 1.0
    chosen: list[Window] = []
    shown: Counter[str] = Counter()
    free = list(fused)
    for other in taken:
        free = unlike(other, windows, free)
    while free and len(chosen) < limit:
        best = max(free, key=lambda at: fused[at] * same_document ** shown[windows[at].document])
        chosen.append(windows[best])
        shown[windows[best].document] += 1
        free = unlike(chosen[-1], windows, free)
    return chosen


def first_of_passages(windows: Sequence[Window]) -> list[Window]:
    """Return the first window of each passage, to measure what choosing the nearest is worth."""
    first: dict[int, Window] = {}
    for window in windows:
        first.setdefault(window.stored.row, window)
    return list(first.values())


def as_excerpt(snapshot: Snapshot, window: Window) -> Excerpt:
    """Return a window as it is shown and cited."""
    document, whole = window.document, window.stored.passage.span
    text = snapshot.records.text(document, whole)
    card = snapshot.records.card(document)
    heading = window.stored.passage.heading
    return Excerpt(
        quote=text[window.span.start - whole.start : window.span.end - whole.start],
        document=document,
        title=card.title,
        author=card.author,
        published=card.published,
        heading=heading[-1] if heading else None,
        start=window.span.start,
        end=window.span.end,
        similarity=window.similarity,
        label_by=window.verdict.by,
        certainty=window.verdict.certainty,
        reported=window.verdict.reported,
        page=snapshot.records.page_of(document, window.span.start),
    )


def _unlike(shown: Window, windows: Sequence[Window], free: Sequence[int]) -> list[int]:
    """Return the places of those windows of which nothing can be read in one that is shown."""
    beside = _beside(shown, windows, free)
    sentences = {one for at in beside for one in windows[at].wordings}
    said = {one for one in sentences if _is_said(one, shown.wordings)}
    return [at for at in beside if said.isdisjoint(windows[at].wordings)] if said else beside


@lru_cache(_COMPARED)
def _is_said(one: Wording, shown: tuple[Wording, ...]) -> bool:
    """Tell whether a sentence says nearly the same as one of an excerpt that is shown."""
    return any(one.repeats(other) for other in shown)


def _beside(shown: Window, windows: Sequence[Window], free: Sequence[int]) -> list[int]:
    """Return the places of those windows that have no sentence in common with one shown."""
    return [at for at in free if not windows[at].overlaps(shown)]

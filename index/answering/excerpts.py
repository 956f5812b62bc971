"""Cuts excerpts from passages: windows of whole sentences, chosen for the question.

An excerpt stands alone. It begins early enough for its first words to be understood, and goes on
until it has said what it sets out to say: see `runs`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.advice import Excerpt
from index.answering.fusion import fuse
from index.answering.method import FULL
from index.answering.runs import (
    LENGTH_CEILING,
    LENGTH_LIMIT,
    SENTENCE_LIMIT,
    Sentences,
    reported_claims,
)
from index.answering.standalone import Wording, standing, wording
from index.corpus.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.answering.method import Method
    from index.answering.retrieval import Query
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
    claims = reported_claims(snapshot.labels)
    windows: list[Window] = []
    for stored in passages:
        document = stored.passage.document
        language = snapshot.records.card(document).language or "en"
        text = snapshot.records.text(document, stored.passage.span)
        read = Sentences.of(stored.passage, text, language, judge, claims.get(document, ()))
        wordings = tuple(wording(sentence, language) for sentence in read.texts)
        vectors = _sentence_vectors(snapshot, stored)
        for first, last in read.runs(sentences):
            run = slice(first, last + 1)
            shown = " ".join(read.texts[run])
            windows.append(
                Window(
                    stored,
                    first,
                    last,
                    _similarity(query, read.texts[run], vectors[run]),
                    standing(shown, read.texts[first], language),
                    read.verdict(first, last),
                    wordings[run],
                )
            )
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
    by_worth = sorted(places, key=lambda at: -windows[at].worth)
    by_passage = sorted(places, key=lambda at: -passage_ranks.get(windows[at].stored.row, 0.0))
    fused = fuse([(by_worth, 1.0), (by_passage, _PASSAGE_WEIGHT)])
    shows, novelty = (_shows, _novelty) if method.diversity else (_overlap, _any_document)
    chosen: list[Window] = []
    free = [at for at in fused if not any(shows(other, windows[at]) for other in taken)]
    while free and len(chosen) < limit:
        best = max(free, key=lambda at: fused[at] * novelty(windows[at], chosen))
        chosen.append(windows[best])
        free = [at for at in free if not shows(chosen[-1], windows[at])]
    return chosen


def first_of_passages(windows: Sequence[Window]) -> list[Window]:
    """Return the first window of each passage, to measure what choosing the nearest is worth."""
    first: dict[int, Window] = {}
    for window in windows:
        first.setdefault(window.stored.row, window)
    return list(first.values())


def as_excerpt(snapshot: Snapshot, window: Window) -> Excerpt:
    """Return a window as it is shown and cited."""
    document = window.stored.passage.document
    card = snapshot.records.card(document)
    heading = window.stored.passage.heading
    return Excerpt(
        quote=snapshot.records.text(document, window.span),
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


def _sentence_vectors(snapshot: Snapshot, stored: Stored) -> NDArray[np.float32]:
    rows = slice(stored.first_sentence, stored.first_sentence + len(stored.passage.sentences))
    return np.asarray(snapshot.sentences[rows], np.float32)


def _similarity(query: Query, texts: Sequence[str], vectors: NDArray[np.float32]) -> float:
    """Return the cosine of the question and the sentences, pooled by their lengths."""
    lengths = np.array([len(text) for text in texts], np.float32)
    pooled = lengths @ vectors
    return float(pooled @ query.vector / max(float(np.linalg.norm(pooled)), 1e-9))


def _novelty(window: Window, chosen: Sequence[Window]) -> float:
    document = window.stored.passage.document
    shown = sum(1 for other in chosen if other.stored.passage.document == document)
    return float(_SAME_DOCUMENT**shown)


def _shows(shown: Window, window: Window) -> bool:
    """Tell whether what a window says can be read in one that is shown."""
    return window.overlaps(shown) or window.repeats(shown)


def _any_document(_window: Window, _chosen: Sequence[Window]) -> float:
    return 1.0


def _overlap(shown: Window, window: Window) -> bool:
    return window.overlaps(shown)

"""Cuts excerpts from passages: windows of whole sentences, chosen for the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.advice import Excerpt
from index.answering.fusion import fuse
from index.answering.method import FULL
from index.answering.standalone import leans_back, standing
from index.corpus.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.answering.method import Method
    from index.answering.retrieval import Query
    from index.storage.records import Stored
    from index.storage.snapshot import Snapshot

LENGTH_LIMIT = 400
"""About how long an excerpt may be, in code points; a longer single sentence stays whole."""
LENGTH_CEILING = 1000
"""A single sentence longer than this is not shown at all: it would have to be cut."""
SENTENCE_LIMIT = 3
_EMPTY_LINE = re.compile(r"\n\s*\n")
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


Judge = Callable[[str, Span], Verdict | None]
"""Given a document and a sentence's place; `None` rules the sentence out."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one passage that could be shown.

    `similarity` is its cosine with the question, `standing` how well it can be read alone.
    """

    stored: Stored
    first: int
    last: int
    similarity: float
    standing: float
    verdict: Verdict

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


def cut_windows(
    snapshot: Snapshot,
    query: Query,
    passages: Sequence[Stored],
    judge: Judge,
    sentences: int = SENTENCE_LIMIT,
) -> list[Window]:
    """Return every window of up to `sentences` sentences that the judge admits."""
    windows: list[Window] = []
    for stored in passages:
        passage = stored.passage
        text = snapshot.records.text(passage.document, passage.span)
        language = snapshot.records.card(passage.document).language or "en"
        offset = passage.span.start
        texts = [text[span.start - offset : span.end - offset] for span in passage.sentences]
        verdicts = [judge(passage.document, span) for span in passage.sentences]
        leaning = [leans_back(sentence, language) for sentence in texts]
        vectors = _sentence_vectors(snapshot, stored)
        for first, last, verdict in _runs(stored, verdicts, leaning, sentences):
            span = Span(passage.sentences[first].start, passage.sentences[last].end)
            shown = text[span.start - offset : span.end - offset]
            if _EMPTY_LINE.search(shown) or len(shown) > LENGTH_CEILING:
                continue  # an excerpt does not jump over an empty line, nor fill a message
            windows.append(
                Window(
                    stored,
                    first,
                    last,
                    _similarity(query, texts[first : last + 1], vectors[first : last + 1]),
                    standing(shown, texts[first], language),
                    verdict,
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
    Windows in `taken` have been shown elsewhere in the same answer.
    """
    places = range(len(windows))
    by_worth = sorted(places, key=lambda at: -windows[at].worth)
    by_passage = sorted(places, key=lambda at: -passage_ranks.get(windows[at].stored.row, 0.0))
    fused = fuse([(by_worth, 1.0), (by_passage, _PASSAGE_WEIGHT)])
    novelty = _novelty if method.diversity else _any_document
    chosen: list[Window] = []
    free = list(fused)
    while free and len(chosen) < limit:
        shown = (*chosen, *taken)
        free = [at for at in free if not any(windows[at].overlaps(other) for other in shown)]
        if free:
            best = max(free, key=lambda at: fused[at] * novelty(windows[at], chosen))
            chosen.append(windows[best])
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
        reported=window.verdict.reported,
    )


def _runs(
    stored: Stored, verdicts: Sequence[Verdict | None], leaning: Sequence[bool], limit: int
) -> Iterator[tuple[int, int, Verdict]]:
    """Yield `(first, last, verdict)` of each admissible run of sentences."""
    sentences = stored.passage.sentences
    for first, opening in enumerate(verdicts):
        if opening is None:
            continue
        best = opening
        for last in range(first, min(first + limit, len(sentences))):
            verdict = verdicts[last]
            if last > first:
                if verdict is None or not verdict.core:
                    break
                if sentences[last].end - sentences[first].start > LENGTH_LIMIT:
                    break
                if not opening.core and last == first + 1 and not leaning[last]:
                    break
                if best.core and verdict.reported != best.reported:
                    break
                best = max(best, verdict, key=lambda one: (one.core, one.weight))
            if best.core:
                yield first, last, best


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


def _any_document(_window: Window, _chosen: Sequence[Window]) -> float:
    return 1.0

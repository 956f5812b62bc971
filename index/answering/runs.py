"""Tells which runs of a passage's sentences can be read alone.

A run begins early enough for its first words to be understood, ends where it has said what it sets
out to say, and never leaves standing what the document takes back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.answering.standalone import breaks_off, is_fragment, leans_back, takes_back
from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.answering.excerpts import Judge, Verdict
    from index.corpus.records import Passage, Span
    from index.debates.records import Anchored

LENGTH_LIMIT = 400
"""About how long an excerpt may be, in code points; a longer single sentence stays whole."""
LENGTH_CEILING = 1000
"""A single sentence longer than this is not shown at all: it would have to be cut."""
SENTENCE_LIMIT = 3
_EMPTY_LINE = re.compile(r"\n\s*\n")
_OPPOSITE = {Side.YES: Side.NO, Side.NO: Side.YES}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document reports without sharing it, and the places where it refutes it."""

    span: Span
    refutations: tuple[Span, ...]


def reported_claims(labels: Sequence[Anchored]) -> dict[str, list[Claim]]:
    """Return the claims that each document reports without sharing them."""
    meant: defaultdict[tuple[str, str, Side], list[Span]] = defaultdict(list)
    for one in labels:
        if not one.label.reported:
            meant[one.label.document, one.label.subject, one.label.side].append(one.span)
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for one in labels:
        label = one.label
        if label.reported and label.side in _OPPOSITE:
            refutations = meant[label.document, label.subject, _OPPOSITE[label.side]]
            claims[label.document].append(Claim(one.span, tuple(refutations)))
    return claims


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one passage, with all that decides where an excerpt begins and ends.

    `leaning` ones need the sentence before, `breaking` ones the next. `refuted_by` holds, for a
    sentence that the document does not mean, the places of those that say so; else `None`.
    """

    spans: Sequence[Span]
    texts: Sequence[str]
    apart: Sequence[bool]
    verdicts: Sequence[Verdict | None]
    leaning: Sequence[bool]
    breaking: Sequence[bool]
    refuted_by: Sequence[frozenset[int] | None]

    @classmethod
    def of(
        cls, passage: Passage, text: str, language: str, judge: Judge, claims: Sequence[Claim]
    ) -> Sentences:
        """Read a passage and its text; `claims` are what its document reports without sharing."""
        spans, offset = passage.sentences, passage.span.start
        texts = [text[span.start - offset : span.end - offset] for span in spans]
        gaps = [text[one.end - offset : two.start - offset] for one, two in pairwise(spans)]
        return cls(
            spans,
            texts,
            [False, *(bool(_EMPTY_LINE.search(gap)) for gap in gaps)],
            [judge(passage.document, span) for span in spans],
            [leans_back(sentence, language) for sentence in texts],
            [breaks_off(sentence, texts) for sentence in texts],
            _refutations(spans, texts, language, claims),
        )

    def runs(self, limit: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last place of each run that can be shown.

        It holds up to `limit` sentences that are cores, and what they need.
        """
        found: dict[tuple[int, int], None] = {}
        for first in range(len(self.spans)):
            for last in range(first, min(first + limit, len(self.spans))):
                if not (self._is_core(last) and self._can_show(first, last)):
                    break
                end = self._end(first, last)
                if end is not None:
                    begin = self._begin(first, end)
                    if not self._drags(begin, last):
                        found[begin, end] = None
        yield from found

    def verdict(self, first: int, last: int) -> Verdict:
        """Return the weightiest of a run's verdicts."""
        return max(self._cores(first, last), key=lambda verdict: verdict.weight)

    def _is_core(self, place: int) -> bool:
        verdict = self.verdicts[place]
        return verdict is not None and verdict.core

    def _cores(self, first: int, last: int) -> list[Verdict]:
        return [one for one in self.verdicts[first : last + 1] if one and one.core]

    def _can_show(self, first: int, last: int) -> bool:
        """Tell whether a run is admitted, in one piece, and not too long."""
        if first < 0 or last >= len(self.spans) or None in self.verdicts[first : last + 1]:
            return False
        if any(self.apart[first + 1 : last + 1]):
            return False
        if len({core.reported for core in self._cores(first, last)}) > 1:
            return False
        length = self.spans[last].end - self.spans[first].start
        if first == last:
            return length <= LENGTH_CEILING
        return last - first < SENTENCE_LIMIT and length <= LENGTH_LIMIT

    def _end(self, first: int, last: int) -> int | None:
        """Return where a run ends that holds what it needs after it; `None` if that cannot be."""
        while self._is_unfinished(first, last):
            last += 1
            if not self._can_show(first, last):
                return None
        return last

    def _begin(self, first: int, last: int) -> int:
        """Return where a run begins that holds what it leans on, as far as that can be shown."""
        begin = at = first
        while self.leaning[at] and self._can_begin(at - 1, last):
            at -= 1
            if not is_fragment(self.texts[at]):
                begin = at  # "Or so. It costs money.": a mere fragment is no beginning
        return begin

    def _can_begin(self, first: int, last: int) -> bool:
        return self._can_show(first, last) and not self._is_unfinished(first, last)

    def _is_unfinished(self, first: int, last: int) -> bool:
        """Tell whether a run breaks off, or ends before it takes back what is not meant."""
        if self.breaking[last]:
            return True
        if any(core.reported for core in self._cores(first, last)):
            return False  # it is shown as a view that the document does not share
        refutations = [places for places in self.refuted_by[first : last + 1] if places is not None]
        return not all(places & {*range(first, last + 1)} for places in refutations)

    def _drags(self, first: int, last: int) -> bool:
        """Tell whether a run leans back in vain, and goes on to what could stand without that."""
        return self.leaning[first] and not all(self.leaning[first : last + 1])


def _refutations(
    spans: Sequence[Span], texts: Sequence[str], language: str, claims: Sequence[Claim]
) -> list[frozenset[int] | None]:
    """Return where each sentence is refuted: by its label, or by the very next sentence."""
    refuted_by: list[frozenset[int] | None] = []
    for place, span in enumerate(spans):
        made = [claim for claim in claims if claim.span.overlaps(span)]
        answers = [refutation for claim in made for refutation in claim.refutations]
        places = {at for at, other in enumerate(spans) if any(map(other.overlaps, answers))}
        taken_back = place + 1 < len(texts) and takes_back(texts[place + 1], language)
        if taken_back:
            places.add(place + 1)
        refuted_by.append(frozenset(places) if made or taken_back else None)
    return refuted_by

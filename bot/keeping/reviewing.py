"""The spans that wait for a person's word, the least certain first, and what is said of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.keeping.decisions import is_suggested
from index.debates.records import PERSON
from index.debates.review import Suggestion, exchange_span, read_review, review_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from index.debates.records import Anchored, Debate
    from index.storage.protocol import Snapshot

_KEY_LENGTH = 12
_BESIDE = 2
_SUREST = 0.99


@dataclass(frozen=True, slots=True)
class Waiting:
    """A span that a model has judged and no person has; `key` names it within a corpus."""

    key: str
    debate: Debate
    anchored: Anchored


@dataclass(frozen=True, slots=True)
class Context:
    """A span and the sentences beside it, verbatim, and the nearest heading above."""

    before: str
    quote: str
    after: str
    heading: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a review file said of a span before a decision, and what it says since."""

    debate: str
    before: Suggestion | None
    after: Suggestion


def waiting_spans(snapshot: Snapshot) -> list[Waiting]:
    """Return what waits for a decision, the least certain first."""
    debates = {debate.id: debate for debate in snapshot.agenda.debates}
    found = [
        Waiting(_key(one), debates[one.label.subject], one)
        for one in snapshot.labels
        if one.label.subject in debates and is_suggested(one.label)
    ]
    return sorted(found, key=lambda one: (one.anchored.label.certainty, one.key))


def context_of(snapshot: Snapshot, one: Waiting) -> Context:
    """Return a span with up to two sentences of its passage on each side."""
    document, span = one.anchored.label.document, one.anchored.span
    records = snapshot.records
    (stored,) = records.passages([records.row_at(document, span.start)])
    passage = stored.passage
    before = [each for each in passage.sentences if each.end <= span.start][-_BESIDE:]
    after = [each for each in passage.sentences if each.start >= span.end][:_BESIDE]
    start = before[0].start if before else span.start
    end = after[-1].end if after else span.end
    text, base = records.whole_text(document), passage.heading
    return Context(
        text[start : span.start], span.of(text), text[span.end : end], base[-1] if base else None
    )


def decide(corpus: Path, one: Waiting, side: str, by: str, at: datetime) -> Decision | None:
    """Keep a person's word on a span; `None` if somebody has decided on it meanwhile.

    `side` is one of `index.debates.review.DECISIONS`.

    Raises:
        CorpusError: The debate's review file cannot be read.
        OSError: The corpus cannot be written to.
    """
    label = one.anchored.label
    before = _written(corpus, one.debate, (label.document, label.quote))
    if before and before.decided:
        return None
    certainty = min(round(label.certainty, 2), _SUREST)
    suggested = before or Suggestion(label.document, label.quote, label.side, certainty, label.by)
    moment = at.replace(microsecond=0)
    after = replace(suggested, side=side, decided_by=by, decided_at=moment)
    made = exchange_span(corpus, one.debate, before, after)
    return Decision(one.debate.id, before, after) if made else None


def take_back(corpus: Path, snapshot: Snapshot, debate: Debate, decision: Decision) -> bool:
    """Put back what stood before a decision; return whether the decision still stood.

    An index that was built since holds the decision and no suggestion: then the file keeps that.

    Raises:
        CorpusError: The debate's review file cannot be read.
        OSError: The corpus cannot be written to.
    """
    before, after = decision.before, decision.after
    if before is None and _is_built_in(snapshot, decision):
        before = replace(after, side="", decided_by="", decided_at=None)
    return exchange_span(corpus, debate, after, before)


def _is_built_in(snapshot: Snapshot, decision: Decision) -> bool:
    place = (decision.debate, *decision.after.place, PERSON)
    return any(
        place == (label.subject, label.document, label.quote, label.by)
        for label in (one.label for one in snapshot.records.labels())
    )


def _written(corpus: Path, debate: Debate, place: tuple[str, str]) -> Suggestion | None:
    spans = read_review(review_file(corpus, debate))
    return next((one for one in spans if one.place == place), None)


def _key(one: Anchored) -> str:
    label, span = one.label, one.span
    named = f"{label.subject}\0{label.document}\0{span.start}\0{span.end}"
    return hashlib.sha256(named.encode()).hexdigest()[:_KEY_LENGTH]

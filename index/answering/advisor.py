"""The walk of a question: read it, find passages per side, cut excerpts, or say: nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.answering.adhoc import ad_hoc
from index.answering.advice import Advice
from index.answering.background import BackgroundFinder
from index.answering.explanation import Explanation
from index.answering.keypoints import load_key_points
from index.answering.labels import LabelMap
from index.answering.method import FULL
from index.answering.retrieval import Found, Query, find_passages
from index.answering.sides import SideFinder
from index.questions.polarity import PolarityEncoder
from index.questions.reading import Polarity, QuestionReader, Reading
from index.questions.scope import Evidence, coverage, subject_evidence

if TYPE_CHECKING:
    from index.answering.method import Method
    from index.answering.sides import Sided
    from index.debates.records import Debate
    from index.encoding.protocol import Encoder, Vectors
    from index.stance.protocol import StanceModel
    from index.storage.snapshot import Snapshot

PER_SIDE = 3
MOTION_WEIGHT = np.float32(0.5)
"""What the motion's vector counts beside the question's, once the debate is known."""
_NEARBY = 64
_COVERED = 0.5


class _Clock:
    """Measures laps in milliseconds."""

    def __init__(self) -> None:
        self._last = self._start = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self.laps["total"] = (now - self._start) * 1000
        self._last = now


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """A question, read and searched."""

    reading: Reading
    query: Query
    found: Found
    evidence: Evidence


class Advisor:
    """Answers questions from one snapshot with one encoder, and one adapted to read polarity.

    `stance` places excerpts where no debate covers a yes/no question; without it they are
    background. `method` leaves steps out, to measure what they are worth.

    Raises:
        SnapshotMismatch: The snapshot was made by another encoder.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        adapted: Encoder | None = None,
        stance: StanceModel | None = None,
        method: Method = FULL,
    ) -> None:
        polarity = PolarityEncoder(encoder, adapted)
        snapshot.manifest.check_model(encoder.fingerprint, encoder.dimension, polarity.fingerprint)
        self.snapshot = snapshot
        self.encoder = encoder
        self.adapted = adapted
        self._method = method
        self.stance = stance
        self._reader = QuestionReader(
            snapshot.agenda, snapshot.classifier, lambda text: polarity.encode([text])[0]
        )
        self._debates = {debate.id: debate for debate in snapshot.agenda.debates}
        self._topics = {topic.id: topic for topic in snapshot.agenda.topics}
        labels = LabelMap(snapshot)
        key_points = load_key_points(encoder.fingerprint)
        self._motions: dict[str, Vectors] = {}
        self._finder = SideFinder(snapshot, labels, key_points, method)
        self._background = BackgroundFinder(snapshot, labels, method)

    def advise(
        self,
        question: str,
        per_side: int | None = None,
        *,
        explain: bool = False,
        previous: str | None = None,  # noqa: ARG002 - to be read with the question
    ) -> Advice:
        """Return the answer to a question in any language, with up to `per_side` excerpts a side.

        With `explain` it also tells what was weighed and dropped.

        Raises:
            ValueError: The question is empty.
        """
        if not question.strip():
            raise ValueError("the question is empty; ask something")
        clock = _Clock()
        inquiry = self._inquire(question, clock)
        told = None
        if explain:
            told = Explanation(inquiry.reading, inquiry.evidence, coverage(inquiry.evidence))
        advice = self._answer(inquiry, per_side or PER_SIDE, told)
        clock.lap("excerpts")
        return replace(advice, explanation=told, timings_ms=clock.laps)

    def read(self, question: str) -> Reading:
        """Return how a question is understood, whether or not it can be answered."""
        return self._reader.read(question, self.encode(question))

    def evidence(self, question: str) -> Evidence:
        """Return what speaks for the documents covering a question; for calibration."""
        return self._inquire(question, _Clock()).evidence

    def debate(self, name: str, limit: int = PER_SIDE) -> Advice:
        """Return both sides of a debate, as if its motion had been asked about.

        Raises:
            ValueError: There is no such debate.
        """
        debate = self._debates.get(name)
        if debate is None:
            raise ValueError(f"no debate is called {name!r}")
        language = self.snapshot.manifest.languages[0]
        motion = debate.motion.in_language(language)
        query = Query(motion, language, self.encode(motion))
        sided = self._finder.both(debate, Polarity.AS_MOTION, query, limit)
        return _sided_advice(motion, None, sided, debate)

    def answer_in(self, debate: str, question: str, per_side: int | None = None) -> Advice:
        """Return the answer to a question in a chosen debate; ValueError for an unknown one."""
        raise NotImplementedError

    def encode(self, text: str) -> Vectors:
        """Return the vector of a question, `(D,)`."""
        vectors: Vectors = self.encoder.encode_queries([text])
        return np.asarray(vectors[0], np.float32)

    def _inquire(self, question: str, clock: _Clock) -> _Inquiry:
        vector = self.encode(question)
        clock.lap("encode")
        reading = self._reader.read(question, vector)
        query = Query(question, reading.language, vector)
        clock.lap("read")
        found = find_passages(self.snapshot, query, _NEARBY, method=self._method)
        evidence = self._evidence(reading, query, found)
        clock.lap("search")
        return _Inquiry(reading, query, found, evidence)

    def _answer(self, inquiry: _Inquiry, limit: int, told: Explanation | None) -> Advice:
        reading, query, found = inquiry.reading, inquiry.query, inquiry.found
        if coverage(inquiry.evidence) < _COVERED:
            return Advice(query.text, reading.language, answered=False)
        debate = self._debates.get(reading.debate or "")
        if debate and reading.polarity:
            drawn = self._drawn_to_motion(query, debate)
            sided = self._finder.both(debate, reading.polarity, drawn, limit, told)
            return _sided_advice(query.text, reading.language, sided, debate)
        if self.stance and not reading.subject and reading.form.asks_yes_or_no:
            sided = ad_hoc(self.snapshot, self.stance, query, reading.form, found, limit, told)
            return _sided_advice(query.text, reading.language, sided)
        topic = self._topics.get(reading.subject or "")
        shown = self._background.find(reading.subject, query, found, told)
        return Advice(query.text, reading.language, bool(shown), topic=topic, background=shown)

    def _drawn_to_motion(self, query: Query, debate: Debate) -> Query:
        """Return the query with its vector moved towards its debate's motion.

        How somebody words a question, leaning one way, in another language or with typos, should
        change little of what is found.
        """
        if debate.id not in self._motions:
            language = self.snapshot.manifest.languages[0]
            self._motions[debate.id] = self.encode(debate.motion.in_language(language))
        moved = query.vector + MOTION_WEIGHT * self._motions[debate.id]
        return replace(query, vector=moved / np.linalg.norm(moved))

    def _evidence(self, reading: Reading, query: Query, found: Found) -> Evidence:
        snapshot = self.snapshot
        subject = None
        if reading.ranked:
            subject = subject_evidence(reading.ranked)
        rows = found.dense.rows
        standard = snapshot.passage_baseline.standardised(rows, found.dense.similarities)
        sentences = np.concatenate(
            [
                np.arange(
                    stored.first_sentence, stored.first_sentence + len(stored.passage.sentences)
                )
                for stored in snapshot.records.passages(rows.tolist())
            ]
        )
        near = np.asarray(snapshot.sentences[sentences], np.float32) @ query.vector
        nearest = snapshot.sentence_baseline.standardised(sentences, near)
        return Evidence(subject, float(standard.max()), float(nearest.max()))


def _sided_advice(
    question: str, language: str | None, sided: Sided, debate: Debate | None = None
) -> Advice:
    return Advice(
        question,
        language,
        answered=True,
        debate=debate,
        sides=sided.sides,
        background=sided.background,
        unclear=sided.unclear,
    )

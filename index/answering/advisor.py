"""The walk of a question: read it, find passages per side, cut excerpts, or say: nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from index.answering.advice import Advice, SideOfAnswer, Stance
from index.answering.excerpts import SENTENCE_LIMIT, Window, as_excerpt, choose, cut_windows
from index.answering.labels import LabelMap
from index.answering.retrieval import Found, Query, find_passages
from index.debates.records import Side
from index.questions.classifier import OFF_TOPIC
from index.questions.polarity import PolarityEncoder
from index.questions.reading import Polarity, QuestionReader, Reading
from index.questions.scope import Evidence, coverage, log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.advice import Excerpt
    from index.debates.records import Debate
    from index.encoding.protocol import Encoder, Vectors
    from index.storage.snapshot import Snapshot

PER_SIDE = 3
BACKGROUND = 5
BESIDE_SIDES = 2
"""How many background excerpts stand below two sides."""
_PASSAGES = 24
_NEARBY = 64
_NEARLY = 0.985
"""How near, of the nearest labelled one, an unlabelled excerpt must be to stand beside it."""
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


class Advisor:
    """Answers questions from one snapshot with one encoder, and one adapted to read polarity.

    Raises:
        SnapshotMismatch: The snapshot was made by another encoder.
    """

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, adapted: Encoder | None = None
    ) -> None:
        polarity = PolarityEncoder(encoder, adapted)
        snapshot.manifest.check_model(encoder.fingerprint, encoder.dimension, polarity.fingerprint)
        self.snapshot = snapshot
        self._encoder = encoder
        self._reader = QuestionReader(
            snapshot.agenda, snapshot.classifier, lambda text: polarity.encode([text])[0]
        )
        self._debates = {debate.id: debate for debate in snapshot.agenda.debates}
        self._topics = {topic.id: topic for topic in snapshot.agenda.topics}
        self._labels = LabelMap(snapshot)

    def advise(self, question: str, per_side: int | None = None) -> Advice:
        """Return the answer to a question in any language, with up to `per_side` excerpts a side.

        Raises:
            ValueError: The question is empty.
        """
        if not question.strip():
            raise ValueError("the question is empty; ask something")
        clock = _Clock()
        vector = self._encode(question)
        clock.lap("encode")
        reading = self._reader.read(question, vector)
        query = Query(question, reading.language, vector)
        clock.lap("read")
        found = find_passages(self.snapshot, query, _NEARBY)
        evidence = self._evidence(reading, query, found)
        clock.lap("search")
        advice = self._answer(question, reading, query, found, evidence, per_side or PER_SIDE)
        clock.lap("excerpts")
        advice.timings_ms.update(clock.laps)
        return advice

    def evidence(self, question: str) -> Evidence:
        """Return what speaks for the documents covering a question; for calibration."""
        vector = self._encode(question)
        reading = self._reader.read(question, vector)
        query = Query(question, reading.language, vector)
        return self._evidence(reading, query, find_passages(self.snapshot, query, _NEARBY))

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
        query = Query(motion, language, self._encode(motion))
        sides, background = self._two_sides(debate, Polarity.AS_MOTION, query, limit)
        return Advice(
            motion, None, answered=True, debate=debate, sides=sides, background=background
        )

    def _encode(self, text: str) -> Vectors:
        vectors: Vectors = self._encoder.encode_queries([text])
        return np.asarray(vectors[0], np.float32)

    def _answer(
        self,
        question: str,
        reading: Reading,
        query: Query,
        found: Found,
        evidence: Evidence,
        per_side: int,
    ) -> Advice:
        language = reading.language
        if coverage(evidence) < _COVERED:
            return Advice(question, language, answered=False)
        debate = self._debates.get(reading.debate or "")
        if debate and reading.polarity:
            sides, background = self._two_sides(debate, reading.polarity, query, per_side)
            return Advice(
                question,
                language,
                answered=True,
                debate=debate,
                sides=sides,
                background=background,
            )
        topic = self._topics.get(reading.subject or "")
        shown = self._background(reading, query, found)
        return Advice(question, language, bool(shown), topic=topic, background=shown)

    def _evidence(self, reading: Reading, query: Query, found: Found) -> Evidence:
        snapshot = self.snapshot
        subject = None
        if reading.ranked:
            subject = log_odds(1 - reading.ranked.of(OFF_TOPIC))
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

    def _two_sides(
        self, debate: Debate, polarity: Polarity, query: Query, limit: int
    ) -> tuple[tuple[SideOfAnswer, ...], tuple[Excerpt, ...]]:
        """Return both sides in equal room, yes to the question first, and what is background."""
        windows = {Side.YES: self._side(debate, Side.YES, query, limit)}
        windows[Side.NO] = self._side(debate, Side.NO, query, limit, taken=windows[Side.YES])
        wanted = max(map(len, windows.values()))
        for side, other in ((Side.YES, Side.NO), (Side.NO, Side.YES)):
            if 0 < len(windows[side]) < wanted:  # say the same in more and shorter excerpts
                shorter = self._side(debate, side, query, wanted, 1, taken=windows[other])
                windows[side] = max(windows[side], shorter, key=len)
        heard = [found for found in windows.values() if found]
        room = min(len(found) for found in heard) if len(heard) > 1 else limit
        order = (Side.YES, Side.NO) if polarity is Polarity.AS_MOTION else (Side.NO, Side.YES)
        sides = tuple(
            SideOfAnswer(
                stance,
                debate.sides[side],
                tuple(as_excerpt(self.snapshot, window) for window in windows[side][:room]),
            )
            for stance, side in zip(Stance, order, strict=True)
        )
        shown = [window for side in order for window in windows[side][:room]]
        background = self._side(debate, Side.BACKGROUND, query, BESIDE_SIDES, taken=shown)
        return sides, tuple(as_excerpt(self.snapshot, window) for window in background)

    def _side(
        self,
        debate: Debate,
        side: Side,
        query: Query,
        limit: int,
        sentences: int = SENTENCE_LIMIT,
        taken: Sequence[Window] = (),
    ) -> list[Window]:
        rows = self._labels.rows(debate, side)
        if not len(rows):
            return []
        found = find_passages(self.snapshot, query, _PASSAGES, among=rows)
        passages = self.snapshot.records.passages(list(found.fused))
        judge = self._labels.judge(debate, side)
        windows = cut_windows(self.snapshot, query, passages, judge, sentences)
        return choose(windows, found.fused, limit, taken)

    def _background(self, reading: Reading, query: Query, found: Found) -> tuple[Excerpt, ...]:
        """Return what the documents hold on an open question; labels of its subject come first."""
        subject = reading.subject
        fused = dict(list(found.fused.items())[:_PASSAGES])
        for row in self._labels.rows_of_subject(subject).tolist() if subject else ():
            fused.setdefault(row, 0.0)
        passages = self.snapshot.records.passages(list(fused))
        judge = self._labels.subject_judge(subject)
        windows = cut_windows(self.snapshot, query, passages, judge)
        labelled = [window for window in windows if window.verdict.by]
        on_topic = subject in self._topics
        chosen = choose(labelled, fused, BACKGROUND if on_topic else BACKGROUND // 2)
        if chosen and on_topic:
            nearest = max(window.similarity for window in chosen)
            windows = [window for window in windows if window.similarity >= _NEARLY * nearest]
        chosen += choose(windows, fused, BACKGROUND - len(chosen), taken=chosen)
        return tuple(as_excerpt(self.snapshot, window) for window in chosen)

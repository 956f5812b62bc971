"""The walk of a question: read it, find passages per side, cut excerpts, or say: nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from index.answering.composing import Composer, is_covered, silence
from index.answering.explanation import Explanation
from index.answering.going_on import GoingOn
from index.answering.inquiry import Clock, Inquirer
from index.answering.keypoints import load_key_points
from index.answering.method import FULL
from index.answering.retrieval import Query
from index.encoding.remembering import RememberingEncoder
from index.questions.alternatives import alternatives
from index.questions.reading import QuestionReader
from index.questions.refining import Refiner
from index.questions.scope import coverage

if TYPE_CHECKING:
    from index.answering.advice import Advice
    from index.answering.inquiry import Inquiry
    from index.answering.method import Method
    from index.debates.records import Debate
    from index.encoding.protocol import Encoder, Vectors
    from index.questions.reading import Reading
    from index.questions.scope import Evidence
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Snapshot

PER_SIDE = 3


class Advisor:
    """Answers questions from one snapshot with one encoder, and one adapted to read them.

    `stance` places excerpts where no debate covers a yes/no question; without it they are
    background. `method` leaves steps out, to measure what they are worth.

    Its process multiplies matrices on one thread from then on. Those of a question are small, and
    where other work keeps the processors busy, threads wait for each other four times as long as
    one takes.

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
        threadpool_limits(1, user_api="blas")
        asked = RememberingEncoder(encoder)
        reading = RememberingEncoder(adapted) if adapted else asked
        snapshot.manifest.check_model(encoder.fingerprint, encoder.dimension, reading.fingerprint)
        self.snapshot = snapshot
        self.encoder = encoder
        self.adapted = adapted
        self.stance = stance
        agenda, classifier = snapshot.agenda, snapshot.classifier
        self._reader = QuestionReader(agenda, classifier, reading)
        self._inquirer = Inquirer(snapshot, asked, self._reader, method)
        key_points = load_key_points(encoder.fingerprint)
        self._composer = Composer(snapshot, self.encode, key_points, stance, method)
        refiner = Refiner(agenda, classifier, reading)
        self._going_on = GoingOn(self._inquirer, refiner, self._composer, self.encode)

    def advise(
        self,
        question: str,
        per_side: int | None = None,
        *,
        explain: bool = False,
        previous: str | None = None,
    ) -> Advice:
        """Return the answer to a question in any language, with up to `per_side` excerpts a side.

        With `explain` it also tells what was weighed and dropped. `previous` is the `context` of
        the answer before, or the question before: a question that only goes on from it is read
        with it, any other is answered as if nothing had been asked before.

        Raises:
            ValueError: The question is empty.
        """
        _check(question)
        clock = Clock()
        inquiry = self._inquirer.inquire(question, clock)
        told = None
        if explain:
            told = Explanation(inquiry.reading, inquiry.evidence, coverage(inquiry.evidence))
        limit = per_side or PER_SIDE
        refined = self._going_on.answer(inquiry, previous, limit, told) if previous else None
        advice = refined or self._answer(inquiry, limit, told)
        clock.lap("excerpts")
        return replace(advice, explanation=told, timings_ms=clock.laps)

    def answer_in(self, debate: str, question: str, per_side: int | None = None) -> Advice:
        """Return the answer to a question in a chosen debate, whatever it seems to be about.

        Raises:
            ValueError: The question is empty, or there is no such debate.
        """
        _check(question)
        chosen = self._known(debate)
        clock = Clock()
        inquiry = self._inquirer.inquire(question, clock)
        reading = self._reader.within(inquiry.reading, debate)
        query = self._composer.drawn_to_motion(inquiry.query, chosen)
        advice = self._composer.both(chosen, reading, query, per_side or PER_SIDE)
        clock.lap("excerpts")
        return replace(advice, timings_ms=clock.laps)

    def read(self, question: str) -> Reading:
        """Return how a question is understood, whether or not it can be answered."""
        return self._reader.read(question)

    def evidence(self, question: str) -> Evidence:
        """Return what speaks for the documents covering a question; for calibration."""
        return self._inquirer.inquire(question).evidence

    def debate(self, name: str, limit: int = PER_SIDE) -> Advice:
        """Return both sides of a debate, as if its motion had been asked about.

        Raises:
            ValueError: There is no such debate.
        """
        debate = self._known(name)
        language = self.snapshot.manifest.languages[0]
        motion = debate.motion.in_language(language)
        return self._composer.motion(debate, Query(motion, language, self.encode(motion)), limit)

    def encode(self, text: str) -> Vectors:
        """Return the vector of a question, `(D,)`."""
        return self._inquirer.encode(text)

    def _known(self, debate: str) -> Debate:
        if debate not in self._composer.debates:
            raise ValueError(f"no debate is called {debate!r}")
        return self._composer.debates[debate]

    def _answer(self, inquiry: Inquiry, limit: int, told: Explanation | None) -> Advice:
        covered = is_covered(inquiry)
        advice = self._composer.shown(inquiry, limit, told) if covered else silence(inquiry)
        others = alternatives(
            inquiry.query.text,
            inquiry.reading,
            self._composer.debates,
            advice.debate.id if advice.debate else None,
            covered=covered,
        )
        return replace(advice, alternatives=self._composer.named(others))


def _check(question: str) -> None:
    if not question.strip():
        raise ValueError("the question is empty; ask something")

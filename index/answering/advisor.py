"""The walk of a question: read it, find passages per side, cut excerpts, or say: nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from index.answering.adhoc import ad_hoc
from index.answering.advice import Advice
from index.answering.background import BackgroundFinder
from index.answering.explanation import Explanation
from index.answering.inquiry import Clock, Inquirer
from index.answering.keypoints import load_key_points
from index.answering.labels import LabelMap
from index.answering.method import FULL
from index.answering.relevance import Relevance
from index.answering.retrieval import Query
from index.answering.sides import SideFinder
from index.encoding.remembering import RememberingEncoder
from index.questions.alternatives import ALTERNATIVES, alternatives, named_besides
from index.questions.polarity import PolarityEncoder
from index.questions.reading import Polarity, QuestionReader
from index.questions.refining import Ground, Refiner, Step, spoken
from index.questions.scope import coverage
from index.questions.turns import read_turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.answering.inquiry import Inquiry
    from index.answering.method import Method
    from index.answering.sides import Sided
    from index.debates.records import Debate, Topic
    from index.encoding.protocol import Encoder, Vectors
    from index.questions.reading import Reading
    from index.questions.refining import Turn
    from index.questions.scope import Evidence
    from index.questions.turns import Said
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Snapshot

PER_SIDE = 3
MOTION_WEIGHT = np.float32(0.5)
"""What the motion's vector counts beside the question's, once the debate is known."""
_COVERED = 0.5
_TOPIC_SHARE = 0.1
"""So likely a topic is meant by an open question that goes on from one about a debate."""


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
        asked = RememberingEncoder(encoder)
        polarity = PolarityEncoder(asked, RememberingEncoder(adapted) if adapted else None)
        snapshot.manifest.check_model(encoder.fingerprint, encoder.dimension, polarity.fingerprint)
        self.snapshot = snapshot
        self.encoder = encoder
        self.adapted = adapted
        self.stance = stance
        agenda, classifier = snapshot.agenda, snapshot.classifier
        self._reader = QuestionReader(agenda, classifier, polarity.encode)
        self._inquirer = Inquirer(snapshot, asked, self._reader, method)
        self._refiner = Refiner(
            agenda, classifier, self.encode, lambda text: polarity.encode([text])[0]
        )
        self._debates = {debate.id: debate for debate in agenda.debates}
        self._topics = {topic.id: topic for topic in agenda.topics}
        labels = LabelMap(snapshot)
        key_points = load_key_points(encoder.fingerprint)
        self._motions: dict[str, Vectors] = {}
        self._finder = SideFinder(snapshot, labels, key_points, method)
        self._background = BackgroundFinder(snapshot, labels, method)
        self._relevance = Relevance(snapshot, labels)

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
        refined = self._refined(inquiry, previous, limit, told) if previous else None
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
        advice = self._both(chosen, reading, inquiry.query, per_side or PER_SIDE)
        clock.lap("excerpts")
        return replace(advice, timings_ms=clock.laps)

    def read(self, question: str) -> Reading:
        """Return how a question is understood, whether or not it can be answered."""
        return self._reader.read(question, self.encode(question))

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
        query = Query(motion, language, self.encode(motion))
        sided = self._finder.both(debate, Polarity.AS_MOTION, query, limit)
        return _sided_advice(motion, None, sided, debate)

    def encode(self, text: str) -> Vectors:
        """Return the vector of a question, `(D,)`."""
        return self._inquirer.encode(text)

    def _known(self, debate: str) -> Debate:
        if debate not in self._debates:
            raise ValueError(f"no debate is called {debate!r}")
        return self._debates[debate]

    def _named(self, debates: Iterable[str]) -> tuple[Debate, ...]:
        return tuple(self._debates[name] for name in debates)

    def _answer(self, inquiry: Inquiry, limit: int, told: Explanation | None) -> Advice:
        advice = self._shown(inquiry, limit, told) if _covered(inquiry) else _silence(inquiry)
        others = alternatives(
            inquiry.query.text,
            inquiry.reading,
            self._debates,
            advice.debate.id if advice.debate else None,
            covered=_covered(inquiry),
        )
        return replace(advice, alternatives=self._named(others))

    def _shown(self, inquiry: Inquiry, limit: int, told: Explanation | None) -> Advice:
        reading, query, found = inquiry.reading, inquiry.query, inquiry.found
        debate = self._debates.get(reading.debate or "")
        if debate and reading.polarity:
            return self._both(debate, reading, query, limit, told)
        if self.stance and not reading.subject and reading.form.asks_yes_or_no:
            sided = ad_hoc(self.snapshot, self.stance, query, reading.form, found, limit, told)
            return _sided_advice(query.text, reading.language, sided)
        topic = self._topics.get(reading.subject or "")
        shown = self._background.find(reading.subject, query, found, told)
        return Advice(query.text, reading.language, bool(shown), topic=topic, background=shown)

    def _both(
        self,
        debate: Debate,
        reading: Reading,
        query: Query,
        limit: int,
        told: Explanation | None = None,
    ) -> Advice:
        polarity = reading.polarity or Polarity.AS_MOTION
        drawn = self._drawn_to_motion(query, debate)
        sided = self._finder.both(debate, polarity, drawn, limit, told)
        return _sided_advice(query.text, reading.language, sided, debate)

    def _refined(
        self, inquiry: Inquiry, previous: str, limit: int, told: Explanation | None
    ) -> Advice | None:
        """Return the answer to a question that goes on from others; `None` if it does not."""
        turns = read_turns(previous)
        question = inquiry.query.text
        before = " ".join(turn.text for turn in turns)
        if not self._refiner.leans(question, before, inquiry.reading, inquiry.evidence):
            return None
        ground = self._ground(turns, spoken(question, before))
        if ground is None:
            return None
        turn = self._refiner.take(ground, question)
        debate = self._debates.get(turn.ground.debate or "")
        if debate is None or turn.step is Step.OPEN:
            advice = self._gone_on(turns, question, limit, told)
        elif turn.step is Step.ASPECT and not self._speaks_of(debate, turn):
            if self._names_another(inquiry, debate):
                return None
            named = self._named(named_besides(inquiry.reading, self._debates, debate.id))
            advice = replace(_silence(inquiry), alternatives=(debate, *named)[:ALTERNATIVES])
        else:
            advice = self._turned_to(debate, turn, turns, inquiry, limit, told)
        return replace(advice, question=question, language=ground.language, refines=previous)

    def _ground(self, turns: Sequence[Said], language: str | None) -> Ground | None:
        """Return where a conversation stands; `None` where it was about nothing we know."""
        for turn in reversed(turns):
            if turn.debate in self._debates:
                return Ground(language, turn.debate, turn.polarity)
        first = self._inquirer.inquire(turns[0].text) if turns else None
        if first is None or not _covered(first):
            return None
        return Ground(language, first.reading.debate, first.reading.polarity)

    def _gone_on(
        self, turns: Sequence[Said], question: str, limit: int, told: Explanation | None
    ) -> Advice:
        """Return the answer to a question read as one with the first one."""
        whole = self._inquirer.inquire(f"{turns[0].text} {question}")
        if told:
            told.take(whole.reading, whole.evidence, coverage(whole.evidence))
        if not _covered(whole):
            return _silence(whole)
        topic = self._likely_topic(whole.reading)
        if topic is None:
            return self._shown(whole, limit, told)
        shown = self._background.find(topic.id, whole.query, whole.found, told)
        return Advice(question, None, answered=bool(shown), topic=topic, background=shown)

    def _likely_topic(self, reading: Reading) -> Topic | None:
        """Return the topic that an open question goes on to, though its debate is likelier."""
        ranked = reading.ranked
        if ranked is None or not reading.form.open:
            return None
        named = next((name for name in ranked.subjects if name in self._topics), None)
        likely = named is not None and ranked.of(named) >= _TOPIC_SHARE
        return self._topics[named] if named and likely else None

    def _turned_to(
        self,
        debate: Debate,
        turn: Turn,
        turns: Sequence[Said],
        inquiry: Inquiry,
        limit: int,
        told: Explanation | None,
    ) -> Advice:
        """Return the answer in a debate to what a question adds to those before it."""
        adds = turn.step in (Step.ASPECT, Step.MOVED)
        text = turn.about if adds else f"{turns[0].text} {inquiry.query.text}"
        query = Query(text, turn.ground.language, self.encode(text))
        if turn.step is Step.ASPECT:
            query = replace(query, vector=self._relevance.sharpened(query.vector))
        else:
            query = self._drawn_to_motion(query, debate)
        reading = replace(
            inquiry.reading,
            language=turn.ground.language,
            subject=debate.id,
            debate=debate.id,
            polarity=turn.ground.polarity,
            asks_for_motion=None,
        )
        if told:
            told.reading = reading
        polarity = turn.ground.polarity or Polarity.AS_MOTION
        sided = self._finder.both(debate, polarity, query, limit, told)
        advice = _sided_advice(query.text, reading.language, sided, debate)
        others = named_besides(inquiry.reading, self._debates, debate.id)
        return replace(advice, alternatives=self._named(others))

    def _speaks_of(self, debate: Debate, turn: Turn) -> bool:
        return self._relevance.speaks_of(debate, self.encode(turn.about))

    def _names_another(self, inquiry: Inquiry, debate: Debate) -> bool:
        return _covered(inquiry) and inquiry.reading.debate not in (None, debate.id)

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


def _check(question: str) -> None:
    if not question.strip():
        raise ValueError("the question is empty; ask something")


def _covered(inquiry: Inquiry) -> bool:
    """Tell whether the documents cover a question.

    Of documents that nobody has labelled no example is known: they speak for themselves.
    """
    aside = inquiry.aside
    return coverage(inquiry.evidence) >= _COVERED or (
        aside is not None and coverage(aside) >= _COVERED
    )


def _silence(inquiry: Inquiry) -> Advice:
    return Advice(inquiry.query.text, inquiry.reading.language, answered=False)


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

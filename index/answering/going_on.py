"""The answer to a question that goes on from those before it: "and what about costs?"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.answering.composing import is_covered, silence
from index.answering.retrieval import Query
from index.questions.alternatives import ALTERNATIVES, named_besides
from index.questions.refining import Ground, Step, spoken
from index.questions.scope import coverage
from index.questions.turns import read_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.answering.advice import Advice
    from index.answering.composing import Composer
    from index.answering.explanation import Explanation
    from index.answering.inquiry import Inquirer, Inquiry
    from index.debates.records import Debate, Topic
    from index.encoding.protocol import Vectors
    from index.questions.reading import Reading
    from index.questions.refining import Refiner, Turn
    from index.questions.turns import Said

_TOPIC_SHARE = 0.1
"""So likely a topic is meant by an open question that goes on from one about a debate."""


class GoingOn:
    """Reads a question with what was said before, where it leans on that."""

    def __init__(
        self,
        inquirer: Inquirer,
        refiner: Refiner,
        composer: Composer,
        encode: Callable[[str], Vectors],
    ) -> None:
        self._inquirer = inquirer
        self._refiner = refiner
        self._composer = composer
        self._encode = encode

    def answer(
        self, inquiry: Inquiry, previous: str, limit: int, told: Explanation | None
    ) -> Advice | None:
        """Return the answer to a question that goes on from others; `None` if it does not.

        `previous` is the `context` of the answer before, or the question before.
        """
        turns = read_turns(previous)
        question = inquiry.query.text
        before = " ".join(turn.text for turn in turns)
        if not self._refiner.leans(question, before, inquiry.reading, inquiry.evidence):
            return None
        ground = self._ground(turns, spoken(question, before))
        if ground is None:
            return None
        turn = self._refiner.take(ground, question)
        debates = self._composer.debates
        debate = debates.get(turn.ground.debate or "")
        if debate is None or turn.step is Step.OPEN:
            advice = self._gone_on(turns, question, limit, told)
        elif turn.step is Step.ASPECT and not self._speaks_of(debate, turn):
            if _names_another(inquiry, debate):
                return None
            named = self._composer.named(named_besides(inquiry.reading, debates, debate.id))
            advice = replace(silence(inquiry), alternatives=(debate, *named)[:ALTERNATIVES])
        else:
            advice = self._turned_to(debate, turn, turns, inquiry, limit, told)
        return replace(advice, question=question, language=ground.language, refines=previous)

    def _ground(self, turns: Sequence[Said], language: str | None) -> Ground | None:
        """Return where a conversation stands; `None` where it was about nothing we know."""
        for turn in reversed(turns):
            if turn.debate in self._composer.debates:
                return Ground(language, turn.debate, turn.polarity)
        first = self._inquirer.inquire(turns[0].text) if turns else None
        if first is None or not is_covered(first):
            return None
        return Ground(language, first.reading.debate, first.reading.polarity)

    def _gone_on(
        self, turns: Sequence[Said], question: str, limit: int, told: Explanation | None
    ) -> Advice:
        """Return the answer to a question read as one with the first one."""
        whole = self._inquirer.inquire(f"{turns[0].text} {question}")
        if told:
            told.take(whole.reading, whole.evidence, coverage(whole.evidence))
        if not is_covered(whole):
            return silence(whole)
        topic = self._likely_topic(whole.reading)
        if topic is None:
            return self._composer.shown(whole, limit, told)
        return self._composer.on_topic(topic, question, whole, told)

    def _likely_topic(self, reading: Reading) -> Topic | None:
        """Return the topic that an open question goes on to, though its debate is likelier."""
        ranked, topics = reading.ranked, self._composer.topics
        if ranked is None or not reading.form.open:
            return None
        named = next((name for name in ranked.subjects if name in topics), None)
        likely = named is not None and ranked.of(named) >= _TOPIC_SHARE
        return topics[named] if named and likely else None

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
        query = Query(text, turn.ground.language, self._encode(text))
        if turn.step is Step.ASPECT:
            query = replace(query, vector=self._composer.relevance.sharpened(query.vector))
        else:
            query = self._composer.drawn_to_motion(query, debate)
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
        advice = self._composer.both(debate, reading, query, limit, told)
        others = named_besides(inquiry.reading, self._composer.debates, debate.id)
        return replace(advice, alternatives=self._composer.named(others))

    def _speaks_of(self, debate: Debate, turn: Turn) -> bool:
        return self._composer.relevance.speaks_of(debate, self._encode(turn.about))


def _names_another(inquiry: Inquiry, debate: Debate) -> bool:
    return is_covered(inquiry) and inquiry.reading.debate not in (None, debate.id)

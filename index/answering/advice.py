"""The records of an answer, and their JSON form, which other programs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from index.answering.explanation import explanation_as_json
from index.debates.records import Side
from index.questions.reading import Polarity
from index.questions.turns import Said, plain, read_turns, write_turns

if TYPE_CHECKING:
    from datetime import date

    from index.answering.explanation import Explanation
    from index.debates.records import Debate, Localised, Topic


class Stance(StrEnum):
    """Which answer to the question, as it was asked, an excerpt speaks for."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One to three whole sentences, verbatim, with the place that they come from.

    `start` and `end` count code points of the file `document`. `similarity` is the cosine of
    excerpt and question, in a debate the question drawn towards its motion. `label_by` says who
    put it on its side (`None` for mere background), and `certainty`, in [0, 1], how sure that is:
    1 where a person said so. `reported` marks a view that the document reports without sharing
    it. `page` counts from 1, where the document has pages. `similar` are excerpts that make the
    same point.
    """

    quote: str
    document: str
    title: str | None
    author: str | None
    published: date | None
    heading: str | None
    start: int
    end: int
    similarity: float
    label_by: str | None = None
    certainty: float | None = None
    reported: bool = False
    page: int | None = None
    similar: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class SideOfAnswer:
    """One side's name and excerpts, best first; none means that the corpus has no such voice.

    `further` are what else speaks for it, for whoever asks for more: they need no equal room. Where
    it is not `sure` which way the question asks, the side's name stands by itself, and `stance` is
    no more than likely.
    """

    stance: Stance
    label: Localised
    excerpts: tuple[Excerpt, ...]
    further: tuple[Excerpt, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer to one question.

    `unclear` are related excerpts of whose side a model is not certain: no `label_by`, and the
    `certainty` of the likelier side. Sides without a debate were placed by a model for this one
    question. `refines` is what was asked before, where this question only goes on from it, as it
    was handed in; `alternatives` are other debates that it could as well belong to. A refining
    question on which the documents say nothing is not answered, and offers the debate at large.
    """

    question: str
    language: str | None
    answered: bool
    debate: Debate | None = None
    topic: Topic | None = None
    sides: tuple[SideOfAnswer, ...] = ()
    background: tuple[Excerpt, ...] = ()
    unclear: tuple[Excerpt, ...] = ()
    refines: str | None = None
    alternatives: tuple[Debate, ...] = ()
    explanation: Explanation | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def context(self) -> str:
        """What to hand in with the next question, which may go on from this one."""
        before = read_turns(self.refines) if self.refines else ()
        debate = self.debate.id if self.debate and self.polarity else None
        return write_turns((*before, Said(self.question, debate, self.polarity)))

    @property
    def polarity(self) -> Polarity | None:
        """Which way the debate was asked; `None` where no sides of a debate are shown."""
        if not self.debate or not self.sides:
            return None
        as_motion = self.sides[0].label == self.debate.sides[Side.YES]
        return Polarity.AS_MOTION if as_motion else Polarity.REVERSED

    def excerpts(self) -> tuple[Excerpt, ...]:
        """Return all excerpts in the order shown."""
        sided = tuple(excerpt for side in self.sides for excerpt in side.excerpts)
        return sided + self.background + self.unclear


def advice_as_json(advice: Advice, language: str) -> dict[str, Any]:
    """Return an answer as plain JSON values, with names in the interface's language."""
    debate = advice.debate
    content: dict[str, Any] = {
        "question": advice.question,
        "language": advice.language,
        "answered": advice.answered,
        "refines": plain(advice.refines) if advice.refines else None,
        "debate": _debate_as_json(debate, language) if debate else None,
        "alternatives": [_debate_as_json(other, language) for other in advice.alternatives],
        "sides": [
            {
                "stance": side.stance.value,
                "sure": side.sure,
                "label": side.label.in_language(language),
                "excerpts": [_excerpt_as_json(excerpt) for excerpt in side.excerpts],
            }
            for side in advice.sides
        ],
        "background": [_excerpt_as_json(excerpt) for excerpt in advice.background],
        "unclear": [_excerpt_as_json(excerpt) for excerpt in advice.unclear],
        "timings_ms": {name: round(value, 2) for name, value in advice.timings_ms.items()},
    }
    if advice.explanation:
        content["explanation"] = explanation_as_json(advice.explanation)
    return content


def _debate_as_json(debate: Debate, language: str) -> dict[str, str]:
    return {"id": debate.id, "motion": debate.motion.in_language(language)}


def _excerpt_as_json(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "quote": excerpt.quote,
        "document": excerpt.document,
        "title": excerpt.title,
        "author": excerpt.author,
        "published": excerpt.published.isoformat() if excerpt.published else None,
        "heading": excerpt.heading,
        "page": excerpt.page,
        "start": excerpt.start,
        "end": excerpt.end,
        "similarity": round(excerpt.similarity, 4),
        "label_by": excerpt.label_by,
        "certainty": excerpt.certainty,
        "reported": excerpt.reported,
        "similar": [_excerpt_as_json(similar) for similar in excerpt.similar],
    }

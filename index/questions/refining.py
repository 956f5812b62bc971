"""Follows a conversation: which debate its turns have come to, and which way it is asked.

It knows nothing of documents; whether they say anything on what a turn adds is decided later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np

from index.debates.records import Side
from index.encoding.lengths import unit_row
from index.questions.classifier import OFF_TOPIC
from index.questions.followup import leaning, read_wording
from index.questions.language import detect_language
from index.questions.lexicon import read_form
from index.questions.reading import Polarity
from index.questions.scope import coverage

if TYPE_CHECKING:
    from index.debates.loading import Agenda
    from index.debates.records import Debate
    from index.encoding.protocol import Encoder, Vectors
    from index.questions.classifier import QuestionClassifier
    from index.questions.followup import Wording
    from index.questions.reading import Reading
    from index.questions.scope import Evidence

_REFINES = 0.5
_OWN_SUBJECT = 0.8
"""So likely a subject of its own makes a question of several words stand alone."""
_LIKELY_SUBJECT = 0.5
"""So likely one makes a question stand alone that is merely short."""
_OFF_TOPIC = 0.7
"""So likely off topic, a question that no opening joins to another stands alone."""
_COVERED = 0.5
"""What asks how or what, with words of its own, goes on only if the documents cover it."""
_SEVERAL_WORDS = 3
_RELATIVE = 4.4
"""Log odds of a debate over its parent from which on what is said concerns the debate itself."""
_NEAR_SIDE = 0.80
_HINTED = 0.04
"""How much less near "instead" and its like must come to the name of a side."""
_NAMES_SIDE = 0.885
"""How near to the name of a side comes what names it outright."""
_OPPOSITE = 0.05
"""What speaks for the other side before a word is read: to ask the same again is idle."""
_FEW_WORDS = 2


class Step(Enum):
    """What a turn does: it asks why, adds an aspect, asks for a side, changes debate, asks how."""

    REASONS = auto()
    ASPECT = auto()
    TURNED = auto()
    MOVED = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a conversation stands: its debate, and which way it is asked, if it has come to one."""

    language: str | None
    debate: str | None = None
    polarity: Polarity | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that refines: what it does, where it leads, and the words that say so."""

    step: Step
    ground: Ground
    about: str


class Refiner:
    """Reads questions that refine the ones before them, against an agenda."""

    def __init__(
        self,
        agenda: Agenda,
        classifier: QuestionClassifier | None,
        encoder: Encoder,
    ) -> None:
        self._classifier = classifier
        self._encoder = encoder
        self._debates = {debate.id: debate for debate in agenda.debates}
        self._sides: dict[str, dict[Side, Vectors]] = {}

    def leans(self, question: str, before: str, reading: Reading, bare: Evidence) -> bool:
        """Tell whether a question goes on from the one `before`.

        `reading` and `bare` are what is understood of it, and speaks for it, by itself.
        """
        wording = read_wording(question, spoken(question, before))
        if not wording.says_something or leaning(wording, bare) < _REFINES:
            return False
        if wording.elliptical or reading.ranked is None or not wording.own_words:
            return True
        likeliest, share = reading.ranked.subjects[0], reading.ranked.probabilities[0]
        if reading.form.open and not wording.fragment and coverage(bare) < _COVERED:
            return False
        if likeliest == OFF_TOPIC:
            return wording.joined or wording.fragment or share < _OFF_TOPIC
        if not wording.goes_on:
            return share < _LIKELY_SUBJECT
        return wording.own_words < _SEVERAL_WORDS or share < _OWN_SUBJECT

    def take(self, ground: Ground, question: str) -> Turn:
        """Return the turn that a refining question is, and where it leads."""
        wording = read_wording(question, ground.language)
        known = self._debates.get(ground.debate or "")
        if known is None or ground.polarity is None or self._asks_how(question, wording, ground):
            return Turn(Step.OPEN, ground, wording.rest)
        moved = self._relative(known, wording, ground.language)
        if moved:
            return Turn(Step.MOVED, replace(ground, debate=moved), wording.rest)
        asked = self._asked(known, wording, ground)
        if asked:
            return Turn(Step.TURNED, replace(ground, polarity=asked), wording.rest)
        return Turn(Step.ASPECT if wording.own_words else Step.REASONS, ground, wording.rest)

    def _asks_how(self, question: str, wording: Wording, ground: Ground) -> bool:
        """Tell whether a turn asks how or when: what has no two sides."""
        has_sides = wording.elliptical or wording.turned or _asks_why(wording)
        return read_form(question, ground.language).open and not has_sides

    def _asked(self, debate: Debate, wording: Wording, ground: Ground) -> Polarity | None:
        """Return which way a turn asks, where it says so itself."""
        opposite = Polarity(-(ground.polarity or Polarity.AS_MOTION))
        if wording.turned:
            return opposite
        side = None if _asks_why(wording) else self._side(debate, ground, wording)
        if side:
            return Polarity.AS_MOTION if side is Side.YES else Polarity.REVERSED
        says_no = read_form(wording.rest, ground.language).reversed and not wording.own_words
        return opposite if says_no else None

    def _relative(self, debate: Debate, wording: Wording, language: str | None) -> str | None:
        """Return the parent or child of a debate that a changed condition leads to.

        "And as a B2B firm?" leads from the general debate to that of B2B firms; in that debate,
        where nobody need say so again, what concerns it leads back.
        """
        if not wording.own_words:
            return None
        reversed_by_words = read_form(wording.rest, language).reversed
        for parent in debate.inherits:
            leaves = reversed_by_words or wording.elliptical
            if leaves and self._odds(wording.rest, debate.id, parent) >= _RELATIVE:
                return parent
        if reversed_by_words:
            return None
        children = [other.id for other in self._debates.values() if debate.id in other.inherits]
        odds = {child: self._odds(wording.rest, child, debate.id) for child in children}
        likeliest = max(odds, key=odds.__getitem__, default=None)
        return likeliest if likeliest and odds[likeliest] >= _RELATIVE else None

    def _odds(self, text: str, one: str, other: str) -> float:
        """Return the log odds that a text belongs to one debate rather than another."""
        if self._classifier is None:
            return 0.0
        ranked = self._classifier.rank(self._encoder.encode_queries([text])[0])
        tiny = np.finfo(np.float64).tiny
        return float(np.log(ranked.of(one) + tiny) - np.log(ranked.of(other) + tiny))

    def _side(self, debate: Debate, ground: Ground, wording: Wording) -> Side | None:
        """Return the side of a debate that a turn asks for; `None` where it names neither."""
        if wording.own_words > _FEW_WORDS or not wording.rest:
            return None
        form = read_form(wording.rest, ground.language)
        vector = unit_row(self._encoder.encode_queries([form.affirmative])[0])
        near = {side: float((names @ vector).max()) for side, names in self._names(debate).items()}
        leans_to_yes = near[Side.YES] - near[Side.NO]
        if form.reversed:
            leans_to_yes = -leans_to_yes
        if (wording.supposes or wording.rather) and not wording.fragment:
            needed = _NEAR_SIDE - (_HINTED if wording.rather else 0.0)
            leans_to_yes -= _OPPOSITE * int(ground.polarity or 0)
        else:
            needed = _NAMES_SIDE
        if max(near.values()) < needed:
            return None
        return Side.YES if leans_to_yes > 0 else Side.NO

    def _names(self, debate: Debate) -> dict[Side, Vectors]:
        """Return the vectors of the names of a debate's sides, `(n, D)` each."""
        if debate.id not in self._sides:
            named = {side: names.texts.values() for side, names in debate.sides.items()}
            self._sides[debate.id] = {
                side: np.stack([unit_row(one) for one in self._encoder.encode_queries(list(texts))])
                for side, texts in named.items()
            }
        return self._sides[debate.id]


def _asks_why(wording: Wording) -> bool:
    return wording.reasons and not wording.own_words


def spoken(question: str, before: str) -> str | None:
    """Return the language of a conversation: a few words alone would not tell."""
    return detect_language(f"{before} {question}")

"""Reads a question: its language, its form, its subject, and which way it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from index.questions.classifier import OFF_TOPIC, Ranked
from index.questions.language import detect_language
from index.questions.lexicon import Form, read_form

if TYPE_CHECKING:
    from index.debates.loading import Agenda
    from index.encoding.protocol import Encoder
    from index.questions.classifier import QuestionClassifier

_SHARE_NEEDED = 0.30
"""Below this, a debate and its relatives are too unlikely to put words in anybody's mouth."""
_OPEN_SHARE_NEEDED = 0.70
"""Below this, an open question is better answered by what is nearest than by a subject's labels."""
_EVEN = 0.5
_SURE = 0.6
"""Below this, on either side, a question's direction is told, and told to be uncertain."""


class Polarity(IntEnum):
    """Whether yes to the question is yes to the motion, or no to it."""

    AS_MOTION = 1
    REVERSED = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """What is understood of a question.

    `debate` is set where two sides are to be shown; `subject` may name a debate or a topic whose
    labelled spans are background to an open question. Both are ids. `asks_for_motion` is the
    probability, in [0, 1], that the question asks for the motion.
    """

    language: str | None
    form: Form
    ranked: Ranked | None
    subject: str | None
    debate: str | None
    polarity: Polarity | None
    asks_for_motion: float | None = None

    @property
    def sure(self) -> bool:
        """Whether it is likely enough which way the question asks to answer it with yes and no."""
        asks = 1.0 if self.asks_for_motion is None else self.asks_for_motion
        return max(asks, 1 - asks) >= _SURE


class QuestionReader:
    """Reads questions against an agenda, with a classifier and the encoder that it learned from."""

    def __init__(
        self,
        agenda: Agenda,
        classifier: QuestionClassifier | None,
        encoder: Encoder,
    ) -> None:
        self._classifier = classifier
        self._encoder = encoder
        self._family = {debate.id: {debate.id, *debate.inherits} for debate in agenda.debates}
        for debate in agenda.debates:
            for parent in debate.inherits:
                self._family[parent].add(debate.id)

    def read(self, question: str) -> Reading:
        """Return the reading of a question."""
        language = detect_language(question)
        form = read_form(question, language)
        if self._classifier is None:
            return Reading(language, form, None, None, None, None)
        parts = () if form.open else (form.asked, form.affirmative)
        # what may be read next is encoded with it: one pass costs less than two
        vectors = self._encoder.encode_queries([*dict.fromkeys((question, *parts))])
        ranked = self._classifier.rank(vectors[0])
        subject = next(name for name in ranked.subjects if name != OFF_TOPIC)
        share = ranked.of(*self._family.get(subject, {subject}))
        if share < (_OPEN_SHARE_NEEDED if form.open else _SHARE_NEEDED):
            return Reading(language, form, ranked, None, None, None)
        reading = Reading(language, form, ranked, subject, None, None)
        return (
            reading if subject not in self._family or form.open else self.within(reading, subject)
        )

    def within(self, reading: Reading, debate: str) -> Reading:
        """Return the reading of the same question in a debate, whatever it is likely to be about.

        Raises:
            ValueError: There is no such debate.
        """
        if self._classifier is None or debate not in self._family:
            raise ValueError(f"no debate is called {debate!r}")
        form = reading.form
        vectors = self._encoder.encode_queries([*dict.fromkeys((form.asked, form.affirmative))])
        asks = self._classifier.directions.asks_for_motion(
            debate, vectors[0], vectors[-1], is_reversed=form.reversed
        )
        polarity = Polarity.AS_MOTION if asks >= _EVEN else Polarity.REVERSED
        return replace(
            reading, subject=debate, debate=debate, polarity=polarity, asks_for_motion=asks
        )

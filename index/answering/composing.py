"""What the documents hold on a question that was read and searched: both sides, or background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from index.answering.adhoc import ad_hoc
from index.answering.advice import Advice
from index.answering.background import BackgroundFinder
from index.answering.labels import LabelMap
from index.answering.method import FULL
from index.answering.relevance import Relevance
from index.answering.sides import SideFinder
from index.questions.reading import Polarity
from index.questions.scope import coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.answering.explanation import Explanation
    from index.answering.inquiry import Inquiry
    from index.answering.keypoints import KeyPoints
    from index.answering.method import Method
    from index.answering.retrieval import Query
    from index.answering.sides import Sided
    from index.debates.records import Debate, Topic
    from index.encoding.protocol import Vectors
    from index.questions.reading import Reading
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Snapshot

MOTION_WEIGHT = np.float32(0.5)
"""What the motion's vector counts beside the question's, once the debate is known."""
_COVERED = 0.5


class Composer:
    """Puts answers together from one snapshot; `encode` gives the vector of a question, `(D,)`."""

    def __init__(
        self,
        snapshot: Snapshot,
        encode: Callable[[str], Vectors],
        key_points: KeyPoints,
        stance: StanceModel | None = None,
        method: Method = FULL,
    ) -> None:
        agenda = snapshot.agenda
        labels = LabelMap(snapshot)
        self.debates = {debate.id: debate for debate in agenda.debates}
        self.topics = {topic.id: topic for topic in agenda.topics}
        self.relevance = Relevance(snapshot, labels)
        self._snapshot = snapshot
        self._stance = stance
        self._encode = encode
        self._motions: dict[str, Vectors] = {}
        self._finder = SideFinder(snapshot, labels, key_points, method)
        self._background = BackgroundFinder(snapshot, labels, method)

    def named(self, debates: Iterable[str]) -> tuple[Debate, ...]:
        """Return the debates of these ids."""
        return tuple(self.debates[name] for name in debates)

    def shown(self, inquiry: Inquiry, limit: int, told: Explanation | None) -> Advice:
        """Return what there is on a question that the documents cover."""
        reading, query, found = inquiry.reading, inquiry.query, inquiry.found
        debate = self.debates.get(reading.debate or "")
        if debate and reading.polarity:
            drawn = self.drawn_to_motion(query, debate)
            return self.both(debate, reading, drawn, limit, told)
        if self._stance and not reading.subject and reading.form.asks_yes_or_no:
            sided = ad_hoc(self._snapshot, self._stance, query, reading.form, found, limit, told)
            return _sided_advice(query.text, reading.language, sided)
        topic = self.topics.get(reading.subject or "")
        shown = self._background.find(reading.subject, query, found, told)
        return Advice(query.text, reading.language, bool(shown), topic=topic, background=shown)

    def both(
        self,
        debate: Debate,
        reading: Reading,
        query: Query,
        limit: int,
        told: Explanation | None = None,
    ) -> Advice:
        """Return both sides of a debate, nearest to a query, yes and no as the question asks."""
        polarity = reading.polarity or Polarity.AS_MOTION
        sided = self._finder.both(debate, polarity, query, limit, told)
        if not reading.sure:
            sided = replace(sided, sides=tuple(replace(one, sure=False) for one in sided.sides))
        return _sided_advice(query.text, reading.language, sided, debate)

    def motion(self, debate: Debate, query: Query, limit: int) -> Advice:
        """Return both sides of a debate as if its motion, the query, had been asked about."""
        sided = self._finder.both(debate, Polarity.AS_MOTION, query, limit)
        return _sided_advice(query.text, None, sided, debate)

    def on_topic(
        self, topic: Topic, question: str, inquiry: Inquiry, told: Explanation | None
    ) -> Advice:
        """Return what there is on a topic; `question` is what was asked, as it stands."""
        shown = self._background.find(topic.id, inquiry.query, inquiry.found, told)
        return Advice(question, None, answered=bool(shown), topic=topic, background=shown)

    def drawn_to_motion(self, query: Query, debate: Debate) -> Query:
        """Return the query with its vector moved towards its debate's motion.

        How somebody words a question, leaning one way, in another language or with typos, should
        change little of what is found.
        """
        if debate.id not in self._motions:
            language = self._snapshot.manifest.languages[0]
            self._motions[debate.id] = self._encode(debate.motion.in_language(language))
        moved = query.vector + MOTION_WEIGHT * self._motions[debate.id]
        return replace(query, vector=moved / np.linalg.norm(moved))


def is_covered(inquiry: Inquiry) -> bool:
    """Tell whether the documents cover a question.

    Of documents that nobody has labelled no example is known: they speak for themselves.
    """
    aside = inquiry.aside
    return coverage(inquiry.evidence) >= _COVERED or (
        aside is not None and coverage(aside) >= _COVERED
    )


def silence(inquiry: Inquiry) -> Advice:
    """Return the answer that there is nothing."""
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

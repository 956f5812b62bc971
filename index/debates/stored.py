"""Debates and topics as plain JSON values, as an index keeps them, and back.

Examples and labels are not among them: the one are learned from, the other have places.
"""

from __future__ import annotations

from typing import Any

from index.debates.loading import Agenda
from index.debates.records import Debate, Localised, Side, Topic


def agenda_as_json(agenda: Agenda) -> list[dict[str, Any]]:
    """Return an agenda as plain values; `agenda_from_json` returns what an index needs of it."""
    debates = [
        {
            "id": debate.id,
            "motion": dict(debate.motion.texts),
            "sides": {str(side): dict(name.texts) for side, name in debate.sides.items()},
            "inherits": list(debate.inherits),
            "read": list(debate.read),
        }
        for debate in agenda.debates
    ]
    topics = [{"id": topic.id, "title": dict(topic.title.texts)} for topic in agenda.topics]
    return [*debates, *topics]


def agenda_from_json(content: list[dict[str, Any]]) -> Agenda:
    """Return the debates and topics that were kept, in their order."""
    debates = tuple(_debate(one) for one in content if "motion" in one)
    topics = tuple(Topic(one["id"], Localised(one["title"])) for one in content if "title" in one)
    return Agenda(debates, topics)


def _debate(content: dict[str, Any]) -> Debate:
    return Debate(
        content["id"],
        Localised(content["motion"]),
        {Side(side): Localised(texts) for side, texts in content["sides"].items()},
        tuple(content["inherits"]),
        tuple(content["read"]),
    )

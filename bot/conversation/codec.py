"""Answers to JSON and back, so that their buttons survive a restart."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance
from index.debates.records import Debate, Localised, Side, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELDS = tuple(field.name for field in fields(Excerpt))


def to_json(advice: Advice) -> dict[str, Any]:
    """Return an answer without its explanation and its timings."""
    return {
        "question": advice.question,
        "language": advice.language,
        "answered": advice.answered,
        "debate": _debate_to_json(advice.debate) if advice.debate else None,
        "topic": {"id": advice.topic.id, "title": dict(advice.topic.title.texts)}
        if advice.topic
        else None,
        "sides": [
            {
                "stance": side.stance.value,
                "label": dict(side.label.texts),
                "excerpts": _excerpts_to_json(side.excerpts),
                "further": _excerpts_to_json(side.further),
                "sure": side.sure,
            }
            for side in advice.sides
        ],
        "background": _excerpts_to_json(advice.background),
        "unclear": _excerpts_to_json(advice.unclear),
        "refines": advice.refines,
        "alternatives": [_debate_to_json(debate) for debate in advice.alternatives],
    }


def from_json(content: dict[str, Any]) -> Advice:
    """Return the answer that `to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: It was written by another version.
    """
    topic = content["topic"]
    return Advice(
        question=content["question"],
        language=content["language"],
        answered=content["answered"],
        debate=_debate(content["debate"]) if content["debate"] else None,
        topic=Topic(topic["id"], Localised(topic["title"])) if topic else None,
        sides=tuple(
            SideOfAnswer(
                Stance(side["stance"]),
                Localised(side["label"]),
                _excerpts(side["excerpts"]),
                _excerpts(side["further"]),
                side.get("sure", True),
            )
            for side in content["sides"]
        ),
        background=_excerpts(content["background"]),
        unclear=_excerpts(content["unclear"]),
        refines=content["refines"],
        alternatives=tuple(map(_debate, content["alternatives"])),
    )


def _excerpts_to_json(excerpts: Iterable[Excerpt]) -> list[dict[str, Any]]:
    return [_excerpt_to_json(excerpt) for excerpt in excerpts]


def _excerpt_to_json(excerpt: Excerpt) -> dict[str, Any]:
    # not `asdict`, which copies what lies deeper and takes ten times as long
    content = {name: getattr(excerpt, name) for name in _FIELDS}
    content["published"] = excerpt.published.isoformat() if excerpt.published else None
    content["similar"] = _excerpts_to_json(excerpt.similar)
    return content


def _excerpts(content: Iterable[dict[str, Any]]) -> tuple[Excerpt, ...]:
    return tuple(map(_excerpt, content))


def _excerpt(content: dict[str, Any]) -> Excerpt:
    published = date.fromisoformat(content["published"]) if content["published"] else None
    similar = _excerpts(content["similar"])
    return Excerpt(**(content | {"published": published, "similar": similar}))


def _debate_to_json(debate: Debate) -> dict[str, Any]:
    return {
        "id": debate.id,
        "motion": dict(debate.motion.texts),
        "sides": {side.value: dict(name.texts) for side, name in debate.sides.items()},
    }


def _debate(content: dict[str, Any]) -> Debate:
    sides = {Side(side): Localised(texts) for side, texts in content["sides"].items()}
    return Debate(content["id"], Localised(content["motion"]), sides)

"""Guides and interviews as plain JSON values, as a snapshot keeps them, and back."""

from __future__ import annotations

from typing import Any

from index.corpus.records import Span
from index.debates.records import Localised, Side
from index.guides.records import (
    Bearing,
    Guide,
    Guidebook,
    Interview,
    Option,
    Question,
    Quotation,
    Step,
)

_OFFER = ("command", "description", "title", "introduction")


def guidebook_as_json(book: Guidebook) -> dict[str, Any]:
    """Return a guidebook as plain values; `guidebook_from_json` returns the same guidebook."""
    return {
        "guides": [_of_guide(guide) for guide in book.guides],
        "interviews": [_of_interview(interview) for interview in book.interviews],
    }


def guidebook_from_json(content: dict[str, Any]) -> Guidebook:
    """Return the guidebook that was kept."""
    return Guidebook(
        tuple(_guide(one) for one in content["guides"]),
        tuple(_interview(one) for one in content["interviews"]),
    )


def _of_offer(offer: Guide | Interview) -> dict[str, Any]:
    texts = {name: dict(getattr(offer, name).texts) for name in _OFFER}
    return {"id": offer.id, **texts}


def _of_guide(guide: Guide) -> dict[str, Any]:
    steps = [
        {
            "id": step.id,
            "title": dict(step.title.texts),
            "explanation": dict(step.explanation.texts),
            "quotes": [_of_quotation(quotation) for quotation in step.quotes],
        }
        for step in guide.steps
    ]
    return {**_of_offer(guide), "steps": steps}


def _of_quotation(quotation: Quotation) -> list[Any]:
    span = quotation.span
    return [quotation.document, quotation.quote, [span.start, span.end] if span else None]


def _of_interview(interview: Interview) -> dict[str, Any]:
    questions = [
        {
            "id": question.id,
            "text": dict(question.text.texts),
            "options": [_of_option(option) for option in question.options],
        }
        for question in interview.questions
    ]
    return {**_of_offer(interview), "debate": interview.debate, "questions": questions}


def _of_option(option: Option) -> dict[str, Any]:
    bearing = option.bearing
    kept: dict[str, Any] = {"id": option.id, "text": dict(option.text.texts), "bearing": None}
    if bearing:
        kept["bearing"] = {
            "debate": bearing.debate,
            "speaks_for": dict(bearing.speaks_for),
            "query": dict(bearing.query.texts) if bearing.query else None,
        }
    kept["quotes"] = {
        side: [_of_quotation(quotation) for quotation in quotes]
        for side, quotes in option.quotes.items()
    }
    return kept


def _guide(content: dict[str, Any]) -> Guide:
    steps = tuple(
        Step(
            step["id"],
            Localised(step["title"]),
            Localised(step["explanation"]),
            tuple(_quotation(*quotation) for quotation in step["quotes"]),
        )
        for step in content["steps"]
    )
    return Guide(content["id"], *_offer(content), steps)


def _quotation(document: str, quote: str, span: list[int] | None) -> Quotation:
    return Quotation(document, quote, Span(*span) if span else None)


def _interview(content: dict[str, Any]) -> Interview:
    questions = tuple(
        Question(
            question["id"], Localised(question["text"]), tuple(map(_option, question["options"]))
        )
        for question in content["questions"]
    )
    return Interview(content["id"], *_offer(content), content["debate"], questions)


def _option(content: dict[str, Any]) -> Option:
    bearing = content["bearing"]
    quotes = {
        Side(side): tuple(_quotation(*quotation) for quotation in given)
        for side, given in content["quotes"].items()
    }
    text = Localised(content["text"])
    return Option(content["id"], text, _bearing(bearing) if bearing else None, quotes)


def _bearing(content: dict[str, Any]) -> Bearing:
    speaks_for = {Side(own): Side(other) for own, other in content["speaks_for"].items()}
    query = Localised(content["query"]) if content["query"] else None
    return Bearing(content["debate"], speaks_for, query)


def _offer(content: dict[str, Any]) -> tuple[Localised, Localised, Localised, Localised]:
    command, description, title, introduction = (Localised(content[name]) for name in _OFFER)
    return command, description, title, introduction

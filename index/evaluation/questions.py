"""Reads question files: one JSON object a line, with the passages that a good answer shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.evaluation.jsonl import read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.storage.protocol import Snapshot


@dataclass(frozen=True, slots=True)
class Gold:
    """A quotation that speaks for a side, or gives background; `doc` may be a document's alias."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what a good answer to it shows."""

    id: str
    language: str
    question: str
    answerable: bool
    yes: tuple[Gold, ...]
    no: tuple[Gold, ...]
    background: tuple[Gold, ...]
    kind: str | None = None
    debate: str | None = None
    polarity: str | None = None


def read_questions(path: Path) -> list[GoldQuestion]:
    """Return the questions of a file.

    Raises:
        ValueError: A line is not JSON or lacks a field; the message names the line.
        OSError: The file cannot be read.
    """
    return read_lines(path, _question)


def unknown_quotes(snapshot: Snapshot, questions: Sequence[GoldQuestion]) -> list[str]:
    """Return gold quotations that no document holds: a typo there would read as a miss here."""
    texts = [snapshot.records.whole_text(entry.id) for entry in snapshot.records.documents()]
    golds = {gold.quote for q in questions for gold in (*q.yes, *q.no, *q.background)}
    return sorted(quote for quote in golds if not any(quote in text for text in texts))


def _question(content: dict[str, Any]) -> GoldQuestion:
    return GoldQuestion(
        id=content["id"],
        language=content["lang"],
        question=content["question"],
        answerable=bool(content["answerable"]),
        yes=_golds(content["yes"]),
        no=_golds(content["no"]),
        background=_golds(content["background"]),
        kind=content.get("kind"),
        debate=content.get("debate"),
        polarity=content.get("polarity"),
    )


def _golds(content: list[dict[str, str]]) -> tuple[Gold, ...]:
    return tuple(Gold(gold["doc"], gold["quote"]) for gold in content)

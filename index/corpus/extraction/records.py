"""What a parser hands back, and how it crosses from one process to the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.corpus.records import UNKNOWN, Card


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, where each of its pages begins, and what it tells of itself.

    `marked` says that headings, and only they, are marked with `#`.
    """

    text: str
    found: Card = UNKNOWN
    pages: tuple[int, ...] = ()
    marked: bool = False

    def to_json(self) -> str:
        """Return the extract as one line of JSON."""
        card = self.found
        published = card.published.isoformat() if card.published else None
        fields = [card.title, card.author, published, card.language, card.origin]
        return json.dumps(
            {"text": self.text, "found": fields, "pages": self.pages, "marked": self.marked}
        )

    @classmethod
    def of(cls, content: dict[str, Any]) -> Extract:
        """Return what `to_json` wrote, parsed."""
        title, author, published, language, origin = content["found"]
        day = date.fromisoformat(published) if published else None
        found = Card(title, author, day, language, origin)
        return cls(content["text"], found, tuple(content["pages"]), content["marked"])

"""How log lines are written: as text, or as JSON with one object a line.

Log ids, counts and milliseconds; never a token, a person's name or the text of a question.
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = ("update", "kind", "ms", "count", "attempt", "failure")
"""What may stand in a line beside its message, given as `extra`."""
_NOISY = ("aiogram.event", "aiosqlite", "faiss.loader", "httpx", "sentence_transformers")
"""Loggers that tell too much: aiosqlite, at DEBUG, every value that it writes."""
_about: ContextVar[tuple[int, str] | None] = ContextVar("about", default=None)


def configure_logging(level: str, log_format: str = "text") -> None:
    """Write log lines of `level` and above to standard error, as "text" or "json"."""
    formatter = JsonLines() if log_format == "json" else logging.Formatter(_TEXT)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler])
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


@contextmanager
def logged_about(update_id: int, kind: str) -> Iterator[None]:
    """Name an update in the JSON of everything that is logged in this context."""
    token = _about.set((update_id, kind))
    try:
        yield
    finally:
        _about.reset(token)


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception the traceback, as redaction has left it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        about = _about.get()
        if about:
            line["update"], line["kind"] = about
        given = ((name, getattr(record, name, None)) for name in _FIELDS)
        line |= {name: value for name, value in given if value is not None}
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)

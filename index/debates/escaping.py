"""Writes what people say into TOML, so that any text survives."""

from __future__ import annotations

import json
import re

_NOT_IN_COMMENTS = re.compile(r"[\s\x00-\x1f\x7f]+")


def quoted(value: str) -> str:
    """Return a basic string, whose escapes are those of JSON, and one more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def in_comment(value: str) -> str:
    """Return a text on one line, without the control characters that no comment may hold."""
    return _NOT_IN_COMMENTS.sub(" ", value).strip()

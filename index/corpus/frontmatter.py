"""Front matter: what a text file says of itself in YAML between two lines of `---` at its top."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml  # type: ignore[import-untyped]

from index.corpus.faults import Fault
from index.corpus.metadata import card_of
from index.corpus.records import UNKNOWN, Card
from index.errors import DocumentError

_LIMIT = 16_384  # code points; longer is no front matter, and YAML is slow to parse
_FENCED = re.compile(
    r"\ufeff?---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"\s*[\w-]+\s*:(?:\s|$)")
_NAME = re.compile(r"[\w-]+")


class FrontMatter(NamedTuple):
    """The card, and where the text begins: `end` code points into the file."""

    card: Card
    end: int


def read_front_matter(text: str) -> FrontMatter:
    """Return what stands at the top of a text; `end` is 0 where there is no front matter.

    Raises:
        DocumentError: It is front matter, but no YAML, or a field of ours holds what it cannot
            mean.
    """
    match = _FENCED.match(text[:_LIMIT])
    if not match:
        return FrontMatter(UNKNOWN, 0)
    told = _fields(match["yaml"])
    if told is None:
        return FrontMatter(UNKNOWN, 0)
    try:
        return FrontMatter(card_of(told), match.end())
    except DocumentError as error:
        raise DocumentError(Fault.FRONT_MATTER.of(reason=error.remark)) from error


def _fields(content: str) -> dict[str, object] | None:
    """Return the fields; `None` where the lines are text between two rules."""
    looks_so = _FIELD.match(content)
    try:
        loaded = yaml.safe_load(content.replace("\r\n", "\n"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if not looks_so:
            return None
        line = _line(error)
        remark = Fault.NO_YAML_AT.of(line=line) if line else Fault.NO_YAML.of()
        raise DocumentError(remark) from error
    named = isinstance(loaded, dict) and all(
        isinstance(name, str) and _NAME.fullmatch(name) for name in loaded
    )
    return loaded if named else None


def _line(error: Exception) -> int | None:
    mark = getattr(error, "problem_mark", None)
    return int(mark.line) + 2 if mark else None

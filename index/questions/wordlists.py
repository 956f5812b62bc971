"""Lists of words and patterns by language, from the TOML files that stand beside the code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def word_lists(package: str, file: str, language: str) -> dict[str, Any] | None:
    """Return a language's lists by name, `None` for one that the file does not know."""
    return _read(package, file).get(language)


@cache
def _read(package: str, file: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(package) / file).read_text(encoding="utf-8"))

"""The catalogue: what a corpus says of its documents (`catalogue.toml` beside them)."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from index.corpus.records import Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "catalogue.toml"
_FIELDS = {"file", "title", "author", "published", "language", "origin"}


def read_catalogue(corpus: Path) -> dict[str, Card]:
    """Return the cards by file, empty where the corpus has no catalogue.

    Raises:
        CorpusError: The catalogue cannot be parsed, names a field that we do not know, names a
            file twice, or names one that does not exist.
    """
    path = corpus / FILE_NAME
    if not path.exists():
        return {}
    cards: dict[str, Card] = {}
    for entry in _entries(path):
        file = _file_of(entry, path)
        if file in cards:
            raise CorpusError(f"{path}: {file} is listed twice; keep one entry")
        if not (corpus / file).is_file():
            raise CorpusError(f"{path}: {file} is listed but not there; add the file or drop it")
        cards[file] = _card(entry, path)
    return cards


def _entries(path: Path) -> list[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not valid TOML ({error}); mend it and reindex") from error
    entries = content.get("document", [])
    tables = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    if not tables or set(content) - {"document"}:
        raise CorpusError(f"{path}: expected [[document]] tables only")
    return list(entries)


def _file_of(entry: Mapping[str, Any], path: Path) -> str:
    unknown = set(entry) - _FIELDS
    if unknown:
        raise CorpusError(f"{path}: unknown field {min(unknown)!r}; use {sorted(_FIELDS)}")
    file = entry.get("file")
    if not isinstance(file, str) or file.startswith("/") or ".." in file.split("/"):
        raise CorpusError(f"{path}: each document needs a 'file' inside the corpus folder")
    return file


def _card(entry: Mapping[str, Any], path: Path) -> Card:
    published = entry.get("published")
    if published is not None and type(published) is not date:  # a datetime is a date, too
        raise CorpusError(f"{path}: published = {published!r} is no date; write 2011-02-18")
    texts: dict[str, str | None] = {}
    for name in ("title", "author", "language", "origin"):
        value = entry.get(name)
        if value is not None and not isinstance(value, str):
            raise CorpusError(f"{path}: {name} = {value!r} should be a text in quotes")
        texts[name] = value
    return Card(published=published, **texts)

"""Edits `catalogue.toml` block by block, so that a person's comments and order stay.

Each edit is verified by parsing: where the result is not exactly what was meant, it is refused and
the file stays as it was.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.debates.escaping import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEADER = re.compile(r"^\s*\[\[\s*document\s*\]\]\s*(?:#.*)?$")


class CatalogueUnclear(Exception):
    """The catalogue cannot be edited safely: it is no valid TOML, or written unusually."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A catalogue without an entry, the lines of that entry, and where they began."""

    text: str
    block: str
    offset: int


def catalogue_text(path: Path) -> str:
    """Return a catalogue as it stands, line ends included; empty where there is none.

    Raises:
        CatalogueUnclear: It is not UTF-8.
        OSError: It cannot be read.
    """
    try:
        return path.read_bytes().decode() if path.exists() else ""
    except UnicodeDecodeError as error:
        raise CatalogueUnclear(f"catalogue.toml is not UTF-8 (byte {error.start})") from error


def entries_of(text: str) -> list[dict[str, Any]]:
    """Return the entries of a catalogue's text.

    Raises:
        CatalogueUnclear: It is no valid catalogue.
    """
    try:
        entries = tomllib.loads(text).get("document", [])
    except tomllib.TOMLDecodeError as error:
        raise CatalogueUnclear(f"catalogue.toml is not valid TOML ({error})") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CatalogueUnclear("catalogue.toml should hold [[document]] tables")
    return entries


def without_entry(text: str, file: str) -> Cut | None:
    """Return a catalogue without the entry of a file; `None` if it has none.

    Comments right above an entry, and those among its fields, belong to it.

    Raises:
        CatalogueUnclear: The entry cannot be cut out safely.
    """
    entries = entries_of(text)
    places = [at for at, entry in enumerate(entries) if entry.get("file") == file]
    if not places:
        return None
    lines = text.splitlines(keepends=True)
    starts = [_with_comments(lines, at) for at, line in enumerate(lines) if _HEADER.match(line)]
    at = places[0]
    if len(places) > 1 or len(starts) != len(entries):
        raise CatalogueUnclear(f"the entry of {file} in catalogue.toml cannot be told apart")
    end = starts[at + 1] if at + 1 < len(starts) else len(lines)
    cut = Cut(
        "".join(lines[: starts[at]] + lines[end:]),
        "".join(lines[starts[at] : end]),
        len("".join(lines[: starts[at]])),
    )
    _verify(cut.text, entries[:at] + entries[at + 1 :])
    return cut


def with_block(text: str, block: str, offset: int) -> str:
    """Return a catalogue with an entry's lines put back where they were, else at its end.

    Raises:
        CatalogueUnclear: That would not add just this entry.
    """
    (entry,) = entries_of(block)
    before = entries_of(text)
    if any(one.get("file") == entry.get("file") for one in before):
        return text
    for candidate in (text[:offset] + block + text[offset:], _appended(text, block)):
        try:
            after = entries_of(candidate)
        except CatalogueUnclear:
            continue
        if entry in after and [one for one in after if one != entry] == before:
            return candidate
    raise CatalogueUnclear("the entry cannot be put back into catalogue.toml")


def with_entry(text: str, entry: Mapping[str, str]) -> str:
    """Return a catalogue with a new entry at its end; itself if it has just that entry.

    Raises:
        CatalogueUnclear: It is no valid one, or says something else of the file.
    """
    before = entries_of(text)
    if dict(entry) in before:
        return text
    if any(one.get("file") == entry["file"] for one in before):
        raise CatalogueUnclear(f"catalogue.toml lists {entry['file']} already")
    fields = "".join(f"{name} = {quoted(value)}\n" for name, value in entry.items())
    after = _appended(text, f"[[document]]\n{fields}")
    _verify(after, [*before, dict(entry)])
    return after


def _with_comments(lines: list[str], at: int) -> int:
    """Return where an entry begins: at the comments right above its header, if there are any.

    Comments from the first line on are about the whole file.
    """
    start = at
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start or at


def _appended(text: str, block: str) -> str:
    if not text.strip():
        return f"{text}{block}"
    return f"{text}\n{block}" if text.endswith("\n") else f"{text}\n\n{block}"


def _verify(text: str, expected: list[dict[str, Any]]) -> None:
    if entries_of(text) != expected:
        raise CatalogueUnclear("an edit of catalogue.toml would change more than it should")

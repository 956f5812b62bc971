"""A .jsonl, one document a line, streamed: corpora of millions that fit into no memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from index.corpus.documents import digest_of, plain_document
from index.corpus.faults import Fault
from index.corpus.files import LINE_MARK, open_file
from index.corpus.formats import Format, check_content
from index.corpus.metadata import card_of, filled
from index.corpus.records import Card, Document, Unreadable
from index.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader
    from pathlib import Path

    from index.corpus.extraction.limits import Limits

    PlaceOf = Callable[[str, str], int | None]

REPORTED = 100
"""So many bad lines of a file are reported; if no line before them is good, it is given up."""
_ID_LENGTH = 200
_CHUNK_BYTES = 1_000_000
_HEAD_BYTES = 4096


class Kept(NamedTuple):
    """A line that was read before, as it is now: the place of its document among those of then."""

    place: int


class _Line(NamedTuple):
    number: int
    content: bytes | None
    """`None` where the line is too long to be held."""


def nothing_known(_document: str, _digest: str) -> int | None:
    """Know no document from before."""
    return None


def read_lines(
    path: Path,
    name: str,
    card: Card,
    limits: Limits,
    *,
    cleaning: bool,
    place_of: PlaceOf = nothing_known,
) -> Iterator[Document | Unreadable | Kept]:
    """Return the documents of a .jsonl and the lines that cannot be used, as they come.

    What a line tells comes before `card`, which speaks for the whole file. `place_of` tells where a
    document of that id and digest was before; such a one is not read again.

    Raises:
        DocumentError: The file cannot be opened, is no .jsonl, or is wrong from its first line on.
    """
    reading = _Reading(name, card, limits, cleaning, place_of, set())
    good = bad = 0
    with open_file(path, limits.lines_bytes) as file:
        check_content(file.peek(_HEAD_BYTES)[:_HEAD_BYTES], Format.LINES)
        for line in _lines(file, limits.size_bytes):
            try:
                yield reading.read(line)
                good += 1
            except DocumentError as error:
                bad += 1
                if bad <= REPORTED:
                    place = f"{name}{LINE_MARK}{line.number}"
                    yield Unreadable(place, Fault.LINE.of(line=line.number, reason=error.remark))
                if bad == REPORTED and not good:
                    raise DocumentError(Fault.NO_LINES.of(count=bad)) from error
    if bad > REPORTED:
        yield Unreadable(name, Fault.MORE_LINES.of(count=bad - REPORTED))
    if not good and not bad:
        raise DocumentError(Fault.EMPTY.of())


def _lines(file: BufferedReader, limit: int) -> Iterator[_Line]:
    """Return the lines that are not blank; an endless one is passed over without being held."""
    number = 0
    while content := file.readline(limit + 1):
        number += 1
        if len(content) > limit and not content.endswith(b"\n"):
            while (rest := file.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield _Line(number, None)
            continue
        content = content.removeprefix(b"\xef\xbb\xbf") if number == 1 else content
        if content.strip():
            yield _Line(number, content)


class _Reading(NamedTuple):
    """How the lines of one file are read, and which ids they had so far."""

    name: str
    card: Card
    limits: Limits
    cleaning: bool
    place_of: PlaceOf
    known: set[bytes]

    def read(self, line: _Line) -> Document | Kept:
        if line.content is None:
            limit = self.limits.size_bytes // 1_000_000
            raise DocumentError(Fault.LARGE_LINE.of(limit=limit))
        fields = _fields(line.content)
        own = _own_id(fields, line.number)
        mark = digest_of(own.encode()).encode()[
            :16
        ]  # ids of millions of lines must fit into memory
        if mark in self.known:
            raise DocumentError(Fault.KNOWN_ID.of(id=repr(own)))
        name, digest = f"{self.name}{LINE_MARK}{own}", digest_of(line.content.strip())
        place = self.place_of(name, digest)
        found = Kept(place) if place is not None else self._document(name, fields, digest)
        self.known.add(mark)
        return found

    def _document(self, name: str, fields: dict[str, object], digest: str) -> Document:
        text = fields.get("text")
        if not isinstance(text, str):
            raise DocumentError(Fault.NO_TEXT_FIELD.of())
        _check_writable(text)
        card = filled(card_of(fields), self.card)
        return plain_document(name, text, digest, card, self.limits, cleaning=self.cleaning)


def _fields(content: bytes) -> dict[str, object]:
    try:
        fields = json.loads(content.decode("utf-8").rstrip())
    except UnicodeDecodeError as error:
        raise DocumentError(Fault.LINE_NOT_UTF8.of(at=error.start)) from error
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", None)
        remark = Fault.NO_JSON_AT.of(at=column) if column else Fault.NO_JSON.of()
        raise DocumentError(remark) from error
    if not isinstance(fields, dict):
        raise DocumentError(Fault.NO_OBJECT.of())
    return fields


def _own_id(fields: dict[str, object], number: int) -> str:
    own = fields.get("id")
    if own is None:
        return str(number)
    usable = isinstance(own, str | int) and not isinstance(own, bool)
    if not usable or not str(own).isprintable() or not 0 < len(str(own)) <= _ID_LENGTH:
        raise DocumentError(Fault.UNUSABLE_ID.of())
    return str(own)


def _check_writable(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError(Fault.HALF_CHARACTER.of(at=error.start)) from error

"""A folder of files → documents. Reading alters no file, and a bad one costs only itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from index.corpus.catalogue import read_catalogue
from index.corpus.documents import digest_of, extracted_document, plain_document
from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.extraction.parser import Parser
from index.corpus.faults import Fault
from index.corpus.files import read_content
from index.corpus.formats import FORMATS, PLAIN, Format, check_content, format_of
from index.corpus.jsonl import Kept, nothing_known, read_lines
from index.corpus.records import UNKNOWN, Card, Document, Unreadable
from index.corpus.survey import survey
from index.errors import CorpusError, DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.corpus.jsonl import PlaceOf
    from index.corpus.survey import SourceFile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents of a folder, and the files that could not be read."""

    documents: tuple[Document, ...]
    unreadable: tuple[Unreadable, ...]


def iter_documents(
    folder: Path, *, cleaning: bool = True, limits: Limits = LIMITS
) -> Iterator[Document | Unreadable]:
    """Return the documents below `folder` as they are read, and what was left out, by name.

    No more than one document is held in memory. Without `cleaning`, what argues nothing is kept as
    text, to measure what cleaning is worth.

    Raises:
        CorpusError: The folder is missing, or its catalogue is wrong.
    """
    cards = read_catalogue(folder)
    files = survey(folder, cards)
    return _iterate(files, Reader(folder, cards, limits, cleaning=cleaning))


def _iterate(files: Iterable[SourceFile], reader: Reader) -> Iterator[Document | Unreadable]:
    with reader:
        for file in files:
            yield from reader.read(file)


def read_corpus(folder: Path, *, cleaning: bool = True, limits: Limits = LIMITS) -> Corpus:
    """Return all that `iter_documents` does.

    Raises:
        CorpusError: The folder is missing or holds no readable document, or its catalogue is wrong.
    """
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    for one in iter_documents(folder, cleaning=cleaning, limits=limits):
        if isinstance(one, Document):
            documents.append(one)
        else:
            unreadable.append(one)
    if not documents:
        suffixes = " ".join(FORMATS)
        raise CorpusError(f"{folder} holds no readable file ({suffixes}); add one and reindex")
    return Corpus(tuple(documents), tuple(unreadable))


class Reader:
    """Reads the files of a folder, one after the other; a context manager that ends its parser."""

    def __init__(
        self, folder: Path, cards: Mapping[str, Card], limits: Limits = LIMITS, *, cleaning: bool
    ) -> None:
        self._folder = folder
        self._cards = cards
        self._parser = Parser(limits)
        self._cleaning = cleaning

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parser.close()

    def read(self, file: SourceFile) -> Iterator[Document | Unreadable]:
        """Return the documents of a file as they are read, and what was left out."""
        for one in self.read_changes(file, nothing_known):
            if not isinstance(one, Kept):
                yield one

    def read_changes(
        self, file: SourceFile, place_of: PlaceOf
    ) -> Iterator[Document | Unreadable | Kept]:
        """Return the same, but only the places of lines that `place_of` knows from before."""
        for one in self._read(file, place_of):
            if isinstance(one, Unreadable):
                logger.warning("left out %s: %s", one.file, one.reason)
            yield one

    def _read(self, file: SourceFile, place_of: PlaceOf) -> Iterator[Document | Unreadable | Kept]:
        if file.wrong:
            yield Unreadable(file.name, file.wrong)
            return
        path, card = self._folder / file.name, self._cards.get(file.name, UNKNOWN)
        parser, cleaning = self._parser, self._cleaning
        try:
            if format_of(file.name) is Format.LINES:
                yield from read_lines(
                    path, file.name, card, parser.limits, cleaning=cleaning, place_of=place_of
                )
            else:
                yield read_file(path, file.name, card, cleaning=cleaning, parser=parser)
        except DocumentError as error:
            yield Unreadable(file.name, error.remark)


def without_headings(document: Document) -> Document:
    """Return a document with nothing above its passages, to measure what headings are worth."""
    passages = tuple(replace(passage, heading=()) for passage in document.passages)
    return replace(document, card=replace(document.card, title=None), passages=passages)


def read_file(
    path: Path,
    name: str,
    card: Card = UNKNOWN,
    *,
    cleaning: bool = True,
    parser: Parser | None = None,
) -> Document:
    """Return one file as the document `name`, whose suffix says what format it has.

    What `card` leaves open is filled in with what the document tells of itself (`missing_fields`).
    What is not plain text is parsed in a process apart: that of `parser`, or one for this file.

    Raises:
        DocumentError: The file cannot be read; the message is one line and says what to do.
    """
    if parser is None:
        with Parser() as own:
            return read_file(path, name, card, cleaning=cleaning, parser=own)
    kind, limits = format_of(name), parser.limits
    if kind is None:
        raise DocumentError(Fault.FORMAT_NOT_READ.of(formats=", ".join(sorted(FORMATS))))
    if kind is Format.LINES:
        raise DocumentError(Fault.MANY_DOCUMENTS.of())
    content = read_content(path, limits.size_bytes)
    digest = digest_of(content)
    if not content.strip():
        raise DocumentError(Fault.EMPTY.of())
    check_content(content, kind)
    text = _as_utf8(content) if kind in PLAIN else None
    if text is not None:
        return plain_document(name, text, digest, card, limits, cleaning=cleaning)
    extract = parser.extract(kind, content)
    if kind in PLAIN:
        return plain_document(name, extract.text, digest, card, limits, cleaning=cleaning)
    return extracted_document(name, extract, digest, card, limits, cleaning=cleaning)


def missing_fields(document: Document) -> tuple[str, ...]:
    """Return which of "title", "author" and "published" neither the card nor the document told.

    A document without a title bears the name of its file.
    """
    card = document.card
    known = {
        "title": card.title != document.id,
        "author": card.author is not None,
        "published": card.published is not None,
    }
    return tuple(field for field, told in known.items() if not told)


def _as_utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None

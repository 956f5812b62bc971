"""A folder of text files → documents. Reading never alters a file."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.corpus.blocks import all_as_text, find_blocks
from index.corpus.catalogue import read_catalogue
from index.corpus.passages import cut_passages
from index.corpus.records import UNKNOWN, Card, Document
from index.errors import CorpusError
from index.questions.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

SUFFIXES = frozenset({".txt", ".md"})
SIZE_LIMIT_BYTES = 20_000_000
_TITLE_LENGTH = 120
_NOT_DOCUMENTS = frozenset({"readme.md", "readme.txt"})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that was left out, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents of a folder, and the files that could not be read."""

    documents: tuple[Document, ...]
    unreadable: tuple[Unreadable, ...]


def corpus_digest(folder: Path) -> str:
    """Return a hash over all that a build reads from the folder: equal digests, equal indexes.

    Raises:
        CorpusError: The folder is missing.
    """
    if not folder.is_dir():
        raise CorpusError(f"no corpus at {folder}; create the folder or set AUDIATUR_CORPUS")
    total = hashlib.sha256()
    for path in sorted((*_files(folder), *folder.rglob("[!.]*.toml"))):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(folder)}\0{digest}\n".encode())
    return total.hexdigest()


def read_corpus(folder: Path, *, cleaning: bool = True) -> Corpus:
    """Return the documents below `folder`, in the order of their names.

    Without `cleaning`, what argues nothing is kept as text, to measure what cleaning is worth.

    Raises:
        CorpusError: The folder is missing or holds no readable document, or its catalogue is wrong.
    """
    if not folder.is_dir():
        raise CorpusError(f"no corpus at {folder}; create the folder or set AUDIATUR_CORPUS")
    cards = read_catalogue(folder)
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    for path in _files(folder):
        name = str(PurePosixPath(path.relative_to(folder)))
        try:
            card = cards.get(name, Card())
            documents.append(read_document(path, name, card, cleaning=cleaning))
        except CorpusError as error:
            logger.warning("left out %s: %s", name, error)
            unreadable.append(Unreadable(name, str(error)))
    if not documents:
        raise CorpusError(f"{folder} holds no readable .txt or .md file; add one and reindex")
    return Corpus(tuple(documents), tuple(unreadable))


def without_headings(corpus: Corpus) -> Corpus:
    """Return the corpus with nothing above its passages, to measure what headings are worth."""
    documents = tuple(
        replace(
            document,
            card=replace(document.card, title=None),
            passages=tuple(replace(passage, heading=()) for passage in document.passages),
        )
        for document in corpus.documents
    )
    return replace(corpus, documents=documents)


def read_file(path: Path, name: str, card: Card = UNKNOWN, *, cleaning: bool = True) -> Document:
    """Return one file as the document `name`, whose suffix says what format it has.

    What `card` leaves open is filled in with what the document tells of itself (`missing_fields`).

    Raises:
        CorpusError: The file cannot be read; the message is one line and says what to do.
    """
    if path.stat().st_size > SIZE_LIMIT_BYTES:
        raise CorpusError(f"larger than {SIZE_LIMIT_BYTES // 1_000_000} MB; split it")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 (byte {error.start}); save it as UTF-8") from error
    if not text.strip():
        raise CorpusError("holds no text")
    if "\0" in text:
        raise CorpusError("holds null characters; it is no text file, or not UTF-8")
    language = card.language or detect_language(text[:2000]) or "en"
    card = replace(card, language=language, title=card.title or _title_line(text))
    blocks = find_blocks(text, card)
    if not cleaning:
        blocks = all_as_text(blocks)
    card = replace(card, title=card.title or name)
    passages = cut_passages(name, text, blocks, language)
    return Document(name, text, card, hashlib.sha256(content).hexdigest(), blocks, passages)


read_document = read_file


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


def _files(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.suffix.lower() not in SUFFIXES or path.name.lower() in _NOT_DOCUMENTS:
            continue
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path


def _title_line(text: str) -> str | None:
    """Return the first line where it reads as a title, not as a sentence of the text."""
    line = next(line for line in text.lstrip("\ufeff").split("\n") if line.strip())
    title = line.strip().lstrip("# ").strip()
    is_sentence = title.endswith((".", "!", ":", ";", "…", ","))
    return title if title and len(title) <= _TITLE_LENGTH and not is_sentence else None

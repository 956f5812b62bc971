"""Takes a file that somebody sends into a corpus: read first, named by us, catalogued."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.keeping.catalogue import catalogue_text, with_entry
from bot.keeping.folder import changing, digest_of, put, same_content
from bot.keeping.removing import DocumentGone
from index.corpus.catalogue import FILE_NAME as CATALOGUE
from index.corpus.reading import missing_fields, read_file
from index.debates.drafting import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from index.corpus.records import Card

UPLOADS_FOLDER = "uploads"
_KEPT_S = 8 * 86_400.0
_DIGEST_LENGTH = 8


class KnownAlready(Exception):
    """The corpus holds a file with just this content; its name is the message."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was sent and can be read: where it waits, and what it tells of itself."""

    file: str
    digest: str
    title: str | None
    author: str | None
    passages: int


def receive(corpus: Path, data: Path, part: Path, suffix: str) -> Received:
    """Read a downloaded file, and let it wait in the data folder until it is added.

    Raises:
        KnownAlready: The corpus has it.
        DocumentError: It cannot be read; its remark says why.
        OSError: A folder cannot be read or written to.
    """
    content = part.read_bytes()
    known = same_content(corpus, content)
    if known:
        raise KnownAlready(known)
    digest = digest_of(content)
    document = read_file(part, f"upload{suffix}")
    missing = missing_fields(document)
    waiting = data / UPLOADS_FOLDER / f"{digest}{suffix}"
    part.replace(waiting)
    return Received(
        waiting.name,
        digest,
        None if "title" in missing else document.card.title,
        None if "author" in missing else document.card.author,
        len(document.passages),
    )


def add_document(corpus: Path, data: Path, received: str, card: Card) -> str:
    """Copy a waiting file into the corpus under a name of ours, and catalogue it; return its id.

    To do so once more changes nothing. The catalogue says what the card says; what that leaves
    open, the document tells or nobody.

    Raises:
        DocumentGone: The file does not wait any more.
        KnownAlready: The corpus has it.
        DocumentError: It cannot be read any more.
        CatalogueUnclear: The catalogue cannot take an entry; nothing has changed.
        OSError: The corpus cannot be written to; the file still waits.
    """
    waiting = data / UPLOADS_FOLDER / received
    if not waiting.is_file():
        raise DocumentGone
    content = waiting.read_bytes()
    with changing(corpus):
        short = digest_of(content)[:_DIGEST_LENGTH]
        name = f"{name_of(card.title or '') or 'document'}-{short}{waiting.suffix}"
        known = same_content(corpus, content)
        if known not in (None, name):  # ours may be there already, after a kill in the middle
            raise KnownAlready(known)
        read_file(waiting, name, card)
        catalogue = corpus / CATALOGUE
        given = {"title": card.title, "author": card.author, "origin": card.origin}
        entry = {"file": name} | {field: text for field, text in given.items() if text}
        text = with_entry(catalogue_text(catalogue), entry)
        put(corpus / name, content)
        put(catalogue, text.encode())
    return name


def discard(data: Path, received: str) -> None:
    """Forget a waiting file."""
    (data / UPLOADS_FOLDER / received).unlink(missing_ok=True)


def uploads_folder(data: Path) -> Path:
    """Return where files wait, without those that were left there long ago."""
    folder = data / UPLOADS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()
    return folder

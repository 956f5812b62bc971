"""Takes a document out of a corpus, into `removed/` in the data folder, and puts it back.

Each removal is a folder with the file and a record. Steps are ordered so that a kill at any moment
loses no file and leaves no catalogue that names a missing one.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.keeping.catalogue import catalogue_text, with_block, without_entry
from bot.keeping.folder import changing, document_path, put
from index.corpus.catalogue import FILE_NAME as CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REMOVED_FOLDER = "removed"
_RECORD = "record.json"
_CONTENT = "content"
_NAME = re.compile(r"[0-9]{14}-[0-9a-f]{8}")


class DocumentGone(Exception):
    """There is no such file in the corpus, or no such removal, any more."""


class LastDocument(Exception):
    """A corpus without any document answers nothing."""


class PlaceTaken(Exception):
    """Another file has the name of the one that should come back."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that was removed, and the lines that the catalogue had for it, if any."""

    name: str
    document: str
    block: str | None
    offset: int


def remove_document(corpus: Path, data: Path, document: str, others: Iterable[str]) -> Removal:
    """Move a document out of the corpus, with its catalogue entry.

    `others` are the documents that the corpus has besides, as far as is known.

    Raises:
        DocumentGone: There is no such file.
        LastDocument: None of the others is there.
        CatalogueUnclear: Its entry cannot be cut out safely; nothing has changed.
        OSError: A folder cannot be written to; the document is still there.
    """
    with changing(corpus):
        path = document_path(corpus, document)
        if path is None:
            raise DocumentGone
        if not any(document_path(corpus, other) for other in others):
            raise LastDocument
        catalogue = corpus / CATALOGUE
        text = catalogue_text(catalogue)
        cut = without_entry(text, document)
        name = f"{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(4)}"
        removal = Removal(name, document, cut.block if cut else None, cut.offset if cut else 0)
        folder = data / REMOVED_FOLDER / name
        folder.mkdir(parents=True)
        put(folder / _CONTENT, path.read_bytes())
        put(folder / _RECORD, json.dumps(asdict(removal), ensure_ascii=False).encode())
        if cut:
            put(catalogue, cut.text.encode())
        path.unlink()
    return removal


def last_removal(data: Path, document: str) -> str | None:
    """Return the name of the latest removal of a document that was not undone."""
    records = sorted((data / REMOVED_FOLDER).glob(f"*/{_RECORD}"), reverse=True)
    removals = (Removal(**json.loads(path.read_bytes())) for path in records)
    return next((one.name for one in removals if one.document == document), None)


def put_back(corpus: Path, data: Path, name: str) -> Removal:
    """Undo a removal, as if it had not been.

    Raises:
        DocumentGone: There is no such removal: it has been undone already.
        PlaceTaken: Another file has the document's name now.
        CatalogueUnclear: The catalogue cannot take its entry back; nothing has changed.
        OSError: A folder cannot be written to.
    """
    with changing(corpus):
        folder = data / REMOVED_FOLDER / name
        if not _NAME.fullmatch(name) or not (folder / _RECORD).is_file():
            raise DocumentGone
        removal = Removal(**json.loads((folder / _RECORD).read_bytes()))
        content = (folder / _CONTENT).read_bytes()
        path = corpus / removal.document
        if path.exists() and path.read_bytes() != content:
            raise PlaceTaken
        catalogue = corpus / CATALOGUE
        text = None
        if removal.block:
            text = with_block(catalogue_text(catalogue), removal.block, removal.offset)
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content)
        if text is not None:
            put(catalogue, text.encode())
        (folder / _RECORD).unlink()
        (folder / _CONTENT).unlink()
        folder.rmdir()
    return removal

"""Which files of a folder are documents, and their content; only regular files are ever opened."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.corpus.faults import Fault
from index.corpus.formats import FORMATS, Format
from index.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from index.corpus.remarks import Remark

LINE_MARK = "#"
"""Stands between a .jsonl's name and the id of one of its lines."""
_MEGABYTE = 1_000_000
_NOT_DOCUMENTS = frozenset({"readme.md", "readme.txt"})


class Listed(NamedTuple):
    """A file of a corpus: its place below the folder, what its folder knows of it, what is wrong.

    `name` has forward slashes. There is no `status` where something is `wrong`.
    """

    name: str
    status: os.stat_result | None
    wrong: Remark | None


def list_files(folder: Path) -> Iterator[Listed]:
    """Return the files that a corpus consists of, by name, and those that are none of a kind."""
    root, before = folder.resolve(), len(os.path.join(folder, ""))  # noqa: PTH118 - as scandir does
    found = [entry for entry in walk(folder) if _is_named_like_one(entry.name)]
    named = [(entry.path[before:].split(os.sep), entry) for entry in found]  # noqa: PTH206 - fast
    for parts, entry in sorted(named, key=itemgetter(0)):
        status, reason = _examine(entry, root)
        name = "/".join(parts)
        if reason:
            yield Listed(os.fsencode(name).decode("utf-8", "replace"), None, reason)
        elif status and not stat.S_ISDIR(status.st_mode):
            yield Listed(name, status, None)


def walk(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    """Return all that lies below a folder and is not hidden; links to folders are not followed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    yield from walk(entry.path)


def open_file(path: Path, limit_bytes: int) -> BufferedReader:
    """Return a regular file, opened to be read; nothing else is opened, and nothing is waited for.

    Raises:
        DocumentError: It is missing, not to be read, no regular file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        detail = (error.strerror or "unknown reason").lower()
        raise DocumentError(Fault.NOT_OPENED.of(detail=detail)) from error
    file = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise DocumentError(Fault.NO_REGULAR_FILE.of())
    if status.st_size > limit_bytes:
        file.close()
        raise DocumentError(_too_large(limit_bytes))
    return file


def read_content(path: Path, limit_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises:
        DocumentError: As `open_file`.
    """
    with open_file(path, limit_bytes) as file:
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:  # it grew meanwhile
        raise DocumentError(_too_large(limit_bytes))
    return content


def _is_named_like_one(name: str) -> bool:
    suffix = name[name.rfind(".") :].lower()
    return suffix in FORMATS and name.lower() not in _NOT_DOCUMENTS


def _examine(entry: os.DirEntry[str], root: Path) -> tuple[os.stat_result | None, Remark | None]:
    """Return what its folder knows of a file, and why it is none of a corpus."""
    status = reason = None
    try:
        entry.path.encode()
        status = entry.stat()
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            reason = Fault.LINK_OUT.of()
        elif not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            reason = Fault.NO_REGULAR_FILE.of()
        elif f".{Format.LINES}{LINE_MARK}" in entry.name.lower():
            reason = Fault.NAME_OF_LINE.of(mark=LINE_MARK)
    except UnicodeEncodeError:
        reason = Fault.NAME_NOT_UTF8.of()
    except FileNotFoundError:
        reason = Fault.LINK_TO_NOTHING.of()
    except (OSError, RuntimeError):  # a circle of links is either, by the version of Python
        reason = Fault.NOT_REACHED.of()
    return status, reason


def _too_large(limit: int) -> Remark:
    if limit >= _MEGABYTE:
        return Fault.LARGE.of(limit=limit // _MEGABYTE)
    return Fault.LARGE_IN_BYTES.of(limit=limit)

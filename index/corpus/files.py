"""Which files of a folder are documents, and their content; only regular files are ever opened."""

from __future__ import annotations

import os
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.corpus.formats import Format, format_of
from index.corpus.records import Unreadable
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

LINE_MARK = "#"
"""Stands between a .jsonl's name and the id of one of its lines."""
_NOT_DOCUMENTS = frozenset({"readme.md", "readme.txt"})


def list_files(folder: Path) -> Iterator[Path | Unreadable]:
    """Return the files that a corpus consists of, by name, and those that are none of a kind."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not format_of(path.name) or path.name.lower() in _NOT_DOCUMENTS:
            continue
        reason = _why_not(path, root)
        if reason:
            shown = os.fsencode(path.relative_to(folder)).decode("utf-8", "replace")
            yield Unreadable(shown, reason)
        elif not path.is_dir():
            yield path


def name_of(path: Path, folder: Path) -> str:
    """Return a file's path below the folder, with forward slashes."""
    return str(PurePosixPath(path.relative_to(folder)))


def open_file(path: Path, limit_bytes: int) -> BufferedReader:
    """Return a regular file, opened to be read; nothing else is opened, and nothing is waited for.

    Raises:
        CorpusError: It is missing, not to be read, no regular file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise CorpusError(f"cannot be opened ({reason}); see its permissions") from error
    file = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise CorpusError("is no regular file; put a file in its place")
    if status.st_size > limit_bytes:
        file.close()
        raise CorpusError(f"larger than {_size(limit_bytes)}; split it")
    return file


def read_content(path: Path, limit_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises:
        CorpusError: As `open_file`.
    """
    with open_file(path, limit_bytes) as file:
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:  # it grew meanwhile
        raise CorpusError(f"larger than {_size(limit_bytes)}; split it")
    return content


def _why_not(path: Path, root: Path) -> str | None:
    reason = None
    try:
        str(path).encode()
        mode = path.stat().st_mode
        if not path.resolve().is_relative_to(root):
            reason = "is a link out of the folder; copy the file into it"
        elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            reason = "is no regular file; put a file in its place"
        elif f".{Format.LINES}{LINE_MARK}" in path.name.lower():
            reason = f"has a name like a line of a .jsonl; rename it without {LINE_MARK}"
    except UnicodeEncodeError:
        reason = "has a name that is not UTF-8; rename it"
    except FileNotFoundError:
        reason = "is a link to nothing; mend or remove it"
    except (OSError, RuntimeError):  # a circle of links is either, by the version of Python
        reason = "cannot be reached; mend or remove it"
    return reason


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count} bytes"  # noqa: PLR2004

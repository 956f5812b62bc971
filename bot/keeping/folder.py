"""The corpus as a folder: its lock, its files, and writing one in a single step."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def changing(corpus: Path) -> Iterator[None]:
    """Hold the folder's lock: changes of several admins or processes come one after the other."""
    opened = os.open(corpus, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def put(path: Path, content: bytes) -> None:
    """Write a file in one step: a kill at any moment leaves the old one or the new one."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def document_path(corpus: Path, document: str) -> Path | None:
    """Return the file of a document, `None` where it is gone or lies outside the corpus."""
    path = corpus / document
    inside = path.resolve().is_relative_to(corpus.resolve())
    return path if inside and path.is_file() else None


def digest_of(content: bytes) -> str:
    """Return what tells contents apart."""
    return hashlib.sha256(content).hexdigest()


def same_content(corpus: Path, content: bytes) -> str | None:
    """Return the path below the corpus folder of a file that holds just this, if there is one."""
    for path in sorted(corpus.rglob("[!.]*")):
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return path.relative_to(corpus).as_posix()
    return None

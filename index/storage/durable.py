"""Files that outlast a power cut: written out, and replaced as a whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def replace_content(path: Path, content: str) -> None:
    """Write a line to a file so that a kill leaves the old content or the new one."""
    draft = path.with_suffix(".new")
    draft.write_text(content + "\n", encoding="utf-8")
    flush(draft)
    draft.replace(path)
    flush(path.parent)


def flush_tree(folder: Path) -> None:
    """Have all of a folder written out."""
    for path in folder.rglob("*"):
        flush(path)
    flush(folder)


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, written out."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Reads files of one JSON object a line, and names the line that is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Record = TypeVar("Record")


def read_lines(path: Path, record: Callable[[dict[str, Any]], Record]) -> list[Record]:
    """Return the records of a file; only a line feed ends a line.

    Raises:
        ValueError: A line is not JSON or lacks a field, or there is none; the message says which.
        OSError: The file cannot be read.
    """
    records: list[Record] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            records.append(record(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: {error!r}; see evals/README.md") from error
    if not records:
        raise ValueError(f"{path} holds no question; see evals/README.md for the format")
    return records

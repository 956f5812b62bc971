"""What a part of the evaluation is: a question put to the whole system, and tables as its answer.

A part knows nothing of files that are written or of where its tables are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.answering.advisor import Advisor
    from index.evaluation.tables import Table


@dataclass(frozen=True, slots=True)
class Folders:
    """Where parts find what they ask: our own files in `evals`, collected ones in `data`.

    `corpus` and `index` are the folders of documents and of snapshots and known vectors, for parts
    that build an index of their own.
    """

    evals: Path
    data: Path
    corpus: Path
    index: Path


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a part found.

    `tables` are published; `details` are printed and kept in `results.json` only. `absent` says in
    one line each what could not be measured; `notes` are for the terminal alone, because they
    differ from one machine to the next.
    """

    tables: tuple[Table, ...] = ()
    details: tuple[Table, ...] = ()
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `about` tells a stranger in a sentence or two what its figures mean."""

    key: str
    title: str
    about: str
    run: Callable[[Advisor, Folders], PartResult]


def not_there(what: str, folder: str) -> str:
    """Return the line that stands for what could not be measured."""
    return f"not measured: {what} is not in the {folder} folder"

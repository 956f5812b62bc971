"""What every opened index offers beside its parts, wherever these lie."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.encoding.protocol import Vectors
    from index.guides.records import Guide, Guidebook, Interview
    from index.storage.protocol import Records
    from index.storage.vectors import VectorStore

_PLANTED = 16
_FOUND = 0.999


class Contents:
    """A base for snapshots: reads from `records`, once, what does not depend on a question."""

    name: str
    records: Records
    vectors: VectorStore

    @cached_property
    def agenda(self) -> Agenda:
        """The debates and topics."""
        return self.records.agenda()

    @cached_property
    def labels(self) -> tuple[Anchored, ...]:
        """All labels with their places."""
        return tuple(self.records.labels())

    @cached_property
    def guidebook(self) -> Guidebook:
        """The guides and interviews that the corpus brings; it may bring none."""
        return self.records.guidebook()

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides to walk through."""
        return self.guidebook.guides

    @property
    def interviews(self) -> tuple[Interview, ...]:
        """The interviews that weigh."""
        return self.guidebook.interviews

    def with_labels(self, labels: tuple[Anchored, ...]) -> Self:
        """Return the same with other labels."""
        other = copy(self)
        other.labels = labels
        return other

    def check_planted(self, planted: Mapping[int, Vectors] | Vectors | None = None) -> None:
        """Let vectors find themselves: the stored ones, or `planted`, by row, as they were encoded.

        Raises:
            SnapshotDamaged: One does not.
        """
        rows = list(planted_rows(self.vectors.count))
        if planted is None:
            planted = dict(zip(rows, self.vectors.vectors(np.array(rows, np.int64)), strict=True))
        for row in rows:
            nearest = self.vectors.search(planted[row], 1)
            if not len(nearest.rows) or nearest.similarities[0] < _FOUND:
                raise SnapshotDamaged(f"the vector of passage {row} does not find itself")

    def compare(self, counted: dict[str, tuple[int, int]]) -> None:
        """Compare what was counted with what the manifest says, by part.

        Raises:
            SnapshotDamaged: They differ somewhere.
        """
        for part, (found, expected) in counted.items():
            if found != expected:
                raise SnapshotDamaged(
                    f"{self.name}: {part} has {found}, the manifest says {expected}; "
                    "run audiatur reindex"
                )


def planted_rows(count: int) -> range:
    """Return which of `count` rows stand for all: some from end to end."""
    return range(0, count, max(1, count // _PLANTED))

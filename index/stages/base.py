"""The finished snapshot that a build takes over from."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import SnapshotError
from index.storage import snapshot as parts
from index.storage.rereading import BuildRecords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from index.storage.manifest import Manifest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Base:
    """A snapshot whose files were all found to be what was built; `facts` say how it was made."""

    folder: Path
    manifest: Manifest
    records: BuildRecords
    facts: dict[str, str]

    @classmethod
    def first_of(cls, folders: Iterable[Path]) -> Base | None:
        """Return the first snapshot that can be used, `None` where there is none.

        Nothing of a damaged one is copied: its successor would pass for sound.
        """
        for folder in folders:
            try:
                manifest = parts.read_checked(folder)
                records = BuildRecords(folder / parts.RECORDS)
            except SnapshotError as error:
                logger.info("nothing is taken over: %s", error)
            else:
                return cls(folder, manifest, records, records.facts())
        return None

    def was_read(self, how: Mapping[str, str]) -> bool:
        """Tell whether its documents were read as these facts say."""
        return how.items() <= self.facts.items()

    def close(self) -> None:
        """Let go of the files."""
        self.records.close()

"""What a snapshot says of itself, so that a wrong one is refused and not misread."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.errors import SnapshotDamaged, SnapshotMismatch

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 8
"""Raised whenever an older snapshot would be read wrongly or would answer differently."""
FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Format, origin and measures of a snapshot; times are UTC, ISO 8601."""

    format: int
    created: str
    corpus: str
    model: str
    reading: str
    stance: str | None
    dimension: int
    documents: int
    passages: int
    sentences: int
    debates: int
    labels: int
    languages: tuple[str, ...]
    checksums: dict[str, str]

    @property
    def encoders(self) -> tuple[str, ...]:
        """The fingerprints of all encoders: of what is searched, and of what reads questions."""
        return tuple(dict.fromkeys((self.model, self.reading)))

    def write(self, folder: Path) -> None:
        """Write the manifest into a snapshot's folder."""
        content = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / FILE_NAME).write_text(content + "\n", encoding="utf-8")

    def check_model(self, fingerprint: str, dimension: int, reading: str) -> None:
        """Refuse encoders other than those that made the vectors and the readings.

        Raises:
            SnapshotMismatch: The fingerprints or the dimensions differ.
        """
        if self.reading != reading and self.model == fingerprint:
            raise SnapshotMismatch("the index was made with another adapter; run audiatur reindex")
        if (self.model, self.dimension) != (fingerprint, dimension):
            raise SnapshotMismatch(
                f"the index was made with {self.model} ({self.dimension} dimensions), the encoder "
                f"is {fingerprint} ({dimension}); run audiatur reindex, or set AUDIATUR_MODEL back"
            )


def read_manifest(folder: Path) -> Manifest:
    """Return a snapshot's manifest.

    Raises:
        SnapshotDamaged: It is missing or cannot be read.
        SnapshotMismatch: It is of another format.
    """
    try:
        content = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise SnapshotMismatch(
                f"the index has format {content['format']}, this version reads {FORMAT}; "
                "run audiatur reindex"
            )
        return Manifest(**{**content, "languages": tuple(content["languages"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotDamaged(
            f"the manifest in {folder.name} cannot be read; run audiatur reindex"
        ) from error

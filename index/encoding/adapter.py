"""Loads the bundled encoder with the adapter that reads questions."""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from index.encoding.default import BundledEncoder
from index.encoding.weights import bundled_fingerprint

if TYPE_CHECKING:
    from index.encoding.protocol import Encoder

READING = "reading.safetensors"
_NAME = "reading"


def load_reading_encoder() -> Encoder:
    """Return the bundled encoder adapted to tell questions' subjects and directions apart.

    Trained by `training/reading.py`; `index/questions/reading.md` is its model card.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """
    with as_file(files("index.questions") / READING) as path:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return BundledEncoder(_NAME, f"{bundled_fingerprint()}+{digest[:12]}", path)

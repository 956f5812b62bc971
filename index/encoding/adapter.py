"""Loads the bundled encoder with the adapter that keeps opposite questions apart."""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from index.encoding.default import BundledEncoder
from index.encoding.weights import bundled_fingerprint

if TYPE_CHECKING:
    from index.encoding.protocol import Encoder

POLARITY = "polarity.safetensors"
_NAME = "polarity"


def load_polarity_encoder() -> Encoder:
    """Return the bundled encoder adapted so that opposite questions lie apart.

    Trained by `training/polarity.py`; `index/questions/polarity.md` is its model card.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """
    with as_file(files("index.questions") / POLARITY) as path:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return BundledEncoder(_NAME, f"{bundled_fingerprint()}+{digest[:12]}", path)

"""The stance model that comes with the package: a small adapter on the default encoder's weights.

`training/stance.py` makes it; `stance.md` is its model card.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.weights import bundled_fingerprint
from index.stance.calibration import Calibration, softmax
from index.stance.compiled import compile_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from index.stance.protocol import Shares

    Logits = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]
    """Motions and texts, `(N,), (N,) -> (N, 3)`."""

BUNDLED = "bundled"
WEIGHTS = "stance.safetensors"
CALIBRATION = "stance.toml"
_BATCH = 32


class BundledStance:
    """A trained classifier of pairs with its calibration; weights are loaded at the first use."""

    def __init__(
        self, load: Callable[[], Logits], calibration: Calibration, fingerprint: str
    ) -> None:
        self._load = load
        self._calibration = calibration
        self._fingerprint = fingerprint

    @property
    def name(self) -> str:
        """What stands as `label_by`."""
        return BUNDLED

    @property
    def fingerprint(self) -> str:
        """Names weights and calibration."""
        return self._fingerprint

    @property
    def certain(self) -> float:
        """The share from which on a text is placed on a side."""
        return self._calibration.certain

    @cached_property
    def _classify(self) -> Logits:
        return self._load()

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return probabilities for, against, neither, `(N,) -> (N, 3)`."""
        return softmax(self.logits([motion] * len(texts), texts) / self._calibration.temperature)

    def logits(self, motions: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Return what the head says before calibration, `(N,), (N,) -> (N, 3)`."""
        logits = np.zeros((len(texts), 3), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            asked = [motions[at] for at in batch]
            logits[batch] = self._classify(asked, [texts[at] for at in batch])
        return logits


def load_bundled_stance() -> BundledStance:
    """Return the bundled stance model.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read; at the first use.
    """
    folder = files(__package__)
    fitted = tomllib.loads((folder / CALIBRATION).read_text(encoding="utf-8"))[BUNDLED]
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes() + (folder / CALIBRATION).read_bytes())
    return BundledStance(
        _load_classifier,
        Calibration(fitted["temperature"], fitted["certain"]),
        f"{bundled_fingerprint()}+{digest.hexdigest()[:12]}",
    )


def _load_classifier() -> Logits:
    with as_file(files(__package__) / WEIGHTS) as path:
        compiled = compile_pairs(path)
        if compiled:
            return compiled.logits
        from index.stance.pairs import load_pair_classifier  # noqa: PLC0415 - imports torch

        return load_pair_classifier(path).logits

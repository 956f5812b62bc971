"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): small changes to the bundled weights.

An adapter adds `scale · B A` to some linear layers. Merged into the weights when it is loaded, it
costs nothing afterwards; kept apart, it lets one pass give what the weights say with and without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    Changes = Mapping[str, "Change"]
    """What is added to which layers, by their names."""

SCALE = 2.0
"""alpha / rank, fixed at training."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an adapter adds to one linear layer, in two factors: `down` `(R, I)`, `up` `(O, R)`."""

    down: NDArray[np.float32]
    up: NDArray[np.float32]

    @property
    def fits(self) -> bool:
        """Whether both are matrices, and of one rank."""
        return self.up.ndim == self.down.ndim == 2 and self.up.shape[1] == self.down.shape[0]  # noqa: PLR2004

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the layer's weights, `(O, I)`."""
        return self.up.shape[0], self.down.shape[1]

    @property
    def whole(self) -> NDArray[np.float32]:
        """What is added to the layer's weights, `(O, I)`."""
        product: NDArray[np.float32] = self.up @ self.down
        return product


def read_adapter(path: Path) -> Changes:
    """Return what is added to each linear layer, by the layer's name; its scale is part of it.

    Raises:
        ModelError: The file is missing or no adapter.
    """
    try:
        tensors = load_file(path)
        names = sorted(key.removesuffix(".A") for key in tensors if key.endswith(".A"))
        changes = {
            name: Change(
                tensors[f"{name}.A"].astype(np.float32),
                np.float32(SCALE) * tensors[f"{name}.B"].astype(np.float32),
            )
            for name in names
        }
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise misfit(path) from error
    if not changes or not all(change.fits for change in changes.values()):
        raise misfit(path)
    return changes


def merge(model: torch.nn.Module, path: Path) -> None:
    """Add an adapter's changes to a torch model's linear layers, in place.

    Raises:
        ModelError: The file is missing, or does not fit the model.
    """
    import torch  # noqa: PLC0415 - costs seconds, and answering does without it

    try:
        with torch.no_grad():
            for name, change in read_adapter(path).items():
                model.get_submodule(name).weight += torch.from_numpy(change.whole)  # type: ignore[operator]
    except (AttributeError, RuntimeError) as error:
        raise misfit(path) from error


def misfit(path: Path) -> ModelError:
    """Return what to say of an adapter that does not fit."""
    return ModelError(f"the adapter {path.name} does not fit; reinstall audiatur")

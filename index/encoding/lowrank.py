"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): small changes to the bundled weights.

An adapter adds `scale · B A` to some linear layers. It is merged into the weights when it is
loaded, so that it costs nothing afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

SCALE = 2.0
"""alpha / rank, fixed at training."""


def read_adapter(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return what is added to each linear layer, `(O, I)`, by the layer's name.

    Raises:
        ModelError: The file is missing or no adapter.
    """
    try:
        tensors = load_file(path)
        return {
            name: np.float32(SCALE)
            * (tensors[f"{name}.B"].astype(np.float32) @ tensors[f"{name}.A"].astype(np.float32))
            for name in sorted(key.removesuffix(".A") for key in tensors if key.endswith(".A"))
        }
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise misfit(path) from error


def merge(model: torch.nn.Module, path: Path) -> None:
    """Add an adapter's changes to a torch model's linear layers, in place.

    Raises:
        ModelError: The file is missing, or does not fit the model.
    """
    import torch  # noqa: PLC0415 - costs seconds, and answering does without it

    try:
        with torch.no_grad():
            for name, change in read_adapter(path).items():
                model.get_submodule(name).weight += torch.from_numpy(change)  # type: ignore[operator]
    except (AttributeError, RuntimeError) as error:
        raise misfit(path) from error


def misfit(path: Path) -> ModelError:
    """Return what to say of an adapter that does not fit."""
    return ModelError(f"the adapter {path.name} does not fit; reinstall audiatur")

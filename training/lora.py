"""Low-rank adapters for training (Hu et al. 2021, arXiv:2106.09685), shared by the scripts here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from index.encoding.lowrank import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Adapted(torch.nn.Module):
    """A frozen linear layer with a low-rank change beside it."""

    def __init__(self, layer: torch.nn.Linear, rank: int, dropout: float) -> None:
        super().__init__()
        self.layer = layer
        self.dropout = dropout
        self.down = torch.nn.Parameter(
            torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features)
        )
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the layer's output, changed."""
        kept = inputs
        if self.dropout and self.training:
            kept = torch.nn.functional.dropout(inputs, self.dropout)
        changed: torch.Tensor = self.layer(inputs) + SCALE * kept @ self.down.T @ self.up.T
        return changed


def adapt(
    model: torch.nn.Module,
    layers: Iterable[int],
    parts: Sequence[str],
    rank: int,
    dropout: float = 0.0,
) -> dict[str, Adapted]:
    """Freeze a BertModel and put an adapter beside the named parts of some layers; by name."""
    for parameter in model.parameters():
        parameter.requires_grad = False
    adapters = {}
    for number in layers:
        for part in parts:
            name = f"encoder.layer.{number}.{part}"
            parent, _, leaf = name.rpartition(".")
            linear = model.get_submodule(name)
            if not isinstance(linear, torch.nn.Linear):
                raise TypeError(f"{name} is no linear layer")
            layer = Adapted(linear, rank, dropout)
            setattr(model.get_submodule(parent), leaf, layer)
            adapters[name] = layer
    return adapters


def tensors_of(adapters: dict[str, Adapted]) -> dict[str, torch.Tensor]:
    """Return what is saved of adapters, in half precision, as `index.encoding.lowrank` reads it."""
    down = {f"{name}.A": layer.down.detach().half() for name, layer in adapters.items()}
    return down | {f"{name}.B": layer.up.detach().half() for name, layer in adapters.items()}

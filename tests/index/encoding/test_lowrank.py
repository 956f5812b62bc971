"""An adapter is added to the weights that it names, and to no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from index.encoding.lowrank import SCALE, merge
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


def model() -> torch.nn.Sequential:
    layers = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 2))
    for parameter in layers.parameters():
        torch.nn.init.ones_(parameter)
    return layers


def test_a_low_rank_change_is_added_to_the_layer_it_names(tmp_path: Path) -> None:
    down, up = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[10.0], [0.0]])
    save_file({"0.A": down, "0.B": up}, tmp_path / "a.safetensors")
    layers = model()
    merge(layers, tmp_path / "a.safetensors")
    first, second = layers[0].weight, layers[1].weight
    assert isinstance(first, torch.Tensor)
    assert isinstance(second, torch.Tensor)
    assert first.tolist() == [[1 + SCALE * 10 * weight for weight in (1, 2, 3)], [1, 1, 1]]
    assert second.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    "tensors",
    [
        {"7.A": torch.ones(1, 3), "7.B": torch.ones(2, 1)},
        {"0.A": torch.ones(1, 3)},
        {"other": torch.ones(1, 3)},
        {"0.A": torch.ones(1, 5), "0.B": torch.ones(2, 1)},
        {"0.A": torch.ones(2, 3), "0.B": torch.ones(2, 1)},
        {"0.A": torch.ones(1), "0.B": torch.ones(2, 1)},
    ],
)
def test_an_adapter_that_does_not_fit_is_an_error(
    tmp_path: Path, tensors: dict[str, torch.Tensor]
) -> None:
    save_file(tensors, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match=r"a\.safetensors does not fit"):
        merge(model(), tmp_path / "a.safetensors")


def test_a_missing_adapter_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors does not fit"):
        merge(model(), tmp_path / "none.safetensors")

"""The compiled stance model says what the trained one says, and refuses what does not fit."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.errors import ModelError
from index.stance.bundled import WEIGHTS
from index.stance.compiled import compile_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from index.stance.pairs import PairClassifier

pytestmark = pytest.mark.encoder

MOTION = "Die Firma sollte Diensträder anschaffen."
TEXTS = [
    "Diensträder sind ein Gewinn, und die Firma sollte sie endlich anschaffen.",
    "Diensträder sind Geldverschwendung.",
    "Die Kantine ist dienstags geschlossen. " * 40,
]


def test_logits_are_those_of_torch(classifier: PairClassifier) -> None:
    """To within bfloat16's rounding; texts differ by far more."""
    with as_file(files("index.stance") / WEIGHTS) as path:
        compiled = compile_pairs(path)
    if compiled is None:
        pytest.skip("OpenVINO does not run here")
    expected = classifier.logits([MOTION] * 3, TEXTS)
    np.testing.assert_allclose(compiled.logits([MOTION] * 3, TEXTS), expected, atol=0.15)
    assert np.abs(expected[0] - expected[1]).max() > 1


@pytest.mark.parametrize("missing", ["head.bias", "encoder.layer.0.attention.self.key.A"])
def test_half_of_the_weights_is_an_error(tmp_path: Path, missing: str) -> None:
    with as_file(files("index.stance") / WEIGHTS) as path:
        tensors = load_file(path)
    half = {name: tensor for name, tensor in tensors.items() if name != missing}
    if missing.endswith(".A"):
        half[missing] = np.ones((16, 5), np.float16)
    save_file(half, tmp_path / WEIGHTS)
    with pytest.raises(ModelError, match=r"stance\.safetensors does not fit; reinstall"):
        compile_pairs(tmp_path / WEIGHTS)

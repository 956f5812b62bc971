"""The bundled stance model is loaded late, and in one piece; short texts are read together."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from index.errors import ModelError
from index.stance import bundled, pairs
from index.stance.bundled import BUNDLED, BundledStance, load_bundled_stance
from index.stance.calibration import NEVER, Calibration, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Counts:
    """A classifier whose logits are a text's length, its motion's length, and 0."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, motions: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(list(texts))
        read = zip(motions, texts, strict=True)
        return np.array([[len(text), len(motion), 0.0] for motion, text in read], np.float32)


def model_of(classifier: Counts, temperature: float = 1.0) -> BundledStance:
    return BundledStance(lambda: classifier, Calibration(temperature, 0.7), "x")


def test_batches_hold_texts_of_like_length_and_rows_come_in_order() -> None:
    """A short text beside a long one is padded, and costs as much."""
    classifier = Counts()
    texts = ["x" * (number * 37 % 100) for number in range(70)]
    motions = ["m" * (number % 3) for number in range(70)]
    logits = model_of(classifier).logits(motions, texts)
    assert logits[:, 0].tolist() == [len(text) for text in texts]
    assert logits[:, 1].tolist() == [len(motion) for motion in motions]
    assert [len(batch) for batch in classifier.batches] == [32, 32, 6]
    read = [len(text) for batch in classifier.batches for text in batch]
    assert read == sorted(read)


def test_a_temperature_divides_the_logits() -> None:
    shares = model_of(Counts(), temperature=4.0).shares("mm", ["xxxx"])
    np.testing.assert_allclose(shares, softmax(np.array([[1.0, 0.5, 0.0]], np.float32)), atol=1e-6)


def test_the_weights_are_loaded_at_the_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever only asks for the fingerprint, to see whether an index is stale, does not wait."""
    loads: list[None] = []

    def load() -> Counts:
        loads.append(None)
        return Counts()

    monkeypatch.setattr(bundled, "_load_classifier", load)
    model = load_bundled_stance()
    assert (model.name, model.fingerprint) == (BUNDLED, load_bundled_stance().fingerprint)
    assert 0.5 < model.certain <= NEVER
    assert loads == []
    model.shares("Die Firma.", ["ein Rad"])
    model.shares("Die Firma.", ["zwei Räder"])
    assert len(loads) == 1


def test_the_calibration_is_that_of_the_file() -> None:
    content = (files("index.stance") / bundled.CALIBRATION).read_text(encoding="utf-8")
    assert load_bundled_stance().certain == tomllib.loads(content)[BUNDLED]["certain"]


class Tiny(torch.nn.Module):
    """In the place of a `PairClassifier`: the parts that an adapter changes."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = torch.nn.Module()
        layer = torch.nn.Linear(4, 4, bias=False)
        torch.nn.init.zeros_(layer.weight)
        self.reader.model = torch.nn.Sequential(layer)
        self.head = torch.nn.Linear(4, 3)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the weights are looked for, to be put beside a tiny classifier."""
    monkeypatch.setattr(pairs, "PairClassifier", Tiny)
    return tmp_path


ADAPTER = {"0.A": torch.ones(1, 4), "0.B": torch.full((4, 1), 0.25)}
HEAD = {"head.weight": torch.ones(3, 4).half(), "head.bias": torch.tensor([1.0, 2.0, 3.0]).half()}


def test_adapter_and_head_are_put_in_place(folder: Path) -> None:
    save_file(ADAPTER | HEAD, folder / bundled.WEIGHTS)
    classifier = pairs.load_pair_classifier(folder / bundled.WEIGHTS)
    assert not classifier.training
    assert classifier.head.bias.tolist() == [1.0, 2.0, 3.0]
    changed = classifier.reader.model[0].weight  # type: ignore[index]
    np.testing.assert_allclose(changed.detach().numpy(), np.full((4, 4), 0.5))


@pytest.mark.parametrize(
    "tensors",
    [
        ADAPTER,
        ADAPTER | {"head.weight": torch.ones(3, 5), "head.bias": torch.ones(3)},
        {"1.A": torch.ones(1, 4), "1.B": torch.ones(4, 1)} | HEAD,
        {"0.A": torch.ones(1, 5), "0.B": torch.ones(4, 1)} | HEAD,
        {"0.A": torch.ones(1, 4)} | HEAD,
    ],
    ids=["no head", "another head", "no such layer", "another layer", "half of an adapter"],
)
def test_weights_that_do_not_fit_are_an_error(
    folder: Path, tensors: dict[str, torch.Tensor]
) -> None:
    save_file(tensors, folder / bundled.WEIGHTS)
    with pytest.raises(ModelError, match=r"stance\.safetensors does not fit; reinstall"):
        pairs.load_pair_classifier(folder / bundled.WEIGHTS)


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_weights_that_are_missing_or_broken_are_an_error(
    folder: Path, content: bytes | None
) -> None:
    if content is not None:
        (folder / bundled.WEIGHTS).write_bytes(content)
    with pytest.raises(ModelError, match=r"stance\.safetensors does not fit; reinstall"):
        pairs.load_pair_classifier(folder / bundled.WEIGHTS)


@pytest.mark.encoder
@pytest.mark.parametrize(
    ("motion", "for_it", "against_it"),
    [
        (
            "Die Firma sollte Diensträder anschaffen.",
            "Diensträder sind ein Gewinn, und die Firma sollte sie endlich anschaffen.",
            "Diensträder sind Geldverschwendung, und die Firma sollte davon die Finger lassen.",
        ),
        (
            "The company should buy bicycles.",
            "Company bicycles are a great idea: they save money and keep people healthy.",
            "Company bicycles are a waste of money, and nobody would ride them.",
        ),
    ],
)
def test_an_obvious_text_is_likelier_on_its_side(motion: str, for_it: str, against_it: str) -> None:
    """The one test of quality here; `audiatur eval --part stance` measures the rest."""
    shares = load_bundled_stance().shares(motion, [for_it, against_it])
    assert shares[0, 0] > shares[0, 1]
    assert shares[1, 1] > shares[1, 0]

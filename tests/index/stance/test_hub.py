"""Any cross-encoder can say where a text stands, whatever it calls its classes."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.errors import ModelError
from index.stance.calibration import Calibration
from index.stance.hub import HubStance, load_hub_stance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.index.stance.conftest import WriteModel

MOTION = "Die Firma sollte Räder kaufen."
NLI = ("entailment", "neutral", "contradiction")


@pytest.mark.parametrize(
    ("names", "logits", "expected"),
    [
        (("entailment", "neutral", "contradiction"), (3, 2, 1), (3, 1, 2)),
        (("CONTRADICTION", "ENTAILMENT", "NEUTRAL"), (3, 2, 1), (2, 3, 1)),
        (("favor", "against", "none"), (3, 2, 1), (3, 2, 1)),
        (("AGAINST", "FAVOR", "NONE"), (3, 2, 1), (2, 3, 1)),
        (("supports", "opposes", "neither"), (3, 2, 1), (3, 2, 1)),
        (("PRO", "CON", "unrelated"), (3, 2, 1), (3, 2, 1)),
        (("disagree", "agree", "neutral"), (3, 2, 1), (2, 3, 1)),
        (("other", "entailment", "neutral", "contradiction"), (9, 3, 2, 1), (3, 1, 2)),
    ],
)
def test_classes_are_told_by_their_names(
    write_model: WriteModel,
    names: Sequence[str],
    logits: Sequence[float],
    expected: Sequence[float],
) -> None:
    """For, against, neither: in that order, wherever the model has them and however written."""
    model = load_hub_stance(str(write_model(names, logits=logits)))
    odds = np.exp(expected)
    np.testing.assert_allclose(model.shares(MOTION, ["rad"])[0], odds / odds.sum(), atol=1e-5)


def test_a_model_of_two_classes_never_says_neither(write_model: WriteModel) -> None:
    model = load_hub_stance(str(write_model(["against", "favor"], logits=(0.0, 1.0))))
    shares = model.shares(MOTION, ["rad", "haus"])
    assert shares.shape == (2, 3)
    np.testing.assert_allclose(shares[:, 0] / shares[:, 1], np.e, rtol=1e-4)
    assert shares[:, 2].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "names",
    [
        ("LABEL_0", "LABEL_1", "LABEL_2"),
        ("LABEL_0",),
        ("entailment", "not_entailment"),
        ("positive", "negative"),
    ],
)
def test_classes_that_say_nothing_are_an_error_with_its_cure(
    write_model: WriteModel, names: Sequence[str]
) -> None:
    """A guess would put half of all excerpts on the wrong side; "not entailed" is not against."""
    folder = write_model(names)
    with pytest.raises(ModelError, match=re.escape(", ".join(names))) as caught:
        load_hub_stance(str(folder))
    message = str(caught.value)
    assert str(folder) in message
    assert "set id2label in its config.json" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["/no/such/folder", "nobody/no-such-model"])
def test_an_unknown_name_is_an_error_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="check AUDIATUR_STANCE_MODEL and the network") as caught:
        load_hub_stance(name)
    assert name in str(caught.value)
    assert "unset it to use the bundled one" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "none"}))
    with pytest.raises(ModelError, match="cannot load the stance model"):
        load_hub_stance(str(tmp_path))


def test_a_model_knows_nothing_of_certainty_before_it_is_calibrated(
    write_model: WriteModel,
) -> None:
    """It places no text; a calibration leaves the model that it was made for as it is."""
    model = load_hub_stance(str(write_model(NLI)))
    assert model.certain > 1
    calibrated = model.calibrated(Calibration(2.0, 0.75))
    assert (calibrated.certain, calibrated.name) == (0.75, model.name)
    assert model.certain > 1


def test_a_temperature_divides_the_logits(write_model: WriteModel) -> None:
    model = load_hub_stance(str(write_model(NLI, logits=(4.0, 2.0, 0.0))))
    odds = np.exp([2.0, 0.0, 1.0])
    shares = model.calibrated(Calibration(2.0, 0.75)).shares(MOTION, ["rad"])
    np.testing.assert_allclose(shares[0], odds / odds.sum(), atol=1e-5)


def test_the_fingerprint_is_that_of_weights_and_classes(write_model: WriteModel) -> None:
    """Wherever the model lies; who exchanges its classes gets other answers from equal weights."""
    first = load_hub_stance(str(write_model(NLI)))
    assert load_hub_stance(str(write_model(NLI))).fingerprint == first.fingerprint
    others = {
        load_hub_stance(str(write_model(NLI, seed=1))).fingerprint,
        load_hub_stance(str(write_model(NLI[::-1]))).fingerprint,
        first.calibrated(Calibration(2.0, 0.75)).fingerprint,
    }
    assert len(others) == 3
    assert first.fingerprint not in others


class Remembers:
    """A cross-encoder that keeps what it was asked, and how often its weights were looked at."""

    def __init__(self, config: SimpleNamespace) -> None:
        self.config = config
        self.pairs: list[tuple[str, str]] = []
        self.looked = 0

    def predict(self, pairs: list[tuple[str, str]], **_options: object) -> np.ndarray[Any, Any]:
        self.pairs += pairs
        return np.zeros((len(pairs), 3), np.float32)

    def state_dict(self) -> dict[str, Any]:
        self.looked += 1
        return {}


@pytest.fixture
def remembering() -> Remembers:
    return Remembers(SimpleNamespace(id2label=dict(enumerate(NLI))))


def test_a_text_is_the_premise_and_the_motion_the_hypothesis(remembering: Remembers) -> None:
    """Models of entailment read them in this order: does the text entail the motion?"""
    HubStance(remembering, "x").shares(MOTION, ["rad", "haus"])  # type: ignore[arg-type]
    assert remembering.pairs == [("rad", MOTION), ("haus", MOTION)]


def test_weights_are_hashed_once(remembering: Remembers) -> None:
    """The cache asks for the fingerprint with every text; half a gigabyte takes a second."""
    model = HubStance(remembering, "x")  # type: ignore[arg-type]
    assert model.fingerprint == model.fingerprint
    assert remembering.looked == 1

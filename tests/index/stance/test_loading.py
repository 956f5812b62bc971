"""A stance model is found by its name; one from elsewhere is calibrated once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.errors import ModelError
from index.stance import loading
from index.stance.bundled import BUNDLED, BundledStance
from index.stance.calibration import NEVER, Calibration
from index.stance.loading import calibration_texts, learned_settings, load_stance_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.stance.conftest import WriteModel

NLI = ("entailment", "neutral", "contradiction")
TEXTS = ["rad"] * 30 + ["haus"] * 30


class Calls:
    """In the place of `calibrate`: counts how often it is called, and gives a fixed answer."""

    def __init__(self) -> None:
        self.logits: list[np.ndarray] = []

    def __call__(self, logits: np.ndarray, columns: np.ndarray) -> Calibration:
        assert len(logits) == len(columns)
        self.logits.append(logits)
        return Calibration(1.5, 0.75)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Few texts to calibrate on, and what is made of them."""
    calls = Calls()
    monkeypatch.setattr(loading, "calibrate", calls)
    given = ["Die Firma."] * len(TEXTS), TEXTS, np.array([0] * 30 + [1] * 30)
    monkeypatch.setattr(loading, "calibration_texts", lambda: given)
    return calls


def test_bundled_is_the_bundled_one(tmp_path: Path) -> None:
    """It brings its calibration along; nothing is written."""
    model = load_stance_model(BUNDLED, tmp_path)
    assert isinstance(model, BundledStance)
    assert list(tmp_path.iterdir()) == []


def test_a_model_from_elsewhere_is_calibrated(
    write_model: WriteModel, calls: Calls, tmp_path: Path
) -> None:
    """On logits of its own, in our order of sides, not yet divided by anything."""
    folder = write_model(["against", "favor"], logits=(1.0, 2.0))
    model = load_stance_model(str(folder), tmp_path)
    assert (model.name, model.certain) == (str(folder), 0.75)
    (logits,) = calls.logits
    np.testing.assert_allclose(logits[:, :2], [[2.0, 1.0]] * len(TEXTS), atol=1e-5)
    share = model.shares("Die Firma.", ["rad"])[0]
    assert share[0] / share[1] == pytest.approx(np.exp(1 / 1.5), rel=1e-4)


def test_a_calibration_is_kept_and_not_computed_again(
    write_model: WriteModel, calls: Calls, tmp_path: Path
) -> None:
    """It takes minutes; the folder may be missing at first."""
    name, folder = str(write_model(NLI)), tmp_path / "data"
    first = load_stance_model(name, folder)
    (kept,) = folder.iterdir()
    assert json.loads(kept.read_text()) == {"temperature": 1.5, "certain": 0.75}
    second = load_stance_model(name, folder)
    assert len(calls.logits) == 1
    assert second.fingerprint == first.fingerprint
    kept.write_text('{"temperature": 1.0, "certain": 0.9}')
    assert load_stance_model(name, folder).certain == 0.9
    assert len(calls.logits) == 1


def test_a_kill_while_it_is_kept_leaves_no_half_of_it(
    write_model: WriteModel, calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every later start would fail on it."""
    name = str(write_model(NLI))

    def killed(path: Path, text: str, **_options: str) -> int:
        path.write_bytes(text.encode()[:9])
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_text", killed)
        with pytest.raises(InterruptedError):
            load_stance_model(name, tmp_path)
    assert load_stance_model(name, tmp_path).certain == 0.75
    assert len(calls.logits) == 2


def test_other_weights_are_calibrated_anew(
    write_model: WriteModel, calls: Calls, tmp_path: Path
) -> None:
    """Also under the same name; and so are other names of the classes."""
    for folder in (write_model(NLI), write_model(NLI, seed=1), write_model(NLI[::-1])):
        load_stance_model(str(folder), tmp_path)
    assert len(calls.logits) == len(list(tmp_path.iterdir())) == 3


def test_a_model_that_guesses_is_never_certain(
    write_model: WriteModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the real fit: what is right half of the time puts nothing on a side."""
    given = ["Die Firma."] * len(TEXTS), TEXTS, np.array([0, 1] * 30)
    monkeypatch.setattr(loading, "calibration_texts", lambda: given)
    assert load_stance_model(str(write_model(NLI)), tmp_path).certain == NEVER


def test_a_name_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="AUDIATUR_STANCE_MODEL"):
        load_stance_model(str(tmp_path / "nowhere"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_calibration_texts_say_where_each_stands() -> None:
    """Enough of each side to fit a threshold, none empty, none twice under one motion."""
    motions, texts, columns = calibration_texts()
    assert len(motions) == len(texts) == len(columns)
    assert all(motion.strip() for motion in motions)
    assert all(text.strip() for text in texts)
    assert len(set(zip(motions, texts, strict=True))) == len(texts)
    assert set(columns.tolist()) == {0, 1, 2}
    assert np.bincount(columns).min() >= 50


def test_learned_settings_are_usable() -> None:
    """What training wrote is read by name, and keeps to the ranges that the fit needs."""
    settings = learned_settings()
    assert min(settings.base, settings.strength, settings.temperature) > 0
    assert 0.5 < settings.certain <= NEVER

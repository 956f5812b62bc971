"""Loads the stance model: the bundled one, or any cross-encoder by name or folder."""

from __future__ import annotations

import json
import logging
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from index.stance.bundled import BUNDLED, CALIBRATION, load_bundled_stance
from index.stance.calibration import Calibration, calibrate
from index.stance.hub import load_hub_stance
from index.stance.learned import LearnedSettings

if TYPE_CHECKING:
    from pathlib import Path

    from index.stance.hub import HubStance
    from index.stance.protocol import StanceModel

logger = logging.getLogger(__name__)

_TEXTS = "calibration.jsonl"
_CLASSES = ("for", "against", "neither")


def load_stance_model(name: str, folder: Path) -> StanceModel:
    """Return the stance model called `name`: "bundled", a hub's model name, or a model's folder.

    A model from elsewhere is calibrated on texts that come with the package, once: `folder` keeps
    the result.

    Raises:
        ModelError: The model cannot be loaded; the message says what to do.
    """
    if name == BUNDLED:
        return load_bundled_stance()
    model = load_hub_stance(name)
    return model.calibrated(_calibration(model, folder / f"{model.fingerprint}.json"))


def learned_settings() -> LearnedSettings:
    """Return how a debate's own labels are learned from."""
    content = tomllib.loads((files(__package__) / CALIBRATION).read_text(encoding="utf-8"))
    return LearnedSettings(**content["learned"])


def _calibration(model: HubStance, kept: Path) -> Calibration:
    if kept.exists():
        return Calibration(**json.loads(kept.read_text(encoding="utf-8")))
    motions, texts, columns = calibration_texts()
    logger.info("calibrating the stance model %s on %d texts", model.name, len(texts))
    calibration = calibrate(model.logits(motions, texts), columns)
    kept.parent.mkdir(parents=True, exist_ok=True)
    content = {"temperature": calibration.temperature, "certain": calibration.certain}
    part = kept.with_suffix(".part")
    part.write_text(json.dumps(content) + "\n", encoding="utf-8")
    part.replace(kept)
    return calibration


def calibration_texts() -> tuple[list[str], list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return motions, texts and right columns, `(N,)` each, on which nothing was trained."""
    motions, texts, columns = [], [], []
    for line in (files(__package__) / _TEXTS).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        for column, name in enumerate(_CLASSES):
            motions += [entry["motion"]] * len(entry[name])
            texts += entry[name]
            columns += [column] * len(entry[name])
    return motions, texts, np.array(columns)

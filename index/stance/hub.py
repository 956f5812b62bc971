"""Any cross-encoder for stance or natural language inference, by its hub name or folder."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from index.debates.records import Side
from index.errors import ModelError
from index.stance.calibration import Calibration, softmax
from index.stance.protocol import SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder

    from index.stance.protocol import Shares

_MEANINGS = {
    Side.YES: ("entail", "favor", "favour", "support", "pro", "for", "agree"),
    Side.NO: ("contradict", "against", "oppose", "undermine", "con", "attack", "disagree"),
    Side.BACKGROUND: ("neutral", "none", "neither", "unrelated", "not_entail"),
}
"""How the names that models give their classes begin, by what they mean for us."""
_ABSENT = -1e4
"""The logit of a class that a model does not have."""


class HubStance:
    """A CrossEncoder that reads (text, motion) as premise and hypothesis."""

    def __init__(
        self, model: CrossEncoder, name: str, calibration: Calibration | None = None
    ) -> None:
        self._model = model
        self._name = name
        self._columns = _columns(getattr(model.config, "id2label", None) or {}, name)
        self._calibration = calibration or Calibration(1.0, 1.01)

    @property
    def name(self) -> str:
        """What stands as `label_by`."""
        return self._name

    @cached_property
    def fingerprint(self) -> str:
        """Names weights, classes and calibration; hashing the weights takes a second."""
        total = hashlib.sha256(f"{self._columns} {self._calibration}".encode())
        for key, tensor in sorted(self._model.state_dict().items()):
            total.update(key.encode())
            total.update(np.ascontiguousarray(tensor.float().cpu().numpy()).data)
        return f"stance-{total.hexdigest()[:24]}"

    @property
    def certain(self) -> float:
        """The share from which on a text is placed on a side."""
        return self._calibration.certain

    def calibrated(self, calibration: Calibration) -> HubStance:
        """Return the same model with a calibration."""
        return HubStance(self._model, self._name, calibration)

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return probabilities for, against, neither, `(N,) -> (N, 3)`."""
        return softmax(self.logits([motion] * len(texts), texts) / self._calibration.temperature)

    def logits(self, motions: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the model's logits in the order of `SIDES`, `(N,), (N,) -> (N, 3)`."""
        import torch  # noqa: PLC0415 - costs seconds

        if not texts:
            return np.empty((0, len(SIDES)), np.float32)
        pairs = list(zip(texts, motions, strict=True))
        raw = np.asarray(
            self._model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False),
            np.float32,
        ).reshape(len(pairs), -1)
        ordered = np.full((len(pairs), len(SIDES)), _ABSENT, np.float32)
        for side, column in self._columns.items():
            ordered[:, SIDES.index(side)] = raw[:, column]
        return ordered


def load_hub_stance(name: str) -> HubStance:
    """Return the cross-encoder called `name`, a hub's model name or a folder; not calibrated yet.

    Raises:
        ModelError: It cannot be loaded, or its classes do not say which is for and which against.
    """
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - costs seconds

    try:
        model = CrossEncoder(name, device="cpu")
    except Exception as error:
        raise ModelError(
            f"cannot load the stance model {name!r} ({type(error).__name__}); check "
            f"AUDIATUR_STANCE_MODEL and the network, or unset it to use the bundled one"
        ) from error
    return HubStance(model, name)


def _columns(names: Mapping[Any, str], model: str) -> dict[Side, int]:
    columns: dict[Side, int] = {}
    for column, name in names.items():
        for side in reversed(_MEANINGS):  # "not_entailment" and "disagree" before their opposites
            if name.lower().startswith(_MEANINGS[side]):
                columns.setdefault(side, int(column))
                break
    if not {Side.YES, Side.NO} <= columns.keys():
        given = ", ".join(map(str, names.values()))
        raise ModelError(
            f"the stance model {model!r} calls its classes {given}; it needs ones that begin with "
            f"entail/favor/support and contradict/against/oppose: set id2label in its config.json"
        )
    return columns

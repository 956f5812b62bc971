"""What every stance model keeps to, and where its word puts a text."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.debates.records import Side
from index.stance import bundled
from index.stance.cache import CachedStance
from index.stance.calibration import NEVER, Calibration
from index.stance.hub import load_hub_stance
from index.stance.learned import Confirmed, LearnedSettings, LearnedStance
from index.stance.protocol import SIDES, Placement, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.stance.pairs import PairClassifier
    from index.stance.protocol import Shares, StanceModel
    from tests.index.conftest import StubEncoder, StubStance
    from tests.index.stance.conftest import WriteModel

    Make = Callable[[Calibration], StanceModel]

MOTION = "Die Firma sollte Diensträder anschaffen."
TEXTS = [
    "Diensträder sparen der Firma Geld.",
    "Diensträder kosten die Firma viel Geld, und sie brauchen Wartung und einen Stellplatz.",
    "Die Kantine öffnet um zwölf.",
    'Räder? 🚲 "Nein" \\ danke!',
    "",
    "Ein Rad " * 400,
    "Diensträder sparen der Firma Geld.",
]
FIRST, SECOND = Calibration(1.0, 0.7), Calibration(2.0, 0.9)
LABELLED = [
    *(Confirmed(f"Ein Rad spart Geld, zum {number}. Mal.", Side.YES) for number in range(4)),
    *(Confirmed(f"Ein Rad wird gestohlen, zum {number}. Mal.", Side.NO) for number in range(4)),
]


@pytest.fixture
def make_stub_model(make_stance: type[StubStance]) -> Make:
    return lambda calibration: make_stance(
        ["sparen"], ["kosten"], ["🚲"], certain=calibration.certain
    )


@pytest.fixture
def make_hub_model(write_model: WriteModel) -> Make:
    model = load_hub_stance(str(write_model(["entailment", "neutral", "contradiction"])))
    return model.calibrated


@pytest.fixture
def make_learned_model(make_stub_model: Make, stub: StubEncoder) -> Make:
    def make(calibration: Calibration) -> StanceModel:
        settings = LearnedSettings(1.0, 1.0, calibration.temperature, calibration.certain)
        base = make_stub_model(FIRST)
        return LearnedStance(base, stub.encode_passages, settings, MOTION, LABELLED)

    return make


@pytest.fixture
def make_cached_model(make_hub_model: Make, tmp_path: Path) -> Make:
    return lambda calibration: CachedStance(make_hub_model(calibration), tmp_path / "s.sqlite")


@pytest.fixture
def make_bundled_model(
    classifier: PairClassifier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Make:
    """The real weights beside a calibration of the test's own."""
    weights = (files("index.stance") / bundled.WEIGHTS).read_bytes()
    (tmp_path / bundled.WEIGHTS).write_bytes(weights)
    monkeypatch.setattr(bundled, "files", lambda _package: tmp_path)
    monkeypatch.setattr(bundled, "_load_classifier", lambda: classifier.logits)

    def make(calibration: Calibration) -> StanceModel:
        (tmp_path / bundled.CALIBRATION).write_text(
            f"[bundled]\ntemperature = {calibration.temperature}\ncertain = {calibration.certain}\n"
        )
        return bundled.load_bundled_stance()

    return make


@pytest.fixture(
    params=["stub", "hub", "learned", "cached", pytest.param("bundled", marks=pytest.mark.encoder)]
)
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.getfixturevalue(f"make_{request.param}_model")
    return found


@pytest.fixture
def model(make: Make) -> StanceModel:
    return make(FIRST)


def test_each_text_has_a_row_of_shares(model: StanceModel) -> None:
    """One column a side, whatever the text: empty, very long, not of this language."""
    shares = model.shares(MOTION, TEXTS)
    assert shares.shape == (len(TEXTS), len(SIDES))
    assert shares.dtype == np.float32
    assert shares.min() >= 0


def test_the_shares_of_a_text_sum_to_one(model: StanceModel) -> None:
    np.testing.assert_allclose(model.shares(MOTION, TEXTS).sum(axis=1), 1.0, atol=1e-5)


def test_rows_come_in_the_order_of_the_texts(model: StanceModel) -> None:
    """However a model sorts them to be quick; computing in batches may round differently."""
    there, back = model.shares(MOTION, TEXTS), model.shares(MOTION, TEXTS[::-1])
    np.testing.assert_allclose(there, back[::-1], atol=0.03)


def test_a_texts_shares_are_the_same_alone(model: StanceModel) -> None:
    """What is asked in the same call does not matter."""
    together = model.shares(MOTION, TEXTS)
    alone = np.concatenate([model.shares(MOTION, [text]) for text in TEXTS])
    np.testing.assert_allclose(alone, together, atol=0.03)


def test_equal_texts_have_equal_shares(model: StanceModel) -> None:
    shares = model.shares(MOTION, TEXTS)
    assert TEXTS[0] == TEXTS[-1]
    np.testing.assert_allclose(shares[0], shares[-1], atol=1e-5)


def test_the_same_call_has_the_same_answer(model: StanceModel) -> None:
    first, second = model.shares(MOTION, TEXTS), model.shares(MOTION, TEXTS)
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_no_texts_have_no_shares(model: StanceModel) -> None:
    assert model.shares(MOTION, []).shape == (0, len(SIDES))


def test_a_share_is_certain_only_above_one_half(model: StanceModel) -> None:
    """Else both sides of one text could be certain; a model may also never be."""
    assert 0.5 < model.certain <= NEVER


def test_a_fingerprint_names_weights_and_calibration(make: Make) -> None:
    """Another temperature gives other shares, so what was kept of the old ones must not be used."""
    first = make(FIRST).fingerprint
    assert make(FIRST).fingerprint == first
    assert make(SECOND).fingerprint != first


def test_a_model_has_a_name(model: StanceModel) -> None:
    """It stands in answers, in one line."""
    assert model.name
    assert "\n" not in model.name


class Says:
    """A model that has one answer."""

    name, fingerprint = "oracle", "oracle"

    def __init__(self, *rows: tuple[float, float, float], certain: float = 0.8) -> None:
        self.certain = certain
        self._rows = rows

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        assert motion
        assert len(texts) == len(self._rows)
        return np.array(self._rows, np.float32)


@pytest.mark.parametrize(
    ("row", "side"),
    [
        ((0.9, 0.1, 0.0), Side.YES),
        ((0.1, 0.9, 0.0), Side.NO),
        ((0.875, 0.0, 0.125), Side.YES),
        ((0.7, 0.3, 0.0), Side.UNCLEAR),
        ((0.3, 0.6, 0.1), Side.UNCLEAR),
        ((0.4, 0.4, 0.2), Side.UNCLEAR),
        ((0.1, 0.3, 0.6), Side.BACKGROUND),
        ((0.0, 0.0, 1.0), Side.BACKGROUND),
        ((0.44, 0.1, 0.46), Side.BACKGROUND),
    ],
)
def test_a_text_is_placed_where_the_model_is_certain(
    row: tuple[float, float, float], side: Side
) -> None:
    """Uncertain ones are unclear, and those that more likely take neither side are background."""
    (placement,) = place(Says(row), MOTION, ["x"])
    assert placement.side is side
    assert placement.certainty == pytest.approx(max(row[:2]), abs=1e-6)
    assert placement.by == "oracle"


def test_a_share_at_the_threshold_is_certain() -> None:
    just, under = 0.75, 0.7499
    rows = ((just, 1 - just, 0.0), (under, 1 - under, 0.0))
    placed = place(Says(*rows, certain=just), MOTION, ["x", "y"])
    assert [one.side for one in placed] == [Side.YES, Side.UNCLEAR]


def test_a_model_that_is_never_certain_places_nothing() -> None:
    rows = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    placed = place(Says(*rows, certain=NEVER), MOTION, ["x", "y", "z"])
    assert [one.side for one in placed] == [Side.UNCLEAR, Side.UNCLEAR, Side.BACKGROUND]


def test_no_model_is_entirely_certain() -> None:
    """A certainty of 1 tells a person from a model, wherever a label is read."""
    placed = place(Says((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), MOTION, ["x", "y"])
    assert [round(one.certainty, 3) for one in placed] == [0.99, 0.99]


def test_placements_come_in_the_order_of_the_texts(make_stance: type[StubStance]) -> None:
    model = make_stance(["gut"], ["schlecht"], ["vielleicht"])
    placed = place(model, MOTION, ["schlecht", "gut", "Kantine", "vielleicht"])
    assert [replace(one, certainty=round(one.certainty, 3)) for one in placed] == [
        Placement(Side.NO, 0.9, "stub-stance"),
        Placement(Side.YES, 0.9, "stub-stance"),
        Placement(Side.BACKGROUND, 0.05, "stub-stance"),
        Placement(Side.UNCLEAR, 0.5, "stub-stance"),
    ]
    assert {motion for motion, _ in model.asked} == {MOTION}


def test_no_model_is_asked_about_nothing(make_stance: type[StubStance]) -> None:
    model = make_stance()
    assert place(model, MOTION, []) == []
    assert model.asked == []

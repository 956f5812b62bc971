"""What people confirmed moves texts like it to their side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.debates.records import LEARNED, Side
from index.stance.learned import FEWEST, Confirmed, LearnedSettings, LearnedStance, can_learn

if TYPE_CHECKING:
    from index.stance.protocol import Shares
    from tests.index.conftest import StubEncoder, StubStance

MOTION = "Die Firma sollte Diensträder anschaffen."
SETTINGS = LearnedSettings(base=1.0, strength=10.0, temperature=1.0, certain=0.8)
CONFIRMED = [
    Confirmed("Diensträder machen die Leute gesund.", Side.YES),
    Confirmed("Ein Dienstrad macht die Leute gesund und froh.", Side.YES),
    Confirmed("Diensträder machen alle Leute froh.", Side.YES),
    Confirmed("Gesunde Leute fahren mit dem Dienstrad.", Side.YES),
    Confirmed("Diensträder werden auf dem Hof gestohlen.", Side.NO),
    Confirmed("Ein Dienstrad wird leicht gestohlen.", Side.NO),
    Confirmed("Auf dem Hof wird alles gestohlen.", Side.NO),
    Confirmed("Gestohlen wird ein Dienstrad schnell.", Side.NO),
]
HEALTHY = "Wer mit dem Dienstrad fährt, bleibt gesund und froh."
STOLEN = "Unsere Diensträder wurden vom Hof gestohlen."


@pytest.fixture
def base(make_stance: type[StubStance]) -> StubStance:
    """A model that is certain of nothing here."""
    return make_stance(unclear=["Dienstrad", "Diensträder", "Hof", "Leute"])


def learned(
    base: StubStance,
    stub: StubEncoder,
    confirmed: list[Confirmed] = CONFIRMED,
    settings: LearnedSettings = SETTINGS,
    motion: str = MOTION,
) -> LearnedStance:
    return LearnedStance(base, stub.encode_passages, settings, motion, confirmed)


def two_sided(shares: Shares) -> list[float]:
    """Return how likely each text is for the motion, if it takes a side at all."""
    found: list[float] = (shares[:, 0] / shares[:, :2].sum(axis=1)).tolist()
    return found


def test_texts_move_to_the_side_of_those_like_them(base: StubStance, stub: StubEncoder) -> None:
    """The other model cannot tell them apart."""
    before = two_sided(base.shares(MOTION, [HEALTHY, STOLEN]))
    assert before[0] == before[1]
    healthy, stolen = two_sided(learned(base, stub).shares(MOTION, [HEALTHY, STOLEN]))
    assert healthy > before[0] + 0.1
    assert stolen < before[1] - 0.1


def test_exchanged_labels_move_them_the_other_way(base: StubStance, stub: StubEncoder) -> None:
    """It is the labels that count, not the words."""
    other = {Side.YES: Side.NO, Side.NO: Side.YES}
    exchanged = [Confirmed(one.text, other[one.side]) for one in CONFIRMED]
    shares = learned(base, stub, exchanged).shares(MOTION, [HEALTHY, STOLEN])
    healthy, stolen = two_sided(shares)
    assert healthy < 0.5 < stolen


def test_what_the_other_model_says_still_counts(
    make_stance: type[StubStance], stub: StubEncoder
) -> None:
    """Of two texts that are equally like the labels, the one that it finds for the motion is."""
    base = make_stance(["gesund"], ["gestohlen"])
    text = "Das Wetter ist heute schön"
    for_it, against_it = two_sided(
        learned(base, stub).shares(MOTION, [f"{text} gesund", f"{text} gestohlen"])
    )
    assert for_it > 0.5 > against_it


def test_how_likely_a_text_takes_no_side_stays(base: StubStance, stub: StubEncoder) -> None:
    texts = [HEALTHY, STOLEN, "Die Kantine ist offen."]
    shares = learned(base, stub).shares(MOTION, texts)
    np.testing.assert_allclose(shares[:, 2], base.shares(MOTION, texts)[:, 2], atol=1e-6)


def test_background_teaches_no_side(base: StubStance, stub: StubEncoder) -> None:
    """It is confirmed too, but says nothing of for or against."""
    more = [*CONFIRMED, Confirmed("Ein Dienstrad wiegt zwanzig Kilo.", Side.BACKGROUND)]
    np.testing.assert_allclose(
        learned(base, stub, more).shares(MOTION, [HEALTHY, STOLEN]),
        learned(base, stub).shares(MOTION, [HEALTHY, STOLEN]),
        atol=1e-6,
    )


def test_a_temperature_makes_it_less_sure(base: StubStance, stub: StubEncoder) -> None:
    cooler = LearnedSettings(base=1.0, strength=10.0, temperature=4.0, certain=0.8)
    sure = two_sided(learned(base, stub).shares(MOTION, [HEALTHY]))
    unsure = two_sided(learned(base, stub, settings=cooler).shares(MOTION, [HEALTHY]))
    assert 0.5 < unsure[0] < sure[0]


def test_its_name_and_threshold_are_its_own(base: StubStance, stub: StubEncoder) -> None:
    """Whoever reads an answer sees that labels were learned from."""
    model = learned(base, stub)
    assert (model.name, model.certain) == (LEARNED, 0.8)


def test_the_fingerprint_names_all_that_was_learned_from(
    base: StubStance, make_stance: type[StubStance], stub: StubEncoder
) -> None:
    """The order of the labels is nothing that matters."""
    first = learned(base, stub).fingerprint
    assert learned(base, stub, CONFIRMED[::-1]).fingerprint == first
    other = LearnedSettings(base=0.5, strength=10.0, temperature=1.0, certain=0.8)
    moved = [Confirmed(CONFIRMED[0].text, Side.NO), *CONFIRMED[1:]]
    fingerprints = {
        first,
        learned(make_stance(name="other"), stub).fingerprint,
        learned(base, stub, moved).fingerprint,
        learned(base, stub, settings=other).fingerprint,
        learned(base, stub, motion="Die Firma sollte Autos anschaffen.").fingerprint,
    }
    assert len(fingerprints) == 5


def test_both_sides_need_enough_labels() -> None:
    """With fewer the other model knows better."""
    assert FEWEST == 4
    assert can_learn(CONFIRMED)
    for at in range(len(CONFIRMED)):
        assert not can_learn([*CONFIRMED[:at], *CONFIRMED[at + 1 :]])
    background = [Confirmed(f"Text {number}", Side.BACKGROUND) for number in range(9)]
    assert not can_learn([*CONFIRMED[:4], *background])
    assert not can_learn([])

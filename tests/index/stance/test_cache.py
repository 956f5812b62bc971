"""No text is judged twice, and no answer is given for another question."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.stance.cache import CachedStance, forget_before

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.stance.protocol import Shares
    from tests.index.conftest import StubStance

MOTION = "Die Firma sollte Diensträder anschaffen."
TEXTS = ["Das ist gut.", "Das ist schlecht.", "Die Kantine ist offen.", "Das ist gut."]


@pytest.fixture
def model(make_stance: type[StubStance]) -> StubStance:
    return make_stance(["gut"], ["schlecht"], name="one", certain=0.7)


@pytest.fixture
def cached(model: StubStance, tmp_path: Path) -> CachedStance:
    return CachedStance(model, tmp_path / "new" / "stances.sqlite")


def test_what_is_kept_is_what_the_model_says(cached: CachedStance, model: StubStance) -> None:
    """In the order of the texts, the first time and the second."""
    expected = model.shares(MOTION, TEXTS)
    for _ in range(2):
        found = cached.shares(MOTION, TEXTS)
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == np.float32
    np.testing.assert_array_equal(cached.shares(MOTION, TEXTS[::-1]), expected[::-1])


def test_a_second_call_does_not_ask_the_model(cached: CachedStance, model: StubStance) -> None:
    cached.shares(MOTION, TEXTS)
    assert model.asked
    model.asked.clear()
    cached.shares(MOTION, TEXTS)
    assert model.asked == []


def test_a_text_that_comes_twice_is_asked_once(cached: CachedStance, model: StubStance) -> None:
    cached.shares(MOTION, TEXTS)
    assert model.asked == [(MOTION, text) for text in TEXTS[:3]]


def test_only_what_is_new_is_asked(cached: CachedStance, model: StubStance) -> None:
    cached.shares(MOTION, TEXTS)
    model.asked.clear()
    found = cached.shares(MOTION, ["Neu und schlecht.", *TEXTS])
    assert model.asked == [(MOTION, "Neu und schlecht.")]
    np.testing.assert_array_equal(found, model.shares(MOTION, ["Neu und schlecht.", *TEXTS]))


def test_another_motion_is_another_question(cached: CachedStance, model: StubStance) -> None:
    """What speaks for one motion may speak against the next."""
    cached.shares(MOTION, TEXTS[:1])
    cached.shares("Die Firma sollte keine Diensträder anschaffen.", TEXTS[:1])
    assert [motion for motion, _ in model.asked] == [
        MOTION,
        "Die Firma sollte keine Diensträder anschaffen.",
    ]


def test_a_new_process_finds_what_was_kept(model: StubStance, tmp_path: Path) -> None:
    CachedStance(model, tmp_path / "s.sqlite").shares(MOTION, TEXTS)
    model.asked.clear()
    CachedStance(model, tmp_path / "s.sqlite").shares(MOTION, TEXTS)
    assert model.asked == []


def test_another_model_is_asked_anew(
    model: StubStance, make_stance: type[StubStance], tmp_path: Path
) -> None:
    other = make_stance(["schlecht"], ["gut"], name="two")
    CachedStance(model, tmp_path / "s.sqlite").shares(MOTION, TEXTS)
    found = CachedStance(other, tmp_path / "s.sqlite").shares(MOTION, TEXTS)
    np.testing.assert_array_equal(found, other.shares(MOTION, TEXTS))


def test_it_goes_by_the_models_name(cached: CachedStance, model: StubStance) -> None:
    """Its answers are the model's, and so is what stands beside them."""
    assert (cached.name, cached.certain) == ("one", 0.7)
    assert cached.fingerprint == model.fingerprint


def test_no_texts_ask_nothing(cached: CachedStance, model: StubStance) -> None:
    assert cached.shares(MOTION, []).shape == (0, 3)
    assert model.asked == []


class Dies:
    """A model that is killed while it judges its second batch."""

    name = fingerprint = "one"
    certain = 0.7

    def __init__(self) -> None:
        self.batches: list[int] = []

    def shares(self, _motion: str, texts: Sequence[str]) -> Shares:
        self.batches.append(len(texts))
        if len(self.batches) == 2:
            raise InterruptedError
        return np.full((len(texts), 3), 1 / 3, np.float32)


def test_a_kill_in_the_middle_keeps_what_was_done(tmp_path: Path) -> None:
    """Judging a corpus takes minutes."""
    model, texts = Dies(), [f"Satz {number}" for number in range(150)]
    with pytest.raises(InterruptedError):
        CachedStance(model, tmp_path / "s.sqlite").shares(MOTION, texts)
    CachedStance(model, tmp_path / "s.sqlite").shares(MOTION, texts)
    assert sum(model.batches) - model.batches[1] == 150
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM shares").fetchone() == (150,)


def test_what_only_older_builds_asked_for_is_forgotten(model: StubStance, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    CachedStance(model, path, "2").shares(MOTION, TEXTS)
    CachedStance(model, path, "3").shares(MOTION, TEXTS[:2])
    CachedStance(model, path, "1").shares(MOTION, TEXTS[:1])
    forget_before(path, "3")
    model.asked.clear()
    CachedStance(model, path, "4").shares(MOTION, TEXTS)
    assert model.asked == [(MOTION, TEXTS[2])]


def test_a_file_of_an_earlier_version_is_still_read(model: StubStance, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    CachedStance(model, path).shares(MOTION, TEXTS)
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE shares DROP COLUMN asked")
    model.asked.clear()
    CachedStance(model, path, "1").shares(MOTION, TEXTS[:1])
    assert model.asked == []
    forget_before(path, "1")
    CachedStance(model, path, "1").shares(MOTION, TEXTS)
    assert model.asked == [(MOTION, text) for text in TEXTS[1:3]]

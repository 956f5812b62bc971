"""Both vectors of a question come from one pass, and are those that either encoder gives alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.encoding import twins as module
from index.encoding.engine import AGREEMENT
from index.encoding.twins import Both, load_encoders, load_reading_encoder, twins
from tests.index.conftest import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Encoder, Vectors

QUESTIONS = ["Gehen?", "Sollten wir als B2B-Firma Facebook wirklich verlassen?", "Should we? " * 20]
MANY = [f"Frage {number}?" for number in range(100)]


class StubBoth(Both):
    """Two stubs side by side; `passes` holds what each pass of both read."""

    compiled = True

    def __init__(self, *, compiled: bool = True) -> None:
        self.plain = StubEncoder("plain")
        self.adapted = StubEncoder("adapted")  # type: ignore[assignment]
        self.compiled = compiled
        self.passes: list[list[str]] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.passes.append(list(texts))
        return np.hstack([StubEncoder(name).encode_queries(texts) for name in ("plain", "adapted")])

    def alone(self) -> list[list[str]]:
        """Return what each of the two encoded by itself."""
        return [[text for _, text in each.encoded] for each in (self.plain, self.adapted)]  # type: ignore[attr-defined]


@pytest.mark.encoder
def test_one_pass_gives_the_vectors_of_both(bundled: Encoder) -> None:
    both = Both()
    if not both.compiled:
        pytest.skip("torch runs the encoder here")
    alone = load_reading_encoder()
    plain, adapted = twins(both)
    for twin, one in ((plain, bundled), (adapted, alone)):
        assert twin.fingerprint == one.fingerprint
        cosines = (twin.encode_queries(QUESTIONS) * one.encode_queries(QUESTIONS)).sum(1)
        assert cosines.min() > AGREEMENT
    apart = (plain.encode_queries(QUESTIONS) * adapted.encode_queries(QUESTIONS)).sum(1)
    assert apart.max() < 0.995


@pytest.mark.encoder
def test_where_nothing_can_be_compiled_each_encoder_gives_its_own(
    bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "open_engine", lambda *_, **__: None)
    both = Both()
    expected = np.hstack([each.encode_queries(QUESTIONS) for each in (bundled, both.adapted)])
    np.testing.assert_allclose(both.encode_queries(QUESTIONS), expected, atol=1e-5)


@pytest.mark.parametrize("first", [0, 1])
def test_whichever_is_asked_first_the_other_needs_no_pass(first: int) -> None:
    both = StubBoth()
    pair = twins(both)
    for twin in (pair[first], pair[1 - first]):
        expected = StubEncoder(twin.fingerprint).encode_queries(["Kosten?"])
        np.testing.assert_array_equal(twin.encode_queries(["Kosten?"]), expected)
    assert both.passes == [["Kosten?"]]
    assert both.alone() == [[], []]


def test_many_questions_are_not_remembered_and_need_no_twin() -> None:
    both = StubBoth()
    plain, adapted = twins(both)
    expected = StubEncoder("adapted").encode_queries(MANY)
    np.testing.assert_array_equal(adapted.encode_queries(MANY), expected)
    plain.encode_queries(MANY)
    plain.encode_passages(["Ein Satz."])
    assert not both.passes
    assert both.alone() == [[*MANY, "Ein Satz."], MANY]


def test_without_a_graph_for_both_nobody_encodes_for_the_other() -> None:
    both = StubBoth(compiled=False)
    plain, adapted = twins(both)
    plain.encode_queries(["Kosten?"])
    adapted.encode_queries(["Nutzen?"])
    assert both.alone() == [["Kosten?"], ["Nutzen?"]]
    assert not both.passes


def test_no_questions_have_no_vectors() -> None:
    for twin in twins(StubBoth()):
        assert twin.encode_queries([]).shape == (0, twin.dimension)


@pytest.mark.encoder
def test_another_model_searches_beside_the_one_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    other = StubEncoder("other")
    monkeypatch.setattr(module, "load_encoder", lambda name: {"some/model": other}[name])
    encoder, adapted = load_encoders("some/model")
    assert encoder is other
    assert adapted.fingerprint == load_reading_encoder().fingerprint

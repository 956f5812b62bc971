"""Both vectors of a question come from one pass, and are those that either encoder gives alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.encoding import twins as module
from index.encoding.loading import SentenceEncoder
from index.encoding.twins import Both, load_encoders, load_reading_encoder, twins
from tests.index.conftest import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Encoder, Vectors

QUESTIONS = ["Gehen?", "Sollten wir als B2B-Firma Facebook wirklich verlassen?", "Should we? " * 20]


class Counted:
    """Two stubs side by side; `passes` holds what each pass read."""

    def __init__(self) -> None:
        self.plain, self.adapted = StubEncoder("plain"), StubEncoder("adapted")
        self.passes: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.passes.append(list(texts))
        alone = (StubEncoder("plain"), StubEncoder("adapted"))
        return np.hstack([each.encode_queries(texts) for each in alone])

    def twins(self) -> tuple[Encoder, Encoder]:
        return twins(self, self.plain, self.adapted)


@pytest.mark.encoder
def test_one_pass_gives_the_vectors_of_both(bundled: Encoder) -> None:
    plain, adapted = load_encoders()
    alone = load_reading_encoder()
    assert plain.fingerprint == bundled.fingerprint
    assert adapted.fingerprint == alone.fingerprint
    for twin, one in ((plain, bundled), (adapted, alone)):
        cosines = (twin.encode_queries(QUESTIONS) * one.encode_queries(QUESTIONS)).sum(1)
        assert cosines.min() > 0.9995
    apart = (plain.encode_queries(QUESTIONS) * adapted.encode_queries(QUESTIONS)).sum(1)
    assert apart.max() < 0.995


@pytest.mark.encoder
def test_where_nothing_can_be_compiled_each_encoder_gives_its_own(
    bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "open_engine", lambda *_, **__: None)
    both = Both()
    expected = np.hstack([each.encode_queries(QUESTIONS) for each in (bundled, both.adapted)])
    np.testing.assert_allclose(both(QUESTIONS), expected, atol=1e-5)


@pytest.mark.parametrize("first", [0, 1])
def test_whichever_is_asked_first_the_other_needs_no_pass(first: int) -> None:
    both = Counted()
    pair = both.twins()
    for twin in (pair[first], pair[1 - first]):
        name = twin.fingerprint
        expected = StubEncoder(name).encode_queries(["Kosten?"])
        np.testing.assert_array_equal(twin.encode_queries(["Kosten?"]), expected)
    assert both.passes == [["Kosten?"]]
    assert not both.plain.encoded
    assert not both.adapted.encoded


def test_many_examples_are_encoded_by_the_one_that_is_asked() -> None:
    both = Counted()
    plain, adapted = both.twins()
    examples = [f"Frage {number}?" for number in range(100)]
    adapted.encode_queries(examples)
    plain.encode_passages(["Ein Satz."])
    assert [text for _, text in both.adapted.encoded] == examples
    assert both.plain.encoded == [("passage", "Ein Satz.")]
    assert not both.passes


def test_no_questions_have_no_vectors() -> None:
    plain, _adapted = Counted().twins()
    assert plain.encode_queries([]).shape == (0, plain.dimension)


def test_another_model_searches_beside_the_one_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    other = StubEncoder("other")
    monkeypatch.setattr(module, "load_encoder", lambda name: {"some/model": other}[name])
    encoder, adapted = load_encoders("some/model")
    assert encoder is other
    assert not isinstance(adapted, SentenceEncoder)
    assert adapted.fingerprint == load_reading_encoder().fingerprint

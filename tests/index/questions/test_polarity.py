"""Polarity vectors stand side by side, and say which encoders they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.questions.polarity import PolarityEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors
    from tests.index.conftest import StubEncoder


def test_without_an_adapted_encoder_the_encoders_own_vectors_do(stub: StubEncoder) -> None:
    polarity = PolarityEncoder(stub)
    assert polarity.fingerprint == stub.fingerprint
    np.testing.assert_array_equal(polarity.encode(["ja"]), stub.encode_queries(["ja"]))


def test_an_adapted_encoders_vectors_stand_beside(make_stub: Callable[..., StubEncoder]) -> None:
    plain, adapted = make_stub("plain"), make_stub("adapted")
    polarity = PolarityEncoder(plain, adapted)
    assert polarity.fingerprint == "plain adapted"
    found = polarity.encode(["ja", "nein"])
    np.testing.assert_array_equal(found[:, :64], plain.encode_queries(["ja", "nein"]))
    np.testing.assert_array_equal(found[:, 64:], adapted.encode_queries(["ja", "nein"]))


def test_what_stands_between_is_asked_for_each_encoder(
    make_stub: Callable[..., StubEncoder],
) -> None:
    asked: list[str] = []

    def keep(encoder: Encoder, texts: Sequence[str]) -> Vectors:
        asked.append(encoder.fingerprint)
        return encoder.encode_queries(texts)

    PolarityEncoder(make_stub("plain"), make_stub("adapted")).encode(["ja"], keep)
    assert asked == ["plain", "adapted"]

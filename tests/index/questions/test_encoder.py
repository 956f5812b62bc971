"""Questions are read from vectors that say which encoder they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.questions.encoder import QuestionEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors
    from tests.index.conftest import StubEncoder

ASKED = ["ja", "nein"]


def test_without_an_adapted_encoder_the_encoders_own_vectors_do(stub: StubEncoder) -> None:
    questions = QuestionEncoder(stub)
    assert questions.fingerprint == stub.fingerprint
    np.testing.assert_array_equal(questions.encode(ASKED), stub.encode_queries(ASKED))


def test_the_adapted_one_alone_reads(make_stub: Callable[..., StubEncoder]) -> None:
    plain, adapted = make_stub("plain"), make_stub("adapted")
    questions = QuestionEncoder(plain, adapted)
    assert questions.fingerprint == "adapted"
    np.testing.assert_array_equal(questions.encode(ASKED), adapted.encode_queries(ASKED))
    assert plain.encoded == []


def test_what_stands_between_is_asked(make_stub: Callable[..., StubEncoder]) -> None:
    asked: list[str] = []

    def keep(encoder: Encoder, texts: Sequence[str]) -> Vectors:
        asked.append(encoder.fingerprint)
        return encoder.encode_queries(texts)

    QuestionEncoder(make_stub("plain"), make_stub("adapted"), keep).encode(["ja"])
    assert asked == ["adapted"]

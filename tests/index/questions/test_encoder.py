"""Questions are read from vectors of their own, which say which encoders they came from."""

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
    np.testing.assert_array_equal(questions.of_subjects(ASKED), stub.encode_queries(ASKED))
    np.testing.assert_array_equal(questions.of_directions(ASKED), stub.encode_queries(ASKED))


def test_the_adapted_one_tells_subjects_and_both_directions(
    make_stub: Callable[..., StubEncoder],
) -> None:
    plain, adapted = make_stub("plain"), make_stub("adapted")
    questions = QuestionEncoder(plain, adapted)
    assert questions.fingerprint == "plain adapted"
    np.testing.assert_array_equal(questions.of_subjects(ASKED), adapted.encode_queries(ASKED))
    found = questions.of_directions(ASKED)
    np.testing.assert_array_equal(found[:, :64], plain.encode_queries(ASKED))
    np.testing.assert_array_equal(found[:, 64:], adapted.encode_queries(ASKED))


def test_what_stands_between_is_asked_for_each_encoder(
    make_stub: Callable[..., StubEncoder],
) -> None:
    asked: list[str] = []

    def keep(encoder: Encoder, texts: Sequence[str]) -> Vectors:
        asked.append(encoder.fingerprint)
        return encoder.encode_queries(texts)

    questions = QuestionEncoder(make_stub("plain"), make_stub("adapted"), keep)
    questions.of_directions(["ja"])
    questions.of_subjects(["ja"])
    assert asked == ["plain", "adapted", "adapted"]

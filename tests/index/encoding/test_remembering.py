"""A question that was encoded a moment ago is not encoded again."""

from __future__ import annotations

import numpy as np

from index.encoding.remembering import REMEMBERED, RememberingEncoder
from tests.index.conftest import StubEncoder


def test_a_question_is_encoded_once_however_often_it_is_read() -> None:
    stub = StubEncoder()
    encoder = RememberingEncoder(stub)
    first = encoder.encode_queries(["Kosten?", "Nutzen?"])
    again = encoder.encode_queries(["Nutzen?", "Kosten?", "Nutzen?"])
    assert [text for _, text in stub.encoded] == ["Kosten?", "Nutzen?"]
    np.testing.assert_array_equal(again, first[[1, 0, 1]])
    np.testing.assert_array_equal(first, StubEncoder().encode_queries(["Kosten?", "Nutzen?"]))


def test_no_questions_have_no_vectors() -> None:
    assert RememberingEncoder(StubEncoder()).encode_queries([]).shape == (
        0,
        StubEncoder().dimension,
    )


def test_it_is_taken_for_the_encoder_behind_it() -> None:
    stub = StubEncoder("other")
    encoder = RememberingEncoder(stub)
    assert (encoder.fingerprint, encoder.dimension) == (stub.fingerprint, stub.dimension)
    np.testing.assert_array_equal(encoder.encode_passages(["A"]), stub.encode_passages(["A"]))


def test_what_was_asked_long_ago_is_forgotten() -> None:
    stub = StubEncoder()
    encoder = RememberingEncoder(stub)
    for number in range(REMEMBERED + 1):
        encoder.encode_queries([f"Frage {number}"])
    encoder.encode_queries([f"Frage {REMEMBERED}"])
    assert len(stub.encoded) == REMEMBERED + 1
    encoder.encode_queries(["Frage 0"])
    assert len(stub.encoded) == REMEMBERED + 2

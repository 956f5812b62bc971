"""Excerpts that make the same point come together; nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering import keypoints
from index.answering.keypoints import KeyPoints, Likelihood, load_key_points, merge
from index.encoding.loading import BUNDLED, encoder_fingerprint, load_encoder
from index.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEEP = Likelihood(slope=20, intercept=-10, threshold=0.5)
"""Cosines from 0.5 on count as the same."""
PLAIN = KeyPoints(STEEP)
DIMENSION = 32


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


def planted(points: list[int], spread: float = 0.05) -> NDArray[np.float32]:
    """Return a vector near each point's own direction, and near one that all share."""
    noise = np.random.default_rng(1).normal(size=(len(points), DIMENSION))
    shared = np.full(DIMENSION, 3.0)
    return unit(4 * np.eye(DIMENSION)[points] + shared + spread * noise)


def test_planted_points_are_found() -> None:
    """Rows of a point are a group, best first; groups are in the order of their best."""
    points = [4, 7, 4, 1, 7, 4, 2]
    assert PLAIN.group(planted(points), planted([*range(DIMENSION)])) == (
        (0, 2, 5),
        (1, 4),
        (3,),
        (6,),
    )


def test_raw_cosines_would_not_tell_the_planted_points() -> None:
    """What all texts share makes even different points alike, as it does in real vectors."""
    vectors = planted([4, 7])
    assert float(vectors[0] @ vectors[1]) > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_order_decides_who_stands_for_a_group_and_nothing_else(seed: int) -> None:
    points = [4, 7, 4, 1, 7, 4, 2, 1, 1]
    order = np.random.default_rng(seed).permutation(len(points))
    vectors, around = planted(points, spread=0.3), planted([*range(DIMENSION)])
    straight = {frozenset(group) for group in PLAIN.group(vectors, around)}
    shuffled = PLAIN.group(vectors[order], around)
    assert {frozenset(int(order[row]) for row in group) for group in shuffled} == straight
    assert all(list(group) == sorted(group) for group in shuffled)
    assert [group[0] for group in shuffled] == sorted(group[0] for group in shuffled)


def test_probabilities_are_symmetric_and_repeatable() -> None:
    vectors = planted([4, 7, 4, 1, 7], spread=0.5)
    found = PLAIN.probabilities(vectors)
    assert found.shape == (5, 5)
    assert np.array_equal(found, found.T)
    assert np.array_equal(found, PLAIN.probabilities(vectors))
    assert ((found >= 0) & (found <= 1)).all()


def test_nothing_gives_no_group() -> None:
    assert PLAIN.group(np.empty((0, DIMENSION), np.float32)) == ()


def test_one_excerpt_stands_for_itself() -> None:
    assert PLAIN.group(planted([4])) == ((0,),)


@pytest.mark.parametrize("count", [2, 3, 8])
def test_equal_excerpts_are_one_group(count: int) -> None:
    """Centred on their own mean they are nothing; that they are equal still shows."""
    assert PLAIN.group(planted([4] * count, spread=0)) == (tuple(range(count)),)


def test_two_different_excerpts_stay_apart_without_surroundings() -> None:
    """The mean of two lies between them: their cosine is -1, however much they share."""
    assert PLAIN.group(planted([4, 7])) == ((0,), (1,))


def test_a_chain_of_likeness_is_no_group() -> None:
    """Each is like the next, but the first and the last make different points."""
    likely = np.array([[1, 0.9, 0.1], [0.9, 1, 0.8], [0.1, 0.8, 1]])
    assert merge(likely, 0.5) == ((0, 1), (2,))


def test_merging_leaves_the_probabilities_as_they_are() -> None:
    likely = np.array([[1, 0.9], [0.9, 1]])
    merge(likely, 0.5)
    assert likely.tolist() == [[1, 0.9], [0.9, 1]]


def test_the_threshold_itself_counts() -> None:
    likely = np.array([[1, 0.5], [0.5, 1]])
    assert merge(likely, 0.5) == ((0, 1),)
    assert merge(likely, 0.51) == ((0,), (1,))


def test_a_projection_leaves_out_what_makes_no_point() -> None:
    """Manner differs more than the point does; a metric that knows manner looks past it."""
    point, manner = np.eye(2)[[0, 0, 1, 1]], np.array([[3.0], [-3.0], [3.0], [-3.0]])
    vectors = unit(np.hstack([point, manner]))
    assert PLAIN.group(vectors) == ((0, 2), (1, 3))
    assert KeyPoints(STEEP, np.eye(3)[:, :2]).group(vectors) == ((0, 1), (2, 3))


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, D\)"):
        PLAIN.group(np.zeros(DIMENSION, np.float32))
    with pytest.raises(ValueError, match=r"\(1, 32\) and \(2, 3\)"):
        PLAIN.group(planted([4]), np.zeros((2, 3), np.float32))
    with pytest.raises(ValueError, match="32 dimensions, the projection 3"):
        KeyPoints(STEEP, np.eye(3)).group(planted([4]))


def test_another_encoder_gets_centred_cosines() -> None:
    """Of any dimension, and so strict that planted points are told but mere nearness is not."""
    found = load_key_points("weights-of-somebody-else")
    assert found.projection is None
    around = planted([*range(DIMENSION)])
    assert found.group(planted([4, 7, 4]), around) == ((0, 2), (1,))
    assert found.group(planted([4, 7, 4], spread=1.5), around) == ((0,), (1,), (2,))


def test_unreadable_weights_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    fingerprint = keypoints._settings()[keypoints.FITTED]["encoder"]
    monkeypatch.setattr(keypoints, "WEIGHTS", "missing.safetensors")
    with pytest.raises(ModelError, match="reinstall"):
        load_key_points(fingerprint)


GERMAN = (
    "Social Media ist kein Medium, über das sich im Regelfall schnell viel Geld machen lässt.",
    "Wer sich in sozialen Netzwerken bewegt, muss stets mit Konfrontation rechnen.",
    "Mit sozialen Medien lässt sich nicht auf die Schnelle Geld verdienen.",
    "Das Internet vergisst nichts, und schlechtes Feedback bleibt für immer online.",
    "Die Betreuung der Kanäle frisst Zeit, Energie und Personal.",
    "Einmal veröffentlichte Kritik verschwindet nie wieder aus dem Internet.",
    "Im B2B-Bereich liest kein Entscheider deine Beiträge auf Facebook.",
    "Firmen werden dort öffentlich mit ungerechtfertigten Vorwürfen überzogen.",
)
ELSEWHERE = (
    "Kunden wollen mitreden und beteiligt werden.",
    "Soziale Medien festigen die Beziehung zu den Kunden.",
    "Über ein Unternehmen wird auch dann geredet, wenn es nicht dabei ist.",
    "Wer zuhört, bemerkt Stimmungen früher und kann darauf reagieren.",
    "Zufriedene Nutzer werden zu Botschaftern der Marke.",
    "Facebook ist zu einem wichtigen Ort der Diskussion über Produkte geworden.",
    "Eine offene Kommunikation schafft Vertrauen.",
    "Der Nutzen eines Auftritts lässt sich konkret berechnen.",
)


@pytest.mark.encoder
def test_the_bundled_encoder_tells_german_excerpts() -> None:
    """Fitted on English, the likeliest pairs are right in German; only the sure one is grouped."""
    encoder = load_encoder()
    found = load_key_points(encoder.fingerprint)
    vectors, around = encoder.encode_passages(GERMAN), encoder.encode_passages(ELSEWHERE)
    likely = np.triu(found.probabilities(vectors, around), 1)
    best = np.argsort(-likely, axis=None)[:2]
    assert [divmod(int(at), len(GERMAN)) for at in best] == [(0, 2), (3, 5)]
    assert [group for group in found.group(vectors, around) if len(group) > 1] == [(0, 2)]


@pytest.mark.encoder
def test_the_weights_belong_to_the_bundled_encoder() -> None:
    """A new encoder needs `training/keypoints.py` to be run again."""
    assert keypoints._settings()[keypoints.FITTED]["encoder"] == encoder_fingerprint(BUNDLED)

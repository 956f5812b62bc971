"""The files of a faiss store: what is written comes back, what is damaged is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.errors import SnapshotDamaged
from index.storage import vector_files
from index.storage.inverted import Kind
from index.storage.vector_writing import VectorWriter
from index.storage.vectors import FaissStore

COUNT, DIMENSION = 3_000, 16
ROOT = Path(__file__).parents[3]
VECTORS = np.random.default_rng(3).normal(size=(COUNT, DIMENSION)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


def write(path: Path, kind: Kind) -> None:
    with VectorWriter(path, COUNT, DIMENSION, kind) as writer:
        for start in range(0, COUNT, 700):
            writer.add(VECTORS[start : start + 700])


@pytest.mark.parametrize("kind", Kind)
def test_a_written_store_is_a_saved_one(
    tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, also where the vectors are read back in several blocks."""
    FaissStore.of(VECTORS, kind).save(tmp_path / "saved.faiss")
    monkeypatch.setattr(vector_files, "BLOCK", 999)
    write(tmp_path / "written.faiss", kind)
    for suffix in (".faiss", ".npy"):
        saved, written = (tmp_path / (name + suffix) for name in ("saved", "written"))
        assert saved.read_bytes() == written.read_bytes()
    opened = FaissStore.open(tmp_path / "written.faiss")
    assert opened.kind is kind
    np.testing.assert_array_equal(opened.vectors(np.arange(COUNT)), VECTORS)


def test_blocks_are_the_vectors_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "v.faiss", Kind.EXACT)
    monkeypatch.setattr(vector_files, "BLOCK", 999)
    blocks = list(vector_files.read_blocks(tmp_path / "v.faiss"))
    assert [len(block) for block in blocks] == [999, 999, 999, 3]
    np.testing.assert_array_equal(np.concatenate(blocks), VECTORS)


@pytest.mark.parametrize("more", [-1, 1])
def test_other_than_the_announced_vectors_are_no_store(tmp_path: Path, more: int) -> None:
    with (
        pytest.raises(ValueError, match=f"3000 vectors came where {COUNT + more} were announced"),
        VectorWriter(tmp_path / "v.faiss", COUNT + more, DIMENSION) as writer,
    ):
        writer.add(VECTORS)
    with pytest.raises(SnapshotDamaged):
        FaissStore.open(tmp_path / "v.faiss")


def test_vectors_of_another_dimension_are_not_written(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="vectors of 15 came, not of 16"),
        VectorWriter(tmp_path / "v.faiss", COUNT, DIMENSION) as writer,
    ):
        writer.add(VECTORS[:, :15])


def test_what_a_failure_interrupted_is_no_store(tmp_path: Path) -> None:
    interrupted = VectorWriter(tmp_path / "v.faiss", COUNT, DIMENSION)
    with pytest.raises(InterruptedError), interrupted as writer:  # noqa: PT012 - fails on leaving
        writer.add(VECTORS)
        raise InterruptedError
    with pytest.raises(SnapshotDamaged):
        FaissStore.open(tmp_path / "v.faiss")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("content", [None, b"", b"no vectors", "half"])
@pytest.mark.parametrize("name", ["v.faiss", "v.npy"])
def test_a_file_that_is_not_what_was_written_is_damaged(
    tmp_path: Path, kind: Kind, content: bytes | str | None, name: str
) -> None:
    write(tmp_path / "v.faiss", kind)
    file = tmp_path / name
    whole = file.read_bytes()
    file.unlink()
    if content is not None:
        file.write_bytes(whole[: len(whole) // 2] if isinstance(content, str) else content)
    with pytest.raises(SnapshotDamaged, match=rf"{name} cannot be read; run audiatur reindex"):
        FaissStore.open(tmp_path / "v.faiss")


@pytest.mark.parametrize(
    "other",
    [np.zeros((COUNT, DIMENSION)), np.zeros(COUNT, np.float32), np.array([{}], object)],
    ids=["doubles", "a line", "objects"],
)
def test_an_array_that_holds_no_vectors_is_damaged(tmp_path: Path, other: object) -> None:
    write(tmp_path / "v.faiss", Kind.EXACT)
    np.save(tmp_path / "v.npy", np.asarray(other))
    with pytest.raises(SnapshotDamaged, match=r"v\.npy cannot be read"):
        FaissStore.open(tmp_path / "v.faiss")


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (Kind.LISTS, (COUNT - 1, DIMENSION)),
        (Kind.LISTS, (COUNT, DIMENSION + 1)),
        (Kind.EXACT, (COUNT, DIMENSION + 1)),
    ],
)
def test_files_of_two_stores_are_damaged(
    tmp_path: Path, kind: Kind, shape: tuple[int, int]
) -> None:
    write(tmp_path / "v.faiss", kind)
    np.save(tmp_path / "v.npy", np.zeros(shape, np.float32))
    with pytest.raises(SnapshotDamaged, match=r"v\.faiss is not of these vectors"):
        FaissStore.open(tmp_path / "v.faiss")


def test_an_exact_store_holds_its_vectors_once(tmp_path: Path) -> None:
    write(tmp_path / "v.faiss", Kind.EXACT)
    assert faiss.read_index(str(tmp_path / "v.faiss")).ntotal == 0
    assert (tmp_path / "v.faiss").stat().st_size < 100


_COUNTS_THREADS = """
import sys
from pathlib import Path
import numpy as np
from index.storage.vectors import FaissStore
threads = lambda: len(list(Path("/proc/self/task").iterdir()))
store = FaissStore.open(Path(sys.argv[1]))
before = threads()
for among in (None, np.arange(store.count), np.arange(10)):
    store.search(store.vectors(np.array([0]))[0], 3, among)
print(store.kind.value, threads() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
@pytest.mark.parametrize("kind", Kind)
def test_a_search_starts_no_threads(tmp_path: Path, kind: Kind) -> None:
    """They would wait for cores that the encoder is using."""
    write(tmp_path / "v.faiss", kind)
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _COUNTS_THREADS, str(tmp_path / "v.faiss")],
        env={"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [kind.value, "0"]

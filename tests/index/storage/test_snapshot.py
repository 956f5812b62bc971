"""A snapshot whose parts are not what was built is refused by the name of the part."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import SnapshotDamaged
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTS = [
    "records.sqlite",
    "passages.faiss",
    "passages.npy",
    "sentences.npy",
    "baselines.npz",
    "questions.npz",
]


@pytest.fixture
def copy(small_snapshot: Snapshot, tmp_path: Path) -> Path:
    """Return a copy of a good snapshot's folder, to be damaged."""
    return shutil.copytree(small_snapshot.folder, tmp_path / small_snapshot.name)


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_copy_opens_and_says_the_same(copy: Path, small_snapshot: Snapshot) -> None:
    opened = Snapshot(copy)
    assert opened.manifest == small_snapshot.manifest
    assert opened.labels == small_snapshot.labels
    assert opened.name == copy.name
    opened.close()


def test_a_corpus_without_guides_makes_a_snapshot_without_guides(
    small_snapshot: Snapshot,
) -> None:
    assert (small_snapshot.guides, small_snapshot.interviews) == ((), ())
    assert small_snapshot.guidebook.menu("de") == ()


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_named(copy: Path, part: str) -> None:
    (copy / part).unlink()
    with pytest.raises(SnapshotDamaged, match=rf"{part} is not what was built; run audiatur"):
        Snapshot(copy)


@pytest.mark.parametrize("part", PARTS)
def test_a_truncated_part_is_named(copy: Path, part: str) -> None:
    content = (copy / part).read_bytes()
    (copy / part).write_bytes(content[: len(content) // 2])
    with pytest.raises(SnapshotDamaged, match=part):
        Snapshot(copy)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_with_one_other_byte_is_named(copy: Path, part: str) -> None:
    content = bytearray((copy / part).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / part).write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=part):
        Snapshot(copy)


def test_missing_words_are_named(copy: Path) -> None:
    shutil.rmtree(copy / "words")
    with pytest.raises(SnapshotDamaged, match=r"words/\S+ is not what was built"):
        Snapshot(copy)


def test_an_altered_word_index_is_named(copy: Path) -> None:
    """Tantivy does not look at its files before it needs them: it would fail at a question."""
    path = max((copy / "words").glob("*.idx"), key=lambda file: file.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="words"):
        Snapshot(copy).close()


def test_a_missing_manifest_is_damaged(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    with pytest.raises(SnapshotDamaged, match="the manifest in"):
        Snapshot(copy)


@pytest.mark.parametrize(
    ("count", "part"),
    [("passages", "records"), ("sentences", "sentences"), ("dimension", "dimension")],
)
def test_a_count_that_disagrees_is_named_with_both_numbers(
    copy: Path, count: str, part: str
) -> None:
    rewrite(copy, lambda content: content.update({count: 4711}))
    with pytest.raises(SnapshotDamaged, match=rf"{part} has \d+, the manifest says 4711"):
        Snapshot(copy)


def test_parts_of_two_snapshots_are_refused(copy: Path) -> None:
    """Each part alone is sound, but they were not built together."""
    sentences = copy / "sentences.npy"
    sentences.write_bytes((copy / "passages.faiss").read_bytes())
    with pytest.raises(SnapshotDamaged, match=r"sentences\.npy is not what was built"):
        Snapshot(copy)

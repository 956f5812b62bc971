"""An older snapshot can be listed, gone back to, and takes the place of a damaged one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from index.building import build_index, is_stale
from index.errors import (
    BuildInProgress,
    SnapshotDamaged,
    SnapshotError,
    SnapshotMismatch,
    SnapshotMissing,
)
from index.storage.shelf import Shelf
from index.storage.shelved import State

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import StubEncoder

FILES = [
    "records.sqlite",
    "passages.faiss",
    "passages.npy",
    "sentences.npy",
    "baselines.npz",
    "questions.npz",
    "words/meta.json",
    "manifest.json",
]


@pytest.fixture
def three(shelf: Shelf, corpus_folder: Path, stub: StubEncoder) -> list[str]:
    """Build three snapshots, of a corpus that has grown by a document each time; oldest first."""
    names = []
    for number in range(3):
        (corpus_folder / f"more{number}.txt").write_text(f"Ein Rad Nummer {number} ist rund.")
        names.append(build_index(corpus_folder, shelf, stub).snapshot)
    return names


def folder_of(shelf: Shelf, name: str) -> Path:
    return shelf._snapshots / name


def damage(shelf: Shelf, name: str, file: str = "records.sqlite") -> None:
    path = folder_of(shelf, name) / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def opened(shelf: Shelf) -> tuple[str, list[str]]:
    """Return the name of what is opened, and what is said of what was skipped."""
    skipped: list[str] = []
    snapshot = shelf.open_current(lambda error: skipped.append(str(error)))
    snapshot.close()
    return snapshot.name, skipped


def test_an_empty_shelf_lists_nothing(shelf: Shelf) -> None:
    assert shelf.snapshots() == []


def test_the_list_tells_when_of_how_much_and_by_which_model(
    shelf: Shelf, three: list[str], stub: StubEncoder
) -> None:
    listed = shelf.snapshots()
    assert [one.name for one in listed] == three[::-1]
    assert [one.state for one in listed] == [State.CURRENT, State.PREVIOUS, State.PREVIOUS]
    assert [(one.documents, one.passages) for one in listed] == [(6, 9), (5, 8), (4, 7)]
    assert {one.model for one in listed} == {stub.fingerprint}
    assert [one.pinned for one in listed] == [False] * 3
    dates = [one.created for one in listed]
    assert dates == sorted(dates, key=str, reverse=True)


def test_the_list_tells_what_is_damaged_and_of_another_version(
    shelf: Shelf, three: list[str]
) -> None:
    damage(shelf, three[2])
    manifest = folder_of(shelf, three[1]) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    (current, other, _) = shelf.snapshots()
    assert (current.state, current.current) == (State.DAMAGED, True)
    assert "records.sqlite is not what was built" in str(current.wrong)
    assert other.state is State.OTHER_VERSION
    assert "has format 9" in str(other.wrong)


def test_an_unfinished_build_is_not_listed(shelf: Shelf, three: list[str]) -> None:
    shelf.workplace("half")
    assert [one.name for one in shelf.snapshots()] == three[::-1]


@pytest.mark.parametrize("file", FILES)
def test_the_previous_one_stands_in_for_a_damaged_one(
    shelf: Shelf, three: list[str], file: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever file is damaged; it is said aloud once, and it is the one that answers now."""
    damage(shelf, three[2], file)
    name, skipped = opened(shelf)
    assert name == shelf.current_name() == three[1]
    assert len(skipped) == 1
    assert three[2] in skipped[0] or file == "manifest.json"
    warned = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [f"{three[1]} answers instead" in one.getMessage() for one in warned] == [True]
    assert opened(shelf) == (three[1], [])


def test_a_damaged_one_is_refused_where_nobody_would_be_told(
    shelf: Shelf, three: list[str]
) -> None:
    damage(shelf, three[2])
    with pytest.raises(SnapshotDamaged):
        shelf.open_current()


def test_damaged_ones_are_passed_over(shelf: Shelf, three: list[str]) -> None:
    damage(shelf, three[2])
    damage(shelf, three[1])
    assert opened(shelf)[0] == three[0]
    damage(shelf, three[0])
    with pytest.raises(SnapshotDamaged, match=three[2]):
        opened(Shelf(shelf._data))


def test_a_missing_folder_is_a_damage(shelf: Shelf, three: list[str]) -> None:
    folder_of(shelf, three[2]).rename(shelf._data / "elsewhere")
    assert opened(shelf)[0] == three[1]


def test_a_build_after_a_damage_answers(
    shelf: Shelf, three: list[str], corpus_folder: Path, stub: StubEncoder
) -> None:
    damage(shelf, three[2])
    opened(shelf)
    built = build_index(corpus_folder, shelf, stub).snapshot
    assert opened(shelf) == (built, [])


def test_a_way_back_leads_to_the_previous_one_and_then_further(
    shelf: Shelf, three: list[str]
) -> None:
    assert shelf.roll_back() == shelf.current_name() == three[1]
    assert shelf.roll_back() == shelf.current_name() == three[0]
    with pytest.raises(SnapshotMissing, match="no snapshot to go back to"):
        shelf.roll_back()
    assert shelf.current_name() == three[0]


def test_a_way_back_may_name_any_snapshot(shelf: Shelf, three: list[str]) -> None:
    """Also one that is newer: the way back from a way back."""
    assert shelf.roll_back(three[0]) == three[0]
    assert shelf.roll_back(three[2]) == three[2]
    assert opened(shelf) == (three[2], [])


@pytest.mark.parametrize("name", ["nothing", "", "../snapshots", "half.building"])
def test_a_name_that_is_not_on_the_shelf_is_refused(
    shelf: Shelf, three: list[str], name: str
) -> None:
    shelf.workplace("half")
    with pytest.raises(ValueError, match="audiatur snapshots lists them"):
        shelf.roll_back(name)
    assert shelf.current_name() == three[2]


def test_what_answers_already_is_said_so(shelf: Shelf, three: list[str]) -> None:
    with pytest.raises(ValueError, match="answers already"):
        shelf.roll_back(three[2])


@pytest.mark.parametrize("file", FILES)
def test_no_way_leads_back_to_a_damaged_one(shelf: Shelf, three: list[str], file: str) -> None:
    """The switch is not made; without a name it is passed over."""
    damage(shelf, three[1], file)
    with pytest.raises(SnapshotError):
        shelf.roll_back(three[1])
    assert shelf.current_name() == three[2]
    assert shelf.roll_back() == three[0]


def test_no_way_leads_back_to_another_version(shelf: Shelf, three: list[str]) -> None:
    manifest = folder_of(shelf, three[1]) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    with pytest.raises(SnapshotMismatch):
        shelf.roll_back(three[1])


def test_a_way_back_waits_for_no_builder(shelf: Shelf, three: list[str]) -> None:
    assert three
    with shelf.building(), pytest.raises(BuildInProgress):
        shelf.roll_back()


def test_a_failure_in_the_middle_of_a_way_back_changes_nothing(
    shelf: Shelf, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            "index.storage.durable.flush", lambda _: (_ for _ in ()).throw(OSError("cut"))
        )
        with pytest.raises(OSError, match="cut"):
            shelf.roll_back()
    assert opened(Shelf(shelf._data)) == (three[2], [])


def test_who_went_back_is_left_alone_until_the_next_build(
    shelf: Shelf, three: list[str], corpus_folder: Path, stub: StubEncoder
) -> None:
    """The corpus is no longer that of the snapshot, and yet it is not stale."""
    snapshot = shelf.open_current()
    assert not is_stale(corpus_folder, snapshot)
    snapshot.close()
    shelf.roll_back()
    snapshot = shelf.open_current()
    assert snapshot.pinned
    assert not is_stale(corpus_folder, snapshot)
    snapshot.close()
    assert [one.pinned for one in shelf.snapshots()] == [False, True, False]
    built = build_index(corpus_folder, shelf, stub).snapshot
    assert built > three[2]
    (corpus_folder / "last.txt").write_text("Noch ein Rad.")
    snapshot = shelf.open_current()
    assert not snapshot.pinned
    assert is_stale(corpus_folder, snapshot)
    snapshot.close()


def test_a_stand_in_is_stale_as_any_other(
    shelf: Shelf, three: list[str], corpus_folder: Path
) -> None:
    """Nobody chose it: the next start mends the index."""
    damage(shelf, three[2])
    snapshot = shelf.open_current(lambda _: None)
    assert is_stale(corpus_folder, snapshot)
    snapshot.close()

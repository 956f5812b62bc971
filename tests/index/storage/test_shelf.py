"""Whatever happens to a build, the index that answered before still answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.answering.advisor import Advisor
from index.building import build_index
from index.errors import BuildCancelled, BuildInProgress, SnapshotMissing
from index.storage.shelf import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.storage.shelf import Shelf
    from tests.index.conftest import StubEncoder

QUESTION = "Sollen wir Diensträder anschaffen?"
STAGES = ["read", "embed", "learn", "write", "verify"]
CHILD = """
    import sys, time
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    from index.building import build_index
    from index.errors import BuildInProgress
    from index.storage.shelf import Shelf

    conftest, corpus, data, stage = sys.argv[1:]
    spec = spec_from_file_location("stubs", conftest)
    stubs = module_from_spec(spec)
    spec.loader.exec_module(stubs)

    def wait(now, done, total):
        if now == stage:
            print("reached", flush=True)
            time.sleep(60)

    try:
        build_index(Path(corpus), Shelf(Path(data)), stubs.StubEncoder(), wait)
        print("built", flush=True)
    except BuildInProgress as error:
        print("refused:", error, flush=True)
"""


def start_child(corpus: Path, data: Path, stage: str) -> subprocess.Popen[str]:
    """Start another process that builds, and waits for a minute when it reaches a stage."""
    conftest = Path(__file__).parents[1] / "conftest.py"
    arguments = [str(conftest), str(corpus), str(data), stage]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", textwrap.dedent(CHILD), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


def answers(shelf: Shelf, stub: StubEncoder) -> bool:
    snapshot = shelf.open_current()
    try:
        return Advisor(snapshot, stub).advise(QUESTION).answered
    finally:
        snapshot.close()


def snapshots(shelf: Shelf) -> list[str]:
    return sorted(path.name for path in shelf._snapshots.iterdir())


def test_before_the_first_build_there_is_none(shelf: Shelf) -> None:
    assert shelf.current_name() is None
    with pytest.raises(SnapshotMissing, match=r"no index in .* yet; run audiatur reindex"):
        shelf.open_current()


def test_a_pointer_to_nothing_is_as_if_there_were_none(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "CURRENT").write_text("gone\n")
    with pytest.raises(SnapshotMissing):
        shelf.open_current()


def test_publishing_switches(shelf: Shelf) -> None:
    with shelf.building():
        first = shelf.workplace("one")
        assert shelf.current_name() is None
        shelf.publish(first)
        assert shelf.current_name() == "one"
        second = shelf.workplace("two")
        assert shelf.current_name() == "one"
        shelf.publish(second)
    assert shelf.current_name() == "two"


def test_three_snapshots_are_kept_and_older_ones_are_not(shelf: Shelf) -> None:
    for name in ("a", "b", "c", "d"):
        with shelf.building():
            shelf.publish(shelf.workplace(name))
    assert snapshots(shelf) == ["b", "c", "d"]


def test_an_opened_snapshot_outlives_its_folder(
    shelf: Shelf, corpus_folder: Path, stub: StubEncoder
) -> None:
    """A reader goes on while later builds prune what he has open."""
    build_index(corpus_folder, shelf, stub)
    snapshot = shelf.open_current()
    for _ in range(KEPT):
        build_index(corpus_folder, shelf, stub)
    assert not snapshot.folder.exists()
    assert Advisor(snapshot, stub).advise(QUESTION).answered
    snapshot.close()


def test_what_was_left_unfinished_is_taken_up(shelf: Shelf) -> None:
    """By the next build, whatever it is called; what is older still is cleared."""
    for name in ("a", "b"):
        (shelf._snapshots / f"{name}.building").mkdir(parents=True)
        (shelf._snapshots / f"{name}.building" / "half").write_text(name)
    with shelf.building():
        folder = shelf.workplace("c")
        assert (folder / "half").read_text() == "b"
        assert snapshots(shelf) == ["c.building"]


def test_a_failure_between_rename_and_switch_leaves_the_old_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shelf.building():
        shelf.publish(shelf.workplace("old"))
    with monkeypatch.context() as patch, shelf.building():
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            shelf.publish(shelf.workplace("new"))
    assert shelf.current_name() == "old"
    with shelf.building():
        shelf.publish(shelf.workplace("newer"))
    assert shelf.current_name() == "newer"
    assert len(snapshots(shelf)) == 3


@pytest.mark.parametrize("stage", STAGES)
def test_a_build_that_fails_at_any_stage_leaves_the_old_one_answering(
    shelf: Shelf, corpus_folder: Path, stub: StubEncoder, stage: str
) -> None:
    build_index(corpus_folder, shelf, stub)
    before = shelf.current_name()

    wanted = stage

    def stop(stage: str, done: int, total: int) -> None:
        if stage == wanted:
            raise BuildCancelled(f"stop at {done} of {total}")

    with pytest.raises(BuildCancelled):
        build_index(corpus_folder, shelf, stub, stop)
    assert shelf.current_name() == before
    assert answers(shelf, stub)
    build_index(corpus_folder, shelf, stub)
    assert shelf.current_name() != before
    assert answers(shelf, stub)


@pytest.mark.parametrize(
    "part",
    [
        "index.stages.making.record_documents",
        "index.stages.embedding.save_baselines",
        "index.stages.making.learn",
        "index.storage.recording.Recorder.finish",
        "index.stages.making.write_word_index",
        "index.building.verify",
    ],
)
def test_a_part_that_cannot_be_written_leaves_the_old_one_answering(
    shelf: Shelf,
    corpus_folder: Path,
    stub: StubEncoder,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    build_index(corpus_folder, shelf, stub)
    before = shelf.current_name()

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(part, full)
        with pytest.raises(OSError, match="no space left"):
            build_index(corpus_folder, shelf, stub)
    assert shelf.current_name() == before
    assert answers(shelf, stub)


def test_an_encoder_that_fails_leaves_the_old_one_answering(
    shelf: Shelf, corpus_folder: Path, make_stub: Callable[..., StubEncoder]
) -> None:
    build_index(corpus_folder, shelf, make_stub())
    before = shelf.current_name()
    with pytest.raises(InterruptedError):
        build_index(corpus_folder, shelf, make_stub("other", limit=10))
    assert shelf.current_name() == before
    assert answers(shelf, make_stub())


def test_two_builders_in_one_process_are_refused(shelf: Shelf) -> None:
    with (
        shelf.building(),
        pytest.raises(BuildInProgress, match="wait until it is done"),
        shelf.building(),
    ):
        pass


def test_a_killed_builder_in_another_process_leaves_the_old_one_answering(
    shelf: Shelf, corpus_folder: Path, stub: StubEncoder, tmp_path: Path
) -> None:
    """While it lives it holds the lock; after SIGKILL the next build succeeds."""
    build_index(corpus_folder, shelf, stub)
    before = shelf.current_name()
    child = start_child(corpus_folder, tmp_path / "data", "write")
    try:
        assert said(child) == "reached"
        with pytest.raises(BuildInProgress):
            build_index(corpus_folder, shelf, stub)
        assert shelf.current_name() == before
        assert answers(shelf, stub)
        assert any(name.endswith(".building") for name in snapshots(shelf))
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    assert shelf.current_name() == before
    assert answers(shelf, stub)
    build_index(corpus_folder, shelf, stub)
    assert shelf.current_name() != before
    assert answers(shelf, stub)
    assert not any(name.endswith(".building") for name in snapshots(shelf))


def test_a_builder_in_another_process_is_refused_while_we_build(
    shelf: Shelf, corpus_folder: Path, tmp_path: Path
) -> None:
    with shelf.building():
        child = start_child(corpus_folder, tmp_path / "data", "none")
        line = said(child)
        child.communicate()
    assert line == "refused: an index is being built already; wait until it is done"


def test_names_of_later_builds_sort_later(
    shelf: Shelf, corpus_folder: Path, stub: StubEncoder
) -> None:
    names = []
    for _ in range(2):
        names.append(build_index(corpus_folder, shelf, stub).snapshot)
        time.sleep(0.001)
    assert names == sorted(names)
    assert len(set(names)) == 2

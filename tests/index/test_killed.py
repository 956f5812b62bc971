"""A build that is killed, wherever it is, goes on from there and comes to the same."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from index.building import build_index
from index.stages import embedding
from index.storage import durable, recording, wording
from index.storage.shelf import Shelf
from tests.index.test_incremental import change, folder, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.index.conftest import StubEncoder, StubStance

__all__ = ["folder"]

KILLS = {
    "while documents are read": ("read", 3),
    "while passages are embedded": ("embed", 4),
    "while questions are learned": ("learn", 1),
    "while sides are suggested": ("suggest", 2),
    "while words are written": ("write", 2),
    "before it is verified": ("verify", 0),
}


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small corpus take as many steps as a large one."""
    monkeypatch.setattr(recording, "_COMMITTED_DOCUMENTS", 1)
    monkeypatch.setattr("index.stages.reading._TOLD_EVERY", 1)
    monkeypatch.setattr("index.stages.wording._TOLD_EVERY", 1)
    monkeypatch.setattr(embedding, "_ENCODED_AT_ONCE", 2)
    monkeypatch.setattr(wording, "_FEW", 0)
    monkeypatch.setattr(wording, "_GONE_SHARE", 1.0)


def killed(build: Callable[[Callable[[str, int, int], None]], object], stage: str, at: int) -> None:
    """Build in a child process that is killed when a stage has been told of `at` times before."""

    def run() -> None:
        told = 0

        def tell(now: str, _done: int, _total: int) -> None:
            nonlocal told
            if now == stage:
                if told == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                told += 1

        build(tell)

    _killed(run)


def _killed(run: Callable[[], object]) -> None:
    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


@pytest.fixture
def expected(
    tmp_path: Path, folder: Path, stub: StubEncoder, make_stance: type[StubStance]
) -> dict[str, Any]:
    """What a build that nothing interrupts comes to."""
    shelf = Shelf(tmp_path / "uninterrupted")
    build_index(folder, shelf, stub, stance=make_stance(["quietscht"]))
    return opened(shelf)


@pytest.mark.parametrize("kill", KILLS)
def test_a_first_build_goes_on_where_it_was_killed(
    folder: Path,
    shelf: Shelf,
    make_stub: Callable[..., StubEncoder],
    make_stance: type[StubStance],
    expected: dict[str, Any],
    kill: str,
) -> None:
    """It reads and embeds no more than what was left."""
    stance = make_stance(["quietscht"])
    killed(lambda tell: build_index(folder, shelf, make_stub(), tell, stance=stance), *KILLS[kill])
    assert shelf.current_name() is None
    report = build_index(folder, shelf, make_stub(), stance=stance)
    read, embedded = {"read": (15, 26), "embed": (0, 22)}.get(KILLS[kill][0], (0, 0))
    assert (report.read, report.embedded) == (read, embedded)
    assert opened(shelf) == expected
    assert not list(shelf._snapshots.glob("*.building"))


# the example questions are the same, and what was learned from them is taken over
@pytest.mark.parametrize("kill", [kill for kill in KILLS if "learned" not in kill])
def test_a_later_build_goes_on_where_it_was_killed(
    folder: Path,
    shelf: Shelf,
    make_stub: Callable[..., StubEncoder],
    make_stance: type[StubStance],
    tmp_path: Path,
    kill: str,
) -> None:
    """The old index answers until then. What was taken over needs no cache."""
    stance = make_stance(["quietscht"])
    before = build_index(folder, shelf, make_stub(), stance=stance).snapshot
    for name in ("grown", "added first", "added last"):
        change(folder, name)
    stage, at = KILLS[kill]
    at = min(at, 1)
    killed(lambda tell: build_index(folder, shelf, make_stub(), tell, stance=stance), stage, at)
    assert shelf.current_name() == before
    old = opened(shelf)
    assert old["counts"][0] == 17
    report = build_index(folder, shelf, make_stub(), stance=stance)
    assert report.read <= 3
    fresh = Shelf(tmp_path / "fresh")
    build_index(folder, fresh, make_stub(), stance=stance)
    assert opened(shelf) == opened(fresh)


@pytest.mark.parametrize(
    "moment", ["before the folder is renamed", "before the switch", "after it"]
)
def test_a_kill_around_the_switch_leaves_the_old_or_the_new_index(
    folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    before = build_index(folder, shelf, stub).snapshot
    change(folder, "edited")

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        target = {
            "before the folder is renamed": "index.storage.shelf.flush_tree",
            "before the switch": "index.storage.shelf.replace_content",
            "after it": "index.storage.shelf.Shelf._prune",
        }[moment]
        patch.setattr(target, die)
        _killed(lambda: build_index(folder, shelf, stub))
    assert (shelf.current_name() == before) is (moment != "after it")
    assert opened(shelf)["counts"][0] == 17
    build_index(folder, shelf, stub)
    assert "Nummer 7" in " ".join(opened(shelf)["texts"])
    assert not list(shelf._snapshots.glob("*.building"))


def test_a_change_between_a_kill_and_the_next_build_is_seen(
    folder: Path, shelf: Shelf, stub: StubEncoder, tmp_path: Path
) -> None:
    """Nothing that was recorded of a file is kept if the file is another by now."""
    killed(lambda tell: build_index(folder, shelf, stub, tell), "write", 2)
    change(folder, "edited")
    build_index(folder, shelf, stub)
    fresh = Shelf(tmp_path / "fresh")
    build_index(folder, fresh, stub)
    assert opened(shelf) == opened(fresh)


def test_a_kill_while_a_file_is_replaced_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    durable.replace_content(path, "old")

    def run() -> None:
        durable.flush = lambda _path: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        durable.replace_content(path, "new")

    _killed(run)
    assert path.read_text() == "old\n"

"""What a terminal shows of the shelf, and what it says after going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.library import Library
from bot.snapshots import list_snapshots, roll_back
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from tests.bot.conftest import StubEncoder


@pytest.fixture
def library(settings: Settings, encoder: StubEncoder) -> Library:
    """A library over its own data folder, with two snapshots."""
    library = Library(settings, encoder)
    library.rebuild(lambda *_: None)
    return library


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    return Shelf(settings.data)


def test_an_empty_shelf_says_what_to_do(tmp_path: Path) -> None:
    assert (
        list_snapshots(Shelf(tmp_path / "new")) == "There is no index yet; run audiatur reindex.\n"
    )


def test_each_snapshot_is_a_line(library: Library, shelf: Shelf) -> None:
    """Name, state, when, how much, which model; newest first."""
    manifest = library.advisor.snapshot.manifest
    first, second = list_snapshots(shelf).splitlines()
    assert first.split("  ")[:2] == [str(shelf.current_name()), "current"]
    assert f"{manifest.documents} documents, {manifest.passages} passages" in first
    assert first.endswith(manifest.model[:40])
    assert second.split("  ")[1] == "previous"


def test_what_is_wrong_stands_below(library: Library, shelf: Shelf, settings: Settings) -> None:
    name = library.advisor.snapshot.name
    (settings.data / "snapshots" / name / "baselines.npz").write_bytes(b"?")
    lines = list_snapshots(shelf).splitlines()
    assert lines[0] == f"{name}  damaged, current"
    assert lines[1].startswith(f"    {name}: baselines.npz is not what was built")


def test_going_back_is_followed_by_who_answers_and_survives_a_restart(
    library: Library, shelf: Shelf, settings: Settings, encoder: StubEncoder
) -> None:
    """Though the corpus has changed; the next reindex ends it."""
    newest = library.advisor.snapshot.name
    told = roll_back(shelf)
    older = str(shelf.current_name())
    assert older < newest
    assert told.startswith(f"{older} answers now")
    assert "until audiatur reindex" in told
    assert library.advisor.snapshot.name == older
    assert "pinned: stays until the next reindex" in list_snapshots(shelf)
    (settings.corpus / "new.txt").write_text("Ein neues Dokument sagt etwas.", encoding="utf-8")
    restarted = Library(settings, encoder)
    assert restarted.ensure(lambda *_: None) is None
    assert restarted.advisor.snapshot.name == older
    restarted.rebuild(lambda *_: None)
    assert "pinned" not in list_snapshots(shelf)
    (settings.corpus / "new.txt").unlink()
    assert restarted.ensure(lambda *_: None)


def test_a_name_that_is_unknown_is_refused(library: Library, shelf: Shelf) -> None:
    assert library
    with pytest.raises(ValueError, match="no snapshot is called 'x'"):
        roll_back(shelf, "x")

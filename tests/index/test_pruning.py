"""The caches keep what the snapshots on the shelf can use, and nothing else."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from index.building import build_index
from index.encoding import cache as caching
from index.encoding.cache import EmbeddingCache
from index.stages import pruning
from index.storage.shelf import KEPT, Shelf
from tests.index.conftest import SUGGESTED_CORPUS
from tests.index.test_incremental import change, folder, opened
from tests.index.test_killed import _killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.index.conftest import StubEncoder, StubStance, WriteFiles

__all__ = ["folder"]

GONE = "Es fährt auf dem Weg 2."
STAYS = "Es fährt auf dem Weg 3."


LEANING = """Ein Jahr mit Rädern

Unsere Firma hat seit einem Jahr Diensträder im Hof stehen. Das macht die ganze Belegschaft gesund.
"""


def kept(shelf: Shelf, encoder: StubEncoder, text: str) -> bool:
    """Tell whether a copy of the cache knows a sentence."""
    copy = shelf.embeddings.with_name("copy.sqlite")
    for path in shelf.embeddings.parent.glob("copy.sqlite*"):
        path.unlink()
    with closing(sqlite3.connect(shelf.embeddings)) as one, closing(sqlite3.connect(copy)) as other:
        one.backup(other)
    return EmbeddingCache(copy).encode_passages(encoder, [text]).computed == 0


def rows(path: Path, table: str) -> list[tuple[str, int]]:
    """Return the models of a table and how much is kept of each."""
    query = f"SELECT model, count(*) FROM {table} GROUP BY model ORDER BY model"  # noqa: S608
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_a_removed_document_is_known_as_long_as_a_snapshot_has_it(
    folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    build_index(folder, shelf, stub)
    change(folder, "removed")
    for _ in range(KEPT - 1):
        build_index(folder, shelf, stub)
        assert kept(shelf, stub, GONE)
    build_index(folder, shelf, stub)
    assert not kept(shelf, stub, GONE)
    assert kept(shelf, stub, STAYS)


def test_all_that_a_build_from_nothing_asks_for_is_kept(
    tmp_path: Path,
    write_files: WriteFiles,
    make_stub: Callable[..., StubEncoder],
    make_stance: type[StubStance],
) -> None:
    """Of passages, sentences, those read with the one before, quotations, questions, and sides."""
    whole, part = "Diensträder kosten die Firma viel Geld.", "Diensträder kosten die Firma viel"
    labelled = SUGGESTED_CORPUS["debates/bicycles.toml"].replace(whole, part)
    files = {**SUGGESTED_CORPUS, "leaning.txt": LEANING, "debates/bicycles.toml": labelled}
    corpus, stance = write_files(files), make_stance(["gesund"], ["teuer"])
    shelf = Shelf(tmp_path / "one")
    for _ in range(2):
        build_index(corpus, shelf, make_stub(), adapted=make_stub("adapted"), stance=stance)
    other, adapted = Shelf(tmp_path / "other"), make_stub("adapted")
    for path in shelf.embeddings, shelf.stances:
        (tmp_path / "other").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "other" / path.name)
    encoder = make_stub()
    stance.asked.clear()
    problems = build_index(corpus, other, encoder, adapted=adapted, stance=stance).problems
    assert not [one for one in problems if part in str(one.reason)]
    assert (encoder.encoded, adapted.encoded, stance.asked) == ([], [], [])
    assert opened(other) == opened(shelf)


def test_a_model_that_no_snapshot_uses_is_forgotten(
    folder: Path, shelf: Shelf, make_stub: Callable[..., StubEncoder]
) -> None:
    """With its questions; an adapted encoder, which has read nothing but questions, stays."""
    build_index(folder, shelf, make_stub("old"), adapted=make_stub("old adapted"))
    for _ in range(KEPT):
        tables = [rows(shelf.embeddings, name) for name in ("passage_vectors", "question_vectors")]
        assert [model for model, _ in tables[0]][-1:] == ["old"]
        assert "old adapted" in [model for model, _ in tables[1]]
        build_index(folder, shelf, make_stub("new"), adapted=make_stub("new adapted"))
    assert [model for model, _ in rows(shelf.embeddings, "passage_vectors")] == ["new"]
    assert [model for model, _ in rows(shelf.embeddings, "question_vectors")] == [
        "new",
        "new adapted",
    ]


def test_what_a_stance_model_said_goes_with_the_snapshots_that_asked(
    shelf: Shelf, stub: StubEncoder, write_files: WriteFiles, make_stance: type[StubStance]
) -> None:
    corpus = write_files(SUGGESTED_CORPUS)
    build_index(corpus, shelf, stub, stance=make_stance(name="old"))
    (before,) = rows(shelf.stances, "shares")
    for _ in range(KEPT - 1):
        build_index(corpus, shelf, stub, stance=make_stance(name="new"))
        assert before in rows(shelf.stances, "shares")
    build_index(corpus, shelf, stub, stance=make_stance(name="new"))
    ((model, count),) = rows(shelf.stances, "shares")
    assert model.startswith("new")
    assert count == before[1]


def test_a_kill_while_it_is_pruned_leaves_a_cache_that_goes_on(
    folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    make_stub: Callable[..., StubEncoder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_index(folder, shelf, stub)
    change(folder, "removed")
    for _ in range(KEPT - 1):
        build_index(folder, shelf, stub)
    ((_, before),) = rows(shelf.embeddings, "passage_vectors")
    looked, among = 0, caching._among

    def die(*arguments: Any) -> Any:
        nonlocal looked
        looked += 1
        if looked == 8:
            os.kill(os.getpid(), signal.SIGKILL)
        return among(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(caching, "_LOOKED_AT_ONCE", before // 10)
        patch.setattr(caching, "_among", die)
        _killed(lambda: build_index(folder, shelf, stub))
    ((_, left),) = rows(shelf.embeddings, "passage_vectors")
    assert 0 < left < before
    expected = opened(shelf)
    again = make_stub()
    build_index(folder, shelf, again)
    assert again.encoded == []
    assert opened(shelf) == expected
    assert not kept(shelf, stub, GONE)


def test_a_cache_of_another_shelf_is_left_alone(
    folder: Path, shelf: Shelf, stub: StubEncoder, tmp_path: Path
) -> None:
    build_index(folder, shelf, stub)
    other = Shelf(tmp_path / "other")
    other.embeddings.parent.mkdir()
    other.embeddings.symlink_to(shelf.embeddings)
    change(folder, "removed")
    build_index(folder, other, stub)
    assert kept(shelf, stub, GONE)


def test_nothing_is_forgotten_while_a_snapshot_cannot_be_read(
    folder: Path, shelf: Shelf, stub: StubEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be the one that has it."""
    build_index(folder, shelf, stub)
    change(folder, "removed")
    for _ in range(KEPT - 1):
        build_index(folder, shelf, stub)
    for path in shelf.bases():
        if path.name != shelf.current_name():
            (path / "manifest.json").unlink()
    with caplog.at_level(logging.WARNING, pruning.__name__):
        report = build_index(folder, shelf, stub)
    assert report.snapshot == shelf.current_name()
    assert kept(shelf, stub, GONE)
    assert "not pruned" in caplog.text


def test_a_large_cache_is_gone_through_only_where_much_can_go(
    folder: Path, shelf: Shelf, stub: StubEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_ALWAYS_UP_TO", 0)
    build_index(folder, shelf, stub)
    change(folder, "removed")
    for _ in range(KEPT):
        build_index(folder, shelf, stub)
    assert kept(shelf, stub, GONE)
    many = [f"Satz {number}" for number in range(100)]
    EmbeddingCache(shelf.embeddings).encode_passages(stub, many)
    build_index(folder, shelf, stub)
    assert not kept(shelf, stub, GONE)
    assert not kept(shelf, stub, many[0])
    assert kept(shelf, stub, STAYS)

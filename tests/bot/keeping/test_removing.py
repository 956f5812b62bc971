"""A removed document is whole in the data folder; a kill at any step loses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bot.keeping import removing
from bot.keeping.folder import put
from bot.keeping.removing import (
    DocumentGone,
    LastDocument,
    PlaceTaken,
    last_removal,
    put_back,
    remove_document,
)
from index.corpus.catalogue import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CATALOGUE = (
    '# Ours.\n\n[[document]]\nfile = "sub/a.txt"\ntitle = "A"\n\n[[document]]\nfile = "b.txt"\n'
)

OTHERS = ["b2.txt", "sub/a.txt", "b.txt", "c.txt"]
"""More than those that are left: some may be gone since the index was built."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_bytes(b"A.\r\n\xff")
    (folder / "b.txt").write_text("B.")
    (folder / "catalogue.toml").write_text(CATALOGUE)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_document_goes_and_comes_back(corpus: Path, data: Path) -> None:
    """With bytes that are no text, from a folder, and with its entry."""
    before = everything(corpus)
    removal = remove_document(corpus, data, "sub/a.txt", OTHERS)
    assert not (corpus / "sub" / "a.txt").exists()
    assert list(read_catalogue(corpus)) == ["b.txt"]
    assert (data / "removed" / removal.name / "content").read_bytes() == b"A.\r\n\xff"
    assert last_removal(data, "sub/a.txt") == removal.name
    assert put_back(corpus, data, removal.name) == removal
    assert everything(corpus) == before
    assert last_removal(data, "sub/a.txt") is None


def test_a_document_without_an_entry_goes_too(corpus: Path, data: Path) -> None:
    (corpus / "c.txt").write_text("C.")
    removal = remove_document(corpus, data, "c.txt", OTHERS)
    assert removal.block is None
    assert (corpus / "catalogue.toml").read_text() == CATALOGUE
    put_back(corpus, data, removal.name)
    assert (corpus / "c.txt").read_text() == "C."


@pytest.mark.parametrize("name", ["z.txt", "../data/x", "/etc/passwd", "sub", ""])
def test_what_is_no_file_of_the_corpus_is_not_removed(corpus: Path, data: Path, name: str) -> None:
    (data / "x").write_text("not a document")
    with pytest.raises(DocumentGone):
        remove_document(corpus, data, name, OTHERS)
    assert (data / "x").exists()


def test_a_link_out_of_the_corpus_is_not_followed(corpus: Path, data: Path) -> None:
    (data / "x.txt").write_text("not a document")
    (corpus / "x.txt").symlink_to(data / "x.txt")
    with pytest.raises(DocumentGone):
        remove_document(corpus, data, "x.txt", OTHERS)


@pytest.mark.parametrize("name", ["", "..", "../../corpus", "20260101000000-00000000"])
def test_what_is_no_removal_is_not_put_back(corpus: Path, data: Path, name: str) -> None:
    with pytest.raises(DocumentGone):
        put_back(corpus, data, name)


def test_the_last_document_stays(corpus: Path, data: Path) -> None:
    with pytest.raises(LastDocument):
        remove_document(corpus, data, "b.txt", ["b2.txt", "../data"])
    assert (corpus / "b.txt").exists()


def test_another_file_of_that_name_is_not_overwritten(corpus: Path, data: Path) -> None:
    """The one that is the same is no obstacle: a kill may have left it."""
    removal = remove_document(corpus, data, "b.txt", OTHERS)
    (corpus / "b.txt").write_text("Other.")
    with pytest.raises(PlaceTaken):
        put_back(corpus, data, removal.name)
    (corpus / "b.txt").write_text("B.")
    put_back(corpus, data, removal.name)
    assert set(read_catalogue(corpus)) == {"sub/a.txt", "b.txt"}


@pytest.mark.parametrize("steps", range(4))
def test_a_kill_while_removing_loses_nothing(
    corpus: Path, data: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The corpus stays one that can be read, and the document is somewhere, whole."""
    monkeypatch.setattr(removing, "put", _dying_after(steps, put))
    with suppress(KeyboardInterrupt):
        remove_document(corpus, data, "sub/a.txt", OTHERS)
    read_catalogue(corpus)
    kept = [*corpus.rglob("a.txt"), *data.rglob("content")]
    assert any(path.read_bytes() == b"A.\r\n\xff" for path in kept)


@pytest.mark.parametrize("steps", range(3))
def test_a_kill_while_putting_back_can_be_repeated(
    corpus: Path, data: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time, all is as it was."""
    before = everything(corpus)
    name = remove_document(corpus, data, "sub/a.txt", OTHERS).name
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(removing, "put", _dying_after(steps, put))
        put_back(corpus, data, name)
    read_catalogue(corpus)
    if last_removal(data, "sub/a.txt"):
        put_back(corpus, data, name)
    assert everything(corpus) == before


def test_two_who_remove_at_once_remove_once(corpus: Path, data: Path) -> None:
    def remove(_number: int) -> bool:
        try:
            remove_document(corpus, data, "b.txt", OTHERS)
        except DocumentGone:
            return False
        return True

    with ThreadPoolExecutor(4) as executor:
        assert sum(executor.map(remove, range(4))) == 1
    assert len(list((data / "removed").iterdir())) == 1


def _dying_after(steps: int, write: Callable[[Path, bytes], None]) -> Callable[[Path, bytes], None]:
    left = [steps]

    def dying(path: Path, content: bytes) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, content)

    return dying

"""Edits of a catalogue change one entry and nothing else; what is not understood is refused."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.keeping.catalogue import (
    CatalogueUnclear,
    catalogue_text,
    entries_of,
    with_block,
    with_entry,
    without_entry,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
# What the texts tell of themselves.

# the oldest one
[[document]]
file = "a.txt"
title = "A"  # as printed

[[ document ]]   # found later
# nobody knows the author
file = "b.txt"
published = 2011-02-18

[[document]]
file = "c.txt"
"""
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.mark.parametrize("file", ["a.txt", "b.txt", "c.txt"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_entry_goes_and_comes_back_to_the_byte(file: str, ends: str) -> None:
    """Comments, order and line ends included."""
    text = TEXT.replace("\n", ends)
    cut = without_entry(text, file)
    assert cut
    assert [entry["file"] for entry in entries_of(cut.text)] == [
        name for name in ("a.txt", "b.txt", "c.txt") if name != file
    ]
    assert with_block(cut.text, cut.block, cut.offset) == text


def test_comments_of_others_stay() -> None:
    """Those right above an entry go with it; those that begin the file are about all of it."""
    cut = without_entry(TEXT, "a.txt")
    assert cut
    assert "# What the texts tell" in cut.text
    assert "# the oldest one" not in cut.text
    assert "# the oldest one" in cut.block
    assert "# nobody knows the author" in cut.text
    glued = '# About all.\n[[document]]\nfile = "a.txt"\n'
    cut = without_entry(glued, "a.txt")
    assert cut
    assert cut.text == "# About all.\n"


def test_an_entry_comes_back_at_the_end_where_its_place_has_changed() -> None:
    """Whatever was edited meanwhile stays."""
    cut = without_entry(TEXT, "b.txt")
    assert cut
    edited = cut.text.replace('title = "A"', 'title = "Another, longer title of A"')
    back = with_block(edited, cut.block, cut.offset)
    assert sorted(entry["file"] for entry in entries_of(back)) == ["a.txt", "b.txt", "c.txt"]
    assert "Another, longer title of A" in back


def test_an_entry_that_is_there_is_not_added_again() -> None:
    cut = without_entry(TEXT, "b.txt")
    assert cut
    assert with_block(TEXT, cut.block, cut.offset) == TEXT
    once = with_entry(TEXT, {"file": "d.txt", "title": "D"})
    assert with_entry(once, {"file": "d.txt", "title": "D"}) == once
    with pytest.raises(CatalogueUnclear, match=r"lists d\.txt already"):
        with_entry(once, {"file": "d.txt", "title": "E"})


def test_a_file_without_an_entry_needs_no_edit() -> None:
    assert without_entry(TEXT, "z.txt") is None
    assert without_entry("", "z.txt") is None


@pytest.mark.parametrize(
    "text",
    [
        'document = [{ file = "a.txt" }, { file = "b.txt" }]\n',
        '[[document]]\nfile = "a.txt"\norigin = """\n[[document]]\n"""\n',
        '[[document]]\nfile = "a.txt"\n[[document]]\nfile = "a.txt"\n',
        '[["document"]]\nfile = "a.txt"\n',
    ],
    ids=["inline", "in a string", "twice", "quoted"],
)
def test_what_is_written_unusually_is_refused(text: str) -> None:
    """Better than to cut the wrong lines."""
    tomllib.loads(text)
    with pytest.raises(CatalogueUnclear, match="cannot be told apart"):
        without_entry(text, "a.txt")


@pytest.mark.parametrize("text", ["[[document", "document = 3", "document = [3]"])
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    for edit in (without_entry, lambda text, file: with_entry(text, {"file": file})):
        with pytest.raises(CatalogueUnclear):
            edit(text, "a.txt")


def test_what_cannot_take_an_entry_is_refused() -> None:
    """A list in one line is closed."""
    with pytest.raises(CatalogueUnclear):
        with_entry('document = [{ file = "a.txt" }]\n', {"file": "b.txt"})


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), NAMES, st.data())
def test_any_texts_survive(names: list[str], title: str, data: st.DataObject) -> None:
    """Quotation marks, line ends, brackets, control characters."""
    text = "# Ours.\n"
    for name in names:
        text = with_entry(text, {"file": name, "title": title})
    assert [entry["file"] for entry in tomllib.loads(text)["document"]] == names
    gone = data.draw(st.sampled_from(names))
    cut = without_entry(text, gone)
    assert cut
    assert [entry["file"] for entry in entries_of(cut.text)] == [n for n in names if n != gone]
    assert with_block(cut.text, cut.block, cut.offset) == text


def test_a_catalogue_is_read_with_its_line_ends(tmp_path: Path) -> None:
    """A missing one is empty; one that is no text is refused."""
    path = tmp_path / "catalogue.toml"
    assert catalogue_text(path) == ""
    path.write_bytes(b"# x\r\n")
    assert catalogue_text(path) == "# x\r\n"
    path.write_bytes(b"\xff")
    with pytest.raises(CatalogueUnclear, match="not UTF-8"):
        catalogue_text(path)

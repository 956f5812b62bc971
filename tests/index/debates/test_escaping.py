"""Any text can be written into a TOML file, quoted or as a comment."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.debates.escaping import in_comment, quoted

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(TEXTS)
def test_what_is_quoted_is_read_back(text: str) -> None:
    assert tomllib.loads(f"x = {quoted(text)}")["x"] == text


@settings(deadline=None)
@given(TEXTS)
def test_a_comment_is_one_line_that_no_reader_minds(text: str) -> None:
    assert tomllib.loads(f"# {in_comment(text)}\nx = 1") == {"x": 1}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zwei\nZeilen", "Zwei Zeilen"),
        (" a \t\r\n b ", "a b"),
        ("a\x00\x7fb", "a b"),
        ("“ü” 🚲", "“ü” 🚲"),
    ],
)
def test_a_comment_keeps_what_can_be_read(text: str, shown: str) -> None:
    assert in_comment(text) == shown


def test_letters_are_not_escaped() -> None:
    """A person edits the file."""
    assert quoted("Ähren, 中文, 🚲") == '"Ähren, 中文, 🚲"'

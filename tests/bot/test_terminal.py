"""The terminal shows the same blocks as Telegram, in plain text, and chats line by line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from bot.layout import Block, Heading, Items, Paragraph, Quote, Title, lay_out
from bot.terminal import chat, printable, render, show
from index.errors import SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.library import Library
    from index.answering.advisor import Advisor

QUESTION = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
NARROW = 40


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))


def test_each_block_has_its_look() -> None:
    """A quotation has a bar and its citation below; a list has bullets."""
    blocks: list[Block] = [
        Title("Motion"),
        Heading("Yes"),
        Quote("Said.", 1, "A book"),
        Paragraph("Ours."),
        Items(("one", "two")),
    ]
    assert render(blocks) == ("Motion\n\n── Yes ──\n\n│ Said.\n[1] A book\n\nOurs.\n\n• one\n• two")


def test_long_lines_are_wrapped_and_short_ones_kept() -> None:
    """Every line of a quotation has its bar, and an empty one does too."""
    rendered = render([Quote("word " * 20 + "\nshort\n\nend", 1, "A book"), Items(("item " * 20,))])
    lines = rendered.split("\n")
    assert max(map(len, lines)) <= NARROW
    quoted = lines[: lines.index("[1] A book")]
    assert all(line.startswith("│") for line in quoted)
    assert quoted[-3:] == ["│ short", "│", "│ end"]
    assert [line[:2] for line in lines[lines.index("[1] A book") + 2 :]] == ["• ", "  ", "  "]


def test_colours_only_where_asked_for() -> None:
    """A file or a pipe gets no escape sequences."""
    blocks: list[Block] = [Title("Motion"), Heading("Yes"), Quote("Said.", 1, "A book")]
    assert "\033[" not in render(blocks)
    coloured = render(blocks, colour=True)
    assert coloured.count("\033[0m") == 3
    assert "\033[1mMotion\033[0m" in coloured


def test_the_same_blocks_as_in_telegram(advisor: Advisor) -> None:
    """Every title, heading, quotation and citation, in their order."""
    advice = advisor.advise(QUESTION)
    agenda = advisor.snapshot.agenda
    shown = " ".join(show(advice, "de", agenda).replace("│ ", "").split())
    place = 0
    for block in lay_out(advice, "de", agenda):
        assert not isinstance(block, Items)
        words = " ".join(block.text.split())
        place = shown.index(words, place)
        if isinstance(block, Quote):
            assert f"[{block.number}] {block.citation}" in shown


def test_a_chat_goes_on_until_an_empty_line(library: Library) -> None:
    """Each question is answered in its language; what follows the empty line is not read."""
    said = _chat(library, f"{QUESTION}\nShould cities ban beehives from roofs?\n\nnever read\n")
    assert said.startswith("Ask a question; an empty line or Ctrl-D ends.\n\n> ")
    first, second, end = said.split("\n> ")[1:]
    assert "Ja – Für Dachbienen" in first
    assert "Yes – Against rooftop bees" in second
    assert end == "\n"


def test_the_end_of_input_ends_a_chat(library: Library) -> None:
    """Ctrl-D leaves the prompt's line."""
    assert _chat(library, "").endswith("> \n")


def test_a_chosen_language_is_spoken_throughout(library: Library) -> None:
    """From the first line on, whatever the questions are asked in."""
    said = _chat(library, "Should cities ban beehives from roofs?\n", "de")
    assert said.startswith("Stellen Sie eine Frage;")
    assert "Ja – Gegen Dachbienen" in said


def test_an_error_is_a_line_and_the_chat_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next question is answered again."""
    advisor = library.advisor
    answers: Iterator[Advisor | SnapshotMissing] = iter(
        [SnapshotMissing("there is no index; run audiatur reindex"), advisor]
    )

    def next_advisor(_library: Library) -> Advisor:
        found = next(answers)
        if isinstance(found, SnapshotMissing):
            raise found
        return found

    monkeypatch.setattr(type(library), "advisor", property(next_advisor))
    first, second, _end = _chat(library, f"{QUESTION}\n{QUESTION}\n").split("\n> ")[1:]
    assert first == "there is no index; run audiatur reindex\n"
    assert "Ja – Für Dachbienen" in second


def test_what_a_stream_cannot_hold_is_replaced() -> None:
    """A terminal without Unicode is no reason to fail."""
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert printable("Bär – 😀", ascii_only) == "B?r ? ?"
    assert printable("Bär – 😀", io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) == "Bär – 😀"


def _chat(library: Library, typed: str, language: str | None = None) -> str:
    written = io.StringIO()
    chat(library, language, io.StringIO(typed), written)
    return written.getvalue()

"""The chat in a terminal: the same answers that Telegram shows, in plain text."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from bot.layout import Block, Heading, Items, Marked, Note, Quote, Title, lay_out
from bot.translation import interface_language, translator
from index.errors import AudiaturError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from bot.library import Library
    from index.answering.advice import Advice
    from index.debates.loading import Agenda

_WIDEST = 96
_BAR = "│ "
_STYLES = {Title: ("{}", "1"), Heading: ("── {} ──", "1;36"), Note: ("{}", "2")}


def show(advice: Advice, language: str, agenda: Agenda, *, colour: bool = False) -> str:
    """Return an answer as text for a terminal."""
    return render(lay_out(advice, language, agenda), colour=colour)


def render(blocks: Sequence[Block], *, colour: bool = False) -> str:
    """Return blocks as text, wrapped to the terminal; a quotation keeps its own line breaks."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return "\n\n".join(_rendered(block, width, colour=colour) for block in blocks)


def chat(library: Library, language: str | None, read: TextIO, write: TextIO) -> None:
    """Answer one question a line until the input ends."""
    colour = write.isatty()
    translate = translator(interface_language(language))
    write.write(translate("Ask a question; an empty line or Ctrl-D ends.") + "\n")
    while True:
        write.write("\n> ")
        write.flush()
        question = read.readline().strip()
        if not question:
            write.write("\n")
            return
        try:
            advisor = library.advisor
            advice = advisor.advise(question)
        except AudiaturError as error:
            write.write(f"{error}\n")
            continue
        shown = interface_language(language, advice.language)
        answer = show(advice, shown, advisor.snapshot.agenda, colour=colour)
        write.write(f"\n{printable(answer, write)}\n")


def printable(text: str, stream: TextIO = sys.stdout) -> str:
    """Return the text with what the stream's encoding cannot hold replaced."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def _rendered(block: Block, width: int, *, colour: bool) -> str:
    if isinstance(block, Quote):
        quoted = "\n".join(_wrapped(line, width, _BAR) for line in block.text.split("\n"))
        return f"{quoted}\n{_styled(f'[{block.number}] {block.citation}', '2', colour=colour)}"
    if isinstance(block, Marked):
        marked = f"{block.before}»{block.text}«{block.after}"
        return "\n".join(_wrapped(line, width, _BAR) for line in marked.split("\n"))
    if isinstance(block, Items):
        return "\n".join(_wrapped(text, width, "• ", "  ") for text in block.texts)
    frame, code = _STYLES.get(type(block), ("{}", ""))
    text = _wrapped(frame.format(block.text), width)
    return _styled(text, code, colour=colour) if code else text


def _wrapped(text: str, width: int, first: str = "", later: str | None = None) -> str:
    indent = first if later is None else later
    return (
        textwrap.fill(
            text, width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
        )
        or first.rstrip()
    )


def _styled(text: str, code: str, *, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text

"""Reads a corpus' guides and interviews: `guides/*.toml`, `interviews/*.toml`.

A corpus may have none. One file holds one of them; its name is their id.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from index.debates.records import Side
from index.guides.fields import Table
from index.guides.records import (
    Bearing,
    Guide,
    Guidebook,
    Interview,
    Option,
    Question,
    Quotation,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from index.debates.records import Localised

GUIDES_FOLDER = "guides"
INTERVIEWS_FOLDER = "interviews"
COMMAND_LENGTH, DESCRIPTION_LENGTH = 32, 256
TITLE_LENGTH, TEXT_LENGTH, OPTION_LENGTH, QUERY_LENGTH = 80, 600, 40, 300
QUOTES_LENGTH = 2400
"""What a step may quote in all: one message holds it, with its explanation and its sources."""
MOST_STEPS, MOST_QUESTIONS, MOST_OPTIONS, MOST_QUOTES = 20, 8, 5, 8
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ID = re.compile(r"[a-z0-9-]{1,24}")
_OFFER = ("command", "description", "title", "introduction")
_SIDES = (Side.YES, Side.NO)
_SAME = {Side.YES: Side.YES, Side.NO: Side.NO}
_OPPOSITE = {Side.YES: Side.NO, Side.NO: Side.YES}


def read_guidebook(corpus: Path, debates: Collection[str]) -> Guidebook:
    """Return the guides and interviews of a corpus folder with these debates.

    Raises:
        CorpusError: A file cannot be parsed or is wrong; the message names it and what to do.
    """
    guides = tuple(_guide(path.stem, table) for path, table in _files(corpus / GUIDES_FOLDER))
    interviews = tuple(
        _interview(path.stem, table, debates) for path, table in _files(corpus / INTERVIEWS_FOLDER)
    )
    book = Guidebook(guides, interviews)
    _check_commands(corpus, book)
    return book


def _files(folder: Path) -> Iterator[tuple[Path, Table]]:
    for path in sorted(folder.glob("[!.]*.toml")):
        table = Table.of_file(path)
        if not _ID.fullmatch(path.stem):
            raise table.wrong("name the file with a-z, 0-9 and -, at most 24 characters")
        yield path, table


def _guide(name: str, table: Table) -> Guide:
    table.allow(*_OFFER, "step")
    steps = tuple(map(_step, table.tables("step", 1, MOST_STEPS)))
    _check_ids(table, "step", steps)
    return Guide(name, *_offer(table), steps)


def _step(table: Table) -> Step:
    table.allow("id", "title", "explanation", "quote")
    quotes = tuple(map(_quotation, table.tables("quote", 0, MOST_QUOTES)))
    length = sum(len(quotation.quote) for quotation in quotes)
    if length > QUOTES_LENGTH:
        raise table.wrong(f"quotes {length} characters; divide the step, {QUOTES_LENGTH} are room")
    return Step(
        table.short_name(),
        table.localised("title", TITLE_LENGTH),
        table.localised("explanation", TEXT_LENGTH),
        quotes,
    )


def _quotation(table: Table) -> Quotation:
    table.allow("document", "text")
    return _quoted(table)


def _quoted(table: Table) -> Quotation:
    return Quotation(table.text("document"), table.text("text"))


def _interview(name: str, table: Table, debates: Collection[str]) -> Interview:
    table.allow(*_OFFER, "debate", "question")
    debate = _debate(table, debates)
    questions = tuple(
        _question(one, debate, debates) for one in table.tables("question", 1, MOST_QUESTIONS)
    )
    _check_ids(table, "question", questions)
    return Interview(name, *_offer(table), debate, questions)


def _question(table: Table, debate: str, debates: Collection[str]) -> Question:
    table.allow("id", "text", "option")
    options = tuple(
        _option(one, debate, debates) for one in table.tables("option", 2, MOST_OPTIONS)
    )
    _check_ids(table, "option", options)
    return Question(table.short_name(), table.localised("text", TEXT_LENGTH), options)


def _option(table: Table, debate: str, debates: Collection[str]) -> Option:
    table.allow("id", "text", "debate", "yes", "query", "quote")
    name, text = table.short_name(), table.localised("text", OPTION_LENGTH)
    if "quote" not in table:
        return Option(name, text, _bearing(table, debate, debates))
    if {"debate", "query"} & set(table.content):
        raise table.wrong("leads to a search and to quotations; take one of them out")
    return Option(name, text, quotes=_quotes_by_side(table))


def _quotes_by_side(table: Table) -> dict[Side, tuple[Quotation, ...]]:
    quotes: dict[Side, tuple[Quotation, ...]] = {Side.YES: (), Side.NO: ()}
    for one in table.tables("quote", 1, MOST_QUOTES):
        one.allow("side", "document", "text")
        side = one.content.get("side")
        if side not in _SIDES:
            raise one.wrong('needs side = "yes" or "no": which side of the debate it speaks for')
        quotes[Side(side)] += (_quoted(one),)
    return quotes


def _bearing(table: Table, about: str, debates: Collection[str]) -> Bearing | None:
    """Return where an option leads; a query alone leads into the interview's own debate."""
    query = table.localised("query", QUERY_LENGTH) if "query" in table else None
    if "debate" not in table:
        if "yes" in table:
            raise table.wrong("yes needs the debate whose side it is; add debate, or take yes out")
        return Bearing(about, _SAME, query) if query else None
    debate = _debate(table, debates)
    return Bearing(debate, _SAME if debate == about else _speaks_for(table, about), query)


def _speaks_for(table: Table, about: str) -> dict[Side, Side]:
    side = table.content.get("yes")
    if side not in _SIDES:
        raise table.wrong(
            f'needs yes = "yes" or "no": the side of {about} that a yes to this debate speaks for'
        )
    return _SAME if side == Side.YES else _OPPOSITE


def _debate(table: Table, debates: Collection[str]) -> str:
    name = table.text("debate")
    if name not in debates:
        raise table.wrong(f"there is no debate {name!r}; add debates/{name}.toml or name another")
    return name


def _offer(table: Table) -> tuple[Localised, Localised, Localised, Localised]:
    command = table.localised("command", COMMAND_LENGTH)
    for name in command.texts.values():
        if not _COMMAND.fullmatch(name):
            raise table.wrong(f"command {name!r} should be 1 to 32 of a-z, 0-9 and _")
    return (
        command,
        table.localised("description", DESCRIPTION_LENGTH),
        table.localised("title", TITLE_LENGTH),
        table.localised("introduction", TEXT_LENGTH),
    )


def _check_ids(table: Table, kind: str, given: Iterable[Step | Question | Option]) -> None:
    for name, count in Counter(one.id for one in given).items():
        if count > 1:
            raise table.wrong(f"{count} {kind}s have the id {name!r}; give each its own")


def _check_commands(corpus: Path, book: Guidebook) -> None:
    """Refuse a command that two files claim, in whichever languages."""
    claims = Counter(name for offer in book.offers for name in {*offer.command.texts.values()})
    for name, count in claims.items():
        if count > 1:
            claimants = [o.id for o in book.offers if name in o.command.texts.values()]
            raise Table(str(corpus), {}).wrong(
                f"/{name} is the command of {' and of '.join(claimants)}; rename all but one"
            )

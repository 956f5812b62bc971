"""Publishes results: as JSON, as a page of tables, and the first of them in the README.

    README.md    … <!-- eval --> the tables of the first part <!-- /eval --> …
    measured.md  the tables of every part
    results.json {"questions": {"title": …, "tables": {title: {row: cells}}}, "sycophancy": …}

The same results give the same bytes, and a row is a line, so that a change of one figure diffs as
one line.
"""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.evaluation.parts import Part, PartResult

    Results = Sequence[tuple[Part, PartResult]]

RESULTS = "results.json"
PAGE = "measured.md"
_PAGE_OPENS = """# What was measured

Written by `audiatur eval`; [README.md](README.md) tells what each part asks and how."""
_LEVELS = 4
"""Parts, their fields, tables and rows each get a line."""
_WIDTH = 100
MARKERS = BEGIN, END = "<!-- eval -->", "<!-- /eval -->"


def as_markdown(part: Part, result: PartResult, *, details: bool = False) -> str:
    """Return a part's title, what its figures mean, its tables, and what could not be measured."""
    tables = (*result.tables, *result.details) if details else result.tables
    about = (textwrap.fill(part.about, _WIDTH),) if tables else ()
    shown = (f"*{table.title}*\n\n{table.markdown()}" for table in tables)
    absent = (f"*{part.title}*: {line}." for line in result.absent)
    return "\n\n".join((f"### {part.title}", *about, *shown, *absent))


def as_json(results: Results, others: Mapping[str, Any] | None = None) -> str:
    """Return one JSON object with a key for each part, laid out as one row of a table a line.

    `others` are further keys with their content.
    """
    content = {part.key: _plain(part, result) for part, result in results}
    further = {key: found for key, found in (others or {}).items() if key not in content}
    return _spread({**content, **further}, _LEVELS) + "\n"


def check(results: Path, readme: Path) -> None:
    """Make sure that both files can be published to: rather now than after minutes.

    Raises:
        ValueError: The README has no markers, or the results that are there are no JSON object.
        OSError: One of them cannot be read.
    """
    around_markers(readme)
    _written(results)


def write_results(path: Path, results: Results) -> None:
    """Write `results.json`; what scripts beside the suite wrote there under other keys stays.

    Raises:
        ValueError: The file that is there holds no JSON object.
        OSError: It cannot be read or written.
    """
    path.write_text(as_json(results, _written(path)), encoding="utf-8")


def write_page(path: Path, results: Results) -> None:
    """Write the page with the tables of all parts.

    Raises:
        OSError: It cannot be written.
    """
    parts = (as_markdown(part, result) for part, result in results)
    path.write_text("\n\n".join((_PAGE_OPENS, *parts)) + "\n", encoding="utf-8")


def rewrite_readme(path: Path, results: Results) -> None:
    """Put the first part's tables between the README's markers and leave all else as it is.

    Raises:
        ValueError: The markers are not there, once each and in order.
        OSError: The README cannot be read or written.
    """
    rewrite_between(path, MARKERS, as_markdown(*results[0]))


def rewrite_between(path: Path, markers: tuple[str, str], tables: str) -> None:
    """Put tables between the two markers of a page and leave all else as it is.

    Raises:
        ValueError: The markers are not there, once each and in order.
        OSError: The page cannot be read.
    """
    before, after = around_markers(path, markers)
    begin, end = markers
    path.write_text(f"{before}{begin}\n\n{tables}\n\n{end}{after}", encoding="utf-8")


def around_markers(path: Path, markers: tuple[str, str] = MARKERS) -> tuple[str, str]:
    """Return what stands before and behind the tables of a page.

    Raises:
        ValueError: The markers are not there, once each and in order.
        OSError: The README cannot be read.
    """
    begin, end = markers
    text = path.read_text(encoding="utf-8")
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"{path} must hold {begin} and {end} once each, around its tables")
    before, rest = text.split(begin)
    if end not in rest:
        raise ValueError(f"{path} must hold {begin} before {end}")
    return before, rest.split(end)[1]


def _written(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} holds no JSON ({error}); remove it, it is written anew"
        ) from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds no JSON object; remove it, it is written anew")  # noqa: TRY004
    return content


def _plain(part: Part, result: PartResult) -> dict[str, Any]:
    tables = {table.title: table.plain() for table in (*result.tables, *result.details)}
    absent = {"absent": list(result.absent)} if result.absent else {}
    return {"title": part.title, **absent, "tables": tables}


def _spread(value: Any, levels: int, indent: str = "") -> str:
    """Return JSON whose outer objects have a line for each member; what is deeper is one line."""
    if not levels or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    members = (
        f"{inner}{json.dumps(name, ensure_ascii=False)}: {_spread(member, levels - 1, inner)}"
        for name, member in value.items()
    )
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"

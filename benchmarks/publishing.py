"""Puts the tables of `results.json` between markers: all of them here, brief ones in the README.

    .venv/bin/python benchmarks/publishing.py

A section of the results holds `rows`, or `sets` of rows by name; `brief` rows, where it has them,
are what the project's README shows. A page without the markers is left as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from processes import ROOT
from recording import RESULTS, markdown, say

from index.evaluation.published import rewrite_between

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
HERE = Path(__file__).parent / "README.md"
README = ROOT / "README.md"
Section = dict[str, Any]


def publish() -> None:
    """Rewrite the tables of both pages."""
    if not RESULTS.exists():
        say("nothing was measured yet; run make bench")
        return
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for page, brief in ((HERE, False), (README, True)):
        shown = [_section(name, section, brief=brief) for name, section in results.items()]
        try:
            rewrite_between(page, (BEGIN, END), "\n\n".join(filter(None, shown)))
        except ValueError as error:
            say(f"left alone: {error}")


def _section(name: str, section: Section, *, brief: bool) -> str:
    """Return a section's title, when it was measured, and its tables; nothing without any."""
    tables = list(_tables(section, brief=brief))
    if not tables:
        return ""
    measured = f"*{section['measured']}, {section['machine']}, load {section['load_average']}*"
    return "\n\n".join((f"### {name.capitalize()}", measured, *tables))


def _tables(section: Section, *, brief: bool) -> Iterator[str]:
    sets = section.get("sets", {"": section})
    for name, content in sets.items():
        rows = content.get("brief" if brief else "rows")
        if isinstance(rows, list) and rows:
            title = f"{int(name):,} passages:\n\n" if name.isdigit() else ""
            yield title + markdown(list(rows[0]), [list(row.values()) for row in rows])


if __name__ == "__main__":
    publish()

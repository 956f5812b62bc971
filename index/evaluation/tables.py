"""Tables of what was measured: as Markdown for people, as plain values for `results.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from index.evaluation.bootstrap import Difference, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Cell = str | int | Interval | None

_PLACES = 4


class Table(Protocol):
    """What a part hands over; rows have names of their own, so that results can be compared."""

    @property
    def title(self) -> str:
        """What the table shows, in a few words."""

    def markdown(self) -> str:
        """Return the table for people."""

    def plain(self) -> dict[str, Any]:
        """Return the rows by name, as JSON values."""


@dataclass(frozen=True, slots=True)
class Measures:
    """One interval a row."""

    title: str
    rows: Mapping[str, Interval]

    def markdown(self) -> str:
        """Return the table with a column each for mean, interval and cases."""
        rows = (
            (name, f"{found.mean:.3f}", _span(found), str(found.count))
            for name, found in self.rows.items()
        )
        return _lines(("measure", "mean", "95 % interval", "cases"), rows)

    def plain(self) -> dict[str, Any]:
        """Return each row's interval."""
        return {name: _plain(found) for name, found in self.rows.items()}


@dataclass(frozen=True, slots=True)
class Grid:
    """Several cells a row: intervals, counts or words; `None` where nothing was to be measured.

    `columns` names all columns, that of the rows' names first.
    """

    title: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Cell, ...]]

    def markdown(self) -> str:
        """Return the table with each interval behind its mean."""
        rows = ((name, *map(_shown, cells)) for name, cells in self.rows.items())
        return _lines(self.columns, rows)

    def plain(self) -> dict[str, Any]:
        """Return each row's cells by their columns."""
        return {
            name: dict(zip(self.columns[1:], map(_plain, cells), strict=True))
            for name, cells in self.rows.items()
        }


def _lines(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = tuple(columns)
    lines = (names, ("---",) * len(names), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, Difference):
        return f"{cell.mean:+.3f} ({cell.low:+.3f} … {cell.high:+.3f})"
    if isinstance(cell, Interval):
        return f"{cell.mean:.3f} ({_span(cell)})"
    return str(cell)


def _span(found: Interval) -> str:
    return f"{found.low:.3f} … {found.high:.3f}"


def _plain(cell: Cell) -> Any:
    if not isinstance(cell, Interval):
        return cell
    low, mean, high = (round(value, _PLACES) for value in (cell.low, cell.mean, cell.high))
    return {"mean": mean, "low": low, "high": high, "cases": cell.count}

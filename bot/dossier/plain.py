"""A dossier as plain values, with nothing in its texts that a page could not show as text."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.dossier.records import Dossier

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but line feed, tab and carriage return, and what no encoding can hold."""
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def as_values(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as JSON values; unfit characters are shown as U+FFFD."""
    values: dict[str, Any] = _fit(asdict(dossier) | {"day": dossier.day.isoformat()})
    return values


def _fit(value: object) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub(_SHOWN, value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {name: _fit(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(one) for one in value]
    return value

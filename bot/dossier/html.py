"""A dossier as one HTML page that needs nothing from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.dossier.records import Dossier


def as_html(dossier: Dossier) -> str:
    """Return a dossier as a page; every text in it is escaped."""
    raise NotImplementedError

"""A dossier as a PDF, set by typst."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.dossier.records import Dossier


def as_pdf(dossier: Dossier) -> bytes:
    """Return a dossier as a PDF of A4 pages."""
    raise NotImplementedError

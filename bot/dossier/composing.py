"""Composes dossiers from what was weighed and from what was walked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from bot.dossier.records import Dossier
    from index.guides.records import Guide
    from index.guides.walking import GuideStep
    from index.guides.weighing import Weighing


def from_weighing(weighing: Weighing, language: str, day: date) -> Dossier:
    """Return what was weighed as a document: each circumstance with both sides."""
    raise NotImplementedError


def from_walk(
    guide: Guide, steps: Sequence[GuideStep], ticked: Collection[str], language: str, day: date
) -> Dossier:
    """Return a guide as a checklist; `ticked` are the ids of the steps that are done."""
    raise NotImplementedError

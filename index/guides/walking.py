"""The steps of a guide, with what the corpus says of each, verbatim and cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.guides.citing import cite

if TYPE_CHECKING:
    from index.answering.advice import Excerpt
    from index.guides.records import Guide, Step
    from index.storage.protocol import Snapshot


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step and its excerpts; none where the corpus does not, or no longer, say anything of it."""

    step: Step
    excerpts: tuple[Excerpt, ...]


def walk(snapshot: Snapshot, guide: Guide) -> tuple[GuideStep, ...]:
    """Return the steps of one of the snapshot's guides, in order, with their excerpts."""
    return tuple(
        GuideStep(step, tuple(cite(snapshot, quotation) for quotation in step.quotes))
        for step in guide.steps
    )

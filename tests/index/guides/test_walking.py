"""A walk shows each step with what the corpus says of it, verbatim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.guides.walking import walk

if TYPE_CHECKING:
    from index.storage.snapshot import Snapshot


def test_steps_come_in_order_with_cited_excerpts(guided_snapshot: Snapshot) -> None:
    (guide,) = guided_snapshot.guides
    brakes, tyres = walk(guided_snapshot, guide)
    assert (brakes.step.id, tyres.step.id) == ("brakes", "tyres")
    assert tyres.excerpts == ()
    first, second = brakes.excerpts
    assert (first.title, first.author, first.heading) == (
        "Was gegen Diensträder spricht",
        "Petra Muster",
        "Reparatur",
    )
    assert first.published is not None
    assert second.document == "english.txt"
    for excerpt in brakes.excerpts:
        text = guided_snapshot.records.whole_text(excerpt.document)
        assert text[excerpt.start : excerpt.end] == excerpt.quote


def test_a_guide_that_is_not_of_a_snapshot_cannot_be_walked(guided_snapshot: Snapshot) -> None:
    """Its quotations have no places yet."""
    (guide,) = guided_snapshot.guides
    step = guide.steps[0]
    loose = replace(step, quotes=tuple(replace(quote, span=None) for quote in step.quotes))
    with pytest.raises(ValueError, match="tied to no text; take it from the snapshot"):
        walk(guided_snapshot, replace(guide, steps=(loose,)))

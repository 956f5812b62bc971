"""Ties labels and quotations to recorded documents, and finds what a person should look at."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.corpus.remarks import Remark, Remarks
from index.debates.anchoring import anchor_labels, settle
from index.guides.tying import tie
from index.storage.records import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.corpus.records import Document, Unreadable
    from index.debates.anchoring import Loose
    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.guides.records import Guidebook
    from index.guides.tying import LostQuotation

logger = logging.getLogger(__name__)

_QUOTED = 80


class Place(Remarks):
    """Where a quotation is used that has no place in today's text."""

    LABEL = "label of {subject} in {document}: “{quote}”"
    QUOTATION = "quotation of {where} in {document}: “{quote}”"


@dataclass(frozen=True, slots=True)
class Tied:
    """Labels, and spans that were set aside, with their places; guides; what was not to be tied."""

    labels: tuple[Anchored, ...]
    set_aside: tuple[Anchored, ...]
    guidebook: Guidebook
    problems: tuple[Problem, ...]

    def with_labels(self, more: Sequence[Anchored]) -> Tied:
        """Return the same with more labels."""
        return replace(self, labels=(*self.labels, *more))


def tie_all(
    agenda: Agenda,
    guidebook: Guidebook,
    documents: Mapping[str, Document],
    unreadable: Sequence[Unreadable],
) -> Tied:
    """Return all that is said of documents, tied to them; problems are logged without the texts."""
    anchored, loose = anchor_labels(agenda.labels, documents)
    set_aside, _gone = anchor_labels(agenda.set_aside, documents)
    book, lost = tie(guidebook, documents)
    problems = _problems(unreadable, loose, lost)
    for problem in problems:
        logger.warning("%s: %s", str(problem.what).split("“")[0], problem.reason)
    return Tied(settle(anchored), set_aside, book, problems)


def _problems(
    unreadable: Sequence[Unreadable], loose: Sequence[Loose], lost: Sequence[LostQuotation]
) -> tuple[Problem, ...]:
    problems = [Problem(Remark.verbatim(file.file), file.reason) for file in unreadable]
    problems += [
        Problem(
            Place.LABEL.of(
                subject=one.label.subject,
                document=one.label.document,
                quote=one.label.quote[:_QUOTED],
            ),
            one.reason,
        )
        for one in loose
    ]
    problems += [
        Problem(
            Place.QUOTATION.of(
                where=one.where,
                document=one.quotation.document,
                quote=one.quotation.quote[:_QUOTED],
            ),
            one.reason,
        )
        for one in lost
    ]
    return tuple(problems)

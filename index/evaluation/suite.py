"""All parts of the evaluation in the order shown; append a `Part` here to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.evaluation import (
    ablations,
    followups,
    keypoints,
    labelled,
    matching,
    robustness,
    stance,
    sycophancy,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders, Part, PartResult

PARTS: tuple[Part, ...] = (
    labelled.PART,
    sycophancy.PART,
    robustness.PART,
    followups.PART,
    matching.PART,
    stance.PART,
    keypoints.PART,
    ablations.PART,
)


def run_suite(
    advisor: Advisor, folders: Folders, parts: Sequence[Part] = PARTS
) -> Iterator[tuple[Part, PartResult]]:
    """Yield each part with its result as soon as it is measured."""
    for part in parts:
        yield part, part.run(advisor, folders)


def chosen_parts(keys: Sequence[str], parts: Sequence[Part] = PARTS) -> tuple[Part, ...]:
    """Return the parts of these keys, in their own order; all of them for no key.

    Raises:
        ValueError: There is no such part; the message lists them.
    """
    known = [part.key for part in parts]
    for key in keys:
        if key not in known:
            raise ValueError(f"no part is called {key!r}; there are {', '.join(known)}")
    return tuple(part for part in parts if not keys or part.key in keys)

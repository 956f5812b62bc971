"""Groups the windows of a side by the point that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.encoding.lengths import unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.answering.excerpts import Window
    from index.answering.keypoints import KeyPoints
    from index.encoding.protocol import Vectors
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored
    from index.storage.vectors import Rows


def group_windows(
    snapshot: Snapshot, key_points: KeyPoints, windows: Sequence[Window], around: Iterable[Stored]
) -> list[tuple[Window, ...]]:
    """Return windows, best first, with those behind each that make its point.

    `around` are the passages of the debate, beside which points differ or do not.
    """
    if len(windows) < 2:  # noqa: PLR2004 - nothing to compare
        return [(window,) for window in windows]
    passages = {stored.row: stored for stored in around}.values()
    context = np.concatenate([stored.sentence_rows for stored in passages])
    groups = key_points.group(_pooled(snapshot, windows), _sentences(snapshot, context))
    return [tuple(windows[at] for at in group) for group in groups]


def _pooled(snapshot: Snapshot, windows: Sequence[Window]) -> Vectors:
    """Return the unit vectors of windows, `(N, D)`: their sentences' pooled by length."""
    rows = [window.stored.sentence_rows[window.first : window.last + 1] for window in windows]
    spans = [window.stored.passage.sentences[window.first : window.last + 1] for window in windows]
    lengths = np.array([len(span) for each in spans for span in each], np.float32)
    starts = np.cumsum([0, *map(len, rows[:-1])])
    weighed = lengths[:, np.newaxis] * _sentences(snapshot, np.concatenate(rows))
    return unit(np.add.reduceat(weighed, starts))


def _sentences(snapshot: Snapshot, rows: Rows) -> Vectors:
    """Return the vectors of sentences, `(n,) -> (n, D)`."""
    return np.asarray(snapshot.sentences[rows], np.float32)

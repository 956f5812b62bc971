"""Groups the windows of a side by the point that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.answering.excerpts import Window
    from index.answering.keypoints import KeyPoints
    from index.encoding.protocol import Vectors
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored


def group_windows(
    snapshot: Snapshot, key_points: KeyPoints, windows: Sequence[Window], around: Iterable[Stored]
) -> list[tuple[Window, ...]]:
    """Return windows, best first, with those behind each that make its point.

    `around` are the passages of the debate, beside which points differ or do not.
    """
    if len(windows) < 2:  # noqa: PLR2004 - nothing to compare
        return [(window,) for window in windows]
    vectors = np.stack([_vector(snapshot, window) for window in windows])
    rows = {stored.row: _sentences(stored) for stored in around}
    context = np.concatenate([snapshot.sentences[part] for part in rows.values()])
    groups = key_points.group(vectors, np.asarray(context, np.float32))
    return [tuple(windows[at] for at in group) for group in groups]


def _vector(snapshot: Snapshot, window: Window) -> Vectors:
    """Return the unit vector of a window, `(D,)`: its sentences' pooled by length."""
    sentences = window.stored.passage.sentences[window.first : window.last + 1]
    first = window.stored.first_sentence + window.first
    vectors = np.asarray(snapshot.sentences[first : first + len(sentences)], np.float32)
    pooled: Vectors = np.array([len(span) for span in sentences], np.float32) @ vectors
    return pooled / np.float32(max(float(np.linalg.norm(pooled)), 1e-9))


def _sentences(stored: Stored) -> slice:
    """Return the rows of a passage's sentences."""
    return slice(stored.first_sentence, stored.first_sentence + len(stored.passage.sentences))

"""The last step: the word index, of all passages or of those that changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.corpus.inputs import encoder_text
from index.storage import snapshot as parts
from index.storage.wording import can_update, update_words, write_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.stages.base import Base
    from index.storage.recording import Run
    from index.storage.rereading import BuildRecords

_TOLD_EVERY = 1_000


def write_word_index(
    folder: Path,
    records: BuildRecords,
    runs: Sequence[Run],
    base: Base | None,
    languages: Sequence[str],
    progress: Callable[[int, int], None],
) -> None:
    """Write the word index into `folder`, from that of `base` where little changed."""
    place = folder / parts.WORDS
    shutil.rmtree(place, ignore_errors=True)
    count = records.passage_count
    known = base.folder / parts.WORDS if base and base.manifest.languages == languages else None
    if known and can_update(known, runs, count):
        new = _texts(records, _gaps(runs, count), progress)
        update_words(known, place, languages, runs, count, new)
    else:
        write_words(place, languages, _texts(records, [(0, count)], progress))


def _texts(
    records: BuildRecords, pieces: Sequence[tuple[int, int]], progress: Callable[[int, int], None]
) -> Iterator[tuple[str, str]]:
    """Yield language and text of the passages of these rows."""
    whole, done = sum(stop - start for start, stop in pieces), 0
    for start, stop in pieces:
        for document, stored in records.stream(start, stop):
            if not done % _TOLD_EVERY:
                progress(done, whole)
            done += 1
            yield document.card.language or "en", encoder_text(document, stored.passage)
    progress(done, whole)


def _gaps(runs: Sequence[Run], count: int) -> list[tuple[int, int]]:
    """Return first row and row after the last of what stands between runs."""
    starts = [0, *(run.passage + run.passages for run in runs)]
    stops = [*(run.passage for run in runs), count]
    return [(start, stop) for start, stop in zip(starts, stops, strict=True) if start < stop]

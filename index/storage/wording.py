"""Writes the word index: of all passages, or of what changed since an older one."""

from __future__ import annotations

import shutil
from itertools import chain
from typing import TYPE_CHECKING

import tantivy

from index.storage.analysis import KEY, field_of, open_index, schema_of
from index.storage.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from index.storage.recording import Run

    Text = tuple[str, str]
    """A passage's language, and what is indexed of it."""

_WRITER_BYTES = 30_000_000
_FEW = 2_000
"""Of so few passages an index is written anew, in less time than anybody notices."""
_GONE_SHARE = 0.05
"""As long as no more passages were replaced, frequencies of words are as good as exact.

What is gone counts in them until tantivy merges it away; a twentieth moves an idf by 0.05.
"""


def write_words(folder: Path, languages: Sequence[str], texts: Iterable[Text]) -> None:
    """Write an index of passages, whose rows count from 0."""
    folder.mkdir(parents=True)
    count = _write(folder, languages, 0, texts, reuse=False)
    Keys.counted(count).save(folder)


def can_update(older: Path, runs: Sequence[Run], count: int) -> bool:
    """Tell whether an older index may be brought up to date for `count` passages."""
    keys = Keys.open(older)
    kept = sum(run.passages for run in runs)
    replaced = keys.unused + count - kept - count  # all that had keys but have no passage any more
    return count >= _FEW and replaced <= _GONE_SHARE * count


def update_words(
    older: Path,
    folder: Path,
    languages: Sequence[str],
    runs: Sequence[Run],
    count: int,
    texts: Iterable[Text],
) -> None:
    """Write a copy of an older index, in which `runs` stay and `texts` are all other passages."""
    shutil.copytree(older, folder, ignore=shutil.ignore_patterns("*.lock"))
    keys = Keys.open(folder)
    gone = [piece for start, stop in _between(runs, keys.count) for piece in keys.part(start, stop)]
    _write(folder, languages, keys.unused, texts, gone, reuse=True)
    Keys.joined(_pieces(keys, runs, count)).save(folder)


def _write(
    folder: Path,
    languages: Sequence[str],
    key: int,
    texts: Iterable[Text],
    gone: Sequence[tuple[int, int]] = (),
    *,
    reuse: bool,
) -> int:
    """Delete what is gone and add what is new, from `key` on; return how many were added."""
    index, schema = open_index(folder, languages, reuse=reuse), schema_of(languages)
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for first, many in gone:
        last = first + many - 1
        query = tantivy.Query.range_query(schema, KEY, tantivy.FieldType.Integer, first, last)
        writer.delete_documents_by_query(query)
    added = 0
    for language, text in texts:
        document = tantivy.Document()
        document.add_integer(KEY, key + added)
        document.add_text(field_of(language), text)
        writer.add_document(document)
        added += 1
    writer.commit()
    writer.wait_merging_threads()
    return added


def _pieces(keys: Keys, runs: Sequence[Run], count: int) -> Iterator[tuple[int, int]]:
    """Yield the keys of all rows, as `Keys.joined` takes them."""
    at, unused = 0, keys.unused
    for run in runs:
        yield unused, run.passage - at
        unused += run.passage - at
        yield from keys.part(run.old_passage, run.old_passage + run.passages)
        at = run.passage + run.passages
    yield unused, count - at


def _between(runs: Sequence[Run], count: int) -> Iterator[tuple[int, int]]:
    """Yield first rows, and those after the last, of what no run holds of an older index."""
    ordered = sorted(runs, key=lambda run: run.old_passage)
    starts = chain((0,), (run.old_passage + run.passages for run in ordered))
    stops = chain((run.old_passage for run in ordered), (count,))
    for start, stop in zip(starts, stops, strict=True):
        if start < stop:
            yield start, stop

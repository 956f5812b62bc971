"""The last step: the caches forget what no snapshot on the shelf can use any more.

It runs while the builder's lock is held, after the switch: nothing is unfinished then. What a
killed build has put into a cache stays until a build that went on from there is done.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.corpus.inputs import encoder_text
from index.encoding.cache import EmbeddingCache, marks_of
from index.errors import SnapshotError
from index.stance.cache import forget_before
from index.storage import snapshot as parts
from index.storage.manifest import read_manifest
from index.storage.rereading import BuildRecords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.encoding.cache import Marks
    from index.storage.manifest import Manifest
    from index.storage.protocol import Shelf

logger = logging.getLogger(__name__)

_ALWAYS_UP_TO = 20_000
_SPARE = 1.25
"""Beyond so many texts, vectors are only forgotten where there are so many times as many: to go
through 60,000 passages of four sentences took ten seconds, and an update of one document should
not."""
_MARKED_AT_ONCE = 500_000


def prune_caches(shelf: Shelf) -> None:
    """Forget what the finished snapshots, with the one that was built last, cannot use.

    A cache that is a link belongs to another shelf, whose snapshots are not known: it is left
    alone. Where a snapshot cannot be read, everything stays until it is gone. A failure is logged:
    the index that was built is in its place already.
    """
    folders = shelf.bases()
    try:
        snapshots = [(folder, read_manifest(folder)) for folder in folders]
        if shelf.embeddings.is_file() and not shelf.embeddings.is_symlink():
            _prune_embeddings(EmbeddingCache(shelf.embeddings), snapshots)
        if shelf.stances.is_file() and not shelf.stances.is_symlink():
            forget_before(shelf.stances, min(folder.name for folder in folders))
    except (SnapshotError, OSError, sqlite3.Error) as error:
        logger.warning("the caches are not pruned this time: %s", error)


def texts_of(records: BuildRecords) -> Iterator[str]:
    """Yield all that an encoder may have read of a snapshot, some of it twice.

    Where sides are suggested, a sentence that leans on the one before is read with it.
    """
    for document, stored in records.stream(0, records.passage_count):
        yield encoder_text(document, stored.passage)
        before = ""
        for span in stored.passage.sentences:
            sentence = span.of(document.text)
            yield sentence
            if before:
                yield f"{before} {sentence}"
            before = sentence
    yield from records.quotes()


def _prune_embeddings(cache: EmbeddingCache, snapshots: Sequence[tuple[Path, Manifest]]) -> None:
    manifests = [manifest for _, manifest in snapshots]
    cache.keep_models({name for one in manifests for name in one.encoders})
    needed = max(one.passages + one.sentences for one in manifests)
    if needed > _ALWAYS_UP_TO and cache.passages() <= _SPARE * needed:
        return
    folders = defaultdict(list)
    for folder, manifest in snapshots:
        folders[manifest.model].append(folder)
    for model, of_model in folders.items():
        forgotten = cache.keep_passages(model, _marks(of_model))
        logger.info("forgot %d vectors that no snapshot needs", forgotten)


def _marks(folders: Sequence[Path]) -> Marks:
    """Return the marks of all texts of snapshots: 8 bytes each are held, no text."""
    marks = np.empty(0, np.uint64)
    for folder in folders:
        with closing(BuildRecords(folder / parts.RECORDS)) as records:
            texts = texts_of(records)
            while len(some := marks_of(islice(texts, _MARKED_AT_ONCE))):
                marks = np.union1d(marks, some)
    return marks

"""The build: a corpus and an encoder in, a verified snapshot on the shelf out.

What did not change since the snapshot before is taken over from it, and a build that was killed
goes on in the folder that it left.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.encoding.cache import EmbeddingCache
from index.stages.base import Base
from index.stages.making import Making, Models
from index.stages.planning import make_plan, recipe_digest
from index.stages.progress import Progress
from index.stages.pruning import prune_caches
from index.stance.cache import CachedStance
from index.stance.loading import learned_settings
from index.storage import snapshot as parts
from index.storage.manifest import FORMAT, Manifest
from index.storage.recording import Recorder
from index.storage.snapshot import Snapshot, checksums

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from index.encoding.protocol import Encoder, Vectors
    from index.stages.labelling import Tied
    from index.stages.planning import Plan
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Shelf
    from index.storage.protocol import Snapshot as AnySnapshot
    from index.storage.recording import Counts
    from index.storage.records import Problem

__all__ = [
    "BuildReport",
    "Progress",
    "build_index",
    "is_stale",
    "recipe_digest",
    "verify",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    `read` counts the documents that were not taken over, `embedded` the passages whose vectors were
    neither taken over nor in the cache.
    """

    snapshot: str
    documents: int
    passages: int
    embedded: int
    seconds: float
    problems: tuple[Problem, ...]
    read: int


def build_index(
    corpus_folder: Path,
    shelf: Shelf,
    encoder: Encoder,
    progress: Progress = lambda _stage, _done, _total: None,
    adapted: Encoder | None = None,
    stance: StanceModel | None = None,
    *,
    cleaning: bool = True,
    headings: bool = True,
) -> BuildReport:
    """Build a snapshot beside the one that answers, verify it, and switch to it.

    `adapted` is an encoder that reads questions, `stance` a model that suggests sides for what
    nobody has labelled; either may be missing. `cleaning` leaves out what argues nothing,
    `headings` lets title and headings be read with each passage; an index without them serves to
    measure what they are worth.

    Raises:
        CorpusError: The corpus cannot be used.
        BuildInProgress: Somebody else is building in the same place.
        SnapshotDamaged: What was built does not pass its verification; the old one stays.
    """
    started = time.monotonic()
    models = Models(encoder, adapted, stance)
    with shelf.building():
        progress("read", 0, 0)
        created = datetime.now(UTC)
        with _base(shelf) as base:
            plan = make_plan(corpus_folder, base, cleaning=cleaning, headings=headings)
            folder = shelf.workplace(f"{created:%Y%m%dT%H%M%S.%fZ}-{plan.digest[:8]}")
            made = _make(folder, plan, base, models, shelf, progress)
        manifest = _sealed(folder, plan, models, made, created)
        progress("verify", 0, 0)
        verify(folder, made.planted)
        shelf.publish(folder)
        prune_caches(shelf)
    seconds = time.monotonic() - started
    logger.info("built %d passages, %d embedded, %.1f s", manifest.passages, made.embedded, seconds)
    return BuildReport(
        shelf.current_name() or "", manifest.documents, manifest.passages,
        made.embedded, seconds, made.tied.problems, made.read,
    )  # fmt: skip


def is_stale(corpus_folder: Path, snapshot: AnySnapshot, stance: StanceModel | None = None) -> bool:
    """Tell whether the corpus, or the model that suggests sides, is not that of the snapshot.

    Files that show no change are not read for it. One that somebody went back to is not stale: a
    build has to be asked for.
    """
    if snapshot.pinned:
        return False
    manifest = snapshot.manifest
    other_model = manifest.stance != (stance.fingerprint if stance else None)
    return other_model or recipe_digest(corpus_folder, snapshot.records.files()) != manifest.corpus


def verify(folder: Path, planted: Mapping[int, Vectors] | Vectors) -> None:
    """Open a finished snapshot and let planted vectors, by row, find themselves.

    Raises:
        SnapshotDamaged: Counts disagree, or a stored vector does not find itself.
    """
    snapshot = Snapshot(folder)
    try:
        snapshot.check_planted(planted)
    finally:
        snapshot.close()


@dataclass(frozen=True, slots=True)
class _Made:
    """What stands in a workplace; `planted` are vectors by row, as they were encoded."""

    counts: Counts
    tied: Tied
    languages: tuple[str, ...]
    planted: Mapping[int, Vectors]
    read: int
    embedded: int


def _make(
    folder: Path, plan: Plan, base: Base | None, models: Models, shelf: Shelf, progress: Progress
) -> _Made:
    """Go through the steps of a build, from what a killed one left there."""
    cache = EmbeddingCache(shelf.embeddings)
    name = folder.name.removesuffix(".building")
    judge = CachedStance(models.stance, shelf.stances, name) if models.stance else None
    with Recorder(folder / parts.RECORDS) as recorder:
        making = Making(folder, plan, base, recorder, models, cache, progress)
        with closing(making):
            read, embedded = making.read(), making.embed()
            making.learn()
            tied = making.label(judge, learned_settings())
            languages, planted = making.write(), making.planted()
            return _Made(recorder.counts, tied, languages, planted, read, embedded)


def _sealed(folder: Path, plan: Plan, models: Models, made: _Made, created: datetime) -> Manifest:
    """Write the manifest that binds a folder's files together, and return it."""
    manifest = Manifest(
        format=FORMAT,
        created=created.isoformat(timespec="seconds"),
        corpus=plan.digest,
        model=models.encoder.fingerprint,
        reading=models.reading.fingerprint,
        stance=models.stance.fingerprint if models.stance else None,
        dimension=models.encoder.dimension,
        documents=made.counts.documents,
        passages=made.counts.passages,
        sentences=made.counts.sentences,
        debates=len(plan.agenda.debates),
        labels=len(made.tied.labels),
        languages=made.languages,
        checksums=checksums(folder),
    )
    manifest.write(folder)
    return manifest


@contextmanager
def _base(shelf: Shelf) -> Iterator[Base | None]:
    base = Base.first_of(shelf.bases())
    try:
        yield base
    finally:
        if base:
            base.close()

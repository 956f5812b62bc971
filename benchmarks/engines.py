"""What an engine has to do to be measured, and the engines that there are."""

from __future__ import annotations

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol

from pgvector import Pgvector
from processes import ROOT

from index.storage.inverted import Kind
from index.storage.vector_writing import VectorWriter
from index.storage.vectors import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from lifelike import Lifelike

    from index.encoding.protocol import Vectors
    from index.storage.vectors import VectorStore

STORES = ROOT / ".cache/benchmarks/stores"


class Writing(Protocol):
    """Takes vectors as they come."""

    def add(self, vectors: Vectors) -> None:
        """Append unit vectors, `(n, D)`."""


class Engine(Protocol):
    """Keeps stores of vectors, one for each count."""

    def serving(self) -> AbstractContextManager[None]:
        """Let what the engine needs run, as long as it is measured."""

    def writing(self, count: int, dimension: int) -> AbstractContextManager[Writing]:
        """Return what writes a store of so many vectors, in place of one that was there.

        What is left to do is done at its end.
        """

    def open(self, count: int) -> VectorStore:
        """Return a store that was written."""

    def size_bytes(self, count: int) -> int:
        """Return what a store takes on disk, 0 where there is none."""

    def cpu_s(self) -> float:
        """Return the time that processors have spent on this thread, and on a server, so far."""


@dataclass(frozen=True, slots=True)
class Faiss:
    """Files on this machine; how they are searched goes by size unless `kind` says."""

    kind: Kind | None = None

    def serving(self) -> AbstractContextManager[None]:
        """Do nothing: files need no server."""
        return nullcontext()

    def writing(self, count: int, dimension: int) -> VectorWriter:
        """Return what writes the files."""
        STORES.mkdir(parents=True, exist_ok=True)
        return VectorWriter(self._path(count), count, dimension, self.kind)

    def open(self, count: int) -> FaissStore:
        """Return the store in the files."""
        return FaissStore.open(self._path(count))

    def size_bytes(self, count: int) -> int:
        """Return the size of the files."""
        files = STORES.glob(f"{self._path(count).stem}.*")
        return sum(file.stat().st_size for file in files)

    def cpu_s(self) -> float:
        """Return the time that processors have spent on this thread so far."""
        return time.thread_time()

    def _path(self, count: int) -> Path:
        return STORES / f"{self.kind.value if self.kind else 'by-size'}-{count}.faiss"


ENGINES: dict[str, Engine] = {
    "every vector": Faiss(Kind.EXACT),
    "faiss": Faiss(),
    "pgvector": Pgvector(STORES / "postgres"),
}
"""By name; the first is what the others are compared with."""


@dataclass(slots=True)
class Stopwatch:
    """Adds up times by some clock."""

    now_s: Callable[[], float]
    total_s: float = 0.0

    def __enter__(self) -> None:
        self.total_s -= self.now_s()

    def __exit__(self, *_: object) -> None:
        self.total_s += self.now_s()


@dataclass(frozen=True, slots=True)
class Built:
    """What a build took: time by the clock and of processors, and the most memory it held.

    The memory is that of the process which builds, without a server's.
    """

    seconds: float
    cpu_s: float
    peak_mb: float


def build(engine: str, count: int, made: Lifelike) -> Built:
    """Write a store in a process of its own; the time that vectors take to be made up is left out.

    The memory is that of the whole process, with a block of made-up vectors.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_build, engine, count, made).result()


def _build(engine: str, count: int, made: Lifelike) -> Built:
    clock, processor = Stopwatch(time.monotonic), Stopwatch(partial(_cpu_s, ENGINES[engine]))
    with ExitStack() as stack:
        writing = stack.enter_context(ENGINES[engine].writing(count, made.dimension))
        for block in made.blocks(count):
            with clock, processor:
                writing.add(block)
        with clock, processor:
            stack.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return Built(clock.total_s, processor.total_s, peak_mb)


def _cpu_s(engine: Engine) -> float:
    """Return the same as the engine does, for all threads of this process."""
    return engine.cpu_s() - time.thread_time() + time.process_time()

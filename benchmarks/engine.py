"""Where vectors are kept: build, load, search with and without a filter, recall, bytes.

    .venv/bin/python benchmarks/engine.py [--engines faiss pgvector] [--counts 10000] [--keep]

The vectors are made up around those of real sentences (see `lifelike.py`), the queries are real
questions. The filters leave whole documents: each one half of the time, or one in a hundred.
Recall is the part of the ten nearest that a search finds, by comparing with every vector; that
search stands beside each engine. Times are by the clock, and of the processors alone (a server's
too), which is what to look at where the machine has other work. `--keep` takes stores that an
earlier run has built.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import lifelike
import numpy as np
from engines import ENGINES, build
from recording import record, say, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from engines import Built
    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors
    from index.storage.vectors import Rows, VectorStore

    Filter = Rows | None
    Ranked = tuple[Vectors, NDArray[np.int64]]

COUNTS = (10_000, 100_000, 1_000_000)
LIMIT = 10
SHARES = {"no filter": 1.0, "half": 0.5, "1 %": 0.01}
_WARM_UP = 5
_ENOUGH_CPU_S = 8.0
"""After so much searching, further questions are left out."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one search."""

    p50_ms: float
    p95_ms: float
    cpu_p50_ms: float

    def __str__(self) -> str:
        return f"{self.p50_ms:.2f} / {self.p95_ms:.2f} ({self.cpu_p50_ms:.2f})"


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of every engine: the queries, the filters, and the ten nearest of each."""

    count: int
    queries: Vectors
    filters: dict[str, Filter]
    nearest: dict[str, NDArray[np.int64]]


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--counts", nargs="+", type=int, default=list(COUNTS))
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    made = lifelike.load()
    say(f"{made.origin}; {len(made.questions)} real questions; {LIMIT} nearest of each")
    everything: list[dict[str, str]] = []
    for count in options.counts:
        task = task_of(made, count)
        lines = [_measured(name, task, made, keep=options.keep) for name in options.engines]
        record(f"engine, {count:,} vectors", {"from": made.origin, "limit": LIMIT, "rows": lines})
        everything += lines
    show(list(everything[0]), [list(line.values()) for line in everything])
    say("searches: p50 / p95 by the clock, and in brackets p50 of the processor alone, all in ms")


def filters_of(count: int) -> dict[str, Filter]:
    """Return the rows that each filter leaves; whole documents of a chance choice."""
    documents = lifelike.documents_of(count)
    chance = np.random.default_rng(13).random(documents[-1] + 1)[documents]
    return {
        name: None if share == 1 else np.flatnonzero(chance < share)
        for name, share in SHARES.items()
    }


def task_of(made: lifelike.Lifelike, count: int) -> Task:
    """Return queries and filters for so many vectors, with the truth by comparing all of them."""
    filters = filters_of(count)
    return Task(count, made.questions, filters, _nearest(made, count, filters))


def timed(
    store: VectorStore,
    queries: Vectors,
    among: Filter,
    limit: int = LIMIT,
    cpu_s: Callable[[], float] = time.thread_time,
) -> tuple[Timing, list[Rows]]:
    """Return how long searches take, and what they find, query by query.

    `cpu_s` tells the time that processors have spent so far.
    """
    for query in queries[:_WARM_UP]:
        store.search(query, limit, among)
    by_clock, by_processor, found = [], [], []
    for query in queries:
        before, began = cpu_s(), time.perf_counter()
        found.append(store.search(query, limit, among).rows)
        by_clock.append(time.perf_counter() - began)
        by_processor.append(cpu_s() - before)
        if sum(by_processor) > _ENOUGH_CPU_S:
            break
    p50, p95 = np.percentile(by_clock, [50, 95]) * 1e3
    return Timing(float(p50), float(p95), float(np.median(by_processor) * 1e3)), found


def _measured(name: str, task: Task, made: lifelike.Lifelike, *, keep: bool) -> dict[str, str]:
    """Build an engine's store, unless it is to be kept and there; measure it, and say so."""
    engine = ENGINES[name]
    with engine.serving():
        kept = keep and engine.size_bytes(task.count) > 0
        line = _line(name, task, None if kept else build(name, task.count, made))
    say(str(line))
    return line


def _line(name: str, task: Task, built: Built | None) -> dict[str, str]:
    """Measure an engine; return its line of the table."""
    engine = ENGINES[name]
    began = time.perf_counter()
    store = engine.open(task.count)
    load_ms = (time.perf_counter() - began) * 1e3
    line = {
        "engine": name,
        "vectors": f"{task.count:,}",
        "build, s (CPU)": f"{built.seconds:.1f} ({built.cpu_s:.1f})" if built else "kept",
        "its peak, MB": f"{built.peak_mb:.0f}" if built else "kept",
        "disk, MB": f"{engine.size_bytes(task.count) / 1e6:.1f}",
        "load, ms": f"{load_ms:.1f}",
    }
    for name_of_filter, among in task.filters.items():
        timing, found = timed(store, task.queries, among, cpu_s=engine.cpu_s)
        line[name_of_filter] = str(timing)
        line[f"recall, {name_of_filter}"] = f"{_recall(found, task.nearest[name_of_filter]):.4f}"
    return line


def _recall(found: list[Rows], nearest: NDArray[np.int64]) -> float:
    hits = sum(len(np.intersect1d(*pair)) for pair in zip(found, nearest, strict=False))
    return hits / (len(found) * LIMIT)


def _nearest(
    made: lifelike.Lifelike, count: int, filters: dict[str, Filter]
) -> dict[str, NDArray[np.int64]]:
    """Return the ten nearest rows of each query under each filter, `(Q, 10)`."""
    best = {name: _none(len(made.questions)) for name in filters}
    start = 0
    for block in made.blocks(count):
        similarities = made.questions @ block.T
        for name, among in filters.items():
            rows = np.arange(start, start + len(block))
            if among is not None:
                rows = among[slice(*np.searchsorted(among, [start, start + len(block)]))]
            best[name] = _better(best[name], similarities[:, rows - start], rows)
        start += len(block)
    return {name: rows for name, (_, rows) in best.items()}


def _none(queries: int) -> Ranked:
    shape = queries, LIMIT
    return np.full(shape, -2, np.float32), np.full(shape, -1, np.int64)


def _better(best: Ranked, similarities: Vectors, rows: Rows) -> Ranked:
    """Return the best of what was known and of further rows, `(Q, n)` and `(n,)`."""
    both = np.concatenate([best[0], similarities], axis=1)
    of_rows = np.concatenate([best[1], np.broadcast_to(rows, similarities.shape)], axis=1)
    first = np.argpartition(-both, LIMIT - 1, axis=1)[:, :LIMIT]
    return np.take_along_axis(both, first, axis=1), np.take_along_axis(of_rows, first, axis=1)


if __name__ == "__main__":
    main()

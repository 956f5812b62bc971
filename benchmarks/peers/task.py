"""What every peer is given and measured by: passages with sides and vectors, questions with both.

Needs numpy and nothing of ours, since each peer runs in an environment of its own. A task is a
folder of files::

    passages.jsonl  {"text": …, "side": "yes" or "no"}, a line a row
    vectors.bin     float32, (N, D), row after row
    queries.jsonl   {"text": …, "side": …}
    queries.bin     float32, (Q, D)
    result.json     what was measured, written here
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOP = 10
_BATCH = 1_000
_WARM = 3
_LEAST = 5
_LIMIT_S = 40.0
"""After so long no further question is asked; the table tells of how many a row is."""


@dataclass(frozen=True)
class Batch:
    """Some passages one after another; `vectors` is `(n, D)`."""

    rows: list[int]
    texts: list[str]
    sides: list[str]
    vectors: Any


@dataclass(frozen=True)
class Query:
    """A question, the side that its passages must be of, and its vector, `(D,)`."""

    text: str
    side: str
    vector: Any


class Task:
    """A task in its folder; whatever a peer writes goes to `place`."""

    def __init__(self, folder: Path, variant: str) -> None:
        self.folder = folder
        self.variant = variant
        self.place = folder / "index"
        self.dimension = int(json.loads((folder / "task.json").read_text("utf-8"))["dimension"])

    def batches(self, size: int = _BATCH) -> Iterator[Batch]:
        """Yield all passages; no file stays in memory."""
        done = 0
        with (
            (self.folder / "passages.jsonl").open(encoding="utf-8") as lines,
            (self.folder / "vectors.bin").open("rb") as numbers,
        ):
            while read := [json.loads(line) for line in islice(lines, size)]:
                flat = np.fromfile(numbers, np.float32, len(read) * self.dimension)
                yield Batch(
                    list(range(done, done + len(read))),
                    [one["text"] for one in read],
                    [one["side"] for one in read],
                    flat.reshape(len(read), self.dimension),
                )
                done += len(read)

    def queries(self) -> list[Query]:
        """Return all questions."""
        vectors = np.fromfile(self.folder / "queries.bin", np.float32).reshape(-1, self.dimension)
        lines = (self.folder / "queries.jsonl").read_text("utf-8").splitlines()
        asked = map(json.loads, lines)
        return [
            Query(one["text"], one["side"], vector)
            for one, vector in zip(asked, vectors, strict=True)
        ]


def run(
    build: Callable[[Task], Any], search: Callable[[Any, Query], list[int]], note: str = ""
) -> None:
    """Build, ask every question, and write what that took and what was found.

    `build` returns what `search` asks; `search` returns up to `TOP` rows, best first.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant", default="")
    options = parser.parse_args()
    task = Task(options.folder, options.variant)
    before_mb = _resident_mb()
    began, began_cpu = time.perf_counter(), time.process_time()
    engine = build(task)
    built = {"index_s": time.perf_counter() - began, "index_cpu_s": time.process_time() - began_cpu}
    queries = task.queries()
    for query in queries[-_WARM:]:
        search(engine, query)
    asked = _asked(engine, search, queries)
    gc.collect()
    measured = {**built, **asked, "resident_mb": _resident_mb(), "before_mb": before_mb}
    (task.folder / "result.json").write_text(json.dumps({**measured, "note": note}), "utf-8")


def _asked(
    engine: Any, search: Callable[[Any, Query], list[int]], queries: list[Query]
) -> dict[str, Any]:
    times, cpu, found = [], [], []
    end = time.perf_counter() + _LIMIT_S
    for query in queries:
        began, began_cpu = time.perf_counter(), time.process_time()
        rows = search(engine, query)
        cpu.append(1000 * (time.process_time() - began_cpu))
        times.append(1000 * (time.perf_counter() - began))
        found.append([int(row) for row in rows])
        if len(times) >= _LEAST and time.perf_counter() > end:
            break
    return {"ms": times, "cpu_ms": cpu, "found": found}


def _resident_mb() -> float:
    """Return the memory that this process holds and that no file could give back."""
    status = Path("/proc/self/status").read_text("ascii")
    held = sum(int(status.partition(f"{name}:")[2].split()[0]) for name in ("RssAnon", "RssShmem"))
    return round(held / 1_000, 1)

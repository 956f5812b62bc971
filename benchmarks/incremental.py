"""What a build costs after one of many documents changed, as a share of a build from nothing.

    python benchmarks/incremental.py [--sizes 1000 10000 100000]

Small text files, an encoder that hashes: with a real one a build from nothing takes hundreds of
times as long, and the share falls accordingly.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from recording import record, say, show
from synthetic import HashEncoder, file_of, text_of, write_files

from index.building import build_index, is_stale
from index.storage.shelf import Shelf

_PASSAGES, _SENTENCES = 2, 2


@dataclass
class Stopwatch:
    """Seconds by stage of a build."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _stage: str = "read"
    _since_s: float = field(default_factory=time.perf_counter)

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Add the time since the last call to the stage that was under way."""
        now_s = time.perf_counter()
        self.seconds[self._stage] += now_s - self._since_s
        self._stage, self._since_s = stage, now_s


def main() -> None:
    """Measure each size, print the table and record it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = parser.parse_args().sizes
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="audiatur-") as place:
            measured = measure(Path(place), size)
        full = measured["from nothing"]["whole"]
        for name, seconds in measured.items():
            whole = seconds["whole"]
            stages = ", ".join(
                f"{stage} {s:.2f}" for stage, s in seconds.items() if stage != "whole"
            )
            rows.append({
                "documents": size, "build": name, "seconds": round(whole, 2),
                "of a build from nothing": round(whole / full, 4), "by stage": stages,
            })  # fmt: skip
    show(list(rows[0]), [list(row.values()) for row in rows])
    record("incremental", {"passages a document": _PASSAGES, "rows": rows})


def measure(place: Path, size: int) -> dict[str, dict[str, float]]:
    """Return seconds by stage of builds of `size` documents, and of the look at a start."""
    corpus, shelf = place / "corpus", Shelf(place / "data")
    write_files(corpus, size, _PASSAGES, _SENTENCES)
    time.sleep(2.5)  # so that the files are known by their stamps
    measured = {"from nothing": build(corpus, shelf)}
    say(f"{size} documents from nothing: {measured['from nothing']['whole']:.1f} s")
    measured["nothing changed"] = build(corpus, shelf)
    changed = file_of(corpus, size // 2)
    changed.write_text(text_of(size, _PASSAGES, _SENTENCES), encoding="utf-8")
    measured["one document changed"] = build(corpus, shelf)
    changed.write_text(text_of(size, _PASSAGES + 1, _SENTENCES), encoding="utf-8")
    measured["one passage more"] = build(corpus, shelf)
    moved = file_of(corpus, size // 3)
    moved.rename(moved.with_name("moved.txt"))
    measured["one document moved"] = build(corpus, shelf)
    snapshot = shelf.open_current()
    since_s = time.perf_counter()
    if is_stale(corpus, snapshot):
        raise AssertionError("the index is taken to be stale")
    measured["look at a start"] = {"whole": round(time.perf_counter() - since_s, 3)}
    snapshot.close()
    return measured


def build(corpus: Path, shelf: Shelf) -> dict[str, float]:
    """Build once; return seconds by stage and for all of it."""
    watch, since_s = Stopwatch(), time.perf_counter()
    build_index(corpus, shelf, HashEncoder(), watch)
    watch("end", 0, 0)
    whole = time.perf_counter() - since_s
    return {stage: round(s, 3) for stage, s in watch.seconds.items()} | {"whole": round(whole, 3)}


if __name__ == "__main__":
    main()

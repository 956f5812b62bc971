"""How much memory a build of many passages takes, at the width of the default encoder (D=384).

    python benchmarks/build_memory.py [--passages 1000000] [--sentences 1] [--folder DIR]

Documents of fifty passages in one .jsonl, and an encoder that hashes. Fewer sentences to a passage
than real text has make the files smaller, not what is held of them at a time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import tempfile
import time
from pathlib import Path

from recording import record, say, show
from synthetic import HashEncoder, write_lines

from index.building import build_index
from index.storage.shelf import Shelf

_PASSAGES_EACH = 50
_LIMIT_GIB = 4.0


class Watch:
    """Notes seconds, processor seconds and the peak of resident memory at the end of each stage."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float, float]] = []
        self._stage = "read"
        self._since = (time.perf_counter(), time.process_time())

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Close the stage before, if this is another."""
        if stage == self._stage:
            return
        now = (time.perf_counter(), time.process_time())
        took = [round(one - other, 1) for one, other in zip(now, self._since, strict=True)]
        self.rows.append((self._stage, took[0], took[1], peak_gib()))
        say(f"{self._stage}: {took[0]} s, {took[1]} s of a processor, peak {peak_gib()} GiB")
        self._stage, self._since = stage, now


def main() -> None:
    """Write the corpus, build in a process of its own, print the table and record it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--sentences", type=int, default=1)
    parser.add_argument("--folder", help="where to work; a temporary folder if left out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audiatur-", dir=options.folder) as place:
        corpus = Path(place) / "corpus"
        corpus.mkdir()
        documents = options.passages // _PASSAGES_EACH
        write_lines(corpus / "all.jsonl", documents, _PASSAGES_EACH, options.sentences)
        say(f"{documents} documents written, {peak_gib()} GiB")
        context = multiprocessing.get_context("spawn")
        answer, told = context.Pipe(duplex=False)
        child = context.Process(target=build, args=(place, told))
        child.start()
        told.close()
        measured = answer.recv()
        child.join()
    show(("stage", "seconds", "of a processor", "peak so far, GiB"), measured["stages"])
    say(
        f"{measured['passages']} passages, {measured['sentences']} sentences: "
        f"peak {measured['peak GiB']} GiB of {_LIMIT_GIB}"
    )
    columns = ("stage", "seconds", "CPU s", "peak so far, GiB")
    rows = [dict(zip(columns, line, strict=True)) for line in measured["stages"]]
    record(f"building {measured['passages']:,} passages", measured | {"rows": rows})


def build(place: str, told: multiprocessing.connection.Connection) -> None:
    """Build the corpus, and tell what it took."""
    watch, shelf = Watch(), Shelf(Path(place) / "data")
    before = peak_gib()
    build_index(Path(place) / "corpus", shelf, HashEncoder(), watch)
    watch("end", 0, 0)
    peak = peak_gib()
    snapshot = shelf.open_current()
    sizes = {
        str(path.relative_to(snapshot.folder)): path.stat().st_size
        for path in snapshot.folder.iterdir()
        if path.is_file()
    }
    told.send(
        {
            "passages": snapshot.manifest.passages,
            "sentences": snapshot.manifest.sentences,
            "dimension": snapshot.manifest.dimension,
            "GiB before": before,
            "peak GiB": peak,
            "stages": watch.rows,
            "bytes": sizes,
        }
    )


def peak_gib() -> float:
    """Return the most memory that was ever resident, mapped files included."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024**2, 2)


if __name__ == "__main__":
    main()

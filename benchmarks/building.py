"""The build beside the encoder alone: passages a second, and what eats the rest.

    .venv/bin/python benchmarks/building.py [--paragraphs 240]

XQuAD's German paragraphs are a corpus, each a document, without debates. The encoder alone first
encodes what the build has to: passages and sentences, sorted by length, in batches like the
build's. Then the build does so from an empty cache; its stages are told apart by its progress. What
every index is taught (questions of everyday) is encoded before, and kept.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from passages import XQUAD, Passages
from recording import record, say, show

from index.building import build_index
from index.encoding.loading import load_encoder
from index.questions.classifier import off_topic_questions
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Encoder, Vectors

_BATCH = 64


class Counted:
    """An encoder of passages that counts texts and seconds; questions were encoded before."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint, self.dimension = encoder.fingerprint, encoder.dimension
        texts = off_topic_questions()
        self._known = dict(zip(texts, encoder.encode_queries(texts), strict=True))
        self.seconds, self.texts = 0.0, 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        import numpy as np  # noqa: PLC0415 - beside what it is for

        return np.stack([self._known[text] for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`."""
        began = time.perf_counter()
        vectors = self._encoder.encode_passages(texts)
        self.seconds += time.perf_counter() - began
        self.texts += len(texts)
        return vectors


class Stages:
    """Tells how long each stage of a build took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._since = "", time.perf_counter()

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Take note of the stage that a build is at."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--paragraphs", type=int, default=240)
    options = parser.parse_args()
    if not XQUAD.exists():
        say(f"building: skipped, {XQUAD} is not there")
        return
    encoder = Counted(load_encoder())
    paragraphs = [one.text for one in Passages(encoder).paragraphs[: options.paragraphs]]
    with tempfile.TemporaryDirectory() as folder:
        row = _measured(Path(folder), encoder, paragraphs)
    show(list(row), [list(row.values())])
    record("building", {"rows": [row]})


def _measured(folder: Path, encoder: Counted, paragraphs: Sequence[str]) -> dict[str, object]:
    corpus = folder / "corpus"
    corpus.mkdir()
    lines = [
        json.dumps({"id": str(number), "text": text, "language": "de"}, ensure_ascii=False)
        for number, text in enumerate(paragraphs)
    ]
    (corpus / "xquad.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    encoder.encode_passages(list(paragraphs[:8]))  # what is loaded at the first text
    encoder.seconds, encoder.texts = 0.0, 0
    stages = Stages()
    began = time.perf_counter()
    report = build_index(corpus, Shelf(folder / "data"), encoder, stages)
    seconds = time.perf_counter() - began
    stages("", 0, 0)
    within, texts = encoder.seconds, encoder.texts
    alone = _alone(encoder, corpus)
    rest = {name: round(took, 2) for name, took in stages.seconds.items()}
    rest["embed"] = round(stages.seconds.get("embed", 0.0) - within, 2)
    return {
        "passages": report.passages,
        "texts encoded": texts,
        "build s": round(seconds, 1),
        "encoder alone s": round(alone, 1),
        "passages/s": round(report.passages / seconds, 1),
        "encoder alone passages/s": round(report.passages / alone, 1),
        "ratio": round(alone / seconds, 2),
        "beside encoding, s": ", ".join(f"{name} {took}" for name, took in rest.items()),
    }


def _alone(encoder: Counted, corpus: Path) -> float:
    """Return the seconds for the same texts with nothing around them."""
    from index.corpus.reading import read_corpus  # noqa: PLC0415 - beside what it is for

    texts = {
        span.of(document.text)
        for document in read_corpus(corpus).documents
        for passage in document.passages
        for span in (passage.span, *passage.sentences)
    }
    ordered = sorted(texts, key=len)
    began = time.perf_counter()
    for start in range(0, len(ordered), _BATCH):
        encoder.encode_passages(ordered[start : start + _BATCH])
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

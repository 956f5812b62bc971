"""Snapshots in a folder made of given texts and vectors, with the library's own parts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from index.corpus.records import Card, Document, Passage, Span
from index.debates.loading import Agenda
from index.storage import snapshot as parts
from index.storage.baseline import Baseline, save_baselines
from index.storage.manifest import FORMAT, Manifest
from index.storage.recording import write_records
from index.storage.snapshot import Snapshot, checksums
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encoding.protocol import Vectors


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def random_vectors(count: int, dimension: int, seed: int = 7) -> Vectors:
    """Return unit vectors, `(N, D)`, as half precision keeps them."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return unit(drawn).astype(np.float16).astype(np.float32)


def document(name: str, language: str, text: str) -> Document:
    span = Span(0, len(text))
    passage = Passage(name, 0, span, (), (span,))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, text, Card(language=language), digest, (), (passage,))


def make_snapshot(
    folder: Path, texts: Sequence[tuple[str, str]], vectors: Vectors, model: str = "made"
) -> Snapshot:
    """Return a snapshot of `(language, text)` pairs, a document of one passage each."""
    folder.mkdir(parents=True)
    documents = [document(f"{at:06}.txt", *pair) for at, pair in enumerate(texts)]
    FaissStore.of(vectors).save(folder / parts.VECTORS)
    np.save(folder / parts.SENTENCES, vectors.astype(np.float16))
    write_records(folder / parts.RECORDS, documents, Agenda((), ()), (), ())
    languages = tuple(sorted({language for language, _ in texts}))
    WordIndex.build(folder / parts.WORDS, languages, texts)
    baseline = Baseline(np.zeros(len(texts), np.float32), np.ones(len(texts), np.float32))
    save_baselines(folder / parts.BASELINES, baseline, baseline)
    Manifest(
        format=FORMAT,
        created="2026-01-01T00:00:00+00:00",
        corpus="made",
        model=model,
        reading="made",
        stance=None,
        dimension=vectors.shape[1],
        documents=len(texts),
        passages=len(texts),
        sentences=len(texts),
        debates=0,
        labels=0,
        languages=languages,
        checksums=checksums(folder),
    ).write(folder)
    return Snapshot(folder)

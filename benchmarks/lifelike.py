"""A million vectors that lie to each other as those of real sentences do, and real questions.

Some thousands of real sentences are encoded once: the seeds', those of XQuAD's paragraphs (German
and English, CC BY-SA 4.0) and PERSPECTRUM's arguments, where the data are there. A made-up document
takes one of them as its subject; each of its passages lies on the way from that sentence to one of
its near neighbours, and is moved aside by a difference of two other near neighbours, so that the
spread has the directions and the size of real spread. Queries are real questions, not made up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sentencex
import workload
from processes import ROOT
from recording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

DATA = ROOT.parent / "shared/data"
KEPT = ROOT / ".cache/benchmarks/lifelike.npz"
"""What was encoded; it is encoded anew where the file is gone."""
PASSAGES_PER_DOCUMENT = 20
_ARGUMENTS = 1_000
_QUESTIONS = 100
_NEAR = 8
_ASIDE = (0.3, 0.9)
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Lifelike:
    """Vectors of real sentences, `(S, D)`, of real questions, `(Q, D)`, and where they are from."""

    sentences: Vectors
    questions: Vectors
    origin: str

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return int(self.sentences.shape[1])

    def vectors(self, count: int) -> Vectors:
        """Return made-up neighbours of the sentences, `(count, D)`; a longer one begins alike."""
        return np.concatenate(list(self.blocks(count)))

    def blocks(self, count: int) -> Iterator[Vectors]:
        """Yield the same, some thousands at a time."""
        near = _neighbours(self.sentences)
        for start in range(0, count, _BLOCK):
            chance = np.random.default_rng([11, start])
            yield _made_up(self.sentences, near, chance)[: count - start]


def documents_of(count: int) -> NDArray[np.int64]:
    """Return the made-up document of each of so many passages, `(count,)`."""
    return np.arange(count) // PASSAGES_PER_DOCUMENT


def load() -> Lifelike:
    """Return the real vectors; the first time takes the encoder some minutes."""
    if not KEPT.is_file():
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        _encode()
    with np.load(KEPT) as kept:
        return Lifelike(kept["sentences"], kept["questions"], str(kept["origin"]))


def intrinsic_dimension(vectors: Vectors, sample: Vectors, neighbours: int = 10) -> float:
    """Return how many dimensions the neighbourhoods have, by maximum likelihood.

    Levina and Bickel 2004 ("Maximum Likelihood Estimation of Intrinsic Dimension"), averaged as
    MacKay and Ghahramani say; distances of unit vectors, `sample` being among `vectors`.
    """
    similarities = -np.partition(-(sample @ vectors.T), neighbours + 1, axis=1)
    nearest = -np.sort(-similarities[:, : neighbours + 2], axis=1)[:, 1:]
    distances = np.sqrt(np.maximum(2 - 2 * nearest, 1e-9))
    logs = np.log(distances[:, -1:] / distances[:, :-1])
    return float(1 / logs.mean())


def _encode() -> None:
    from index.encoding.cache import EmbeddingCache  # noqa: PLC0415 - only the first time
    from index.encoding.loading import load_encoder  # noqa: PLC0415 - likewise, costs seconds

    sentences, questions, origin = _texts()
    say(f"encoding {len(sentences)} sentences and {len(questions)} questions")
    encoder, cache = load_encoder(), EmbeddingCache(KEPT.with_name("embeddings.sqlite"))
    np.savez(
        KEPT,
        sentences=cache.encode_passages(encoder, sentences).vectors,
        questions=cache.encode_queries(encoder, questions).vectors,
        origin=origin,
    )


def _texts() -> tuple[list[str], list[str], str]:
    from index.corpus.reading import read_corpus  # noqa: PLC0415 - only the first time

    sentences = [
        sentence.of(document.text)
        for document in read_corpus(ROOT / "seeds").documents
        for passage in document.passages
        for sentence in passage.sentences
    ]
    origin = [f"{len(sentences)} sentences of the seeds"]
    questions: list[str] = []
    for language in ("de", "en"):
        found, asked = _xquad(DATA / f"xquad/xquad.{language}.json", language)
        sentences += found
        questions += asked[:: max(1, len(asked) // _QUESTIONS)]
        origin.append(f"{len(found)} of XQuAD ({language})")
    arguments = _arguments(DATA / "perspectrum/perspective_pool_v1.0.json")
    origin.append(f"{len(arguments)} of PERSPECTRUM")
    if not questions:
        questions = [one.text for one in workload.questions("seeds")]
    return list(dict.fromkeys(sentences + arguments)), questions, ", ".join(origin)


def _xquad(path: Path, language: str) -> tuple[list[str], list[str]]:
    if not path.is_file():
        return [], []
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    sentences = [
        sentence.strip()
        for paragraph in paragraphs
        for sentence in sentencex.segment(language, paragraph["context"])
        if sentence.strip()
    ]
    return sentences, [asked["question"] for one in paragraphs for asked in one["qas"]]


def _arguments(path: Path) -> list[str]:
    if not path.is_file():
        return []
    return [one["text"] for one in json.loads(path.read_text(encoding="utf-8"))][:_ARGUMENTS]


def _neighbours(sentences: Vectors) -> NDArray[np.int64]:
    """Return the near neighbours of each sentence, `(S, _NEAR)`."""
    similarities = sentences @ sentences.T
    np.fill_diagonal(similarities, -1)
    return np.argpartition(-similarities, _NEAR, axis=1)[:, :_NEAR]


def _made_up(sentences: Vectors, near: NDArray[np.int64], chance: np.random.Generator) -> Vectors:
    """Return a block of vectors, `(_BLOCK, D)`."""
    subjects = chance.integers(len(sentences), size=_BLOCK // PASSAGES_PER_DOCUMENT)
    subject = np.repeat(subjects, PASSAGES_PER_DOCUMENT)
    towards = near[subject, chance.integers(_NEAR, size=_BLOCK)]
    other = chance.integers(len(sentences), size=_BLOCK)
    beside = near[other, chance.integers(_NEAR, size=_BLOCK)]
    way = chance.random((_BLOCK, 1), np.float32)
    aside = chance.uniform(*_ASIDE, (_BLOCK, 1)).astype(np.float32)
    made = sentences[subject] + way * (sentences[towards] - sentences[subject])
    made += aside * (sentences[other] - sentences[beside])
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

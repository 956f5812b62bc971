"""Passages, questions and vectors to measure on: XQuAD in German, and any number made of it.

XQuAD (Artetxe et al. 2020, arXiv:1910.11856; CC BY-SA 4.0) has 240 German paragraphs. Larger sets
hold them and, behind them, passages of two to four sentences drawn from one article. The vector of
such a passage is the mean of its sentences' real vectors by length, with a little noise that tells
passages of the same sentences apart: synthesised from real ones, text and vector agree.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from processes import ROOT

from index.corpus.records import Span
from index.corpus.sentences import split_sentences
from index.encoding.cache import EmbeddingCache

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.encoding.protocol import Encoder, Vectors

XQUAD = ROOT.parent / "shared/data/xquad/xquad.de.json"
CACHE = Path(os.environ.get("AUDIATUR_BENCH_CACHE", Path.home() / ".cache/audiatur-bench"))
SIDES = ("yes", "no")
_NOISE = 0.15
_SENTENCES = (2, 4)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article with the questions that it answers."""

    article: int
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A passage and its vector, `(D,)`."""

    text: str
    vector: Vectors


class Passages:
    """XQuAD's paragraphs and sentences with their vectors, and passages made of these.

    Vectors are kept in `CACHE` from one run to the next.

    Raises:
        FileNotFoundError: XQuAD is not there.
    """

    def __init__(self, encoder: Encoder, path: Path = XQUAD) -> None:
        self._encoder = encoder
        self._cache = EmbeddingCache(CACHE / "embeddings.sqlite")
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        self.paragraphs = [
            Paragraph(
                number, one["context"], tuple(asked["question"].strip() for asked in one["qas"])
            )
            for number, article in enumerate(articles)
            for one in article["paragraphs"]
        ]

    @cached_property
    def vectors(self) -> Vectors:
        """The paragraphs' vectors, `(240, D)`."""
        return self.encoded([one.text for one in self.paragraphs])

    @cached_property
    def sentences(self) -> list[str]:
        """The paragraphs' sentences."""
        return [sentence for article in self._articles.values() for sentence in article]

    @cached_property
    def _articles(self) -> dict[int, list[str]]:
        articles: dict[int, list[str]] = {}
        for one in self.paragraphs:
            spans = split_sentences(one.text, Span(0, len(one.text)), "de")
            articles.setdefault(one.article, []).extend(span.of(one.text) for span in spans)
        return articles

    @cached_property
    def by_sentence(self) -> dict[str, Vectors]:
        """The vector of each sentence, `(D,)`."""
        return dict(zip(self.sentences, self.encoded(self.sentences), strict=True))

    def encoded(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, `(N,) -> (N, D)`."""
        return self._cache.encode_passages(self._encoder, texts).vectors

    def asked(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, `(Q,) -> (Q, D)`."""
        return self._cache.encode_queries(self._encoder, texts).vectors

    def make(self, count: int, seed: int = 11) -> Iterator[Made]:
        """Yield `count` passages: the real paragraphs, then made ones; the same for each seed."""
        yield from map(Made, [one.text for one in self.paragraphs[:count]], self.vectors)
        chance = np.random.default_rng(seed)
        articles = list(self._articles.values())
        for _ in range(count - len(self.paragraphs)):
            sentences = articles[chance.integers(len(articles))]
            wanted = min(len(sentences), int(chance.integers(*_SENTENCES, endpoint=True)))
            drawn = [sentences[at] for at in chance.choice(len(sentences), wanted, replace=False)]
            yield Made(" ".join(drawn), self._mixed(drawn, chance))

    def pooled(self, sentences: Sequence[str]) -> Vectors:
        """Return the unit vector of sentences: the mean of theirs by length, `(D,)`."""
        lengths = np.array([len(one) for one in sentences], np.float32)
        mean = lengths @ np.stack([self.by_sentence[one] for one in sentences])
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _mixed(self, sentences: Sequence[str], chance: np.random.Generator) -> Vectors:
        noise = chance.standard_normal(self._encoder.dimension, np.float32)
        mixed = self.pooled(sentences) + np.float32(_NOISE) * noise / np.linalg.norm(noise)
        return np.asarray(mixed / np.linalg.norm(mixed), np.float32)

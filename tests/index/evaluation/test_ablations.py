"""Each variant leaves out one thing and is compared question by question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from index.answering.method import FULL
from index.evaluation.ablations import (
    MEASURES,
    PART,
    VARIANTS,
    WHOLE,
    Variant,
    differences,
    means,
    varied,
)
from index.evaluation.bootstrap import clustered
from index.evaluation.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders
    from tests.index.evaluation.conftest import Planted

LINE: dict[str, Any] = {
    "id": "q",
    "lang": "de",
    "question": "Sollen wir Diensträder anschaffen?",
    "answerable": True,
    "yes": [
        {"doc": "pro", "quote": "Diensträder sparen der Firma Geld."},
        {"doc": "pro", "quote": "Diensträder werden jeden Tag gefahren."},
    ],
    "no": [{"doc": "contra", "quote": "Diensträder kosten die Firma viel Geld."}],
    "background": [],
}


@pytest.fixture
def own_folders(folders: Folders, corpus_folder: Path) -> Folders:
    """Return folders with a corpus, and with one for known vectors."""
    folders.index.mkdir()
    return replace(folders, corpus=corpus_folder)


def report(
    shown: list[list[tuple[str, int, int]]] | None = None, **groups: list[list[float]]
) -> Report:
    counted = {name.replace("_", " "): values for name, values in groups.items()}
    measures = {name: clustered(values) for name, values in counted.items() if any(values)}
    by_measure = {name: counted.get(name, [[], []]) for name in MEASURES}
    return Report(measures, (), 1.0, by_measure, shown or [[("pro.txt", 0, 9)], []])


def test_each_variant_leaves_out_one_thing() -> None:
    names = [variant.name for variant in VARIANTS]
    assert names == [
        "no cleaning",
        "no headings",
        "dense only",
        "lexical only",
        "no per-side retrieval",
        "no diversity",
        "no excerpt choice",
    ]
    for variant in VARIANTS:
        steps = [getattr(variant.method, name) for name in FULL.__dataclass_fields__]
        assert [*steps, variant.cleaning, variant.headings].count(False) == 1


def test_differences_are_paired_and_stand_under_the_whole_system() -> None:
    table = differences(
        {
            WHOLE: report(gold_in_top_1=[[1, 1], [0]], silent=[[], [1]]),
            "worse": report(gold_in_top_1=[[0, 1], [0]], silent=[[], [1]]),
            "mute": report(silent=[[], [1]]),
        }
    ).plain()
    assert [*table] == [WHOLE, "worse", "mute"]
    assert table[WHOLE]["gold in top 1"]["mean"] == round(2 / 3, 4)
    assert table["worse"]["gold in top 1"]["mean"] == round(-1 / 3, 4)
    assert table["worse"]["silent"] == {"mean": 0, "low": 0, "high": 0, "cases": 1}
    assert table["mute"]["gold in top 1"] is None
    assert table["worse"]["both sides"] is None


def test_answers_that_change_are_counted_even_where_no_figure_does() -> None:
    """So that a step that does nothing can be told from one that does no harm."""
    other = report([[("pro.txt", 9, 12)], []], silent=[[1], [1]])
    same = report(silent=[[1], [1]])
    table = differences({WHOLE: same, "other": other, "same": same}).plain()
    assert table["other"]["silent"]["mean"] == 0
    assert table["other"]["answers that change"]["mean"] == 0.5
    assert table["same"]["answers that change"]["mean"] == 0
    assert table[WHOLE]["answers that change"] is None


def test_means_are_those_of_each_by_itself() -> None:
    table = means({WHOLE: report(silent=[[1], [0]]), "worse": report(silent=[[0], [0]])})
    assert [row["silent"]["mean"] for row in table.plain().values()] == [0.5, 0]


def test_a_variant_of_the_method_answers_from_the_same_index(
    advisor: Advisor, own_folders: Folders
) -> None:
    dense_only = next(variant for variant in VARIANTS if variant.name == "dense only")
    with varied(advisor, dense_only, own_folders) as other:
        assert other.snapshot is advisor.snapshot
        assert other.encoder is advisor.encoder
    with varied(advisor, Variant("nothing left out"), own_folders) as same:
        places = [
            [(one.document, one.start, one.end) for one in each.advise(LINE["question"]).excerpts()]
            for each in (advisor, same)
        ]
        assert places[0] == places[1] != []


def test_a_variant_of_the_index_is_built_aside_and_leaves_only_its_vectors(
    advisor: Advisor, own_folders: Folders
) -> None:
    """The index that answers is not touched; known vectors are not computed again."""
    before = sorted(own_folders.corpus.rglob("*"))
    with varied(advisor, Variant("no headings", headings=False), own_folders) as other:
        assert other.snapshot is not advisor.snapshot
        headings = {one.passage.heading for one in other.snapshot.records.all_passages()}
        assert headings == {()}
        built = other.snapshot.name
    assert sorted(own_folders.corpus.rglob("*")) == before
    assert [path.name for path in own_folders.index.iterdir()] == ["embeddings.sqlite"]
    assert built != advisor.snapshot.name


def test_the_part_measures_every_variant(
    advisor: Advisor, own_folders: Folders, write_lines: Callable[..., object]
) -> None:
    write_lines("questions.calibration.jsonl", LINE)
    result = PART.run(advisor, own_folders)
    [table], [alone] = result.tables, result.details
    assert [*table.plain()] == [WHOLE, *(variant.name for variant in VARIANTS)]
    assert [*alone.plain()] == [*table.plain()]
    assert alone.plain()[WHOLE]["gold in top 3"]["mean"] == 1
    assert result.absent == ()


def test_without_its_file_the_part_says_so(planted: Planted, folders: Folders) -> None:
    assert PART.run(planted.advisor({}), folders).absent == (
        "not measured: questions.calibration.jsonl is not in the evals folder",
    )

"""Each language, and the typos, are held against the German question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.evaluation.robustness import PART

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.evaluation.parts import Folders
    from tests.index.evaluation.conftest import Planted

LANGUAGES = ("de", "en", "fr", "es", "it", "tr", "nl")
CASE = {"id": "r1", **{name: name for name in LANGUAGES}, "typos": ["edd", "dee"]}


def test_a_row_for_each_language_and_one_for_typos(
    planted: Planted, folders: Folders, write_lines: Callable[..., object]
) -> None:
    write_lines("robustness.jsonl", CASE)
    base = planted.sided("leave", [("a", 0, 100)], [("b", 0, 100)])
    answers = dict.fromkeys((*LANGUAGES, "dee"), base) | {
        "en": planted.sided("leave", [("a", 50, 100)], [("b", 0, 100)]),
        "tr": planted.background("bahn", ("a", 0, 100)),
        "edd": planted.silent(),
    }
    rows = PART.run(planted.advisor(answers), folders).tables[0].plain()
    found = {name: [cell["mean"] for cell in [*row.values()][:2]] for name, row in rows.items()}
    assert found == {
        "English": [0.75, 1],
        "French": [1, 1],
        "Spanish": [1, 1],
        "Italian": [1, 1],
        "Turkish": [0, 0],
        "Dutch": [1, 1],
        "German, mistyped": [0.5, 0.5],
    }
    assert [row["asked"] for row in rows.values()] == [1, 1, 1, 1, 1, 1, 2]


def test_background_is_compared_too(
    planted: Planted, folders: Folders, write_lines: Callable[..., object]
) -> None:
    write_lines("robustness.jsonl", CASE)
    base = planted.background("bahn", ("a", 0, 100))
    answers = dict.fromkeys((*LANGUAGES, "dee", "edd"), base)
    answers["nl"] = planted.background("bahn", ("a", 0, 80))
    rows = PART.run(planted.advisor(answers), folders).tables[0].plain()
    assert rows["Dutch"]["overlap with the German answer"]["mean"] == 0.8
    assert rows["English"]["overlap with the German answer"]["mean"] == 1


def test_without_its_file_the_part_says_so(planted: Planted, folders: Folders) -> None:
    assert PART.run(planted.advisor({}), folders).absent == (
        "not measured: robustness.jsonl is not in the evals folder",
    )

"""Results are written so that they compare well, and only between the README's markers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import pytest

from index.evaluation.bootstrap import interval
from index.evaluation.parts import Part, PartResult
from index.evaluation.published import (
    as_json,
    as_markdown,
    rewrite_between,
    rewrite_readme,
    write_page,
    write_results,
)
from index.evaluation.tables import Grid, Measures

if TYPE_CHECKING:
    from pathlib import Path


def never(*_: object) -> NoReturn:
    raise AssertionError


QUESTIONS = Part("questions", "Labelled questions", "What the figures mean.", never)
STANCE = Part("stance", "Stance", "About stance.", never)
TABLE = Measures("held out", {"silent": interval([1.0]), "answered": interval([0.5])})
CONFUSED = Grid("confused", ("pair", "questions"), {"a → b": (3,)})
FOUND = PartResult((TABLE,), (CONFUSED,), notes=("median 50 ms",))
ABSENT = PartResult(absent=("not measured: x is not in the data folder",))
RESULTS = [(QUESTIONS, FOUND), (STANCE, ABSENT)]
README = "# Title\n\nBefore\n<!-- eval -->\nold figures\n<!-- /eval -->\n\nAfter | a | table |\n"


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(README, encoding="utf-8")
    return path


def test_other_tables_have_markers_of_their_own(readme: Path) -> None:
    readme.write_text(f"{README}<!-- bench -->\nold\n<!-- /bench -->\nEnd\n", encoding="utf-8")
    rewrite_between(readme, ("<!-- bench -->", "<!-- /bench -->"), "| new |")
    expected = f"{README}<!-- bench -->\n\n| new |\n\n<!-- /bench -->\nEnd\n"
    assert readme.read_text(encoding="utf-8") == expected


def test_only_what_is_between_the_markers_is_rewritten(readme: Path) -> None:
    rewrite_readme(readme, RESULTS)
    written = readme.read_text(encoding="utf-8")
    assert written.startswith("# Title\n\nBefore\n<!-- eval -->\n\n### Labelled questions\n")
    assert written.endswith("\n\n<!-- /eval -->\n\nAfter | a | table |\n")
    assert "| silent | 1.000 | 1.000 … 1.000 | 1 |" in written
    assert "old figures" not in written


def test_the_same_results_change_nothing(readme: Path) -> None:
    rewrite_readme(readme, RESULTS)
    once = readme.read_bytes()
    rewrite_readme(readme, RESULTS)
    assert readme.read_bytes() == once


def test_details_and_notes_stay_out_of_the_readme(readme: Path) -> None:
    rewrite_readme(readme, RESULTS)
    assert "confused" not in readme.read_text(encoding="utf-8")
    assert "median" not in readme.read_text(encoding="utf-8")
    assert "a → b" in as_markdown(QUESTIONS, FOUND, details=True)


def test_the_readme_has_the_first_part_and_the_page_all(readme: Path, tmp_path: Path) -> None:
    rewrite_readme(readme, RESULTS)
    write_page(tmp_path / "measured.md", RESULTS)
    page = (tmp_path / "measured.md").read_text(encoding="utf-8")
    assert "### Stance" not in readme.read_text(encoding="utf-8")
    assert page.startswith("# What was measured\n")
    assert "| silent | 1.000 | 1.000 … 1.000 | 1 |" in page
    assert "### Stance" in page


def test_what_was_not_measured_has_a_line_and_no_figures(tmp_path: Path) -> None:
    write_page(tmp_path / "measured.md", RESULTS)
    behind = (tmp_path / "measured.md").read_text(encoding="utf-8").split("### Stance")[1]
    assert behind == "\n\n*Stance*: not measured: x is not in the data folder.\n"


@pytest.mark.parametrize(
    "text",
    [
        "no markers",
        "<!-- eval --> only one",
        "<!-- /eval --> the wrong way round <!-- eval -->",
        "<!-- eval --> <!-- eval --> <!-- /eval -->",
        "<!-- eval --> <!-- /eval --> <!-- /eval -->",
    ],
)
def test_a_readme_without_its_markers_is_left_alone(readme: Path, text: str) -> None:
    readme.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md must hold <!-- eval -->"):
        rewrite_readme(readme, RESULTS)
    assert readme.read_text(encoding="utf-8") == text


def test_results_are_one_object_with_a_row_a_line(tmp_path: Path) -> None:
    write_results(tmp_path / "results.json", RESULTS)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "questions": {
            "title": "Labelled questions",
            "tables": {
                "held out": {
                    "silent": {"mean": 1, "low": 1, "high": 1, "cases": 1},
                    "answered": {"mean": 0.5, "low": 0.5, "high": 0.5, "cases": 1},
                },
                "confused": {"a → b": {"questions": 3}},
            },
        },
        "stance": {
            "title": "Stance",
            "absent": ["not measured: x is not in the data folder"],
            "tables": {},
        },
    }
    assert '        "silent": {"mean": 1.0, "low": 1.0, "high": 1.0, "cases": 1},\n' in text
    assert text.endswith("}\n")


def test_what_other_scripts_wrote_stays(tmp_path: Path) -> None:
    """Behind the parts; a part's own earlier figures do not."""
    path = tmp_path / "results.json"
    path.write_text('{"retrieval": {"tables": {"x": {}}}, "stance": {"old": 1}}', encoding="utf-8")
    write_results(path, RESULTS)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert [*written] == ["questions", "stance", "retrieval"]
    assert written["retrieval"] == {"tables": {"x": {}}}
    assert "old" not in written["stance"]


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_damaged_file_of_results_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"results\.json holds no JSON"):
        write_results(path, RESULTS)


def test_one_changed_figure_changes_one_line() -> None:
    other = Measures("held out", {**TABLE.rows, "silent": interval([0.0])})
    changed = [(QUESTIONS, PartResult((other,), (CONFUSED,))), (STANCE, ABSENT)]
    pairs = zip(as_json(RESULTS).splitlines(), as_json(changed).splitlines(), strict=True)
    assert sum(one != two for one, two in pairs) == 1


def test_timings_are_kept_out_of_results() -> None:
    """They would differ with each run."""
    assert "median" not in as_json(RESULTS)

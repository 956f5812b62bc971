"""`audiatur eval` without a file measures everything and publishes it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot import library as rooms
from bot.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import StubEncoder

README = "# Before\n<!-- eval -->\n| old |\n<!-- /eval -->\nafter\n"
LINE = {
    "id": "q1",
    "lang": "de",
    "question": "Sollten Städte Bienenstöcke auf Dächern erlauben?",
    "answerable": True,
    "yes": [
        {"doc": "stadtbienen.txt", "quote": "Auf Dächern stehen Bienenstöcke niemandem im Weg."}
    ],
    "no": [],
    "background": [],
}


@pytest.fixture
def evals(tmp_path: Path, environment: pytest.MonkeyPatch, encoder: StubEncoder) -> Path:
    """Return a folder with one question, below a README with markers."""
    environment.setattr(rooms, "Library", partial(rooms.Library, encoder=encoder))
    folder = tmp_path / "project" / "evals"
    folder.mkdir(parents=True)
    (folder.parent / "README.md").write_text(README, encoding="utf-8")
    (folder / "questions.test.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    return folder


def test_the_suite_is_printed_and_published(
    evals: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not there is said in a line; timings are printed only."""
    assert main(["eval", "--folder", str(evals), "--data", str(tmp_path / "shared")]) == 0
    printed = capsys.readouterr().out
    readme = (evals.parent / "README.md").read_text(encoding="utf-8")
    page = (evals / "measured.md").read_text(encoding="utf-8")
    results = json.loads((evals / "results.json").read_text(encoding="utf-8"))
    assert "| gold in top 3 | 1.000 | 1.000 … 1.000 | 1 |" in printed
    assert "| gold in top 3 | 1.000 | 1.000 … 1.000 | 1 |" in readme
    assert results["questions"]["tables"]["1 held-out questions"]["gold in top 3"]["mean"] == 1
    assert results["sycophancy"]["tables"] == {}
    absent = "not measured: sycophancy.jsonl is not in the evals folder"
    assert absent in printed
    assert absent in page
    assert absent not in readme
    assert "ms a question" in printed
    assert "ms a question" not in readme
    assert "| old |" not in readme
    assert readme.startswith("# Before\n<!-- eval -->")
    assert readme.endswith("<!-- /eval -->\nafter\n")


def test_a_part_alone_is_printed_and_nothing_written(
    evals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--folder", str(evals), "--part", "questions"]) == 0
    printed = capsys.readouterr().out
    assert "| gold in top 3 |" in printed
    assert "sycophancy" not in printed
    assert not (evals / "results.json").exists()
    assert (evals.parent / "README.md").read_text(encoding="utf-8") == README


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--part", "speed"], 1, "no part is called 'speed'"),
        (["--misses"], 2, "--misses needs a file"),
    ],
)
def test_what_cannot_be_asked_for_is_told(
    arguments: list[str],
    code: int,
    reason: str,
    evals: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In one line."""
    assert main(["eval", "--folder", str(evals), *arguments]) == code
    told = capsys.readouterr().err
    assert reason in told
    assert told.count("\n") == 1


def test_damaged_results_are_told_before_anything_is_measured(
    evals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (evals / "results.json").write_text("{", encoding="utf-8")
    assert main(["eval", "--folder", str(evals)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "holds no JSON" in printed.err


def test_a_readme_without_markers_is_told_before_anything_is_measured(
    evals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (evals.parent / "README.md").write_text("no markers", encoding="utf-8")
    assert main(["eval", "--folder", str(evals)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "must hold <!-- eval -->" in printed.err
    assert not (evals / "results.json").exists()

"""Question files are read line by line, and a bad line is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from index.evaluation.questions import Gold, GoldQuestion, read_questions, unknown_quotes

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.snapshot import Snapshot

LINE: dict[str, Any] = {
    "id": "q1",
    "lang": "de",
    "question": "Sollen wir gehen?",
    "answerable": True,
    "yes": [{"doc": "pro", "quote": "Diensträder sparen der Firma Geld."}],
    "no": [],
    "background": [],
}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "q.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_a_question_is_read(tmp_path: Path) -> None:
    more = {**LINE, "kind": "debate", "debate": "leave", "polarity": "+", "either": []}
    assert read_questions(written(tmp_path, LINE, "", more)) == [
        GoldQuestion(
            id="q1",
            language="de",
            question="Sollen wir gehen?",
            answerable=True,
            yes=(Gold("pro", "Diensträder sparen der Firma Geld."),),
            no=(),
            background=(),
            kind=kind,
            debate=debate,
            polarity=polarity,
        )
        for kind, debate, polarity in ((None, None, None), ("debate", "leave", "+"))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        "3",
        {name: value for name, value in LINE.items() if name != "lang"},
        {**LINE, "yes": [{"doc": "pro"}]},
        {**LINE, "no": None},
        {**LINE, "background": ["text"]},
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: object) -> None:
    with pytest.raises(ValueError, match=r"q\.jsonl, line 3: "):
        read_questions(written(tmp_path, LINE, "", line))


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_a_file_without_questions_is_an_error(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(ValueError, match="holds no question"):
        read_questions(written(tmp_path, *lines))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_questions(tmp_path / "none.jsonl")


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    """JSON may hold other separators of lines inside of its texts."""
    line = json.dumps({**LINE, "question": "Sollen\u2028wir\x85gehen?"}, ensure_ascii=False)
    assert read_questions(written(tmp_path, line))[0].question == "Sollen\u2028wir\x85gehen?"


def test_a_quotation_that_no_document_holds_is_told(
    tmp_path: Path, small_snapshot: Snapshot
) -> None:
    typo = {**LINE, "no": [{"doc": "pro", "quote": "Dinstraeder"}]}
    questions = read_questions(written(tmp_path, LINE, typo))
    assert unknown_quotes(small_snapshot, questions) == ["Dinstraeder"]

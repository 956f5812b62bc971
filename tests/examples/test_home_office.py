"""The example corpus, as its keeper uses it: from the command line, with the real encoder."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.encoder
ROOT = Path(__file__).parents[2]
MOTION = "Neue Mitarbeiter sollten im ersten halben Jahr ins Büro kommen."
NAME = "newcomers-in-office"
FEATURE = "der-erste-job-findet-im-kinderzimmer-statt.txt"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the corpus, so that drafts and decisions leave the repository alone."""
    copied = tmp_path_factory.mktemp("home-office")
    shutil.copytree(ROOT / "examples/home-office", copied / "corpus")
    return copied


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run the command line on the copied corpus; return exit code and standard output."""
    monkeypatch.setenv("AUDIATUR_CORPUS", str(folder / "corpus"))
    monkeypatch.setenv("AUDIATUR_DATA", str(folder / "data"))

    def command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(arguments)
        return code, capsys.readouterr().out

    return command


def answer(run: Command, question: str) -> dict[str, Any]:
    code, out = run("ask", "--json", question)
    assert code == 0
    content: dict[str, Any] = json.loads(out)
    return content


def excerpts(answered: dict[str, Any]) -> list[dict[str, Any]]:
    sided = [excerpt for side in answered["sides"] for excerpt in side["excerpts"]]
    return [*sided, *answered["background"], *answered["unclear"]]


@pytest.mark.parametrize(
    ("question", "debate"),
    [
        ("Schadet Homeoffice dem Teamgeist?", "bad-for-team-spirit"),
        ("Should the employer pay for the desk at home?", "employer-pays-equipment"),
        ("Faut-il des jours de présence fixes ?", "fixed-office-days"),
    ],
)
def test_both_sides_are_heard_in_three_languages(
    run: Command, folder: Path, question: str, debate: str
) -> None:
    """Each side has as many voices as the other, and every quotation stands in its file."""
    answered = answer(run, question)
    assert answered["debate"]["id"] == debate
    first, second = (len(side["excerpts"]) for side in answered["sides"])
    assert first == second > 0
    for excerpt in excerpts(answered):
        text = (folder / "corpus" / excerpt["document"]).read_text(encoding="utf-8")
        assert text[excerpt["start"] : excerpt["end"]] == excerpt["quote"]


def test_a_question_without_sides_gets_background(run: Command) -> None:
    answered = answer(run, "Wie führt man mobiles Arbeiten Schritt für Schritt ein?")
    assert answered["answered"]
    assert answered["sides"] == []
    documents = {excerpt["document"] for excerpt in answered["background"]}
    assert "mobiles-arbeiten-einfuehren.md" in documents


def test_what_the_texts_do_not_cover_is_not_answered(run: Command) -> None:
    assert not answer(run, "Wie entkalkt man einen Wasserkocher?")["answered"]


def test_the_labels_that_come_with_the_corpus_are_sound(run: Command) -> None:
    code, out = run("label", "check")
    assert code == 0
    assert re.search(r"^0 errors", out, re.MULTILINE)


def test_a_debate_is_drafted_decided_and_answered(run: Command, folder: Path) -> None:
    """A motion becomes a draft with suggestions; what a person decides is shown as a person's."""
    code, out = run("debate", "new", MOTION, "--id", NAME, "--yes", "Ins Büro", "--no", "Nach Wahl")
    assert code == 0
    draft = folder / "corpus/debates" / f"{NAME}.toml"
    assert str(draft) in out
    drafted = tomllib.loads(draft.read_text(encoding="utf-8"))
    assert drafted["motion"] == {"de": MOTION}
    assert "der-erste-job-findet-im-kinderzimmer-statt.txt" in draft.read_text(encoding="utf-8")
    review = folder / "corpus/review" / f"{NAME}.toml"
    spans = tomllib.loads(review.read_text(encoding="utf-8"))["span"]
    assert spans
    assert all(not span["side"] for span in spans)
    blocks = review.read_text(encoding="utf-8").split("\n[[span]]")
    decided = [
        block.replace('side = ""', 'side = "yes"') if FEATURE in block else block
        for block in blocks
    ]
    review.write_text("\n[[span]]".join(decided), encoding="utf-8")
    code, out = run("label", "check")
    assert code == 0
    assert f"empty side: {NAME}" in out
    answered = answer(run, MOTION)
    assert answered["debate"]["id"] == NAME
    chosen = [span["quote"] for span in spans if span["document"] == FEATURE]
    for side in answered["sides"]:
        assert (side["label"] == "Ins Büro") == bool(side["excerpts"])
        for excerpt in side["excerpts"]:
            assert (excerpt["label_by"], excerpt["certainty"]) == ("person", 1)
            assert any(quote in excerpt["quote"] for quote in chosen)


def test_a_new_document_is_never_taken_for_labelled(run: Command, folder: Path) -> None:
    """What nobody has read comes as a model's suggestion, as unclear, or not at all."""
    name = "nachtrag.txt"
    (folder / "corpus" / name).write_text(
        "Nachtrag\n\nWer im Homeoffice arbeitet, verliert den Kontakt zu den Kollegen, und der "
        "Teamgeist leidet darunter sehr. Feste Bürotage braucht aber niemand, sie schaden nur.\n",
        encoding="utf-8",
    )
    answered = answer(run, "Schadet Homeoffice dem Teamgeist?")
    for excerpt in excerpts(answered):
        if excerpt["document"] == name:
            assert excerpt["label_by"] not in ("person", "curated")
            assert excerpt["certainty"] is None or excerpt["certainty"] < 1

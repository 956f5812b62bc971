"""An explanation in words says how a question was read, and why each excerpt is shown or not."""

from __future__ import annotations

import io
import json
import logging
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot import library as rooms
from bot.cli import main
from bot.explaining import describe

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.answering.advisor import Advisor
    from tests.bot.conftest import StubEncoder, StubStance

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
REVERSED = "Sollten Städte keine Bienenstöcke auf Dächern erlauben?"
BESIDE = "Is the museum free on Sundays?"


@pytest.fixture
def _own_world(
    environment: pytest.MonkeyPatch, encoder: StubEncoder, quiet_root: logging.Logger
) -> None:
    """Let every command find the small corpus and load the stub."""
    quiet_root.setLevel(logging.WARNING)
    environment.setattr(rooms, "Library", partial(rooms.Library, encoder=encoder))


def told(advisor: Advisor, question: str) -> list[str]:
    advice = advisor.advise(question, explain=True)
    assert advice.explanation
    return describe(advice.explanation, advisor.snapshot).splitlines()


@pytest.mark.usefixtures("_own_world")
def test_ask_explains_below_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """The answer itself stays as it is."""
    assert main(["ask", GERMAN]) == 0
    answer = capsys.readouterr().out
    assert main(["ask", "--explain", GERMAN]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(answer)
    why = printed.removeprefix(answer)
    assert why.startswith("\nsubjects: city-bees ")
    assert "\ndebate: city-bees\npolarity: as motion (asks for the motion " in why
    assert "\ncovered: " in why
    assert "\n\nyes\n  + “" in why
    assert "\n\nno\n  + “" in why


@pytest.mark.usefixtures("_own_world")
def test_ask_explains_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For one question and for many; without the flag there is no such field."""
    assert main(["ask", "--json", GERMAN]) == 0
    assert "explanation" not in json.loads(capsys.readouterr().out)
    assert main(["ask", "--json", "--explain", GERMAN]) == 0
    answer = json.loads(capsys.readouterr().out)
    explanation = answer["explanation"]
    assert explanation["debate"] == "city-bees"
    assert explanation["subjects"][0]["id"] == "city-bees"
    shown = [one for one in explanation["weighed"] if one["dropped"] is None]
    excerpts = [one for side in answer["sides"] for one in side["excerpts"]]
    excerpts += answer["background"] + answer["unclear"]
    assert sorted((one["document"], one["start"], one["end"]) for one in shown) == sorted(
        (one["document"], one["start"], one["end"]) for one in excerpts
    )


@pytest.mark.usefixtures("_own_world")
def test_each_of_many_questions_is_explained(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """Also one that nothing covers: how little, tells why."""
    environment.setattr("sys.stdin", io.StringIO(f"{GERMAN}\n{BESIDE}\n"))
    assert main(["ask", "-", "--explain"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["explanation"]["coverage"] > 0.5 > second["explanation"]["coverage"]
    assert second["explanation"]["weighed"] == []


def test_the_runner_up_is_named(advisor: Advisor) -> None:
    subjects = told(advisor, GERMAN)[0].removeprefix("subjects: ").split(", ")
    assert len(subjects) == 3
    shares = [float(one.split()[-1]) for one in subjects]
    assert shares == sorted(shares, reverse=True)


def test_a_reversed_question_says_what_reversed_it(advisor: Advisor) -> None:
    """Its words do, not its meaning."""
    (polarity,) = [line for line in told(advisor, REVERSED) if line.startswith("polarity")]
    assert polarity.startswith("polarity: reversed (asks for the motion ")
    assert polarity.endswith(", reversed by its words)")


def test_each_excerpt_has_place_ranks_and_giver(advisor: Advisor) -> None:
    lines = told(advisor, GERMAN)
    at = next(
        at for at, line in enumerate(lines) if "“Auf Dächern stehen Bienenstöcke niem" in line
    )
    text = advisor.snapshot.records.whole_text("stadtbienen.txt")
    start = text.index("Auf Dächern stehen")
    assert lines[at].startswith("  + “Auf Dächern")
    assert f"” stadtbienen.txt {start}–" in lines[at]
    assert lines[at + 1].startswith("    dense ")
    assert "lexical 1, fused 1; similarity 0." in lines[at + 1]
    assert lines[at + 1].endswith("; curated 1.00")


def test_what_is_not_shown_says_why(advisor: Advisor) -> None:
    """On a line of its own; what is shown has none."""
    lines = told(advisor, GERMAN)
    dropped = [at for at, line in enumerate(lines) if line.startswith("  - ")]
    shown = [at for at, line in enumerate(lines) if line.startswith("  + ")]
    assert dropped
    assert shown
    assert all(lines[at + 2].startswith("    dropped: ") for at in dropped)
    assert not any(line.startswith("    dropped") for at in shown for line in lines[at : at + 3])


def test_long_excerpts_are_clipped(advisor: Advisor) -> None:
    """It is for finding them, not for reading them."""
    quoted = [line.split("“")[1].split("”")[0] for line in told(advisor, GERMAN) if "“" in line]
    assert max(map(len, quoted)) == 60
    assert all(line.endswith("…") for line in quoted if len(line) == 60)


def test_what_is_unclear_has_no_giver(
    settings: Settings,
    encoder: StubEncoder,
    stance: StubStance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But how certain the model is of the likelier side."""
    text = "Bienen\n\nBienenstöcke auf Dächern erlauben, das ist vielleicht nur eine Mode.\n"
    (settings.corpus / "neu.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr("index.building.learned_settings", lambda: None)
    library = rooms.Library(settings, encoder, stance)
    library.rebuild(lambda *_: None)
    lines = told(library.advisor, GERMAN)
    at = next(at for at, line in enumerate(lines) if "das ist vielleicht" in line)
    assert lines[at + 1].endswith("; no side certain, 0.50")
    assert not any("None" in line for line in lines[at:])


def test_a_question_beside_everything_is_explained(advisor: Advisor) -> None:
    lines = told(advisor, BESIDE)
    assert lines[1] == "debate: none"
    assert lines[-1].startswith("covered: 0.")

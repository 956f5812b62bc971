"""The keeper's commands: suggest, decide, check, draft; nothing is written over a person's work."""

from __future__ import annotations

import logging
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot import library as rooms
from bot.cli import main
from index.debates.loading import read_agenda
from index.debates.records import Side
from index.debates.review import Suggestion, read_review

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from tests.bot.conftest import StubEncoder, StubStance

RICH = "Bienenstöcke auf Dächern bereichern jede Stadt im ganzen Land."
THREAT = "Bienenstöcke auf Dächern bedrohen die wilden Bienen der Stadt."
PERHAPS = "Bienenstöcke auf Dächern sind vielleicht nur eine Mode."
TITLE = "Bienen auf dem Dach"
DOCUMENTS = (
    "kleine-streitfragen.txt", "nachtmarkt.txt", "rooftop-hives.md", "stadtbienen.txt",
    "strassenbahn.txt", "wildbienen.txt",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_world(
    environment: pytest.MonkeyPatch,
    encoder: StubEncoder,
    stance: StubStance,
    quiet_root: logging.Logger,
) -> None:
    """Let every command find the small corpus and load the stubs; nothing is learned of it."""
    quiet_root.setLevel(logging.WARNING)
    environment.setattr("index.building.learned_settings", lambda: None)
    library = partial(rooms.Library, encoder=encoder, stance=stance)
    environment.setattr(rooms, "Library", library)
    environment.setenv("COLUMNS", "80")


@pytest.fixture
def corpus(settings: Settings) -> Path:
    """The small corpus, with a new document; all others were read for the debate on bees."""
    text = f"{TITLE}\n\n{RICH} {THREAT} {PERHAPS} Die Sonne scheint auf alle Dächer der Stadt.\n"
    (settings.corpus / "neu.txt").write_text(text, encoding="utf-8")
    mark_as_read(settings.corpus, DOCUMENTS)
    return settings.corpus


def mark_as_read(corpus: Path, documents: tuple[str, ...]) -> None:
    path = corpus / "debates" / "city-bees.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("read = ")]
    named = ", ".join(f'"{name}"' for name in documents)
    path.write_text(f"read = [{named}]\n{''.join(kept)}", encoding="utf-8")


def review(corpus: Path, debate: str = "city-bees") -> list[Suggestion]:
    return read_review(corpus / "review" / f"{debate}.toml")


def decide(corpus: Path, quote: str, side: str) -> None:
    """Fill in a side of the debate on bees, as a person does in an editor."""
    path = corpus / "review" / "city-bees.toml"
    blocks = path.read_text(encoding="utf-8").split("[[span]]")
    decided = [
        block.replace('\nside = ""', f'\nside = "{side}"') if quote in block else block
        for block in blocks
    ]
    assert decided != blocks
    path.write_text("[[span]]".join(decided), encoding="utf-8")


SUGGESTED = [
    Suggestion("neu.txt", RICH, Side.YES, 0.9, "stub-stance"),
    Suggestion("neu.txt", THREAT, Side.NO, 0.9, "stub-stance"),
    Suggestion("neu.txt", PERHAPS, Side.UNCLEAR, 0.5, "stub-stance"),
]


def test_suggestions_are_written_for_a_person(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the debate that is named; only of what nobody has read."""
    assert main(["label", "suggest", "city-bees"]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"city-bees: 3 spans to decide in {corpus}/review/city-bees.toml\n"
    assert "index: suggesting sides\n" in printed.err
    assert review(corpus) == SUGGESTED
    assert [path.name for path in (corpus / "review").iterdir()] == ["city-bees.toml"]


def test_all_debates_get_suggestions_if_none_is_named(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, in the order of the debates."""
    assert main(["label", "suggest"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        debate.id for debate in read_agenda(corpus).debates
    ]
    assert {path.stem for path in (corpus / "review").iterdir()} == {
        line.split(":")[0] for line in lines if "spans to decide" in line
    }


def test_where_all_is_read_there_is_nothing_to_suggest(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so, and writes no file."""
    mark_as_read(corpus, (*DOCUMENTS, "neu.txt"))
    assert main(["label", "suggest", "city-bees"]) == 0
    assert capsys.readouterr().out.startswith("city-bees: nothing to suggest; ")
    assert not (corpus / "review").exists()


def test_a_decision_is_a_label_after_the_next_build(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is not asked for again; what was set aside neither."""
    main(["label", "suggest", "city-bees"])
    decide(corpus, RICH, "yes")
    decide(corpus, PERHAPS, "none")
    capsys.readouterr()
    assert main(["label", "suggest", "city-bees"]) == 0
    assert capsys.readouterr().out.startswith("city-bees: 1 spans to decide in ")
    sides = {one.quote: one.side for one in review(corpus)}
    assert sides == {RICH: "yes", THREAT: "", PERHAPS: "none"}
    assert main(["inspect"]) == 0
    assert "1 person" in capsys.readouterr().out


def test_what_was_read_since_waits_no_longer(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Decisions stay; what nobody decided is not there any more."""
    main(["label", "suggest", "city-bees"])
    decide(corpus, RICH, "yes")
    mark_as_read(corpus, (*DOCUMENTS, "neu.txt"))
    capsys.readouterr()
    assert main(["label", "suggest", "city-bees"]) == 0
    assert capsys.readouterr().out.startswith("city-bees: 0 spans to decide in ")
    assert [one.quote for one in review(corpus)] == [RICH]


def test_labels_of_a_person_with_a_name_are_no_suggestions(corpus: Path) -> None:
    """A file may say who labelled."""
    path = corpus / "debates" / "city-bees.toml"
    path.write_text(f'by = "Ida"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    assert main(["label", "suggest", "city-bees"]) == 0
    assert review(corpus) == SUGGESTED


def test_an_unknown_debate_is_named_with_those_there_are(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["reindex"])
    capsys.readouterr()
    assert main(["label", "suggest", "bees"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("audiatur: no debate is called 'bees'; there are: benches, city-")
    assert printed.err.count("\n") == 1
    assert not (corpus / "review").exists()


def test_a_sound_corpus_passes_the_check(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what is worth a look; nothing is built for it, and no model loaded."""
    shutil.rmtree(settings.data)
    assert main(["label", "check"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    *notes, summary = printed.out.splitlines()
    assert "empty side: night-market: no label speaks for no (Against the night market)" in notes
    assert summary == f"0 errors, {len(notes)} notes"
    assert not settings.data.exists()


def test_a_lost_quotation_fails_the_check(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that whoever keeps the corpus in a repository is told before it is merged."""
    path = settings.corpus / "strassenbahn.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Neue Gleise machen", "Gleise machen"), encoding="utf-8")
    assert main(["label", "check"]) == 1
    printed = capsys.readouterr().out
    assert "quotation is gone: tram, strassenbahn.txt: “Neue Gleise machen aus" in printed
    assert printed.splitlines()[-1].startswith("1 errors, ")


def test_a_contradiction_fails_the_check(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Such as two decisions on one sentence."""
    main(["label", "suggest", "city-bees"])
    decide(corpus, RICH, "yes")
    path = corpus / "review" / "city-bees.toml"
    half = RICH.removesuffix(" im ganzen Land.")
    block = f'[[span]]\ndocument = "neu.txt"\nquote = "{half}"\nsuggested = "no"\n'
    with path.open("a", encoding="utf-8") as file:
        file.write(f'\n{block}certainty = 0.9\nby = "stub-stance"\nside = "no"\n')
    capsys.readouterr()
    assert main(["label", "check"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"contradiction: city-bees, neu.txt: “{RICH}” is yes (person), ")
    assert f"“{half}” is no (person)\n" in printed


def test_a_broken_corpus_fails_the_check_in_one_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.corpus / "review").mkdir()
    (settings.corpus / "review" / "gone.toml").write_text("")
    assert main(["label", "check"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "there is no debate 'gone'" in printed.err
    assert printed.err.count("\n") == 1


MOTION = "Die Stadt sollte Bienenstöcke auf Dächern fördern."
NAME = "die-stadt-sollte-bienenstoecke-auf-daechern"


def test_a_new_debate_is_drafted_with_passages_and_suggestions(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what to do next, and the index answers for it at once."""
    assert main(["debate", "new", MOTION]) == 0
    printed = capsys.readouterr().out
    path = corpus / "debates" / f"{NAME}.toml"
    assert printed.startswith(f"{path}\n{NAME}: 3 spans to decide in ")
    assert "audiatur label check" in printed
    assert review(corpus, NAME) == SUGGESTED
    debate = next(one for one in read_agenda(corpus).debates if one.id == NAME)
    assert dict(debate.motion.texts) == {"de": MOTION}
    assert debate.sides[Side.YES].in_language("de") == "Dafür"
    comments = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert comments[0].startswith("# Most relevant passages")
    assert any(RICH in line for line in comments)
    assert main(["inspect"]) == 0
    assert f"  {NAME}: {MOTION} (1 yes, 1 no, 0 background)" in capsys.readouterr().out


def test_a_new_debate_takes_the_names_that_it_is_given(corpus: Path) -> None:
    arguments = ["--id", "roofs", "--yes", "Mehr Bienen", "--no", "Keine Bienen"]
    assert main(["debate", "new", MOTION, *arguments]) == 0
    debate = next(one for one in read_agenda(corpus).debates if one.id == "roofs")
    assert debate.sides[Side.YES].in_language("de") == "Mehr Bienen"
    assert debate.sides[Side.NO].in_language("de") == "Keine Bienen"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([" "], "the motion is empty"),
        ([MOTION, "--id", "city-bees"], "city-bees.toml is there already; choose another"),
        ([MOTION, "--id", "City Bees"], "'City Bees' cannot name a debate"),
        (["Улей на крыше"], "choose a-z, 0-9 and - with --id"),
    ],
)
def test_a_debate_that_cannot_be_drafted_changes_nothing(
    corpus: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    """And says why in one line, before anything is built."""
    before = {path: path.read_bytes() for path in corpus.rglob("*.toml")}
    assert main(["debate", "new", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert reason in printed.err
    assert printed.err.count("\n") == 1
    assert {path: path.read_bytes() for path in corpus.rglob("*.toml")} == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["label"], "STEP"),
        (["debate"], "STEP"),
        (["label", "guess"], "guess"),
        (["debate", "new"], "motion"),
        (["label", "check", "city-bees"], "city-bees"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert reason in printed
    assert printed.count("\n") == 1
    assert printed.endswith("--help\n")


def test_help_lists_the_keepers_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for command in ("label", "debate"):
        assert f"\n    {command} " in printed

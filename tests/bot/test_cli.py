"""The command line: exit codes, one-line errors, and output that programs can read."""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot import library as rooms
from bot.cli import main
from bot.errors import Refused
from bot.playground import opening
from bot.telegram import app
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.library import Library
    from bot.settings import Settings
    from tests.bot.conftest import StubEncoder

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
ENGLISH = "Should cities ban beehives from roofs?"
BESIDE = "Is the museum free on Sundays?"


@pytest.fixture(autouse=True)
def _own_world(
    environment: pytest.MonkeyPatch, encoder: StubEncoder, quiet_root: logging.Logger
) -> None:
    """Let every command find the small corpus and load the stub."""
    quiet_root.setLevel(logging.WARNING)
    environment.setattr(rooms, "Library", partial(rooms.Library, encoder=encoder))
    environment.setenv("COLUMNS", "80")


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error, when nothing was printed."""
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("audiatur: ")
    assert printed.err.count("\n") == 1
    return printed.err.strip()


def test_ask_shows_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    """In the language of the question; nothing else is printed."""
    assert main(["ask", GERMAN]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("Städte sollten Bienenstöcke auf Dächern erlauben.\n")
    assert printed.out.index("Ja – Für Dachbienen") < printed.out.index("Nein – Gegen Dachbienen")
    assert "│ Auf Dächern stehen Bienenstöcke niemandem im Weg.\n[1] Bienen über" in printed.out


def test_ask_speaks_the_language_it_is_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    """The quotations stay as they are."""
    assert main(["ask", "--lang", "en", GERMAN]) == 0
    printed = capsys.readouterr().out
    assert "Yes – For rooftop bees" in printed
    assert "Auf Dächern stehen Bienenstöcke niemandem im Weg." in printed


def test_ask_says_when_it_has_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """That is an answer, no failure."""
    assert main(["ask", BESIDE]) == 0
    assert capsys.readouterr().out.startswith("I have nothing on this.\n")


def test_ask_prints_json(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    """One object on one line, with every field, and quotations that stand in the files."""
    assert main(["ask", "--json", GERMAN]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    answer = json.loads(printed)
    assert list(answer) == [
        "question", "language", "answered", "refines", "debate", "alternatives", "sides",
        "background", "unclear", "timings_ms",
    ]  # fmt: skip
    assert (answer["question"], answer["language"], answer["answered"]) == (GERMAN, "de", True)
    assert answer["debate"] == {
        "id": "city-bees",
        "motion": "Städte sollten Bienenstöcke auf Dächern erlauben.",
    }
    assert [(side["stance"], side["label"]) for side in answer["sides"]] == [
        ("yes", "Für Dachbienen"),
        ("no", "Gegen Dachbienen"),
    ]
    assert answer["timings_ms"]["total"] > 0
    excerpts = [one for side in answer["sides"] for one in side["excerpts"]] + answer["background"]
    assert len(excerpts) == 7
    for excerpt in excerpts:
        assert list(excerpt) == [
            "quote", "document", "title", "author", "published", "heading", "page",
            "start", "end", "similarity", "label_by", "certainty", "reported", "similar",
        ]  # fmt: skip
        text = (settings.corpus / excerpt["document"]).read_text(encoding="utf-8")
        assert text[excerpt["start"] : excerpt["end"]] == excerpt["quote"]


def test_ask_reads_a_question_a_line(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """And answers each with a JSON object on a line, in order, whatever ends the lines."""
    typed(environment, f"{GERMAN}\r\n{BESIDE}\n{ENGLISH}")
    assert main(["ask", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["question"] for answer in answers] == [GERMAN, BESIDE, ENGLISH]
    assert [answer["answered"] for answer in answers] == [True, False, True]
    assert answers[2]["debate"]["motion"] == "Cities should allow beehives on roofs."


def test_ask_stops_at_an_empty_line(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """An answer too few would put all later ones beside the wrong questions."""
    typed(environment, f"{GERMAN}\n\n{ENGLISH}\n")
    assert main(["ask", "-"]) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    assert printed.err == ("audiatur: an empty line on standard input; give one question a line\n")


def test_ask_wants_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    """A blank one is a mistake in the call."""
    assert main(["ask", "  "]) == 2
    assert "the question is empty" in one_line(capsys)


def test_snapshots_are_listed_and_gone_back_to(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """The one that was gone back to is marked, and none of another name is gone back to."""
    old = Shelf(settings.data).current_name() or ""
    assert main(["reindex"]) == 0
    new = Shelf(settings.data).current_name() or ""
    capsys.readouterr()
    assert main(["snapshots"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()][:2] == [new, old]
    assert main(["rollback"]) == 0
    assert capsys.readouterr().out.startswith(f"{old} answers now")
    assert main(["rollback", "nothing"]) == 1
    assert "audiatur snapshots lists them" in one_line(capsys)


def test_a_damaged_index_is_said_aloud_and_built_anew(
    capsys: pytest.CaptureFixture[str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """By `ask`, in a warning, which the command line shows; it answers then."""
    shelf = Shelf(settings.data)
    old = shelf.current_name() or ""
    assert main(["reindex"]) == 0
    with (settings.data / "snapshots" / (shelf.current_name() or "") / "records.sqlite").open(
        "ab"
    ) as file:
        file.write(b"x")
    capsys.readouterr()
    assert main(["ask", "--json", GERMAN]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["answered"]
    (warned,) = [one.getMessage() for one in caplog.records if "instead" in one.getMessage()]
    assert "records.sqlite is not what was built" in warned
    assert f"{old} answers instead" in warned


def test_the_first_question_builds_the_index(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """It says so meanwhile, on standard error; the second question does not."""
    shutil.rmtree(settings.data)
    assert main(["ask", "--json", GERMAN]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["answered"]
    assert printed.err.splitlines() == [
        "index: reading documents",
        "index: embedding",
        "index: learning questions",
        "index: writing",
        "index: verifying",
    ]
    assert main(["ask", "--json", GERMAN]) == 0
    assert capsys.readouterr().err == ""


def test_a_question_is_answered_while_somebody_else_builds(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """From the old index; without one the reason is given."""
    (settings.corpus / "neu.txt").write_text("Neues\n\nEin Satz.\n", encoding="utf-8")
    with Shelf(settings.data).building():
        assert main(["ask", GERMAN]) == 0
        assert "Ja – Für Dachbienen" in capsys.readouterr().out
        (settings.data / "CURRENT").unlink()
        assert main(["ask", GERMAN]) == 1
    assert "there is no index" in one_line(capsys)


def test_reindex_counts_what_it_did(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    """Only what is new is embedded; what a person should look at is on standard error."""
    assert main(["reindex"]) == 0
    assert capsys.readouterr().out.startswith("6 documents, 11 passages, 0 embedded, ")
    (settings.corpus / "dos.txt").write_bytes("Grüße\n\nEin Satz.\n".encode("cp437"))
    text = (settings.corpus / "strassenbahn.txt").read_text(encoding="utf-8")
    (settings.corpus / "strassenbahn.txt").write_text(
        text.replace("Neue Gleise machen", "Gleise machen"), encoding="utf-8"
    )
    assert main(["reindex"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("6 documents, 11 passages, 1 embedded, ")
    assert "audiatur: dos.txt: not UTF-8 (byte 2)" in printed.err
    assert "the quote is no longer in the text\n" in printed.err


def test_reindex_names_the_file_that_is_broken(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """And the old index goes on answering."""
    (settings.corpus / "debates" / "tram.toml").write_text("motion = {", encoding="utf-8")
    assert main(["reindex"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:-1] == ["index: reading documents"]
    assert lines[-1].startswith("audiatur: ")
    assert "tram.toml: not valid TOML" in lines[-1]
    shutil.copy(settings.corpus / "debates" / "murals.toml", settings.corpus / "debates/tram.toml")
    assert main(["ask", GERMAN]) == 0


def test_reindex_does_not_build_beside_another_build(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """It says what to do and exits with 1."""
    with Shelf(settings.data).building():
        assert main(["reindex"]) == 1
    assert "an index is being built already; wait" in one_line(capsys)


def test_a_missing_corpus_is_named(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """With the variable that chooses it."""
    environment.setenv("AUDIATUR_CORPUS", "/nowhere/at/all")
    assert main(["ask", GERMAN]) == 1
    assert one_line(capsys) == (
        "audiatur: no corpus at /nowhere/at/all; create the folder or set AUDIATUR_CORPUS"
    )


def test_inspect_shows_what_is_known(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """Documents with their passages, debates with their labels, topics, and the manifest."""
    assert main(["inspect"]) == 0
    printed = capsys.readouterr().out
    for line in (
        "  stadtbienen.txt: Bienen über der Stadt (Ida Imker, 2019-05-20, de)",
        "  strassenbahn.txt: Die Straßenbahn kommt zurück (de)",
        "Debates: 10",
        "  city-bees: Cities should allow beehives on roofs. (7 yes, 7 no, 1 background)",
        "  night-market: The city should allow a night market. (3 yes, 0 no, 0 background)",
        "Topics: 1",
        "  hive-care: How to look after a hive (2 labels)",
        "Labels: 37 (37 curated)",
        "Problems: 0",
        "  model: stub",
        f"  snapshot: {Shelf(settings.data).current_name()}",
    ):
        assert line in printed.splitlines()
    quoted = [line for line in printed.splitlines() if line.startswith("      0  ")]
    assert len(quoted) == 6
    assert max(map(len, printed.splitlines())) < 120


def test_inspect_shows_problems_and_what_is_left_out(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """So that the keeper of the corpus can mend it."""
    with (settings.corpus / "wildbienen.txt").open("a", encoding="utf-8") as file:
        file.write("\nKommentare\n\nIch bin anderer Meinung als dieser Text hier.\n")
    (settings.corpus / "empty.txt").write_text("\n", encoding="utf-8")
    assert main(["reindex"]) == 0
    capsys.readouterr()
    assert main(["inspect"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Problems: 1" in lines
    assert "  empty.txt: holds no text" in lines
    assert any(line.startswith("    left out as readers' comments: Ich bin") for line in lines)


def test_inspect_builds_nothing(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    """Without an index it says what to run."""
    shutil.rmtree(settings.data)
    assert main(["inspect"]) == 1
    assert one_line(capsys).endswith("run audiatur reindex")
    assert not settings.data.exists()


def test_eval_measures_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """As a table; with --misses it lists what lost points; unknown quotations are named."""
    gold = {"doc": "stadtbienen.txt", "quote": "Auf Dächern stehen Bienenstöcke niemandem im Weg."}
    typo = {"doc": "wildbienen.txt", "quote": "Diesen Satz gibt es nicht."}
    questions = tmp_path / "questions.jsonl"
    _write_questions(
        questions,
        {"id": "q1", "question": GERMAN, "answerable": True, "yes": [gold], "no": [typo]},
        {"id": "q2", "question": BESIDE, "answerable": False},
    )
    assert main(["eval", str(questions)]) == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "audiatur: no document holds the gold quote “Diesen Satz gibt es nicht.”\n"
    )
    assert printed.out.startswith("| measure | mean | 95 % interval | cases |\n| --- |")
    assert "| gold in top 1 | 0.500 | 0.500 … 0.500 | 2 |" in printed.out
    assert "| silent | 1.000 | 1.000 … 1.000 | 1 |" in printed.out
    assert "| verbatim | 1.000 | 1.000 … 1.000 | 7 |" in printed.out
    assert "ms a question" in printed.out
    assert "q1" not in printed.out
    assert main(["eval", "--misses", str(questions)]) == 0
    assert f"gold in top 1 | q1 | {GERMAN}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{}\n", "line 1: KeyError('id')"),
        ("\nno json\n", "line 2: JSONDecodeError"),
        ("[1]\n", "line 1: TypeError"),
        ("", "holds no question"),
        (None, "No such file"),
    ],
)
def test_eval_says_what_is_wrong_with_a_file(
    content: str | None, reason: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In one line that names the file."""
    questions = tmp_path / "questions.jsonl"
    if content is not None:
        questions.write_text(content, encoding="utf-8")
    assert main(["eval", str(questions)]) == 1
    line = one_line(capsys)
    assert str(questions) in line
    assert reason in line


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["frobnicate"], "frobnicate"),
        (["ask"], "question"),
        (["ask", "--lang", "fr", GERMAN], "--lang"),
        (["eval", "one.jsonl", "two.jsonl"], "two.jsonl"),
        (["reindex", "now"], "now"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names what is wrong and where help is, and exits with 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    line = one_line(capsys)
    assert reason in line
    assert line.endswith("--help")


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, with exit code 0."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    for command in ("run", "ask", "reindex", "inspect", "eval", "chat", "bot", "playground"):
        assert re.search(rf"^    {command}\s", printed, re.MULTILINE)


def test_a_bad_setting_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """Whatever the command; a token is not repeated."""
    environment.setenv("BOT_TOKEN", "my-secret")
    assert main(["inspect"]) == 2
    line = one_line(capsys)
    assert "BOT_TOKEN" in line
    assert "my-secret" not in line


def test_the_bot_needs_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is loaded or built."""
    assert main(["bot"]) == 2
    assert "BOT_TOKEN" in one_line(capsys)


def test_run_without_a_token_is_the_playground(environment: pytest.MonkeyPatch) -> None:
    """So is no command at all; the bot that it is handed can answer."""
    opened: list[Settings] = []

    async def open_playground(
        settings: Settings, run_bot: Callable[[Settings], Awaitable[None]]
    ) -> None:
        assert callable(run_bot)
        opened.append(settings)

    environment.setattr(opening, "open_playground", open_playground)
    for arguments in (["run"], [], ["playground"]):
        assert main(arguments) == 0
    assert [settings.token for settings in opened] == [None] * 3


def test_chat_reads_until_an_empty_line(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """And answers each line."""
    typed(environment, f"{GERMAN}\n\n")
    assert main(["chat"]) == 0
    assert "Ja – Für Dachbienen" in capsys.readouterr().out


def test_chat_speaks_the_language_it_is_told_to(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """From the greeting on."""
    typed(environment, "")
    assert main(["chat", "--lang", "de"]) == 0
    assert capsys.readouterr().out.startswith("Stellen Sie eine Frage;")


def test_run_with_a_token_is_the_bot(environment: pytest.MonkeyPatch) -> None:
    """With an index that answers, and a log that says what happens."""
    environment.setenv("BOT_TOKEN", "42:TEST")
    started: list[tuple[Settings, Library]] = []

    def run_bot(settings: Settings, library: Library) -> int:
        started.append((settings, library))
        return 0

    environment.setattr(app, "run_bot", run_bot)
    assert main(["run"]) == 0
    assert main(["bot"]) == 0
    assert [settings.token for settings, _ in started] == ["42:TEST", "42:TEST"]
    assert started[0][1].advisor.advise(GERMAN).answered
    assert logging.getLogger().level == logging.INFO


def test_a_bot_that_telegram_refuses_fails(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    """With one line and exit code 1; being interrupted is no failure."""
    environment.setenv("BOT_TOKEN", "42:TEST")

    def refused(_settings: Settings, _library: Library) -> int:
        raise Refused("another instance polls with this token; stop it, or use another bot")

    def interrupted(_settings: Settings, _library: Library) -> int:
        raise KeyboardInterrupt

    environment.setattr(app, "run_bot", refused)
    assert main(["bot"]) == 1
    assert "another instance polls" in one_line(capsys)
    environment.setattr(app, "run_bot", interrupted)
    assert main(["bot"]) == 0


def _write_questions(path: Path, *questions: dict[str, object]) -> None:
    blank = {"lang": "de", "yes": [], "no": [], "background": []}
    lines = (json.dumps(blank | one, ensure_ascii=False) + "\n" for one in questions)
    path.write_text("".join(lines), encoding="utf-8")


def test_a_database_is_migrated_filled_and_asked(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_url: str,
    tmp_path: Path,
) -> None:
    """A machine with neither corpus nor index answers from what another has built."""
    environment.setenv("AUDIATUR_DATABASE_URL", database_url)
    assert main(["reindex"]) == 1
    assert one_line(capsys).endswith("run audiatur migrate")
    assert main(["migrate"]) == main(["migrate"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("applied ")
    assert printed.endswith("nothing to apply\n")
    assert main(["reindex"]) == main(["ask", GERMAN]) == 0
    here = capsys.readouterr().out.partition("\n")[2]
    environment.setenv("AUDIATUR_CORPUS", str(tmp_path / "none"))
    environment.setenv("AUDIATUR_DATA", str(tmp_path / "elsewhere"))
    assert main(["ask", GERMAN]) == 0
    assert capsys.readouterr().out == here
    assert main(["inspect"]) == 0
    assert "snapshot: 2" in capsys.readouterr().out


def test_migrate_needs_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 2
    assert "migrate needs AUDIATUR_DATABASE_URL" in one_line(capsys)

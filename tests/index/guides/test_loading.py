"""Guides and interviews are read as they are written, and each mistake is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.debates.records import Side
from index.errors import CorpusError
from index.guides.loading import read_guidebook
from index.guides.records import Guidebook
from tests.index.guides.conftest import GUIDE, GUIDED_CORPUS, INTERVIEW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import WriteFiles

DEBATES = {"bicycles", "electric-bicycles", "canteen"}


@pytest.fixture
def guided(write_files: WriteFiles) -> Path:
    return write_files(GUIDED_CORPUS)


def test_a_guide_comes_with_its_steps_and_quotations(guided: Path) -> None:
    """In order, in all languages, and not yet tied to any text."""
    (guide,) = read_guidebook(guided, DEBATES).guides
    assert guide.id == "repair"
    assert guide.command.texts == {"de": "reparatur", "en": "repair"}
    assert guide.title.in_language("de") == "Reparatur"
    assert [(step.id, len(step.quotes)) for step in guide.steps] == [("brakes", 2), ("tyres", 0)]
    assert guide.steps[0].quotes[1].document == "english.txt"
    assert guide.steps[0].quotes[1].span is None


def test_an_interview_knows_where_its_options_lead(guided: Path) -> None:
    """To another debate the right way round, into its own by a query, to quotations, or nowhere."""
    (interview,) = read_guidebook(guided, DEBATES).interviews
    motor, goal, _ = interview.questions
    electric, muscles = (option.bearing for option in motor.options)
    assert electric is not None
    assert muscles is not None
    assert electric.debate == muscles.debate == "electric-bicycles"
    assert electric.speaks_for == {Side.YES: Side.YES, Side.NO: Side.NO}
    assert muscles.speaks_for == {Side.YES: Side.NO, Side.NO: Side.YES}
    money, health, nothing = goal.options
    assert money.bearing is not None
    assert money.bearing.debate == "bicycles"
    assert money.bearing.query is not None
    assert money.bearing.query.in_language("de") == "Geld sparen"
    assert {side: len(given) for side, given in health.quotes.items()} == {Side.YES: 2, Side.NO: 1}
    assert health.bearing is None
    assert (nothing.bearing, nothing.quotes) == (None, {})


def test_a_corpus_may_have_neither(corpus_folder: Path) -> None:
    assert read_guidebook(corpus_folder, DEBATES) == Guidebook()
    assert Guidebook().commands() == {}
    assert Guidebook().menu("de") == ()


def test_commands_of_all_languages_open_the_same(guided: Path) -> None:
    book = read_guidebook(guided, DEBATES)
    (guide,), (interview,) = book.guides, book.interviews
    assert book.commands() == {
        "reparatur": guide,
        "repair": guide,
        "abwaegen": interview,
        "weigh": interview,
    }
    assert book.menu("de")[0] == ("reparatur", "Ein Rad reparieren")
    assert book.menu("fr")[1] == ("weigh", "Bicycles: yes or no?")


def test_an_unknown_option_is_no_option(guided: Path) -> None:
    (interview,) = read_guidebook(guided, DEBATES).interviews
    assert interview.questions[0].option("muscles").id == "muscles"
    with pytest.raises(ValueError, match="motor has no option 'wings'"):
        interview.questions[0].option("wings")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[[step]]", "[[step", "not valid TOML"),
        ('id = "brakes"', "", r'step 1: needs id = "…"'),
        ('id = "brakes"', "id = 3", r'step 1: needs id = "…"'),
        ('id = "brakes"', 'id = "Bremsen!"', "should be 1 to 16 of a-z, 0-9 and -"),
        ('id = "brakes"', 'id = "tyres"', "2 steps have the id 'tyres'; give each its own"),
        ('en = "repair"', 'en = "Repair!"', "command 'Repair!' should be 1 to 32 of a-z"),
        ('de = "Reparatur"', 'de = ""', r"title\.de should be a text, and not empty"),
        ('de = "Reparatur"', "de = 7", r"title\.de should be a text, and not empty"),
        ('de = "Reparatur"', 'deutsch = "R"', "'deutsch' is no language of two letters"),
        ('de = "Reparatur"', f'de = "{"R" * 81}"', "81 characters; shorten it to 80"),
        ('de = "Reparatur"', 'de = "R\\u0007"', "holds a control character; take it out"),
        ('title = { de = "Reparatur", en = "Repair" }', 'title = "Repair"', "needs title = { de"),
        ('title = { de = "Reparatur", en = "Repair" }', "", "needs title = { de"),
        ("explanation", "explnation", "step 1: 'explnation' is no field here; known are id"),
        ('document = "contra.md"', "", r'step 1, quote 1: needs document = "…"'),
        ("[[step.quote]]", "[[step.quotes]]", "'quotes' is no field here"),
    ],
)
def test_a_wrong_guide_is_refused_by_its_file(
    write_files: WriteFiles, old: str, new: str, reason: str
) -> None:
    assert old in GUIDE
    folder = write_files({"guides/repair.toml": GUIDE.replace(old, new, 1)})
    with pytest.raises(CorpusError, match=reason) as caught:
        read_guidebook(folder, DEBATES)
    assert str(folder / "guides" / "repair.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('debate = "bicycles"', 'debate = "cars"', "there is no debate 'cars'; add debates/cars"),
        ('debate = "bicycles"', "", r'needs debate = "…"'),
        (
            'debate = "electric-bicycles"',
            'debate = "x"',
            "question 1, option 1: there is no debate",
        ),
        ('yes = "yes"', "", "the side of bicycles that a yes to this debate speaks for"),
        ('yes = "yes"', 'yes = "maybe"', 'needs yes = "yes" or "no"'),
        ('debate = "electric-bicycles"', "", "yes needs the debate whose side it is"),
        ('de = "Elektrisch"', f'de = "{"E" * 41}"', "41 characters; shorten it to 40"),
        ('id = "muscles"', 'id = "electric"', "2 options have the id 'electric'"),
        ('id = "goal"', 'id = "motor"', "2 questions have the id 'motor'"),
        ('side = "yes"', 'side = "background"', 'quote 1: needs side = "yes" or "no"'),
        (
            'text = { de = "Gesundheit", en = "Health" }',
            'text = { de = "Gesundheit", en = "Health" }\ndebate = "canteen"\nyes = "no"',
            "leads to a search and to quotations; take one of them out",
        ),
    ],
)
def test_a_wrong_interview_is_refused_by_its_file(
    write_files: WriteFiles, old: str, new: str, reason: str
) -> None:
    assert old in INTERVIEW
    folder = write_files({"interviews/bicycles.toml": INTERVIEW.replace(old, new, 1)})
    with pytest.raises(CorpusError, match=reason) as caught:
        read_guidebook(folder, DEBATES)
    assert str(folder / "interviews" / "bicycles.toml") in str(caught.value)


OPTION = '[[question.option]]\nid = "o{}"\ntext = {{ en = "{}" }}\n'
ASKED = '[[question]]\nid = "q{}"\ntext = {{ en = "?" }}\n'
HEAD = INTERVIEW[: INTERVIEW.index("[[question]]")]


def asked(questions: int, options: int) -> str:
    shown = "".join(OPTION.format(at, at) for at in range(options))
    return HEAD + "".join(ASKED.format(at) + shown for at in range(questions))


@pytest.mark.parametrize(("questions", "options"), [(1, 2), (8, 5)])
def test_an_interview_may_be_short_or_long(
    write_files: WriteFiles, questions: int, options: int
) -> None:
    folder = write_files({"interviews/x.toml": asked(questions, options)})
    (interview,) = read_guidebook(folder, DEBATES).interviews
    assert [len(question.options) for question in interview.questions] == [options] * questions


@pytest.mark.parametrize(
    ("questions", "options", "reason"),
    [
        (0, 2, "has 0 questions; give 1 to 8"),
        (9, 2, "has 9 questions; give 1 to 8"),
        (1, 1, "has 1 options; give 2 to 5"),
        (1, 6, "has 6 options; give 2 to 5"),
    ],
)
def test_an_interview_is_neither_empty_nor_endless(
    write_files: WriteFiles, questions: int, options: int, reason: str
) -> None:
    folder = write_files({"interviews/x.toml": asked(questions, options)})
    with pytest.raises(CorpusError, match=reason):
        read_guidebook(folder, DEBATES)


def test_a_guide_without_steps_is_refused(write_files: WriteFiles) -> None:
    folder = write_files({"guides/x.toml": GUIDE[: GUIDE.index("[[step]]")]})
    with pytest.raises(CorpusError, match=r"x.toml: has 0 steps; give 1 to 20"):
        read_guidebook(folder, DEBATES)


def test_a_step_quotes_no_more_than_a_message_holds(write_files: WriteFiles) -> None:
    quote = f'[[step.quote]]\ndocument = "a.txt"\ntext = "{"a" * 801}"\n'
    folder = write_files({"guides/x.toml": GUIDE[: GUIDE.index("[[step]]", 300)] + 3 * quote})
    with pytest.raises(CorpusError, match="quotes 2512 characters; divide the step, 2400 are room"):
        read_guidebook(folder, DEBATES)


@pytest.mark.parametrize("name", ["Exit", "a" * 25, "exit plan"])
def test_a_file_whose_name_is_no_id_is_refused(write_files: WriteFiles, name: str) -> None:
    folder = write_files({f"guides/{name}.toml": GUIDE})
    with pytest.raises(CorpusError, match="name the file with a-z, 0-9 and -, at most 24"):
        read_guidebook(folder, DEBATES)


def test_a_command_belongs_to_one_file(write_files: WriteFiles) -> None:
    """In whichever languages the two claim it; one file may claim it for all of its languages."""
    twice = INTERVIEW.replace('en = "weigh"', 'en = "reparatur"')
    folder = write_files({"guides/repair.toml": GUIDE, "interviews/bicycles.toml": twice})
    with pytest.raises(CorpusError, match="/reparatur is the command of repair and of bicycles"):
        read_guidebook(folder, DEBATES)
    same = GUIDE.replace('de = "reparatur"', 'de = "repair"')
    write_files({"guides/repair.toml": same, "interviews/bicycles.toml": INTERVIEW})
    assert set(read_guidebook(folder, DEBATES).commands()) == {"repair", "abwaegen", "weigh"}


def test_hidden_files_are_left_alone(write_files: WriteFiles) -> None:
    folder = write_files({"guides/.draft.toml": "[["})
    assert read_guidebook(folder, DEBATES) == Guidebook()

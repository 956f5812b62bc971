"""Debates, topics and labels are read from files, and every mistake names its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.debates.loading import read_agenda
from index.debates.records import CURATED, Label, Localised, Side
from index.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import WriteFiles

SIDES = 'yes = { de = "Ja" }\nno = { de = "Nein" }\n'
DEBATE = f'motion = {{ de = "Räder sind gut." }}\n{SIDES}'


def test_a_corpus_may_have_no_debates(write_files: WriteFiles) -> None:
    agenda = read_agenda(write_files({}))
    assert (agenda.debates, agenda.topics, agenda.labels, agenda.not_covered) == ((), (), (), ())
    assert agenda.set_aside == ()


def test_a_debate_is_read_whole(corpus_folder: Path) -> None:
    debates = {debate.id: debate for debate in read_agenda(corpus_folder).debates}
    electric = debates["electric-bicycles"]
    assert electric.motion.in_language("de") == "Diensträder sollten elektrisch sein."
    assert electric.sides[Side.NO].in_language("en") == "Muscles only"
    assert electric.inherits == ("bicycles",)
    assert electric.examples[Side.YES] == (
        "Sollen die Diensträder elektrisch sein?",
        "Should company bicycles be electric?",
    )


def test_further_questions_are_of_all_files_in_their_folder(write_files: WriteFiles) -> None:
    folder = write_files(
        {
            "debates/x.toml": DEBATE,
            "topics/y.toml": 'title = { de = "T" }',
            "questions.toml": "[x]\nyes = ['Ja?']\n[y]\nopen = ['Wie?']",
            "questions/a.toml": "[x]\nyes = ['Echt?']\nno = ['Nö?']\n[y]\nopen = ['Wo?']",
            "questions/questions.toml": "[x]\nyes = ['Echt?', 'Jo?']",
            "questions/.c.toml": "not TOML",
        }
    )
    agenda = read_agenda(folder)
    (debate,) = agenda.debates
    assert (debate.examples[Side.YES], debate.examples[Side.NO]) == (("Ja?",), ())
    assert (debate.further[Side.YES], debate.further[Side.NO]) == (("Echt?", "Jo?"), ("Nö?",))
    assert debate.asking_for(Side.YES) == ("Ja?", "Echt?", "Jo?")
    assert agenda.topics[0].examples == ("Wie?", "Wo?")


def test_what_is_not_covered_stands_in_one_file(write_files: WriteFiles) -> None:
    with pytest.raises(CorpusError, match=r"a\.toml: \[not-covered\] is neither"):
        read_agenda(write_files({"questions/a.toml": "[not-covered]\nopen = ['Was?']"}))


def test_a_debate_names_the_documents_that_were_read_for_it(write_files: WriteFiles) -> None:
    """None, if it does not say so: then a model may suggest in all of them."""
    read = f'read = ["a.txt", "folder/b.md"]\n{DEBATE}'
    folder = write_files({"debates/x.toml": read, "debates/y.toml": DEBATE})
    one, other = read_agenda(folder).debates
    assert (one.id, one.read) == ("x", ("a.txt", "folder/b.md"))
    assert other.read == ()


def test_debates_with_most_labels_come_first(corpus_folder: Path) -> None:
    ids = [debate.id for debate in read_agenda(corpus_folder).debates]
    assert ids == ["bicycles", "canteen", "electric-bicycles"]


def test_labels_know_side_author_and_whether_they_are_reported(corpus_folder: Path) -> None:
    labels = read_agenda(corpus_folder).labels
    assert (
        Label(
            "bicycles",
            "pro.txt",
            "Manche sagen, Diensträder seien ein teures Spielzeug.",
            Side.NO,
            CURATED,
            reported=True,
        )
        in labels
    )
    assert {label.by for label in labels if label.subject == "electric-bicycles"} == {"Petra"}
    assert {label.by for label in labels if label.subject != "electric-bicycles"} == {CURATED}


def test_a_topic_has_a_title_examples_and_background(corpus_folder: Path) -> None:
    agenda = read_agenda(corpus_folder)
    (topic,) = agenda.topics
    assert (topic.id, topic.title.in_language("en")) == (
        "bicycle-repair",
        "How to repair a bicycle",
    )
    assert len(topic.examples) == 3
    assert {label.side for label in agenda.labels if label.subject == topic.id} == {Side.BACKGROUND}


def test_questions_that_are_not_covered_are_kept(corpus_folder: Path) -> None:
    assert read_agenda(corpus_folder).not_covered == ("Wie hoch ist das höchste Rad der Welt?",)


def test_a_text_falls_back_to_english_and_then_to_any_language() -> None:
    assert Localised({"de": "Rad", "en": "bicycle"}).in_language("de") == "Rad"
    assert Localised({"de": "Rad", "en": "bicycle"}).in_language("fr") == "bicycle"
    assert Localised({"de": "Rad"}).in_language("fr") == "Rad"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("debates/x.toml", "motion = ", "not valid TOML"),
        ("debates/x.toml", SIDES, "needs motion ="),
        ("debates/x.toml", f'motion = "Ein Satz."\n{SIDES}', "needs motion ="),
        ("debates/x.toml", f"motion = {{}}\n{SIDES}", "needs motion ="),
        ("debates/x.toml", f"motion = {{ de = 3 }}\n{SIDES}", "needs motion ="),
        ("debates/x.toml", 'motion = { de = "A" }\nyes = { de = "J" }', "needs no ="),
        ("debates/x.toml", f'{DEBATE}[labels."a.txt"]\nmaybe = ["x"]', "unknown side 'maybe'"),
        (
            "debates/x.toml",
            f'{DEBATE}[labels."a.txt"]\nyes-said = ["x"]',
            "unknown side 'yes-said'",
        ),
        ("debates/x.toml", f'{DEBATE}[labels."a.txt"]\nunclear = ["x"]', "unknown side 'unclear'"),
        (
            "topics/x.toml",
            'title = { de = "T" }\n[labels."a.txt"]\nunclear = ["x"]',
            "unknown side 'unclear'",
        ),
        ("debates/x.toml", f'inherits = ["gone"]\n{DEBATE}', "'gone', which is no debate here"),
        ("debates/Bad Name.toml", DEBATE, "name it with a-z, 0-9 and -"),
        (f"debates/{'x' * 49}.toml", DEBATE, "at most 48 characters"),
        ("topics/x.toml", "motion = { de = 'A' }", "needs title ="),
        (
            "topics/x.toml",
            'title = { de = "T" }\n[labels."a.txt"]\nyes = ["x"]',
            "background labels only, not 'yes'",
        ),
        ("questions.toml", "[x", "not valid TOML"),
        ("questions.toml", "[stranger]\nyes = ['Was?']", r"\[stranger\] is neither a debate nor"),
        ("questions/terse.toml", "[stranger]\nyes = ['Was?']", r"terse.toml: \[stranger\] is"),
    ],
)
def test_each_mistake_has_a_message_that_names_what_is_wrong(
    write_files: WriteFiles, name: str, content: str, message: str
) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        read_agenda(write_files({name: content}))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("debates/x.toml", f'{DEBATE}[labels."a.txt"]\nyes = "Ein Satz ohne Klammern."'),
        ("debates/x.toml", f"{DEBATE}labels = 3"),
        ("debates/x.toml", f'{DEBATE}[labels."a.txt"]\nyes = [3]'),
        ("debates/x.toml", f'{DEBATE}[labels]\n"a.txt" = ["Ein Satz."]'),
        ("debates/x.toml", f'inherits = "x"\n{DEBATE}'),
        ("debates/x.toml", f'read = "a.txt"\n{DEBATE}'),
        ("debates/x.toml", f"read = [3]\n{DEBATE}"),
        ("questions.toml", "x = 3"),
        ("questions.toml", "[x]\nyes = 'Was?'"),
    ],
)
def test_a_value_of_a_wrong_type_is_an_error(
    write_files: WriteFiles, name: str, content: str
) -> None:
    """A quote without brackets must not become a label for each of its letters."""
    with pytest.raises(CorpusError, match="should be a"):
        read_agenda(write_files({"debates/x.toml": DEBATE, name: content}))


def test_a_topic_and_a_debate_cannot_share_a_name(write_files: WriteFiles) -> None:
    folder = write_files({"debates/x.toml": DEBATE, "topics/x.toml": 'title = { de = "T" }'})
    with pytest.raises(CorpusError, match="x is a debate and a topic"):
        read_agenda(folder)


def test_a_file_in_another_encoding_is_an_error(write_files: WriteFiles) -> None:
    folder = write_files({"debates/x.toml": DEBATE})
    (folder / "debates" / "x.toml").write_bytes(DEBATE.encode("latin-1"))
    with pytest.raises(CorpusError, match="not valid TOML"):
        read_agenda(folder)


def test_hidden_files_of_editors_are_no_debates(write_files: WriteFiles) -> None:
    folder = write_files({"debates/x.toml": DEBATE, "debates/._x.toml": "\0"})
    (folder / "debates" / ".#x.toml").symlink_to("somebody@host.1234:1")
    assert [debate.id for debate in read_agenda(folder).debates] == ["x"]

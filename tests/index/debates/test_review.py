"""What a model suggests is a file that a person edits, and what a person decided stays."""

from __future__ import annotations

import multiprocessing
import re
import tomllib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.debates.loading import read_agenda
from index.debates.records import PERSON, Debate, Label, Localised, Side
from index.debates.review import (
    REVIEW_FOLDER,
    Suggestion,
    decided_label,
    exchange_span,
    read_decisions,
    read_review,
    review_file,
    write_review,
)
from index.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import WriteFiles

DEBATE = Debate(
    "bicycles",
    Localised({"de": "Die Firma sollte Räder kaufen.", "en": "The company should buy bicycles."}),
    {Side.YES: Localised({"en": "Buy them"}), Side.NO: Localised({"en": "Do without"})},
)
YES = Suggestion("a.txt", "Räder sparen Geld.", Side.YES, 0.91, "bundled")
NO = Suggestion("a.txt", "Räder rosten.", Side.NO, 0.87, "learned")
OPEN = Suggestion("b.txt", "Räder sind so eine Sache.", Side.UNCLEAR, 0.55, "bundled")
QUOTES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def decide(path: Path, quote: str, side: str) -> None:
    """Fill in a side, as a person does in an editor."""
    text = path.read_text(encoding="utf-8")
    pattern = rf'(quote = "{re.escape(quote)}"\n(?:.+\n)*?side = )""'
    edited, count = re.subn(pattern, rf'\1"{side}"', text)
    assert count == 1
    path.write_text(edited, encoding="utf-8")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path, waiting = write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    assert path == tmp_path / "review" / "bicycles.toml"
    assert read_review(path) == [YES, NO, OPEN]
    assert waiting == 3
    assert list(path.parent.iterdir()) == [path]


def test_a_file_tells_the_person_what_to_do(tmp_path: Path) -> None:
    """The motion, what each side is called, and what can be filled in."""
    path, _ = write_review(tmp_path, DEBATE, [YES])
    comments = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert comments[0] == "# The company should buy bicycles."
    assert comments[1] == "# yes: Buy them · no: Do without"
    for choice in ("yes", "no", "background", "yes-reported", "no-reported", "none"):
        assert any(choice in line for line in comments[2:])


def test_suggestions_come_in_the_order_of_the_documents(tmp_path: Path) -> None:
    """Within a document, in that of its text."""
    path, _ = write_review(tmp_path, DEBATE, [OPEN, NO, YES])
    assert read_review(path) == [NO, YES, OPEN]


def test_the_same_suggestions_write_the_same_file(tmp_path: Path) -> None:
    """So that a diff shows what is new, and nothing else."""
    path, _ = write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    before = path.read_bytes()
    write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    assert path.read_bytes() == before


def test_a_certainty_is_kept_to_two_digits(tmp_path: Path) -> None:
    path, _ = write_review(tmp_path, DEBATE, [replace(YES, certainty=0.91234)])
    assert [one.certainty for one in read_review(path)] == [0.91]


def test_decisions_survive_a_new_run(tmp_path: Path) -> None:
    """As the person found and left them, whatever the model says now."""
    path, _ = write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    decide(path, YES.quote, "no-reported")
    decide(path, OPEN.quote, "none")
    changed = replace(YES, suggested=Side.NO, certainty=0.6, by="learned")
    path, waiting = write_review(tmp_path, DEBATE, [changed, NO])
    assert set(read_review(path)) == {
        replace(YES, side="no-reported"),
        NO,
        replace(OPEN, side="none"),
    }
    assert waiting == 1


def test_what_nobody_decided_goes_when_no_model_suggests_it(tmp_path: Path) -> None:
    write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    path, waiting = write_review(tmp_path, DEBATE, [NO])
    assert read_review(path) == [NO]
    assert waiting == 1


def test_decided_spans_wait_no_longer(tmp_path: Path) -> None:
    path, _ = write_review(tmp_path, DEBATE, [YES])
    decide(path, YES.quote, "yes")
    assert write_review(tmp_path, DEBATE, []) == (path, 0)


def test_equal_quotations_of_two_documents_are_two_spans(tmp_path: Path) -> None:
    twin = replace(YES, document="b.txt")
    path, _ = write_review(tmp_path, DEBATE, [YES, twin])
    assert read_review(path) == [YES, twin]


@pytest.mark.parametrize(
    ("side", "label"),
    [
        ("yes", Label("bicycles", "a.txt", YES.quote, Side.YES, PERSON)),
        ("no", Label("bicycles", "a.txt", YES.quote, Side.NO, PERSON)),
        ("background", Label("bicycles", "a.txt", YES.quote, Side.BACKGROUND, PERSON)),
        ("yes-reported", Label("bicycles", "a.txt", YES.quote, Side.YES, PERSON, reported=True)),
        ("no-reported", Label("bicycles", "a.txt", YES.quote, Side.NO, PERSON, reported=True)),
    ],
)
def test_a_decision_is_a_label_by_a_person(tmp_path: Path, side: str, label: Label) -> None:
    """Entirely certain, whatever the model thought; what is not decided is none."""
    path, _ = write_review(tmp_path, DEBATE, [YES, NO])
    decide(path, YES.quote, side)
    labels, aside = read_decisions(tmp_path, {"bicycles"})
    assert (labels, aside) == ((label,), ())
    assert label.certainty == 1


def test_none_sets_a_span_aside(tmp_path: Path) -> None:
    """It is no label, also not as background; but it is known, so that it is not suggested."""
    path, _ = write_review(tmp_path, DEBATE, [YES, NO])
    decide(path, YES.quote, "none")
    labels, (aside,) = read_decisions(tmp_path, {"bicycles"})
    assert labels == ()
    assert (aside.subject, aside.document, aside.quote) == ("bicycles", "a.txt", YES.quote)


def test_an_agenda_holds_what_persons_decided(write_files: WriteFiles) -> None:
    """Beside the labels of the files, and what was set aside apart from them."""
    sides = 'yes = { en = "Yes" }\nno = { en = "No" }\n'
    labels = '[labels."a.txt"]\nyes = ["Räder sind gut."]\n'
    folder = write_files(
        {"debates/bicycles.toml": f'motion = {{ en = "Bicycles." }}\n{sides}{labels}'}
    )
    path, _ = write_review(folder, DEBATE, [YES, NO, OPEN])
    decide(path, YES.quote, "yes")
    decide(path, NO.quote, "none")
    agenda = read_agenda(folder)
    assert [(one.quote, one.by) for one in agenda.labels] == [
        ("Räder sind gut.", "curated"),
        (YES.quote, PERSON),
    ]
    assert [one.quote for one in agenda.set_aside] == [NO.quote]


def test_decisions_weigh_in_the_order_of_debates(write_files: WriteFiles) -> None:
    """Debates with most labels come first, whoever gave them."""
    debate = 'motion = { en = "M." }\nyes = { en = "Yes" }\nno = { en = "No" }\n'
    folder = write_files({"debates/a.toml": debate, "debates/b.toml": debate})
    path, _ = write_review(folder, replace(DEBATE, id="b"), [YES])
    decide(path, YES.quote, "yes")
    assert [one.id for one in read_agenda(folder).debates] == ["b", "a"]


@pytest.mark.parametrize(
    "side", ["maybe", "YES", "unclear", "background-reported", "none-reported"]
)
def test_an_unknown_side_names_the_choices(tmp_path: Path, side: str) -> None:
    """Only a model may be unclear."""
    path, _ = write_review(tmp_path, DEBATE, [YES])
    decide(path, YES.quote, side)
    with pytest.raises(CorpusError, match=re.escape(repr(side))) as caught:
        read_decisions(tmp_path, {"bicycles"})
    message = str(caught.value)
    assert "none of none, yes, no, background, yes-reported, no-reported;" in message
    assert str(path) in message
    assert "\n" not in message


def test_a_file_of_no_debate_is_an_error(tmp_path: Path) -> None:
    """Its decisions would be lost in silence, such as after a debate got another name."""
    write_review(tmp_path, DEBATE, [YES])
    with pytest.raises(CorpusError, match="there is no debate 'bicycles'; rename or remove"):
        read_decisions(tmp_path, {"cars"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[span]", "not valid TOML"),
        ('[[span]]\ndocument = "a.txt"', r"a \[\[span\]\] needs document, quote, suggested"),
        ("span = 3", r"a \[\[span\]\] needs"),
        ("span = [3]", r"a \[\[span\]\] needs"),
        ('[span]\nquote = "x"', r"a \[\[span\]\] needs"),
    ],
)
def test_a_broken_file_is_an_error_that_names_it(
    tmp_path: Path, content: str, message: str
) -> None:
    folder = tmp_path / REVIEW_FOLDER
    folder.mkdir()
    (folder / "bicycles.toml").write_text(content)
    with pytest.raises(CorpusError, match=message) as caught:
        read_decisions(tmp_path, {"bicycles"})
    assert "bicycles.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('suggested = "yes"', 'suggested = "perhaps"'),
        ("certainty = 0.91", 'certainty = "high"'),
        ("certainty = 0.91", "certainty = []"),
    ],
)
def test_a_broken_value_is_an_error(tmp_path: Path, old: str, new: str) -> None:
    path, _ = write_review(tmp_path, DEBATE, [YES])
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CorpusError, match=r"a \[\[span\]\] needs"):
        read_review(path)


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    """A person's work may be in it."""
    path, _ = write_review(tmp_path, DEBATE, [YES])
    path.write_text(path.read_text() + "[[span]")
    before = path.read_bytes()
    with pytest.raises(CorpusError):
        write_review(tmp_path, DEBATE, [NO])
    assert path.read_bytes() == before


def test_no_file_holds_no_spans(tmp_path: Path) -> None:
    assert read_review(tmp_path / "review" / "x.toml") == []
    assert read_decisions(tmp_path, {"x"}) == ((), ())


def test_hidden_files_of_editors_are_no_reviews(tmp_path: Path) -> None:
    path, _ = write_review(tmp_path, DEBATE, [YES])
    (path.parent / ".#bicycles.toml").symlink_to("somebody@host.1234:1")
    assert read_decisions(tmp_path, {"bicycles"}) == ((), ())


@settings(deadline=None)
@given(st.lists(st.tuples(QUOTES, QUOTES), max_size=3, unique=True))
def test_any_quotation_survives(
    tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[str, str]]
) -> None:
    """Quotation marks, line ends, backslashes, emoji, control characters."""
    suggestions = [Suggestion(document, quote, Side.NO, 0.5, "x") for document, quote in spans]
    folder = tmp_path_factory.mktemp("corpus")
    path, _ = write_review(folder, DEBATE, suggestions)
    assert read_review(path) == sorted(suggestions, key=lambda one: one.document)
    write_review(folder, DEBATE, suggestions)
    assert len(read_review(path)) == len(suggestions)


@pytest.mark.parametrize(
    "quote", ["\"Ja\" und 'nein'", "C:\\n\\", "a\nb\r\nc\td", "🚲 é \x7f\x00", '"""']
)
def test_awkward_quotations_survive_a_decision(tmp_path: Path, quote: str) -> None:
    """The file stays TOML for every other program too."""
    write_review(tmp_path, DEBATE, [replace(YES, quote=quote, side="yes")])
    (label,), _ = read_decisions(tmp_path, {"bicycles"})
    assert label.quote == quote
    text = (tmp_path / "review" / "bicycles.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["span"][0]["quote"] == quote


@settings(deadline=None)
@given(QUOTES)
def test_any_motion_can_be_reviewed(tmp_path_factory: pytest.TempPathFactory, motion: str) -> None:
    """It stands in a comment; one of two lines must not break the file."""
    debate = replace(DEBATE, motion=Localised({"en": motion}))
    path, _ = write_review(tmp_path_factory.mktemp("corpus"), debate, [YES])
    assert read_review(path) == [YES]


WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DECIDED = replace(OPEN, side="background", decided_by="9001", decided_at=WHEN)


def test_who_and_when_are_kept(tmp_path: Path) -> None:
    """As TOML that every other program reads, too."""
    path, _ = write_review(tmp_path, DEBATE, [DECIDED])
    assert read_review(path) == [DECIDED]
    (span,) = tomllib.loads(path.read_text(encoding="utf-8"))["span"]
    assert (span["decided_by"], span["decided_at"]) == ("9001", WHEN)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-22T10:30:00+01:00", WHEN),
        ("2026-11-22T09:30:00", WHEN),
    ],
)
def test_a_time_written_by_hand_is_understood(tmp_path: Path, written: str, read: datetime) -> None:
    """In another zone, or in none."""
    path, _ = write_review(tmp_path, DEBATE, [DECIDED])
    path.write_text(path.read_text().replace("2026-11-22T09:30:00Z", written))
    assert read_review(path)[0].decided_at == read


def test_a_time_that_is_none_is_an_error(tmp_path: Path) -> None:
    path, _ = write_review(tmp_path, DEBATE, [DECIDED])
    path.write_text(path.read_text().replace("2026-11-22T09:30:00Z", '"yesterday"'))
    with pytest.raises(CorpusError, match="decided_at = 'yesterday' is no time; write 2026-"):
        read_review(path)


def test_new_suggestions_leave_who_and_when(tmp_path: Path) -> None:
    write_review(tmp_path, DEBATE, [DECIDED])
    path, _ = write_review(tmp_path, DEBATE, [YES, OPEN])
    assert read_review(path) == [YES, DECIDED]


def test_a_span_is_exchanged_where_it_stands_as_expected(tmp_path: Path) -> None:
    """And back; the others stay as they are."""
    path, _ = write_review(tmp_path, DEBATE, [YES, NO, OPEN])
    before = path.read_bytes()
    assert exchange_span(tmp_path, DEBATE, OPEN, DECIDED)
    assert read_review(path) == [YES, NO, DECIDED]
    assert not exchange_span(tmp_path, DEBATE, OPEN, replace(DECIDED, side="yes"))
    assert not exchange_span(tmp_path, DEBATE, None, replace(DECIDED, side="yes"))
    assert exchange_span(tmp_path, DEBATE, DECIDED, OPEN)
    assert path.read_bytes() == before


def test_the_first_span_makes_the_file_and_the_last_one_takes_it_away(tmp_path: Path) -> None:
    assert exchange_span(tmp_path, DEBATE, None, DECIDED)
    path = review_file(tmp_path, DEBATE)
    assert read_review(path) == [DECIDED]
    assert exchange_span(tmp_path, DEBATE, DECIDED, None)
    assert not path.exists()


def test_one_span_is_exchanged_for_itself(tmp_path: Path) -> None:
    """Another one's place is none of its business."""
    for before, after in ((None, None), (YES, NO)):
        with pytest.raises(ValueError, match="one span"):
            exchange_span(tmp_path, DEBATE, before, after)


def test_many_who_decide_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each of their words is in the file; of those on one span, just one."""
    spans = [replace(OPEN, quote=f"Räder, die {number}.") for number in range(24)]
    write_review(tmp_path, DEBATE, spans)

    def decide_on(number: int) -> bool:
        one = spans[number % 24]
        after = replace(one, side="yes", decided_by=str(number), decided_at=WHEN)
        return exchange_span(tmp_path, DEBATE, one, after)

    with ThreadPoolExecutor(8) as executor:
        made = list(executor.map(decide_on, range(48)))
    assert sum(made) == 24
    kept = read_review(review_file(tmp_path, DEBATE))
    assert len(kept) == 24
    assert all(one.side == "yes" for one in kept)
    assert [path.name for path in (tmp_path / REVIEW_FOLDER).iterdir()] == ["bicycles.toml"]


def test_two_processes_decide_one_after_the_other(tmp_path: Path) -> None:
    """Whoever finds the folder held waits."""
    spans = [replace(OPEN, quote=f"Räder, die {number}.") for number in range(12)]
    write_review(tmp_path, DEBATE, spans)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        made = list(executor.map(partial(_decided_on, tmp_path), spans))
    assert all(made)
    assert all(one.side == "no" for one in read_review(review_file(tmp_path, DEBATE)))


def _decided_on(corpus: Path, one: Suggestion) -> bool:
    return exchange_span(corpus, DEBATE, one, replace(one, side="no"))


def test_no_model_looks_certain(tmp_path: Path) -> None:
    """Two digits would make 0.998 a person's word."""
    path, _ = write_review(tmp_path, DEBATE, [replace(YES, certainty=0.998)])
    assert read_review(path)[0].certainty == 0.99


@pytest.mark.parametrize(
    ("side", "label"),
    [
        ("yes", Label("bicycles", "b.txt", OPEN.quote, Side.YES, PERSON)),
        ("no-reported", Label("bicycles", "b.txt", OPEN.quote, Side.NO, PERSON, reported=True)),
        ("none", Label("bicycles", "b.txt", OPEN.quote, Side.BACKGROUND, PERSON)),
    ],
)
def test_a_decision_is_a_label(side: str, label: Label) -> None:
    """Of a span set aside, one that marks its place."""
    assert decided_label("bicycles", replace(OPEN, side=side)) == label

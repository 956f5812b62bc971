"""What the keeper of a corpus should look at is found, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.debates.checking import ERRORS, Finding, Kind, check_labels
from index.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import WriteFiles

NAMES = 'yes = { de = "Ja", en = "Yes" }\nno = { de = "Nein", en = "No" }\n'
DEBATE = f'motion = {{ de = "Räder sind gut." }}\n{NAMES}'
FIRST, SECOND, THIRD = "Räder sparen Geld.", "Räder kosten viel Zeit.", "Räder stehen im Hof herum."
TEXT = f"Titel\n\n{FIRST} {SECOND}\n\n{THIRD}\n"
LABELS = f'[labels."a.txt"]\nyes = ["{FIRST}"]\nno = ["{SECOND}", "{THIRD}"]\n'
SOUND = {"a.txt": TEXT, "debates/x.toml": DEBATE + LABELS}
REVIEW = '[[span]]\ndocument = "a.txt"\nquote = "{}"\nsuggested = "yes"\ncertainty = 0.9\n'
REVIEW += 'by = "bundled"\nside = "{}"\n'


def found(folder: Path, kind: Kind) -> list[Finding]:
    return [finding for finding in check_labels(folder) if finding.kind is kind]


def test_a_sound_corpus_has_no_findings(write_files: WriteFiles) -> None:
    assert check_labels(write_files(SOUND)) == []


def test_labels_of_two_sides_on_one_place_contradict_each_other(write_files: WriteFiles) -> None:
    """By a common word; who said what is told."""
    more = f'background = ["{FIRST} {SECOND}"]\n'
    folder = write_files(SOUND | {"debates/x.toml": DEBATE + LABELS + more})
    findings = found(folder, Kind.CONTRADICTION)
    assert [finding.where for finding in findings] == ["x, a.txt", "x, a.txt"]
    assert f"“{FIRST}” is yes (curated), " in findings[0].what
    assert f"“{FIRST} {SECOND}” is background (curated)" in findings[0].what
    assert f"“{SECOND}” is no (curated), " in findings[1].what
    assert check_labels(folder) == findings


def test_labels_of_one_side_may_overlap(write_files: WriteFiles) -> None:
    labels = f'[labels."a.txt"]\nyes = ["{FIRST}", "{FIRST} {SECOND}"]\nno = ["{THIRD}"]\n'
    assert check_labels(write_files(SOUND | {"debates/x.toml": DEBATE + labels})) == []


def test_two_debates_may_see_a_place_differently(write_files: WriteFiles) -> None:
    labels = f'[labels."a.txt"]\nno = ["{FIRST}"]\nyes = ["{THIRD}"]\n'
    assert check_labels(write_files(SOUND | {"debates/y.toml": DEBATE + labels})) == []


def test_a_person_who_overrules_a_file_does_not_contradict_it(write_files: WriteFiles) -> None:
    """The decision counts; two persons would contradict each other."""
    folder = write_files(SOUND | {"review/x.toml": REVIEW.format(FIRST, "background")})
    assert found(folder, Kind.CONTRADICTION) == []
    twice = REVIEW.format(FIRST, "yes") + REVIEW.format(f"{FIRST} {SECOND}", "no")
    (finding,) = found(write_files({"review/x.toml": twice}), Kind.CONTRADICTION)
    assert finding.what.count("(person)") == 2


@pytest.mark.parametrize(
    ("document", "quote", "reason"),
    [
        ("a.txt", "Räder sparen Zeit.", "the quote is no longer in the text"),
        ("b.txt", FIRST, "there is no document b.txt"),
        ("a.txt", "", "the quote is empty"),
    ],
)
def test_a_quotation_that_is_gone_is_found(
    write_files: WriteFiles, document: str, quote: str, reason: str
) -> None:
    text = f'{DEBATE}{LABELS}[labels."{document}"]\nyes = ["{quote}"]\n'
    if document == "a.txt":
        text = DEBATE + LABELS.replace("yes = [", f'yes = ["{quote}", ')
    (finding,) = check_labels(write_files(SOUND | {"debates/x.toml": text}))
    assert finding == Finding(Kind.LOST, f"x, {document}", f"“{quote}”: {reason}")


def test_a_decision_whose_quotation_is_gone_is_found(write_files: WriteFiles) -> None:
    folder = write_files(SOUND | {"review/x.toml": REVIEW.format("Weg damit.", "yes")})
    (finding,) = check_labels(folder)
    assert finding.kind is Kind.LOST
    assert finding.what.startswith("“Weg damit.”: ")


def test_a_side_for_which_nothing_speaks_is_found(write_files: WriteFiles) -> None:
    """With its name; background is no voice."""
    labels = f'[labels."a.txt"]\nyes = ["{FIRST} {SECOND}"]\nbackground = ["{THIRD}"]\n'
    folder = write_files(SOUND | {"debates/x.toml": DEBATE + labels})
    assert check_labels(folder) == [Finding(Kind.EMPTY_SIDE, "x", "no label speaks for no (No)")]


def test_an_inherited_voice_is_one(write_files: WriteFiles) -> None:
    folder = write_files(SOUND | {"debates/child.toml": f'inherits = ["x"]\n{DEBATE}'})
    assert check_labels(folder) == []


def test_a_decision_gives_a_side_its_voice(write_files: WriteFiles) -> None:
    """One that is set aside does not."""
    labels = f'[labels."a.txt"]\nyes = ["{FIRST} {SECOND}"]\nbackground = ["{SECOND}"]\n'
    files = {"a.txt": TEXT, "debates/x.toml": DEBATE + labels}
    decided = write_files(files | {"review/x.toml": REVIEW.format(THIRD, "no")})
    assert found(decided, Kind.EMPTY_SIDE) == []
    aside = write_files({"review/x.toml": REVIEW.format(THIRD, "none")})
    assert len(found(aside, Kind.EMPTY_SIDE)) == 1


def test_a_passage_that_no_debate_covers_is_found(write_files: WriteFiles) -> None:
    """With its place; a topic covers it too."""
    text = f"# Eins\n\n{FIRST} {SECOND}\n\n# Zwei\n\n{THIRD}\n"
    labels = f'[labels."a.md"]\nyes = ["{FIRST}"]\nno = ["{SECOND}"]\n'
    folder = write_files({"a.md": text, "debates/x.toml": DEBATE + labels})
    assert check_labels(folder) == [
        Finding(Kind.UNCOVERED, f"a.md, {text.index(THIRD)}", f"“{THIRD}”")
    ]
    topic = f'title = {{ de = "T" }}\n[labels."a.md"]\nbackground = ["{THIRD}"]\n'
    assert check_labels(write_files({"topics/t.toml": topic})) == []


def test_a_label_covers_its_own_document_only(write_files: WriteFiles) -> None:
    """Offsets of two documents may be equal."""
    folder = write_files(SOUND | {"b.txt": TEXT.replace("Räder", "Autos")})
    (finding,) = check_labels(folder)
    assert finding.kind is Kind.UNCOVERED
    assert finding.where.startswith("b.txt, ")


def test_a_finding_is_one_short_line(write_files: WriteFiles) -> None:
    long = "Räder sind\nso gut, dass man davon gar nicht genug haben kann, " * 9 + "und Schluss."
    folder = write_files({"a.txt": f"Titel\n\n{long}\n"})
    (finding,) = check_labels(folder)
    assert len(finding.what) <= 82
    assert finding.what.endswith("…”")
    assert "\n" not in finding.what


def test_only_what_makes_answers_wrong_is_an_error() -> None:
    """An empty side may be the truth, and a passage may argue nothing."""
    assert {Kind.CONTRADICTION, Kind.LOST} == ERRORS


OFFER = """
command = { en = "go" }
description = { en = "Go" }
title = { en = "Go" }
introduction = { en = "Go." }
"""
GUIDE = f"""{OFFER}
[[step]]
id = "first"
title = {{ en = "First" }}
explanation = {{ en = "Do it." }}
quote = [{{ document = "a.txt", text = "{{}}" }}]
"""
INTERVIEW = f"""{OFFER}
debate = "x"
[[question]]
id = "why"
text = {{ en = "Why?" }}
[[question.option]]
id = "money"
text = {{ en = "Money" }}
quote = [{{ side = "{{}}", document = "a.txt", text = "{{}}" }}]
[[question.option]]
id = "other"
text = {{ en = "Other" }}
"""


def offered(kind: str, *filled: str) -> dict[str, str]:
    text = {"guides": GUIDE, "interviews": INTERVIEW}[kind]
    for value in filled:
        text = text.replace("{}", value, 1)
    return SOUND | {f"{kind}/go.toml": text}


def test_a_sound_guide_and_a_sound_interview_have_no_findings(write_files: WriteFiles) -> None:
    write_files(offered("guides", FIRST))
    interview = offered("interviews", "yes", FIRST)["interviews/go.toml"]
    renamed = interview.replace('en = "go"', 'en = "ask"')
    assert check_labels(write_files({"interviews/go.toml": renamed})) == []


def test_a_quotation_that_a_guide_has_lost_is_an_error(write_files: WriteFiles) -> None:
    (finding,) = check_labels(write_files(offered("guides", "Räder fliegen.")))
    assert (finding.kind, finding.where) == (Kind.LOST, "guide go, step first, a.txt")
    assert finding.what == "“Räder fliegen.”: the quote is no longer in the text"


def test_a_quotation_that_an_interview_has_lost_is_an_error(write_files: WriteFiles) -> None:
    (finding,) = check_labels(write_files(offered("interviews", "no", "Räder fliegen.")))
    assert finding.kind is Kind.LOST
    assert finding.where == "interview go, question why, option money, a.txt"


def test_an_interview_must_not_put_a_quotation_on_the_other_side(write_files: WriteFiles) -> None:
    """Its debate's labels say where it stands; those of other debates do not count."""
    wrong = offered("interviews", "no", FIRST)
    (finding,) = check_labels(write_files(wrong))
    assert finding.kind is Kind.CONTRADICTION
    assert finding.where == "interview go, question why, option money, a.txt"
    assert finding.what == f"“{FIRST}” is no, “{FIRST}” is yes (curated)"
    other = f'[labels."a.txt"]\nno = ["{FIRST}"]\nyes = ["{SECOND}"]\n'
    files = offered("interviews", "yes", FIRST) | {"debates/y.toml": DEBATE + other}
    assert check_labels(write_files(files)) == []


def test_a_corpus_that_cannot_be_read_is_an_error(write_files: WriteFiles) -> None:
    with pytest.raises(CorpusError, match="not valid TOML"):
        check_labels(write_files(SOUND | {"debates/x.toml": "motion ="}))

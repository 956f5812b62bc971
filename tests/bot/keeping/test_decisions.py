"""Decisions since the build are laid over a snapshot's labels, whoever made them and wherever."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.keeping.reviewing import context_of, decide, take_back, waiting_spans
from bot.library import Library
from index.debates.records import CURATED, PERSON, Side
from index.debates.review import Suggestion, exchange_span, review_file

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from index.debates.records import Debate, Label
    from tests.bot.conftest import StubEncoder, StubStance

TRAM = "Neue Gleise machen aus einer Durchgangsstraße wieder einen Ort."
NEW = "Eine Straßenbahn würde die ganze Stadt bereichern."
THREAT = "Eine Straßenbahn würde jede kleine Gasse bedrohen."
NOW = datetime(2026, 11, 22, 9, 30, 15, 999, tzinfo=UTC)


@pytest.fixture
def library(
    settings: Settings,
    encoder: StubEncoder,
    stance: StubStance,
    monkeypatch: pytest.MonkeyPatch,
) -> Library:
    """An index in which a model has judged a new document."""
    monkeypatch.setattr("index.building.learned_settings", lambda: None)
    text = f"Neues\n\n{NEW} {THREAT} Das ist nur ein weiterer Satz von vielen.\n"
    (settings.corpus / "neu.txt").write_text(text, encoding="utf-8")
    library = Library(settings, encoder, stance)
    library.rebuild(lambda *_: None)
    return library


def debate(library: Library) -> Debate:
    agenda = library.advisor.snapshot.agenda
    return next(one for one in agenda.debates if one.id == "tram")


def labels(library: Library, document: str = "neu.txt") -> dict[str, Label]:
    found = (one.label for one in library.advisor.snapshot.labels)
    return {
        label.quote: label
        for label in found
        if (label.subject, label.document) == ("tram", document)
    }


def put(library: Library, settings: Settings, quote: str, side: str, **more: str) -> Suggestion:
    document = more.get("document", "neu.txt")
    one = Suggestion(document, quote, Side.YES, 0.9, "stub-stance", side)
    assert exchange_span(settings.corpus, debate(library), None, one)
    return one


def test_the_advisor_stays_while_no_decision_changes(library: Library, settings: Settings) -> None:
    """A file that is only touched, or says what is known, makes no new one."""
    advisor = library.advisor
    assert library.advisor is advisor
    put(library, settings, NEW, "")
    assert library.advisor is advisor
    path = review_file(settings.corpus, debate(library))
    os.utime(path, (1, 1))
    assert library.advisor is advisor


def test_decisions_of_another_process_are_followed(
    library: Library, settings: Settings, encoder: StubEncoder, stance: StubStance
) -> None:
    """And hold for one that starts later, without a build."""
    assert labels(library)[NEW].by == "stub-stance"
    put(library, settings, NEW, "no")
    label = labels(library)[NEW]
    assert (label.side, label.by) == (Side.NO, PERSON)
    assert labels(Library(settings, encoder, stance)) == labels(library)


def test_a_decision_replaces_only_what_it_touches(library: Library, settings: Settings) -> None:
    """In its debate; other debates and spans keep what they have."""
    before = library.advisor.snapshot.labels
    put(library, settings, NEW, "no")
    gone = set(before) - set(library.advisor.snapshot.labels)
    assert {(one.label.subject, one.label.quote) for one in gone} == {("tram", NEW)}


def test_a_person_outranks_the_file_and_is_outranked_by_nobody(
    library: Library, settings: Settings
) -> None:
    """What the file says comes back once the decision is withdrawn."""
    (document,) = [
        one.label.document for one in library.advisor.snapshot.labels if one.label.quote == TRAM
    ]
    assert labels(library, document)[TRAM].by == CURATED
    one = put(library, settings, TRAM, "no", document=document)
    assert (labels(library, document)[TRAM].by, labels(library, document)[TRAM].side) == (
        PERSON, Side.NO,
    )  # fmt: skip
    assert exchange_span(settings.corpus, debate(library), one, None)
    assert labels(library, document)[TRAM].by == CURATED


def test_what_is_set_aside_takes_away_no_curated_label(
    library: Library, settings: Settings
) -> None:
    """As a build has it: only what models say of the span goes."""
    put(library, settings, NEW, "none")
    assert NEW not in labels(library)
    document = next(
        one.label.document for one in library.advisor.snapshot.labels if one.label.quote == TRAM
    )
    put(library, settings, TRAM, "none", document=document)
    laid_over = set(library.advisor.snapshot.labels)
    library.rebuild(lambda *_: None)
    assert set(library.advisor.snapshot.labels) == laid_over


def test_what_is_laid_over_is_what_a_build_makes(library: Library, settings: Settings) -> None:
    """Of decisions of all kinds."""
    put(library, settings, NEW, "yes-reported")
    put(library, settings, THREAT, "background")
    laid_over = set(library.advisor.snapshot.labels)
    library.rebuild(lambda *_: None)
    assert set(library.advisor.snapshot.labels) == laid_over


def test_a_decision_withdrawn_after_a_build_is_the_models_word_again(
    library: Library, settings: Settings
) -> None:
    """Where the file still has it, with what the model had said."""
    one = put(library, settings, NEW, "no")
    library.rebuild(lambda *_: None)
    assert labels(library)[NEW].by == PERSON
    assert exchange_span(settings.corpus, debate(library), one, replace(one, side=""))
    label = labels(library)[NEW]
    assert (label.side, label.by, label.certainty) == (Side.YES, "stub-stance", 0.9)
    assert exchange_span(settings.corpus, debate(library), replace(one, side=""), None)
    assert NEW not in labels(library)


@pytest.mark.parametrize("broken", [False, True])
def test_labels_of_a_file_that_calls_itself_a_person_stay(
    library: Library, settings: Settings, *, broken: bool
) -> None:
    """They are no decisions, though they look alike in the index; nor does a broken file tell."""
    path = settings.corpus / "debates" / "tram.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'by = "person"\n{text}', encoding="utf-8")
    library.rebuild(lambda *_: None)
    before = [one for one in library.advisor.snapshot.labels if one.label.by == PERSON]
    assert before
    if broken:
        path.write_text("motion = {", encoding="utf-8")
    put(library, settings, NEW, "no")
    after = [one for one in library.advisor.snapshot.labels if one.label.by == PERSON]
    assert set(before) < set(after)


def test_a_lost_quotation_changes_nothing(library: Library, settings: Settings) -> None:
    """Nor does a document that the index does not know, or a debate."""
    before = library.advisor.snapshot.labels
    put(library, settings, "Das steht nirgends.", "no")
    put(library, settings, NEW, "no", document="gone.txt")
    path = review_file(settings.corpus, debate(library))
    path.with_name("unknown.toml").write_bytes(path.read_bytes())
    assert library.advisor.snapshot.labels == before


def test_a_broken_file_counts_as_it_was(
    library: Library, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Its other half may be a person's work in progress; the log names it."""
    put(library, settings, NEW, "no")
    assert labels(library)[NEW].side is Side.NO
    path = review_file(settings.corpus, debate(library))
    good = path.read_bytes()
    path.write_bytes(good + b"[[span]")
    assert labels(library)[NEW].side is Side.NO
    assert "tram.toml: not valid TOML" in caplog.text
    path.write_bytes(good.replace(b'side = "no"', b'side = "yes"'))
    assert labels(library)[NEW].side is Side.YES


def test_spans_wait_the_least_certain_first(library: Library, settings: Settings) -> None:
    """Each has a name of its own; one that is decided on waits no longer."""
    snapshot = library.advisor.snapshot
    waiting = waiting_spans(snapshot)
    certainties = [one.anchored.label.certainty for one in waiting]
    assert certainties == sorted(certainties)
    assert len({one.key for one in waiting}) == len(waiting)
    span = next(
        one for one in waiting if (one.debate.id, one.anchored.label.quote) == ("tram", THREAT)
    )
    context = context_of(snapshot, span)
    assert (context.before, context.quote) == (f"{NEW} ", THREAT)
    assert context.after.startswith(" Das ist nur")
    made = decide(settings.corpus, span, "yes", "9001", NOW)
    assert made
    assert made.after.decided_at == NOW.replace(microsecond=0)
    assert decide(settings.corpus, span, "no", "9002", NOW) is None
    assert span.key not in {one.key for one in waiting_spans(library.advisor.snapshot)}
    assert take_back(settings.corpus, library.advisor.snapshot, span.debate, made)
    assert not take_back(settings.corpus, library.advisor.snapshot, span.debate, made)
    assert waiting_spans(library.advisor.snapshot) == waiting


def test_a_folder_that_cannot_be_written_to_is_the_callers_to_tell(
    library: Library, settings: Settings, tmp_path: Path
) -> None:
    (span, *_) = waiting_spans(library.advisor.snapshot)
    (settings.corpus / "review").write_text("no folder")
    with pytest.raises(OSError, match="review"):
        decide(settings.corpus, span, "yes", "9001", NOW)
    with pytest.raises(OSError, match="gone"):
        decide(tmp_path / "gone", span, "yes", "9001", NOW)

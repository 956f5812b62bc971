"""A build does no more than it has to, says what it did, and tells what a person should look at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.advisor import Advisor
from index.building import build_index, is_stale, recipe_digest, verify
from index.corpus.inputs import encoder_text
from index.corpus.reading import read_corpus
from index.debates.loading import read_agenda
from index.debates.records import Side
from index.debates.review import Suggestion, write_review
from index.errors import BuildCancelled, CorpusError, SnapshotDamaged, SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.storage.shelf import Shelf
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, StubStance, WriteFiles

STAGES = ["read", "embed", "learn", "write", "verify"]
WITH_A_MODEL = ["read", "embed", "learn", "suggest", "write", "verify"]


def test_the_report_tells_what_was_done(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    report = build_index(corpus_folder, shelf, stub)
    assert report.snapshot == shelf.current_name()
    assert (report.documents, report.passages, report.embedded) == (3, 6, 6)
    assert report.problems == ()
    assert 0 < report.seconds < 60


def test_the_manifest_tells_what_is_in_the_snapshot(
    small_snapshot: Snapshot, make_stub: Callable[..., StubEncoder]
) -> None:
    manifest = small_snapshot.manifest
    assert (manifest.documents, manifest.passages, manifest.sentences) == (3, 6, 23)
    assert (manifest.debates, manifest.labels) == (3, 17)
    assert (manifest.model, manifest.dimension) == (make_stub().fingerprint, make_stub().dimension)
    assert manifest.languages == ("de", "en")


def test_stored_vectors_are_those_of_the_passages_and_their_sentences(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    records = small_snapshot.records
    for stored in records.all_passages():
        sentences = [records.text(stored.passage.document, s) for s in stored.passage.sentences]
        first, last = stored.first_sentence, stored.first_sentence + len(sentences)
        np.testing.assert_allclose(
            small_snapshot.sentences[first:last], stub.encode_passages(sentences), atol=2e-3
        )


def test_title_headings_and_text_are_what_the_encoder_reads(corpus_folder: Path) -> None:
    documents = {document.id: document for document in read_corpus(corpus_folder).documents}
    contra = documents["contra.md"]
    assert encoder_text(contra, contra.passages[0]).startswith(
        "Was gegen Diensträder spricht › Was gegen Diensträder spricht › Kosten\nDiensträder kosten"
    )


def test_an_unchanged_corpus_is_not_embedded_again(
    corpus_folder: Path, shelf: Shelf, make_stub: Callable[..., StubEncoder]
) -> None:
    first, second = make_stub(), make_stub()
    assert build_index(corpus_folder, shelf, first).embedded == 6
    assert build_index(corpus_folder, shelf, second).embedded == 0
    assert len(first.encoded) > 100
    assert second.encoded == []


def test_only_what_changed_is_embedded_again(
    corpus_folder: Path, shelf: Shelf, make_stub: Callable[..., StubEncoder]
) -> None:
    build_index(corpus_folder, shelf, make_stub())
    path = corpus_folder / "contra.md"
    path.write_text(path.read_text().replace("Sie brauchen Wartung", "Sie brauchen Pflege"))
    again = make_stub()
    assert build_index(corpus_folder, shelf, again).embedded == 1
    assert len(again.encoded) == 2
    assert all("Sie brauchen Pflege" in text for _, text in again.encoded)


def test_another_encoder_embeds_everything(
    corpus_folder: Path, shelf: Shelf, make_stub: Callable[..., StubEncoder]
) -> None:
    build_index(corpus_folder, shelf, make_stub("one"))
    assert build_index(corpus_folder, shelf, make_stub("two")).embedded == 6


GUIDE = """
command = { en = "go" }
description = { en = "Go" }
title = { en = "Go" }
introduction = { en = "Go." }

[[step]]
id = "first"
title = { en = "First" }
explanation = { en = "Do it." }
quote = [
  { document = "pro.txt", text = "Diensträder sparen der Firma Geld." },
  { document = "pro.txt", text = "Diensträder sparen der Firma Zeit." },
]
"""


def test_a_guide_is_kept_in_the_snapshot_and_what_it_lost_is_a_problem(
    corpus_folder: Path, write_files: WriteFiles, shelf: Shelf, stub: StubEncoder
) -> None:
    """The step stays, with the quotations that are still there."""
    write_files({"guides/go.toml": GUIDE})
    (problem,) = build_index(corpus_folder, shelf, stub).problems
    assert str(problem.reason) == "the quote is no longer in the text"
    assert str(problem.what) == (
        "quotation of guide go, step first in pro.txt: “Diensträder sparen der Firma Zeit.”"
    )
    snapshot = shelf.open_current()
    (guide,) = snapshot.guides
    (quotation,) = guide.steps[0].quotes
    assert quotation.span is not None
    assert snapshot.records.text("pro.txt", quotation.span) == quotation.quote
    assert snapshot.records.problems() == [problem]
    snapshot.close()


@pytest.mark.parametrize("name", ["guides/go.toml", "interviews/ask.toml"])
def test_a_new_guide_makes_the_snapshot_stale(
    corpus_folder: Path, write_files: WriteFiles, small_snapshot: Snapshot, name: str
) -> None:
    assert not is_stale(corpus_folder, small_snapshot)
    write_files({name: GUIDE})
    assert is_stale(corpus_folder, small_snapshot)


def test_a_wrong_guide_stops_the_build_and_the_old_index_stays(
    corpus_folder: Path, write_files: WriteFiles, shelf: Shelf, stub: StubEncoder
) -> None:
    before = build_index(corpus_folder, shelf, stub).snapshot
    write_files({"guides/go.toml": GUIDE.replace("[[step]]", "[[stp]]")})
    with pytest.raises(CorpusError, match=r"go\.toml: 'stp' is no field here"):
        build_index(corpus_folder, shelf, stub)
    assert shelf.current_name() == before


@pytest.mark.parametrize("name", ["pro.txt", "catalogue.toml", "debates/bicycles.toml"])
def test_a_changed_corpus_makes_the_snapshot_stale(
    corpus_folder: Path, small_snapshot: Snapshot, name: str
) -> None:
    assert not is_stale(corpus_folder, small_snapshot)
    with (corpus_folder / name).open("a") as file:
        file.write("\n# Neu\n")
    assert is_stale(corpus_folder, small_snapshot)


def test_equal_corpora_have_equal_digests_wherever_they_lie(
    corpus_folder: Path, small_snapshot: Snapshot
) -> None:
    assert recipe_digest(corpus_folder) == small_snapshot.manifest.corpus


def test_a_label_whose_quote_is_gone_is_a_problem_and_no_more(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    path = corpus_folder / "pro.txt"
    path.write_text(path.read_text().replace("sparen der Firma Geld", "sparen der Firma Zeit"))
    report = build_index(corpus_folder, shelf, stub)
    (problem,) = report.problems
    assert str(problem.what) == "label of bicycles in pro.txt: “Diensträder sparen der Firma Geld.”"
    assert str(problem.reason) == "the quote is no longer in the text"
    snapshot = shelf.open_current()
    assert snapshot.records.problems() == [problem]
    assert snapshot.manifest.labels == 16
    snapshot.close()


def test_an_unreadable_file_is_a_problem_and_no_more(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    (corpus_folder / "bad.txt").write_bytes(b"\xff\xfe")
    report = build_index(corpus_folder, shelf, stub)
    assert [f"{one.what}: {one.reason}"[:18] for one in report.problems] == ["bad.txt: not UTF-8"]
    assert report.documents == 3


def test_progress_is_told_of_every_stage_in_order(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    told: list[tuple[str, int, int]] = []
    build_index(corpus_folder, shelf, stub, lambda *step: told.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == STAGES
    for stage in ("embed", "learn"):
        steps = [(done, total) for now, done, total in told if now == stage]
        assert steps[-1][0] == steps[-1][1] > 0
        assert all(0 <= done <= total for done, total in steps)
    embedding = [done for stage, done, _ in told if stage == "embed"]
    assert embedding == sorted(embedding)


def test_suggesting_is_a_stage_where_there_is_a_model(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """Counted by debates."""
    told: list[tuple[str, int, int]] = []
    build_index(corpus_folder, shelf, stub, lambda *step: told.append(step), stance=make_stance())
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == WITH_A_MODEL
    steps = [(done, total) for stage, done, total in told if stage == "suggest"]
    assert steps == [(done, len(steps) - 1) for done in range(len(steps))]
    assert len(steps) > 1


@pytest.mark.parametrize("stage", WITH_A_MODEL)
def test_a_first_build_that_is_cancelled_leaves_nothing(
    corpus_folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    make_stance: type[StubStance],
    stage: str,
) -> None:
    wanted = stage

    def cancel(stage: str, done: int, total: int) -> None:
        if stage == wanted:
            raise BuildCancelled(f"somebody asked at {done} of {total}")

    with pytest.raises(BuildCancelled, match="somebody asked"):
        build_index(corpus_folder, shelf, stub, cancel, stance=make_stance())
    with pytest.raises(SnapshotMissing):
        shelf.open_current()


def test_a_corpus_with_a_mistake_is_refused_before_anything_is_built(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    (corpus_folder / "debates" / "bicycles.toml").write_text("motion = ")
    with pytest.raises(CorpusError, match=r"bicycles\.toml"):
        build_index(corpus_folder, shelf, stub)
    assert stub.encoded == []


def test_a_vector_that_does_not_find_itself_is_noticed(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    """The last look before a snapshot is published: planted queries must come back."""
    count = small_snapshot.manifest.passages
    verify(small_snapshot.folder, small_snapshot.vectors.vectors(np.arange(count)))
    strangers = stub.encode_queries([f"fremd {number}" for number in range(count)])
    with pytest.raises(SnapshotDamaged, match="the vector of passage 0 does not find itself"):
        verify(small_snapshot.folder, strangers)


def ask(folder: Path, shelf: Shelf, stub: StubEncoder, question: str) -> bool:
    build_index(folder, shelf, stub)
    snapshot = shelf.open_current()
    try:
        return Advisor(snapshot, stub).advise(question).answered
    finally:
        snapshot.close()


TEXT = "Ein Titel\n\nDiensträder sparen der Firma Geld. Das ist gut für alle Leute."
NAMES = 'yes = { de = "Ja" }\nno = { de = "Nein" }\n'
DEBATE = f'motion = {{ de = "Die Firma sollte Diensträder anschaffen." }}\n{NAMES}'
LABEL = '[labels."a.txt"]\nyes = ["Diensträder sparen der Firma Geld."]\n'


def test_documents_alone_are_enough(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder
) -> None:
    folder = write_files({"a.txt": TEXT})
    assert ask(folder, shelf, stub, "Diensträder sparen der Firma Geld")
    assert not ask(folder, shelf, stub, "Wie wird das Wetter morgen in Rom?")


ASKED = """
yes = ["Sollte die Firma Diensträder anschaffen?", "Sollen wir Diensträder kaufen?"]
no = ["Sollen wir auf Diensträder verzichten?", "Sollen wir die Diensträder abschaffen?"]
open = ["Wie sparen Diensträder der Firma Geld?", "Wie sparen wir mit Diensträdern Geld?"]
"""


def test_one_debate_is_enough(write_files: WriteFiles, shelf: Shelf, stub: StubEncoder) -> None:
    folder = write_files(
        {
            "a.txt": TEXT,
            "debates/bicycles.toml": DEBATE + LABEL,
            "questions.toml": f"[bicycles]{ASKED}",
        }
    )
    assert ask(folder, shelf, stub, "Sollte die Firma Diensträder anschaffen?")


def test_one_topic_is_enough(write_files: WriteFiles, shelf: Shelf, stub: StubEncoder) -> None:
    topic = 'title = { de = "Wie Diensträder der Firma Geld sparen" }'
    folder = write_files(
        {"a.txt": TEXT, "topics/money.toml": topic, "questions.toml": f"[money]{ASKED}"}
    )
    assert ask(folder, shelf, stub, "Wie sparen Diensträder der Firma Geld?")


@pytest.mark.parametrize(
    ("motion", "yes", "no"),
    [
        ("The company should buy bicycles.", "For bicycles", "Against bicycles"),
        ("The company should not buy bicycles.", "Against bicycles", "For bicycles"),
    ],
)
def test_sides_may_be_called_for_and_against(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder, motion: str, yes: str, no: str
) -> None:
    """Without examples the sides' names teach polarity; "against" reads as "for" turned."""
    names = f'motion.en = "{motion}"\nyes.en = "{yes}"\nno.en = "{no}"\n'
    build_index(write_files({"a.txt": TEXT, "debates/a.toml": names + LABEL}), shelf, stub)
    snapshot = shelf.open_current()
    try:
        for_it, against_it = Advisor(snapshot, stub).debate("a").sides
        assert (len(for_it.excerpts), len(against_it.excerpts)) == (1, 0)
        assert snapshot.classifier
        vector = stub.encode_queries(["Should the company buy bicycles?"])[0]
        directions = snapshot.classifier.directions
        probability = directions.asks_for_motion("a", vector, vector, is_reversed=False)
        assert (probability > 0.5) is (yes == "For bicycles")
    finally:
        snapshot.close()


def test_a_corpus_that_holds_nothing_but_furniture_is_refused(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder
) -> None:
    folder = write_files({"a.txt": "No Comments\n\nPost a Comment"})
    with pytest.raises(CorpusError, match="holds no passage"):
        build_index(folder, shelf, stub)


UNREAD = "Unsere Räder sind gesund für alle Leute."
DOUBTED = "Über Räder lässt sich vielleicht noch reden."
NEW = f"Neues\n\n{UNREAD} {DOUBTED} Ein Rad hat zwei Räder und eine Klingel.\n"


@pytest.fixture
def unread(write_files: WriteFiles) -> Path:
    """A corpus with a debate for which one of two documents was read."""
    return write_files(
        {
            "a.txt": TEXT,
            "new.txt": NEW,
            "debates/bicycles.toml": f'read = ["a.txt"]\n{DEBATE}{LABEL}',
        }
    )


def labels(shelf: Shelf) -> dict[str, tuple[Side, str, float]]:
    """Return side, giver and certainty of each quotation that is labelled, none of them twice."""
    snapshot = shelf.open_current()
    try:
        found = {
            one.label.quote: (one.label.side, one.label.by, one.label.certainty)
            for one in snapshot.labels
        }
        assert len(found) == len(snapshot.labels)
        return found
    finally:
        snapshot.close()


CURATED_LABEL = {"Diensträder sparen der Firma Geld.": (Side.YES, "curated", 1.0)}


def test_a_document_that_nobody_read_gets_suggestions(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """By the model, with its certainty; what argues nothing gets none, and no read document."""
    build_index(unread, shelf, stub, stance=make_stance(["gesund", "gut"], unclear=["vielleicht"]))
    assert labels(shelf) == CURATED_LABEL | {
        UNREAD: (Side.YES, "stub-stance", 0.9),
        DOUBTED: (Side.UNCLEAR, "stub-stance", 0.5),
    }


def test_without_a_model_nothing_is_suggested(
    unread: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    build_index(unread, shelf, stub)
    assert labels(shelf) == CURATED_LABEL


def test_what_a_person_decided_replaces_the_suggestions(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """The way of the keeper: build, write the review, decide, build again."""
    model = make_stance(["gesund"], unclear=["vielleicht"])
    build_index(unread, shelf, stub, stance=model)
    (debate,) = read_agenda(unread).debates
    suggested = [
        Suggestion("new.txt", quote, side, certainty, by)
        for quote, (side, by, certainty) in labels(shelf).items()
        if by == model.name
    ]
    decided = {UNREAD: "no-reported", DOUBTED: "none"}
    write_review(unread, debate, [replace(one, side=decided[one.quote]) for one in suggested])
    model.asked.clear()
    build_index(unread, shelf, stub, stance=model)
    assert labels(shelf) == CURATED_LABEL | {UNREAD: (Side.NO, "person", 1.0)}
    assert not {UNREAD, DOUBTED} & {text for _, text in model.asked}


def test_a_persons_word_replaces_that_of_a_file(
    unread: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    quote = "Diensträder sparen der Firma Geld."
    (debate,) = read_agenda(unread).debates
    write_review(unread, debate, [Suggestion("a.txt", quote, Side.YES, 0.9, "x", "background")])
    build_index(unread, shelf, stub)
    assert labels(shelf) == {quote: (Side.BACKGROUND, "person", 1.0)}


def test_a_decision_whose_quotation_is_gone_is_a_problem(
    unread: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    """One that was set aside is missed by nobody."""
    (debate,) = read_agenda(unread).debates
    gone = [
        Suggestion("new.txt", "Diesen Satz gab es.", Side.YES, 0.9, "x", "yes"),
        Suggestion("new.txt", "Diesen gab es auch.", Side.YES, 0.9, "x", "none"),
    ]
    write_review(unread, debate, gone)
    (problem,) = build_index(unread, shelf, stub).problems
    assert str(problem.what) == "label of bicycles in new.txt: “Diesen Satz gab es.”"


def test_suggestions_are_not_made_twice(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """A second build asks the model nothing, and neither does one with a new label."""
    model = make_stance(["gesund"])
    build_index(unread, shelf, stub, stance=model)
    before = labels(shelf)
    assert model.asked
    model.asked.clear()
    build_index(unread, shelf, stub, stance=model)
    assert model.asked == []
    assert labels(shelf) == before


def test_each_debate_has_suggestions_of_its_own(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """What was read for one was not read for the other, and each motion is asked about."""
    (unread / "debates" / "cars.toml").write_text(
        f'motion = {{ de = "Die Firma sollte Autos anschaffen." }}\n{NAMES}'
    )
    model = make_stance(["gesund", "gut"])
    build_index(unread, shelf, stub, stance=model)
    snapshot = shelf.open_current()
    suggested = {
        (one.label.subject, one.label.document)
        for one in snapshot.labels
        if one.label.by == model.name
    }
    snapshot.close()
    assert suggested == {("bicycles", "new.txt"), ("cars", "new.txt"), ("cars", "a.txt")}
    assert {motion for motion, _ in model.asked} == {
        "Die Firma sollte Diensträder anschaffen.",
        "Die Firma sollte Autos anschaffen.",
    }


def test_the_manifest_names_the_model_that_suggested(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """And counts what it suggested among the labels."""
    model = make_stance(["gesund"])
    for stance, fingerprint, count in ((model, model.fingerprint, 2), (None, None, 1)):
        build_index(unread, shelf, stub, stance=stance)
        snapshot = shelf.open_current()
        assert snapshot.manifest.stance == fingerprint
        assert snapshot.manifest.labels == count
        snapshot.close()


def test_another_model_makes_the_snapshot_stale(
    unread: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """Or none where there was one, or one where there was none."""
    model, other = make_stance(["gesund"]), make_stance(["gesund"], certain=0.7)
    for used in (model, None):
        build_index(unread, shelf, stub, stance=used)
        snapshot = shelf.open_current()
        stale = [is_stale(unread, snapshot, stance) for stance in (model, other, None)]
        assert stale == [used is not model, True, used is not None]
        snapshot.close()


def test_a_decision_makes_the_snapshot_stale(unread: Path, shelf: Shelf, stub: StubEncoder) -> None:
    build_index(unread, shelf, stub)
    snapshot = shelf.open_current()
    (debate,) = read_agenda(unread).debates
    write_review(unread, debate, [Suggestion("new.txt", UNREAD, Side.YES, 0.9, "x", "yes")])
    assert is_stale(unread, snapshot)
    snapshot.close()

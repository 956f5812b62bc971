"""Excerpts are runs of whole sentences that the judge admits."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from index.answering.advisor import Advisor
from index.answering.excerpts import (
    LENGTH_LIMIT,
    Verdict,
    Window,
    as_excerpt,
    choose,
    cut_windows,
)
from index.answering.retrieval import Query
from index.answering.standalone import wording
from index.building import build_index
from index.corpus.records import Passage, Span
from index.storage.records import Stored
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.answering.excerpts import Judge
    from index.storage.shelf import Shelf
    from tests.index.conftest import StubEncoder, WriteFiles

    Cut = Callable[..., list[str]]

QUESTION = "Sollen wir Diensträder anschaffen?"


@pytest.fixture
def query(stub: StubEncoder) -> Query:
    return Query(QUESTION, "de", stub.encode_queries([QUESTION])[0])


@pytest.fixture
def cut(small_snapshot: Snapshot, query: Query) -> Cut:
    """Return a function that gives the texts of all windows of one passage."""

    def windows(row: int, judge: Judge, sentences: int = 3) -> list[str]:
        passages = small_snapshot.records.passages([row])
        found = cut_windows(small_snapshot, query, passages, judge, sentences)
        return [as_excerpt(small_snapshot, window).quote for window in found]

    return windows


def by_number(snapshot: Snapshot, row: int, verdicts: Sequence[Verdict | None]) -> Judge:
    """Return a judge that gives the sentences of a passage these verdicts, in order."""
    (stored,) = snapshot.records.passages([row])
    given = dict(zip(stored.passage.sentences, verdicts, strict=True))
    return lambda _document, sentence: given[sentence]


A = "Diensträder kosten die Firma viel Geld."
B = "Sie brauchen Wartung, Versicherung und einen trockenen Stellplatz."
C = "Ein Dienstrad ist nach drei Jahren kaum noch etwas wert."
CORE, AROUND = Verdict("curated"), Verdict(core=False)
REPORTED = Verdict("curated", reported=True)


def test_every_run_of_up_to_three_sentences_can_be_shown(cut: Cut) -> None:
    assert cut(0, lambda *_: Verdict()) == [
        A,
        f"{A} {B}",
        f"{A} {B} {C}",
        B,
        f"{B} {C}",
        C,
    ]


def test_a_lower_limit_is_kept(cut: Cut) -> None:
    assert cut(0, lambda *_: Verdict(), 1) == [A, B, C]


def test_a_sentence_that_the_judge_rules_out_is_in_no_window(
    cut: Cut, small_snapshot: Snapshot
) -> None:
    assert cut(0, by_number(small_snapshot, 0, [CORE, None, CORE])) == [A, C]


def test_an_unlabelled_sentence_only_accompanies_one_that_leans_on_it(
    cut: Cut, small_snapshot: Snapshot
) -> None:
    """ "This saving …" may bring the sentence that tells which; others need nothing."""
    claim = "Diensträder sparen der Firma Geld."
    leaning = "Diese Ersparnis ist schon im ersten Jahr zu sehen."

    def shown(core: int) -> list[str]:
        verdicts = [CORE if at == core else AROUND for at in range(8)]
        return cut(5, by_number(small_snapshot, 5, verdicts))

    assert shown(2) == [f"{claim} {leaning}"]
    assert shown(1) == [claim]
    assert shown(8) == []


def test_views_that_are_reported_stay_apart_from_the_authors_own(
    cut: Cut, small_snapshot: Snapshot
) -> None:
    assert cut(0, by_number(small_snapshot, 0, [REPORTED, CORE, CORE])) == [A, B, f"{B} {C}", C]


DEBATE = """
motion.de = "Räder lohnen sich."
yes.de = "Ja"
no.de = "Nein"

[labels."a.txt"]
no-reported = ["Räder gelten als ein teures Spielzeug."]
yes = ["Wer genau rechnet, fährt Rad und spart."]
"""


def test_what_is_labelled_as_reported_is_shown_with_what_is_meant(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder, query: Query
) -> None:
    claim, meant = (
        "Räder gelten als ein teures Spielzeug.",
        "Wer genau rechnet, fährt Rad und spart.",
    )
    text = f"Titel\n\n{claim} {meant}"
    build_index(write_files({"a.txt": text, "debates/bicycles.toml": DEBATE}), shelf, stub)
    snapshot = shelf.open_current()
    passages = snapshot.records.all_passages()
    windows = cut_windows(snapshot, query, passages, lambda *_: Verdict())
    shown = [as_excerpt(snapshot, window).quote for window in windows]
    assert shown == [f"{claim} {meant}", meant]
    snapshot.close()


def test_a_run_has_the_weightiest_verdict_of_its_sentences(
    small_snapshot: Snapshot, query: Query
) -> None:
    inherited = Verdict("curated", weight=0.9)
    judge = by_number(small_snapshot, 0, [inherited, CORE, inherited])
    passages = small_snapshot.records.passages([0])
    windows = cut_windows(small_snapshot, query, passages, judge)
    weights = {(one.first, one.last): one.verdict.weight for one in windows}
    assert weights == {(0, 0): 0.9, (0, 1): 1, (0, 2): 1, (1, 1): 1, (1, 2): 1, (2, 2): 0.9}


def test_no_excerpt_spans_an_empty_line(cut: Cut) -> None:
    shown = cut(4, lambda *_: Verdict())
    assert len(shown) == 7
    assert not [quote for quote in shown if "\n" in quote]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \n", "\n\n\n"])
def test_an_empty_line_is_empty_however_it_is_written(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder, query: Query, gap: str
) -> None:
    folder = write_files({"a.txt": f"Titel{gap}Räder sparen Geld.{gap}Häuser kosten Geld.{gap}"})
    build_index(folder, shelf, stub)
    snapshot = shelf.open_current()
    try:
        passages = snapshot.records.all_passages()
        windows = cut_windows(snapshot, query, passages, lambda *_: Verdict())
        shown = [as_excerpt(snapshot, window).quote for window in windows]
        assert shown == ["Räder sparen Geld.", "Häuser kosten Geld."]
    finally:
        snapshot.close()


def test_no_excerpt_but_a_single_sentence_is_longer_than_the_limit(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder, query: Query
) -> None:
    long = f"Räder {'und Räder ' * 50}sind gut."
    text = " ".join([long, *(f"{'Räder und Häuser ' * 9}kosten {n} Euro." for n in range(6))])
    build_index(write_files({"a.txt": f"Titel\n\n{text}"}), shelf, stub)
    snapshot = shelf.open_current()
    passages = snapshot.records.all_passages()
    windows = cut_windows(snapshot, query, passages, lambda *_: Verdict())
    lengths = {(window.last - window.first + 1, len(window.span)) for window in windows}
    assert (1, len(long)) in lengths
    assert len(long) > LENGTH_LIMIT
    assert all(length <= LENGTH_LIMIT for count, length in lengths if count > 1)
    assert max(count for count, _ in lengths) == 2
    snapshot.close()


def test_an_excerpt_is_cited_with_all_that_is_known(small_snapshot: Snapshot, query: Query) -> None:
    passages = small_snapshot.records.passages([0])
    window = cut_windows(small_snapshot, query, passages, lambda *_: REPORTED)[0]
    excerpt = as_excerpt(small_snapshot, window)
    assert (excerpt.quote, excerpt.document, excerpt.heading) == (A, "contra.md", "Kosten")
    assert (excerpt.title, excerpt.author) == ("Was gegen Diensträder spricht", "Petra Muster")
    assert str(excerpt.published) == "2021-03-04"
    assert (excerpt.label_by, excerpt.reported) == ("curated", True)
    assert -1 <= excerpt.similarity <= 1
    text = small_snapshot.records.whole_text("contra.md")
    assert text[excerpt.start : excerpt.end] == A


def window(
    row: int, first: int, last: int, similarity: float, document: str = "a", text: str = ""
) -> Window:
    sentences = tuple(Span(at * 10, at * 10 + 9) for at in range(8))
    passage = Passage(document, row, Span(0, 79), (), sentences)
    stored, wordings = Stored(row, row * 8, passage), (wording(text, "de"),) if text else ()
    return Window(stored, first, last, similarity, 1.0, Verdict(), wordings)


def test_the_best_windows_are_chosen_best_first() -> None:
    windows = [window(0, 0, 0, 0.1), window(1, 0, 0, 0.9, "b"), window(2, 0, 0, 0.5, "c")]
    assert [one.stored.row for one in choose(windows, {}, 2)] == [1, 2]


def test_chosen_windows_share_no_sentence() -> None:
    windows = [window(0, 0, 2, 0.9), window(0, 2, 3, 0.8), window(0, 3, 3, 0.7)]
    assert [(one.first, one.last) for one in choose(windows, {}, 3)] == [(0, 2), (3, 3)]


def test_what_was_shown_elsewhere_is_not_shown_again() -> None:
    windows = [window(0, 0, 2, 0.9), window(0, 4, 4, 0.1)]
    assert choose(windows, {}, 2, taken=[window(0, 1, 1, 0.5)]) == [windows[1]]


def test_what_says_nearly_the_same_is_shown_once() -> None:
    """A reposted sentence, and one that another document holds in more words."""
    windows = [
        window(0, 0, 0, 0.9, "a", "Diensträder sparen der Firma viel Geld."),
        window(1, 0, 0, 0.8, "b", "Diensträder sparen der Firma Geld, und zwar viel."),
        window(2, 0, 0, 0.7, "c", "Diensträder sparen der Firma nicht viel Geld."),
        window(3, 0, 0, 0.6, "d", "Wer mit dem Rad kommt, ist seltener krank."),
    ]
    assert [one.stored.row for one in choose(windows, {}, 4)] == [0, 2, 3]
    assert [one.stored.row for one in choose(windows[1:], {}, 4, taken=windows[:1])] == [2, 3]


def test_windows_carry_the_wordings_of_their_sentences(
    small_snapshot: Snapshot, query: Query
) -> None:
    passages = small_snapshot.records.passages([0])
    windows = cut_windows(small_snapshot, query, passages, lambda *_: Verdict())
    assert [len(one.wordings) for one in windows] == [one.last - one.first + 1 for one in windows]
    assert windows[0].wordings == (wording(A, "de"),)


def test_what_is_remembered_of_a_snapshot_goes_with_it(
    small_snapshot: Snapshot, query: Query
) -> None:
    opened = Snapshot(small_snapshot.folder)
    passages = opened.records.passages([0])
    assert cut_windows(opened, query, passages, lambda *_: Verdict())
    kept = weakref.ref(opened)
    del opened
    gc.collect()
    assert kept() is None


def test_a_further_document_is_preferred_to_much_of_one() -> None:
    windows = [window(0, 0, 0, 0.9), window(0, 1, 1, 0.89), window(1, 0, 0, 0.88, "b")]
    assert [one.stored.passage.document for one in choose(windows, {}, 3)] == ["a", "b", "a"]


def test_a_passage_that_was_found_much_better_tips_the_scale() -> None:
    windows = [window(row, 0, 0, 0.9 - row / 100, f"{row}") for row in range(8)]
    ranks = {row: 0.01 * row for row in range(8)}
    assert choose(windows, {}, 1)[0].stored.row == 0
    assert choose(windows, {**ranks, 1: 1.0}, 1)[0].stored.row == 1


def test_there_may_be_less_than_was_asked_for() -> None:
    assert choose([], {}, 3) == []
    assert len(choose([window(0, 0, 0, 0.5)], {}, 3)) == 1


def test_windows_of_two_passages_do_not_overlap() -> None:
    assert window(0, 0, 1, 0.5).overlaps(window(0, 1, 2, 0.5))
    assert not window(0, 0, 1, 0.5).overlaps(window(0, 2, 2, 0.5))
    assert not window(0, 0, 1, 0.5).overlaps(window(1, 0, 1, 0.5))


def test_worth_falls_with_all_that_speaks_against_showing() -> None:
    plain = window(0, 0, 0, 0.5)
    assert plain.worth == 0.5
    weak = Window(plain.stored, 0, 0, 0.5, 0.8, Verdict(weight=0.97))
    assert weak.worth == pytest.approx(0.5 * 0.8 * 0.97)


def test_offsets_count_code_points_on_disk(
    write_files: WriteFiles, shelf: Shelf, stub: StubEncoder, tmp_path: Path
) -> None:
    text = "Titel 😀\n\nDas 👨‍👩‍👧 fährt e\u0301in Rad. Räder 😀 sparen Geld. Noch ein Satz."
    build_index(write_files({"a.txt": text}), shelf, stub)
    snapshot = shelf.open_current()
    advice = Advisor(snapshot, stub).advise("Räder sparen Geld.")
    assert advice.background
    on_disk = (tmp_path / "corpus" / "a.txt").read_bytes().decode()
    for excerpt in advice.background:
        assert on_disk[excerpt.start : excerpt.end] == excerpt.quote
    snapshot.close()

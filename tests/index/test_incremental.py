"""A build does again only what changed, and comes to what a build from nothing comes to."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.answering.advisor import Advisor
from index.building import build_index, is_stale
from index.corpus import files, survey
from index.storage import wording
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building import BuildReport
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, StubStance, WriteFiles

SENTENCE = "Das Rad Nummer {} rollt durch die Stadt {} und quietscht dabei jeden Tag."
QUESTION = "Sollen wir Diensträder anschaffen?"
CATALOGUE = """
[[document]]
file = "contra.md"
author = "Petra Muster"
"""
WORDS = ["Rad", "Nummer", "Kantine", "Firma Geld", "bicycles", "quietscht", "Zeile"]


def article(number: int, sentences: int = 2) -> str:
    told = " ".join(SENTENCE.format(number, place) for place in range(sentences))
    return f"# Rad {number}\n\n## Straße\n\n{told}\n\n## Weg\n\nEs fährt auf dem Weg {number}.\n"


def line(number: int) -> str:
    text = f"Zeile {number} erzählt von einem Rad mit der Nummer {number} und seiner Klingel."
    return json.dumps({"id": f"n{number}", "text": text}, ensure_ascii=False)


@pytest.fixture
def folder(corpus_folder: Path, write_files: WriteFiles) -> Path:
    """The small corpus, with articles and with lines before, between and after its files."""
    articles = {f"articles/{number}.md": article(number) for number in range(6)}
    more = {"lines.jsonl": "\n".join(map(line, range(8))), "catalogue.toml": CATALOGUE}
    assert write_files(articles | more) == corpus_folder
    return corpus_folder


def change(folder: Path, name: str) -> None:
    """Make one of the changes that are tested below."""
    path = folder / "articles" / "2.md"
    lines = folder / "lines.jsonl"
    changed = "\n".join(line(number if number != 3 else 33) for number in range(8))
    exchanged = "\n".join(line(number) for number in (0, 1, 5, 6, 2, 3, 9, 7))
    author = '\n[[document]]\nfile = "articles/2.md"\nauthor = "Petra"\n'
    acts: dict[str, Callable[[], object]] = {
        "edited": lambda: path.write_text(article(7)),
        "grown": lambda: path.write_text(article(2, sentences=40)),
        "removed": path.unlink,
        "moved": lambda: path.rename(folder / "zuletzt.md"),
        "added first": lambda: (folder / "a.md").write_text(article(8)),
        "added last": lambda: (folder / "zz.txt").write_text(article(9)),
        "unreadable": lambda: path.write_bytes(b"\xff\xfe\x00"),
        "in the catalogue": lambda: (folder / "catalogue.toml").write_text(CATALOGUE + author),
        "in a line": lambda: lines.write_text(changed),
        "lines added": lambda: lines.write_text("\n".join(map(line, range(10)))),
        "lines exchanged": lambda: lines.write_text(exchanged),
        "nothing": lambda: None,
    }
    acts[name]()


CHANGES = {
    "edited": 1,
    "grown": 1,
    "removed": 0,
    "moved": 1,
    "added first": 1,
    "added last": 1,
    "unreadable": 0,
    "in the catalogue": 1,
    "in a line": 1,
    "lines added": 2,
    "lines exchanged": 1,
    "nothing": 0,
}
"""How many documents are read for each."""


def content(snapshot: Snapshot) -> dict[str, Any]:
    """Return all that a snapshot holds, to be compared."""
    records, count = snapshot.records, snapshot.manifest.passages
    names = [entry.id for entry in records.documents()]
    return {
        "documents": records.documents(),
        "texts": [records.whole_text(name) for name in names],
        "passages": records.all_passages(),
        "left out": records.left_out(),
        "labels": list(snapshot.labels),
        "agenda": snapshot.agenda,
        "problems": records.problems(),
        "files": [(file.name, file.digest, file.card) for file in records.files()],
        "vectors": snapshot.vectors.vectors(np.arange(count)).tolist(),
        "sentences": np.asarray(snapshot.sentences).tolist(),
        "words": [
            sorted(snapshot.words.search(words, 99, language="de").rows.tolist()) for words in WORDS
        ],
        "baselines": [
            np.round(values, 4).tolist()
            for baseline in (snapshot.passage_baseline, snapshot.sentence_baseline)
            for values in (baseline.means, baseline.deviations)
        ],
        "corpus": snapshot.manifest.corpus,
        "counts": (snapshot.manifest.documents, count, snapshot.manifest.sentences),
    }


def built(folder: Path, shelf: Shelf, stub: StubEncoder, **more: Any) -> dict[str, Any]:
    """Build and return what the snapshot holds then."""
    build_index(folder, shelf, stub, **more)
    return opened(shelf)


def opened(shelf: Shelf) -> dict[str, Any]:
    snapshot = shelf.open_current()
    try:
        return content(snapshot)
    finally:
        snapshot.close()


@pytest.fixture
def from_nothing(tmp_path: Path, folder: Path, stub: StubEncoder) -> Callable[..., dict[str, Any]]:
    """Return a function that builds the corpus as it is now from nothing."""
    return lambda **more: built(folder, Shelf(tmp_path / "fresh"), stub, **more)


@pytest.mark.parametrize("name", CHANGES)
def test_a_build_after_a_change_comes_to_what_one_from_nothing_comes_to(
    folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    from_nothing: Callable[..., dict[str, Any]],
    name: str,
) -> None:
    """And reads no more documents than those that changed."""
    build_index(folder, shelf, stub)
    change(folder, name)
    assert build_index(folder, shelf, stub).read == CHANGES[name]
    assert opened(shelf) == from_nothing()


def test_many_changes_in_a_row_come_to_the_same(
    folder: Path, shelf: Shelf, stub: StubEncoder, from_nothing: Callable[..., dict[str, Any]]
) -> None:
    for name in ("grown", "added first", "lines exchanged", "moved", "lines added"):
        change(folder, name)
        build_index(folder, shelf, stub)
    assert opened(shelf) == from_nothing()


def test_the_word_index_is_brought_up_to_date(
    folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    from_nothing: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it is large it is not written anew, and finds the same, also what moved."""
    monkeypatch.setattr(wording, "_FEW", 0)
    monkeypatch.setattr(wording, "_GONE_SHARE", 1.0)
    updated: list[int] = []
    update = wording.update_words

    def note(*arguments: Any) -> None:
        updated.append(len(arguments[3]))
        update(*arguments)

    monkeypatch.setattr("index.stages.wording.update_words", note)
    build_index(folder, shelf, stub)
    for name in ("grown", "added first", "lines exchanged", "edited", "removed", "nothing"):
        change(folder, name)
        build_index(folder, shelf, stub)
    assert len(updated) == 6
    assert opened(shelf) == from_nothing()
    snapshot = shelf.open_current()
    rows = np.arange(3, snapshot.manifest.passages, 2)
    found = snapshot.words.search("Rad Nummer", 99, among=rows).rows
    assert len(found)
    assert set(found.tolist()) <= set(rows.tolist())
    assert not len(snapshot.words.search("Kette", 9, among=np.array([0])).rows)
    snapshot.close()


def test_nothing_unchanged_is_embedded_again(
    folder: Path, shelf: Shelf, stub: StubEncoder, make_stub: Callable[..., StubEncoder]
) -> None:
    """Also where no vector is cached: they are taken over. What moved is found in the cache."""
    build_index(folder, shelf, stub)
    change(folder, "moved")
    assert build_index(folder, shelf, stub).embedded == 0
    shelf.embeddings.unlink()
    change(folder, "added first")
    again = make_stub()
    report = build_index(folder, shelf, again)
    new = {text for role, text in again.encoded if role == "passage" and "Nummer 8" in text}
    assert (report.read, report.embedded) == (1, 2)
    assert len(new) == 3  # a passage and its two sentences


@pytest.fixture
def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests' files count as old enough to be known by their stamps."""
    monkeypatch.setattr(survey, "_TICK_S", 0.0)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are hashed."""
    names: list[str] = []
    open_file = files.open_file

    def note(path: Path, limit: int) -> Any:
        names.append(path.name)
        return open_file(path, limit)

    monkeypatch.setattr(survey, "open_file", note)
    return names


@pytest.mark.usefixtures("slow_clock")
def test_a_file_that_shows_no_change_is_not_opened(
    folder: Path, shelf: Shelf, stub: StubEncoder, hashed: list[str]
) -> None:
    """Neither to build nor to tell whether the snapshot is stale."""
    build_index(folder, shelf, stub)
    hashed.clear()
    snapshot = shelf.open_current()
    assert not is_stale(folder, snapshot)
    assert hashed == []
    change(folder, "edited")
    assert is_stale(folder, snapshot)
    assert hashed == ["2.md"]
    hashed.clear()
    build_index(folder, shelf, stub)
    assert hashed == ["2.md"]
    snapshot.close()


@pytest.mark.usefixtures("slow_clock")
def test_a_change_that_hides_behind_its_old_time_is_seen(
    folder: Path, shelf: Shelf, stub: StubEncoder
) -> None:
    """Of the same length, and with the time of before set again."""
    path = folder / "articles" / "2.md"
    before = path.stat()
    build_index(folder, shelf, stub)
    path.write_text(article(7))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    snapshot = shelf.open_current()
    assert is_stale(folder, snapshot)
    snapshot.close()
    assert build_index(folder, shelf, stub).read == 1


def test_a_file_of_this_very_moment_proves_nothing(
    folder: Path, shelf: Shelf, stub: StubEncoder, hashed: list[str]
) -> None:
    """It might change once more without its time showing it: it is hashed."""
    build_index(folder, shelf, stub)
    snapshot = shelf.open_current()
    assert {file.stamp for file in snapshot.records.files()} == {""}
    hashed.clear()
    assert not is_stale(folder, snapshot)
    assert "2.md" in hashed
    snapshot.close()


def test_nothing_is_taken_over_from_a_damaged_snapshot(
    folder: Path, shelf: Shelf, stub: StubEncoder, from_nothing: Callable[..., dict[str, Any]]
) -> None:
    """The newest sound one serves, or none."""
    first = build_index(folder, shelf, stub).snapshot
    second = build_index(folder, shelf, stub).snapshot
    _damage(shelf, second, "passages.faiss")
    assert build_index(folder, shelf, stub).read == 0
    for name in (first, shelf.current_name() or ""):
        _damage(shelf, name, "passages.faiss")
    assert build_index(folder, shelf, stub).read == 17
    assert opened(shelf) == from_nothing()


def _damage(shelf: Shelf, name: str, file: str) -> None:
    path = shelf._snapshots / name / file
    damaged = bytearray(path.read_bytes())
    damaged[-9] ^= 1
    path.write_bytes(damaged)


def test_another_reader_reads_everything_and_embeds_nothing(
    folder: Path, shelf: Shelf, stub: StubEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version may cut passages otherwise; where it does not, the cache has their vectors."""
    build_index(folder, shelf, stub)
    monkeypatch.setattr("index.stages.planning.reader_fingerprint", lambda: "another")
    report = build_index(folder, shelf, stub)
    assert (report.read, report.embedded) == (17, 0)


def test_the_old_index_answers_while_another_model_embeds(
    folder: Path, shelf: Shelf, make_stub: Callable[..., StubEncoder], calibrated: None
) -> None:
    """Throughout; then the new one answers with the new model. No document is read again."""
    assert calibrated is None
    old, new = make_stub("old"), make_stub("new")
    before = build_index(folder, shelf, old).snapshot
    answered: dict[str, bool] = {}

    def ask(stage: str, _done: int, _total: int) -> None:
        snapshot = shelf.open_current()
        assert snapshot.name == before
        answered[stage] = Advisor(snapshot, old).advise(QUESTION).answered
        snapshot.close()

    report = build_index(folder, shelf, new, ask)
    assert answered == dict.fromkeys(["read", "embed", "learn", "write", "verify"], True)
    assert (report.read, report.embedded) == (0, report.passages)
    snapshot = shelf.open_current()
    assert snapshot.manifest.model == "new"
    assert Advisor(snapshot, new).advise(QUESTION).answered
    snapshot.close()


def test_suggestions_are_those_of_a_build_from_nothing(
    folder: Path,
    shelf: Shelf,
    stub: StubEncoder,
    make_stance: type[StubStance],
    from_nothing: Callable[..., dict[str, Any]],
) -> None:
    stance = make_stance(["quietscht"], ["Klingel"])
    build_index(folder, shelf, stub, stance=stance)
    change(folder, "edited")
    found = built(folder, shelf, stub, stance=stance)
    assert [one for one in found["labels"] if one.label.document == "articles/2.md"]
    assert found == from_nothing(stance=stance)


def test_an_unreadable_file_is_tried_again(
    folder: Path, shelf: Shelf, stub: StubEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    """Its parser may only have lacked time; a line that is wrong stays wrong."""
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    with (folder / "lines.jsonl").open("a") as file:
        file.write("\n{\n")

    def problems(report: BuildReport) -> list[str]:
        return [str(problem.what) for problem in report.problems]

    first = build_index(folder, shelf, stub)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        second = build_index(folder, shelf, stub)
    assert problems(first) == problems(second) == ["bad.pdf", "lines.jsonl#9"]
    assert second.read == 0
    assert any("left out bad.pdf" in record.getMessage() for record in caplog.records)
    assert not any("left out lines.jsonl" in record.getMessage() for record in caplog.records)

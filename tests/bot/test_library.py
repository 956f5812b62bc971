"""The index that answers is the newest usable one, whoever built it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.library import Library
from index.errors import BuildInProgress, SnapshotDamaged, SnapshotMismatch, SnapshotMissing
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.settings import Settings
    from index.stance.protocol import Shares
    from index.storage.protocol import Snapshot
    from tests.bot.conftest import StubEncoder, StubStance

QUESTION = "Sollte die Straßenbahn zurückkommen?"
LABELLED = "Die Straßenbahn fährt auch dann pünktlich, wenn die Autos im Stau stehen."


def add_document(settings: Settings) -> None:
    """Add a document to the corpus, and put its one sentence on a side."""
    (settings.corpus / "neu.txt").write_text(f"Neues\n\n{LABELLED}\n", encoding="utf-8")
    with (settings.corpus / "debates" / "tram.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[labels."neu.txt"]\nyes = ["{LABELLED}"]\n')


def quoted(library: Library) -> list[str]:
    return [excerpt.quote for excerpt in library.advisor.advise(QUESTION).excerpts()]


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def test_one_advisor_answers_while_nothing_changes(library: Library) -> None:
    """It is opened once."""
    assert library.advisor is library.advisor


def test_a_rebuilt_index_answers_without_a_restart(library: Library, settings: Settings) -> None:
    """With what is new in it; only what is new was embedded."""
    assert LABELLED not in quoted(library)
    add_document(settings)
    report = library.rebuild(silent)
    assert (report.documents, report.embedded, report.problems) == (7, 1, ())
    assert LABELLED in quoted(library)


def test_what_another_builds_is_followed(
    library: Library, settings: Settings, encoder: StubEncoder
) -> None:
    """Two services may share a data folder."""
    before = library.advisor.snapshot.name
    add_document(settings)
    Library(settings, encoder).rebuild(silent)
    assert library.advisor.snapshot.name != before
    assert LABELLED in quoted(library)


def test_an_unusable_index_leaves_the_old_one_answering(
    library: Library, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log says so."""
    old = library.advisor
    _publish_damaged(settings)
    assert library.advisor is old
    assert quoted(library)
    assert any("the old one keeps answering" in record.getMessage() for record in caplog.records)


def test_who_starts_on_a_damaged_index_answers_from_the_one_before(
    library: Library, settings: Settings, encoder: StubEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says so, and so is whoever asks to be told, be it later; the next build mends it."""
    before = library.advisor.snapshot.name
    _publish_damaged(settings)
    started = Library(settings, encoder)
    assert started.advisor.snapshot.name == before
    assert quoted(started)
    assert any(f"{before} answers instead" in record.getMessage() for record in caplog.records)
    told: list[str] = []
    for _ in range(2):
        started.when_unusable(lambda error: told.append(str(error)))
    assert [text.partition(";")[0] for text in told] == [
        "29990101T000000.000000Z-damaged0: records.sqlite is not what was built"
    ]
    assert started.ensure(silent)
    assert started.ensure(silent) is None
    assert Library(settings, encoder).ensure(silent) is None


def test_a_damaged_index_with_none_before_it_is_refused(
    settings: Settings, encoder: StubEncoder
) -> None:
    shelf = Shelf(settings.data)
    _publish_damaged(settings)
    for name in shelf._names()[1:]:
        shutil.rmtree(settings.data / "snapshots" / name)
    with pytest.raises(SnapshotDamaged, match="run audiatur reindex"):
        Library(settings, encoder).advisor  # noqa: B018


def test_an_unusable_index_is_built_anew(settings: Settings, encoder: StubEncoder) -> None:
    """Also a missing one; then it answers."""
    library = Library(settings, encoder)
    _publish_damaged(settings)
    report = library.ensure(silent)
    assert report
    assert report.embedded == 0
    assert quoted(library)
    shutil.rmtree(settings.data / "snapshots")
    (settings.data / "CURRENT").unlink()
    empty = Library(settings, encoder)
    with pytest.raises(SnapshotMissing, match="run audiatur reindex"):
        empty.advisor  # noqa: B018
    assert empty.ensure(silent)
    assert quoted(empty)


def test_a_fresh_index_is_not_built_again(library: Library, settings: Settings) -> None:
    """Until the corpus changes, be it by one label."""
    before = library.advisor.snapshot.name
    assert library.ensure(silent) is None
    assert library.advisor.snapshot.name == before
    add_document(settings)
    assert library.ensure(silent)
    assert library.ensure(silent) is None


def test_another_encoder_never_answers_from_this_index(
    library: Library, settings: Settings, encoder: StubEncoder
) -> None:
    """Vectors of two models do not compare; a build with the new one mends it for that one."""
    answer = quoted(library)
    other = Library(settings, type(encoder)("other"))
    with pytest.raises(SnapshotMismatch, match="made with stub"):
        other.advisor  # noqa: B018
    report = other.ensure(silent)
    assert report
    assert report.embedded == report.passages
    assert quoted(other) == quoted(library) == answer


def test_another_stance_model_builds_anew(
    library: Library, settings: Settings, encoder: StubEncoder, stance: StubStance
) -> None:
    """What it suggests would differ; nothing is embedded again, and the same one builds nothing."""
    assert library.ensure(silent) is None
    report = Library(settings, encoder, stance).ensure(silent)
    assert report
    assert report.embedded == 0
    assert Library(settings, encoder, stance).ensure(silent) is None
    other = type(stance)(["Haus"])
    assert Library(settings, encoder, other).ensure(silent)


def test_what_a_model_suggests_is_quoted(
    settings: Settings, encoder: StubEncoder, stance: StubStance
) -> None:
    """In a document that nobody has labelled, and with the name of the model."""
    sentence = "Eine Straßenbahn würde die ganze Stadt bereichern."
    (settings.corpus / "neu.txt").write_text(f"Neues\n\n{sentence}\n", encoding="utf-8")
    library = Library(settings, encoder, stance)
    library.rebuild(silent)
    excerpts = library.advisor.debate("tram", 9).excerpts()
    (suggested,) = [one for one in excerpts if one.quote == sentence]
    assert (suggested.label_by, suggested.certainty) == ("stub-stance", 0.9)


def test_the_stance_model_is_the_one_that_is_set(
    settings: Settings, encoder: StubEncoder, stance: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its calibration is kept beside the index; the models of a test load none."""
    asked: list[tuple[str, Path]] = []

    def load(name: str, folder: Path) -> StubStance:
        asked.append((name, folder))
        return stance

    monkeypatch.setattr("bot.library.load_stance_model", load)
    monkeypatch.setattr("bot.library.load_encoders", lambda _name: (encoder, None))
    library = Library(replace(settings, stance_model="some/model"))
    assert asked == [("some/model", settings.data)]
    library.rebuild(silent)
    assert library.advisor.snapshot.manifest.stance == stance.fingerprint
    Library(settings, encoder)
    assert len(asked) == 1


def test_warming_up_loads_the_stance_model_too(
    settings: Settings, encoder: StubEncoder, stance: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first question that no debate covers would wait for it."""
    library = Library(settings, encoder, stance)
    library.rebuild(silent)
    judged, asked = stance.shares, list[str]()

    def shares(motion: str, texts: Sequence[str]) -> Shares:
        asked.append(motion)
        return judged(motion, texts)

    monkeypatch.setattr(stance, "shares", shares)
    library.warm_up()
    assert asked


def test_two_never_build_at_once(library: Library, settings: Settings) -> None:
    """The second is told so; the index stays as it was."""
    before = Shelf(settings.data).current_name()
    with Shelf(settings.data).building(), pytest.raises(BuildInProgress):
        library.rebuild(silent)
    assert Shelf(settings.data).current_name() == before


def test_a_failed_build_leaves_no_trace(
    library: Library, settings: Settings, encoder: StubEncoder
) -> None:
    """Neither in the answers nor, after the next build, on disk."""
    before = library.advisor.snapshot.name
    add_document(settings)
    encoder.error = RuntimeError("out of memory")
    with (settings.corpus / "questions.toml").open("a", encoding="utf-8") as file:
        file.write('\n[not-covered]\nopen = ["Wer fährt die Straßenbahn?"]\n')
    with pytest.raises(RuntimeError, match="out of memory"):
        library.rebuild(silent)
    encoder.error = None
    assert library.advisor.snapshot.name == before
    library.rebuild(silent)
    assert not list((settings.data / "snapshots").glob("*.building"))


def _publish_damaged(settings: Settings) -> None:
    """Make a snapshot current whose records are not those that were built."""
    shelf = Shelf(settings.data)
    snapshots = settings.data / "snapshots"
    copy = snapshots / "29990101T000000.000000Z-damaged0"
    shutil.copytree(snapshots / str(shelf.current_name()), copy)
    with (copy / "records.sqlite").open("ab") as file:
        file.write(b"\0")
    (settings.data / "CURRENT").write_text(copy.name + "\n", encoding="utf-8")


def test_an_index_out_of_reach_for_a_moment_is_opened_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica may not have yet what the primary has: that index is not refused for good."""
    old = library.advisor.snapshot.name
    library.rebuild(silent)
    told: list[Exception] = []
    library.when_unusable(told.append)
    with monkeypatch.context() as patch:
        patch.setattr(library._shelf, "open_current", _not_there_yet)
        assert library.advisor.snapshot.name == old
    assert library.advisor.snapshot.name != old
    assert told == []


def _not_there_yet(*_: object) -> Snapshot:
    raise SnapshotMissing("the replica lags behind")

"""What the keeper of a corpus is shown of an index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.inspection import describe
from bot.keeping.reviewing import decide, waiting_spans
from bot.library import Library

if TYPE_CHECKING:
    from bot.settings import Settings
    from tests.bot.conftest import StubEncoder, StubStance

SENTENCE = "Eine Straßenbahn würde die ganze Stadt vielleicht bereichern."


@pytest.fixture
def library(
    settings: Settings, encoder: StubEncoder, stance: StubStance, monkeypatch: pytest.MonkeyPatch
) -> Library:
    monkeypatch.setattr("index.building.learned_settings", lambda: None)
    text = f"Neues\n\nEin Satz, der nichts davon sagt. {SENTENCE.replace('bereichern', 'ändern')}\n"
    (settings.corpus / "neu.txt").write_text(text, encoding="utf-8")
    library = Library(settings, encoder, stance)
    library.rebuild(lambda *_: None)
    return library


def test_what_nobody_has_confirmed_is_counted(library: Library, stance: StubStance) -> None:
    """With the name of the model."""
    snapshot = library.advisor.snapshot
    unclear = len(waiting_spans(snapshot))
    assert unclear
    text = describe(snapshot)
    assert f"  not confirmed by a person: {unclear}, of these unclear: {unclear}\n" in text
    assert f"  stance model: {stance.fingerprint}\n" in text
    assert "Decisions" not in text


def test_decisions_are_listed_with_who_and_when(library: Library, settings: Settings) -> None:
    """They count before a build; one made by hand has neither, and a broken file is named."""
    snapshot = library.advisor.snapshot
    first, second = waiting_spans(snapshot)[:2]
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert decide(settings.corpus, first, "no", "9001", moment)
    made = decide(settings.corpus, second, "none", "", moment)
    assert made
    (settings.corpus / "review" / "tailors.toml").write_text("[[span]")
    text = describe(snapshot, settings.corpus)
    assert "\nDecisions: 3\n" in text
    assert f"  {first.debate.id}: no by 9001 on 2026-11-22 09:30 UTC, neu.txt: Eine Str" in text
    assert f"  {second.debate.id}: none on 2026-11-22 09:30 UTC, neu.txt: Eine Str" in text
    assert "tailors.toml: not valid TOML" in text
    assert "1 person" in text


def test_an_index_without_a_model_says_so(settings: Settings, encoder: StubEncoder) -> None:
    text = describe(Library(settings, encoder).advisor.snapshot, settings.corpus)
    assert "  stance model: none\n" in text
    assert "  not confirmed by a person: 0, of these unclear: 0\n" in text
    assert "\nDecisions: 0\n" in text

"""A motion becomes a debate's file, with a name that other files can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.debates.drafting import draft_debate, list_passages, name_of
from index.debates.loading import read_agenda
from index.debates.records import Side

if TYPE_CHECKING:
    from pathlib import Path

MOTION = "Die Firma sollte Räder kaufen."


@pytest.mark.parametrize(
    ("motion", "name"),
    [
        ("Die Firma sollte Räder kaufen.", "die-firma-sollte-raeder-kaufen"),
        ("Größere Öfen für Übermut!", "groessere-oefen-fuer-uebermut"),
        ("ÄRZTE UND ÖPNV", "aerzte-und-oepnv"),
        ("Okullarda öğle yemeği ücretsiz olmalı.", "okullarda-oegle-yemegi-uecretsiz-olmali"),
        ("Işıklar İstanbul'da kapatılmalı mı?", "isiklar-istanbul-da-kapatilmali-mi"),
        ("Les élèves où ça?", "les-eleves-ou-ca"),
        ("Zażółć gęślą jaźń, Łódź", "zazolc-gesla-jazn-lodz"),
        ("Rødgrød på bordet, œuvre", "rodgrod-pa-bordet-oeuvre"),
        ("One two three four five six seven", "one-two-three-four-five-six"),
        ("50 % weniger CO₂ bis 2030", "50-weniger-co2-bis-2030"),
        (f"{'x' * 47} yz", "x" * 47),
        ("Нужны велосипеды", ""),
        ("🚲 ?!", ""),
    ],
)
def test_a_name_is_made_of_the_first_words(motion: str, name: str) -> None:
    """In letters that every file system and every command line takes."""
    assert name_of(motion) == name


@settings(deadline=None)
@given(st.text())
def test_a_name_can_be_used_or_there_is_none(motion: str) -> None:
    name = name_of(motion)
    assert len(name) <= 48
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert name == name.strip("-")


def test_a_draft_is_a_debate(tmp_path: Path) -> None:
    """Which the corpus holds at once, with sides that are named in its language."""
    path = draft_debate(tmp_path, f" {MOTION}\n", "de", None, {})
    assert path == tmp_path / "debates" / "die-firma-sollte-raeder-kaufen.toml"
    (debate,) = read_agenda(tmp_path).debates
    assert debate.id == "die-firma-sollte-raeder-kaufen"
    assert dict(debate.motion.texts) == {"de": MOTION}
    assert dict(debate.sides[Side.YES].texts) == {"de": "Dafür"}
    assert dict(debate.sides[Side.NO].texts) == {"de": "Dagegen"}
    assert (debate.read, debate.inherits) == ((), ())


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [("en", "For", "Against"), ("tr", "Lehte", "Aleyhte"), ("pl", "For", "Against")],
)
def test_sides_are_called_for_and_against_in_the_motions_language(
    tmp_path: Path, language: str, yes: str, no: str
) -> None:
    """Where we speak it, else in English."""
    draft_debate(tmp_path, "Motion", language, "x", {})
    (debate,) = read_agenda(tmp_path).debates
    assert dict(debate.sides[Side.YES].texts) == {language: yes}
    assert dict(debate.sides[Side.NO].texts) == {language: no}


def test_names_that_are_given_are_taken(tmp_path: Path) -> None:
    path = draft_debate(tmp_path, MOTION, "de", "raeder-2", {Side.NO: "Zu Fuß"})
    assert path.name == "raeder-2.toml"
    (debate,) = read_agenda(tmp_path).debates
    assert debate.sides[Side.YES].in_language("de") == "Dafür"
    assert debate.sides[Side.NO].in_language("de") == "Zu Fuß"


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    """Nothing is written over."""
    path = draft_debate(tmp_path, MOTION, "de", "raeder", {})
    before = path.read_bytes()
    with pytest.raises(ValueError, match="is there already; choose another name with --id"):
        draft_debate(tmp_path, "Something else", "en", "raeder", {})
    assert path.read_bytes() == before


@pytest.mark.parametrize("motion", ["", "  ", "\n\t"])
def test_an_empty_motion_is_refused(tmp_path: Path, motion: str) -> None:
    with pytest.raises(ValueError, match="the motion is empty"):
        draft_debate(tmp_path, motion, "de", "x", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("motion", "name"),
    [
        (MOTION, "Räder"),
        (MOTION, "two words"),
        (MOTION, "../up"),
        (MOTION, "x" * 49),
        (MOTION, "x\n"),
        ("Нужны велосипеды", None),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(
    tmp_path: Path, motion: str, name: str | None
) -> None:
    """Also where the motion gives none; the message says how to choose one."""
    with pytest.raises(ValueError, match="choose a-z, 0-9 and - with --id"):
        draft_debate(tmp_path, motion, "de", name, {})
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text("\"\\'\n\x7f"))
def test_any_words_can_be_drafted(
    tmp_path_factory: pytest.TempPathFactory, motion: str, side: str
) -> None:
    """And are read back as they were said, but for space around them."""
    if not motion.strip():
        return
    folder = tmp_path_factory.mktemp("corpus")
    draft_debate(folder, motion, "de", "x", {Side.YES: side})
    (debate,) = read_agenda(folder).debates
    assert debate.motion.texts["de"] == motion.strip()
    assert debate.sides[Side.YES].texts["de"] == side


def test_passages_are_listed_as_comments(tmp_path: Path) -> None:
    """Most relevant first, one line each; the debate stays what it was."""
    path = draft_debate(tmp_path, MOTION, "de", "x", {})
    before = read_agenda(tmp_path)
    list_passages(
        path,
        [
            ("b.txt", "Teil › Kosten", 'Räder kosten\nGeld. "Viel" Geld.'),
            ("a.txt", "", "Räder sparen\x0c Geld.\x02"),
        ],
    )
    assert read_agenda(tmp_path) == before
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[-4:] == [
        "# b.txt · Teil › Kosten",
        '#   Räder kosten Geld. "Viel" Geld.',
        "# a.txt",
        "#   Räder sparen Geld.",
    ]

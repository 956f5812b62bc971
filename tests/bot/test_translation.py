"""The interface speaks German as completely as English."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot import translation
from bot.telegram import menu
from index.corpus.faults import Fault
from index.corpus.remarks import Remark
from index.debates.anchoring import Untied
from index.stages.labelling import Place

SOURCES = Path(bot.__file__).parent
KEYWORDS: dict[str, None] = {"_": None, "gettext": None, "translate": None}


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """Every text that the code shows to people."""
    found = extract_from_dir(
        SOURCES,
        [("playground/**", "ignore"), ("**.py", "python")],
        keywords=KEYWORDS,
    )
    texts = {message for _file, _line, message, *_ in found if isinstance(message, str)}
    menus = (menu._FIRST, menu._LAST, menu._GROUP, menu._ADMIN)
    remarks = (map(str, kind) for kind in (Fault, Untied, Place))
    return texts.union(*(texts_of.values() for texts_of in menus), *remarks)


@pytest.fixture(scope="module")
def german() -> dict[str, str]:
    path = translation.LOCALES / "de" / "LC_MESSAGES" / f"{translation.DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, domain=translation.DOMAIN)
    return {str(one.id): str(one.string) for one in catalogue if one.id and not one.fuzzy}


def test_every_text_is_translated(shown: set[str], german: dict[str, str]) -> None:
    """None is missing, empty, or left in English; the extraction has found them."""
    assert {"I have nothing on this.", "Build the index anew", "Documents"} <= shown
    assert sorted(shown - german.keys()) == []
    assert [text for text in shown if german[text].strip() in {"", text}] == []


def test_no_translation_is_left_over(shown: set[str], german: dict[str, str]) -> None:
    """A text that nobody shows any more leaves the catalogue."""
    assert sorted(german.keys() - shown) == []


def test_placeholders_agree(german: dict[str, str]) -> None:
    """With their formats, so that a translation never raises."""
    pattern = re.compile(r"\{[^}]*\}")
    differing = {
        text
        for text, translated in german.items()
        if sorted(pattern.findall(text)) != sorted(pattern.findall(translated))
    }
    assert differing == set()


@pytest.mark.parametrize(
    ("wished", "given"),
    [
        (["de"], "de"),
        (["de-AT"], "de"),
        (["DE"], "de"),
        (["fr", "de"], "de"),
        ([None, "de"], "de"),
        (["en", "de"], "en"),
        (["fr"], "en"),
        (["", None], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_that_is_spoken_wins(wished: list[str | None], given: str) -> None:
    """A region does not matter; English is the last resort."""
    assert translation.interface_language(*wished) == given


def test_english_stands_in_the_code() -> None:
    """And an unknown language reads it too."""
    assert translation.translator("en")("Yes") == "Yes"
    assert translation.translator("xx")("Yes") == "Yes"
    assert translation.translator("de")("Yes") == "Ja"


def test_dates_are_written_as_readers_write_them() -> None:
    """In the language of the interface."""
    day = date(2011, 2, 18)
    assert translation.written_date(day, "de") == "18.02.2011"
    assert translation.written_date(day, "en") == "Feb 18, 2011"


def test_a_remark_on_a_file_is_said_in_the_readers_language() -> None:
    """Its numbers too, and what stands within it."""
    many = Fault.MANY_PAGES.of(count=2501, limit=2000)
    line = Fault.LINE.of(line=3, reason=Fault.MUCH_MEMORY.of(limit=1.5))
    assert translation.said(many, "en") == "has 2,501 pages, more than 2,000; split it"
    assert translation.said(many, "de") == (
        "hat 2.501 Seiten, mehr als 2.000; teilen Sie die Datei auf"
    )
    assert translation.said(line, "de") == (
        "Zeile 3: braucht zum Lesen mehr als 1,5 GiB Speicher; teilen Sie die Datei auf"
    )


def test_what_an_older_index_holds_in_english_is_said_as_it_stands() -> None:
    """It is no template."""
    for text in ('is no JSON object; write {"text": …}', "gone", '["a"]', "3"):
        assert translation.said(Remark.read(text), "de") == text

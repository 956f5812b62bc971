"""A PDF says what a dossier says, whatever is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from bot.dossier.pdf import as_pdf

if TYPE_CHECKING:
    from tests.bot.dossier.conftest import Make


def pages(content: bytes) -> list[str]:
    """Return the text of each page, without the hyphens and line ends that setting adds."""
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return [
        re.sub(r"\s+", " ", re.sub(r"[\u00ad\ufffe\u0002-]\s*\r?\n?", "", one)) for one in texts
    ]


def said(content: bytes) -> str:
    return " ".join(pages(content))


def without_hyphens(text: str) -> str:
    return text.replace("-", "")


def test_a_pdf_says_everything(make: Make) -> None:
    content = as_pdf(make("Räder sparen Geld."))
    assert content.startswith(b"%PDF-")
    text = said(content)
    assert text.count("Räder sparen Geld.") > 20
    for word in ("Quellen", "03.02.2026", "[1]", "[2]"):
        assert word in text


def test_pages_are_numbered(make: Make) -> None:
    numbered = pages(as_pdf(make("Ein ganzer Satz, der vieles sagt. " * 30)))
    assert len(numbered) > 2
    for number, page in enumerate(numbered, start=1):
        assert page.strip().endswith(f"{number} / {len(numbered)}")


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#sys.inputs.dossier #panic("x")',
        "= Titel *fett* _kursiv_ `code` $x^2$ @label <label> // nichts",
        "#set page(width: 1pt) #pagebreak() [ ] { } \\ ~ ---",
        '#image("x.png") #include "x.typ" #import "@preview/x:1.0.0": *',
    ],
)
def test_the_language_of_the_setter_is_only_text(make: Make, text: str) -> None:
    """Nothing of it is run, and every sign of it can be read."""
    expected = re.sub(r"\s", "", without_hyphens(text))
    assert re.sub(r"\s", "", said(as_pdf(make(text)))).count(expected) > 20


@pytest.mark.parametrize(
    "text",
    ["Über größere Straßen", "İğne ışığı şöyle", "Zażółć gęślą jaźń", "Съешь же ещё", "Ὁ λόγος"],
)
def test_european_scripts_are_set(make: Make, text: str) -> None:
    assert text in said(as_pdf(make(text)))


@pytest.mark.parametrize(
    "text",
    [
        "🙂👨‍👩‍👧",
        "漢字かな交じり文",
        "النص العربي",
        "ไทย",
        "a\x00\x07\ud800b",
        "\u202egespiegelt\u202c",
        " ",
        "",
    ],
)
def test_what_the_fonts_lack_is_no_reason_to_fail(make: Make, text: str) -> None:
    assert len(pypdfium2.PdfDocument(as_pdf(make(text)))) >= 1


def test_a_very_long_quote_goes_on_on_the_next_page(make: Make) -> None:
    """Also a word that no line holds."""
    words = " ".join(f"Wort{number}" for number in range(900))
    text = said(as_pdf(make(words)))
    assert "Wort0 " in text
    assert "Wort899" in text
    assert len(pypdfium2.PdfDocument(as_pdf(make("x" * 3000)))) >= 1


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl", "xx"])
def test_any_language_of_the_interface_will_do(make: Make, language: str) -> None:
    assert as_pdf(make(language=language)).startswith(b"%PDF-")


def test_a_dossier_is_set_the_same_each_time(make: Make) -> None:
    """Nothing in it depends on the clock or on the machine's fonts."""
    assert as_pdf(make()) == as_pdf(make())
    assert b"Libertinus" in as_pdf(make())

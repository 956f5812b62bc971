"""PDFs are read with their pages; what a typesetter took apart is put together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.extraction.pdf import extract
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable

    MakePdf = Callable[..., bytes]


def drawn(*lines: str, size: int = 12, top: int = 500) -> str:
    text = "".join(f"({line}) Tj 0 -{size + 3} Td " for line in lines)
    return f"BT /F {size} Tf 40 {top} Td {text}ET"


def test_a_word_divided_at_a_line_end_is_whole_again(leaflet: bytes) -> None:
    text = extract(leaflet, LIMITS).text
    for word in ("Unternehmenskommunikation", "Arbeitszeitverlust", "Schifffahrtsamt", "effektiv"):
        assert word in text
    assert "-\n" not in text
    assert "\ufffe" not in text


def test_lines_are_joined_to_paragraphs_and_pages_too(leaflet: bytes, sentence: str) -> None:
    paragraphs = extract(leaflet, LIMITS).text.split("\n\n")
    assert paragraphs[1].startswith(sentence)
    assert paragraphs[2].startswith("Ein zweiter Absatz beginnt hier, und er ist lang genug")
    for number in range(1, 40):
        whole = f"Der Satz mit der Nummer {number} steht in einem Absatz, der über mehrere"
        assert any(whole in paragraph for paragraph in paragraphs)
    assert paragraphs[-1] == "Der letzte Absatz steht allein am Ende der letzten Seite."


def test_headings_are_told_by_their_size(leaflet: bytes) -> None:
    found = extract(leaflet, LIMITS)
    assert found.marked
    headings = [line for line in found.text.split("\n") if line.startswith("#")]
    assert headings == ["# Warum wir radeln", "## Was es kostet"]


def test_running_heads_and_page_numbers_are_no_text(leaflet: bytes) -> None:
    found = extract(leaflet, LIMITS)
    assert len(found.pages) > 2
    assert "Firmenblatt" not in found.text
    assert not [line for line in found.text.split("\n") if line.strip().isdecimal()]


def test_list_items_are_paragraphs_of_their_own(leaflet: bytes) -> None:
    paragraphs = extract(leaflet, LIMITS).text.split("\n\n")
    assert "• Die Wartung kostet uns im Jahr etwa hundert Euro je Rad." in paragraphs
    assert "• Ein Stellplatz im Keller kostet nichts." in paragraphs


def test_what_the_file_tells_of_itself_is_found(leaflet: bytes) -> None:
    card = extract(leaflet, LIMITS).found
    assert (card.title, card.author, card.published, card.language) == (
        "Warum wir radeln",
        "Petra Muster",
        date(2021, 3, 4),
        "de",
    )


@pytest.mark.parametrize(
    "title", ["Microsoft Word - Bericht_final.docx", "untitled", "Dokument1", "flyer.indd"]
)
def test_a_file_name_is_no_title(make_pdf: MakePdf, title: str) -> None:
    content = make_pdf([drawn("Ein Satz.")], "/Info 6 0 R", f"<< /Title ({title}) >>")
    assert extract(content, LIMITS).found.title is None


def test_each_page_begins_where_its_first_word_stands(make_pdf: MakePdf) -> None:
    pages = [f"Dies ist die Seite {name}." for name in ("eins", "zwei", "drei")]
    found = extract(make_pdf([drawn(pages[0]), drawn(pages[1]), "", drawn(pages[2])]), LIMITS)
    assert [found.text[start:].split("\n")[0] for start in found.pages] == [
        pages[0],
        pages[1],
        pages[2],
        pages[2],
    ]


def test_a_hyphen_that_is_meant_stays(typeset: Callable[[str], bytes]) -> None:
    text = extract(
        typeset(
            '#set page(width: 6cm)\n#set text(lang: "de", hyphenate: false)\n'
            "Wir zählten Ein-\\ und Ausgänge bei Social-\\ Media-Diensten."
        ),
        LIMITS,
    ).text  # fmt: skip
    assert "Ein- und Ausgänge" in text
    assert "Social-Media-Diensten" in text


def test_ligatures_and_soft_hyphens_are_letters(typeset: Callable[[str], bytes]) -> None:
    text = extract(typeset("Die ﬁnale Schi-?ffahrt ﬂiegt."), LIMITS).text
    assert "finale Schiffahrt" in text
    assert "fliegt" in text


def test_where_all_is_of_one_size_nothing_is_marked(make_pdf: MakePdf) -> None:
    found = extract(make_pdf([drawn("Kosten", "Ein Satz, der hier steht.")]), LIMITS)
    assert not found.marked
    assert "#" not in found.text


@pytest.mark.parametrize("pages", [["0 0 100 100 re f"], ["", ""]])
def test_a_scan_is_said_to_be_one(make_pdf: MakePdf, pages: list[str]) -> None:
    with pytest.raises(CorpusError, match=r"no text, only pictures \(a scan\?\)"):
        extract(make_pdf(pages), LIMITS)


def test_an_encrypted_file_is_refused(make_pdf: MakePdf) -> None:
    key = "<" + "41" * 32 + ">"
    lock = f"<< /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>"
    content = make_pdf([drawn("Geheim.")], "/Encrypt 6 0 R /ID [<00> <00>]", lock)
    with pytest.raises(CorpusError, match="is encrypted; save it without a password"):
        extract(content, LIMITS)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_truncated_file_is_refused(leaflet: bytes, share: float) -> None:
    with pytest.raises(CorpusError, match="is truncated"):
        extract(leaflet[: int(len(leaflet) * share)], LIMITS)


def test_a_file_of_rubbish_is_refused() -> None:
    with pytest.raises(CorpusError, match="is damaged"):
        extract(b"%PDF-1.7\nrubbish\nstartxref\n12\n%%EOF", LIMITS)


def test_too_many_pages_are_refused_with_both_numbers(make_pdf: MakePdf) -> None:
    content = make_pdf([drawn("Ein Satz.")] * 5)
    assert extract(content, Limits(pages=5)).text
    with pytest.raises(CorpusError, match="has 5 pages, more than 4; split it"):
        extract(content, Limits(pages=4))

"""Of a web page, the text is read, and nothing of what surrounds it."""

from __future__ import annotations

from datetime import date

import pytest

from index.corpus.extraction.limits import LIMITS
from index.corpus.extraction.webpage import extract
from index.corpus.records import Card
from index.errors import CorpusError


def test_headings_items_rows_and_quotations_stay_apart(page: str, sentence: str) -> None:
    assert extract(page.encode(), LIMITS).text.split("\n\n") == [
        "# Warum wir radeln",
        f"{sentence} Das haben wir ein Jahr lang gemessen, und niemand hat es uns widerlegt.",
        "## Was es kostet",
        (
            "Ein gutes Rad kostet mehr, als viele denken, und es will gewartet werden.\n"
            "Dafür hält es zehn Jahre."
        ),
        "- Die Wartung kostet uns im Jahr etwa hundert Euro je Rad.",
        "- Ein Stellplatz im Keller kostet nichts, denn der Keller stand leer.",
        "1. Zuerst haben wir alle Leute im Betrieb gefragt.",
        "2. Dann haben wir die Räder bestellt und bezahlt.",
        "Wer radelt, kommt wacher an, das sagt jeder bei uns im Haus.",
        "### Zahlen",
        "Jahr | Räder",
        "2020 | 12 Räder",
        "Am Ende bleibt uns mehr Geld für die Menschen, die bei uns arbeiten, und das ist gut so.",
    ]


@pytest.mark.parametrize(
    "furniture",
    ["Startseite", "Cookies", "Beliebte", "fliegen", "ganz anders", "Rechte", "track", "color"],
)
def test_what_surrounds_the_text_is_none_of_it(page: str, furniture: str) -> None:
    assert furniture in page
    assert furniture not in extract(page.encode(), LIMITS).text


def test_what_the_page_tells_of_itself_is_found(page: str) -> None:
    assert extract(page.encode(), LIMITS).found == Card(
        title="Warum wir radeln",
        author="Petra Muster",
        published=date(2021, 3, 4),
        language="de",
        origin="https://example.org/radeln",
    )


def test_linked_data_is_read_too(page: str) -> None:
    data = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Article", '
        '"headline": "Warum wir radeln", "datePublished": "2019-05-06", '
        '"author": {"@type": "Person", "name": "Hans Beispiel"}}</script>'
    )
    bare = page.replace('<meta name="author" content="Petra Muster">', data).replace(
        '<meta property="article:published_time" content="2021-03-04T10:00:00+01:00">', ""
    )
    found = extract(bare.encode(), LIMITS).found
    assert (found.author, found.published) == ("Hans Beispiel", date(2019, 5, 6))


def test_a_date_in_the_text_is_not_taken_for_the_pages() -> None:
    source = "<html><body><p>Am 3. Mai 2015 ging es los, und am 4. war es vorbei.</p></body></html>"
    assert extract(source.encode(), LIMITS).found.published is None


SHORT = """<html><head><title>Kurz</title></head><body><header>Kopf</header><nav>Menü</nav>
<h1>Kurz</h1><p>Nur ein <b>S</b>atz. Mit <del>altem</del>neuem Text&shy;teil.</p>
<ul><li>Eins</li><li><p>Zwei</p><ul><li>Drei</li></ul></li></ul>
<table><tr><td><p>Eine Zelle</p><p>mit Absätzen</p></td></tr></table>
<div hidden>Versteckt</div><div class="wide comments open">Ich auch!</div>
<footer>Fuß</footer></body></html>"""


def test_a_page_too_short_for_trafilatura_is_read_whole() -> None:
    assert extract(SHORT.encode(), LIMITS).text.split("\n\n") == [
        "# Kurz",
        "Nur ein Satz. Mit neuem Textteil.",
        "- Eins",
        "- Zwei",
        "- Drei",
        "Eine Zelle",
        "mit Absätzen",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Nur Text & nichts sonst. <3", "Nur Text & nichts sonst. <3"),
        ("<p>a&#0;b\x00c&#8203;d", "abcd"),
        ("<p>Zeile\r\n  eins<br>\r\n zwei", "Zeile eins\nzwei"),
        ("<?xml version='1.0' encoding='utf-8'?><html><body><p>Hallo Welt</p>", "Hallo Welt"),
        ("\ufeff<!DOCTYPE html><p>Hallo Welt", "Hallo Welt"),
    ],
)
def test_odd_sources_are_read(source: str, text: str) -> None:
    assert extract(source.encode(), LIMITS).text.replace("\ufffd", "") == text


@pytest.mark.parametrize(
    "source", ["<html><body></body></html>", "<script>x()</script>", "<!-- -->"]
)
def test_a_page_without_text_is_refused(source: str) -> None:
    with pytest.raises(CorpusError, match="holds no text"):
        extract(source.encode(), LIMITS)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("iso-8859-1", '<meta charset="iso-8859-1">'),
        (
            "windows-1251",
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        ),
        ("shift_jis", "<meta charset=shift_jis>"),
        ("utf-16", ""),
        ("utf-8", '<meta charset="iso-8859-1">'),
    ],
)
def test_the_declared_encoding_counts_where_it_is_not_utf_8(encoding: str, told: str) -> None:
    text = {"windows-1251": "Всё хорошо.", "shift_jis": "日本語の文。"}.get(
        encoding, "Schöne Größe."
    )
    source = f"<html><head>{told}</head><body><p>{text}</p></body></html>"
    assert extract(source.encode(encoding), LIMITS).text == text


def test_an_encoding_that_is_none_of_a_text_is_not_believed() -> None:
    source = (
        b'<html><head><meta charset="unicode_escape"></head><body><p>A\\u0041B</p></body></html>'
    )
    assert extract(source, LIMITS).text == "A\\u0041B"


def test_elements_nested_without_end_are_no_danger() -> None:
    source = "<p>Ganz oben.</p>" + "<div>" * 50_000 + "<p>Tief unten.</p>"
    assert "Ganz oben." in extract(source.encode(), LIMITS).text

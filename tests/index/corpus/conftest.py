"""Files in formats that are not plain text, made on the spot."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
import typst

from index.corpus.extraction.parser import Parser
from index.corpus.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from docx.document import Document as WordDocument

    from index.corpus.records import Document

    Reader = Callable[..., Document]

SENTENCE = "Diensträder sparen der Firma Geld, weil niemand mehr einen Parkplatz braucht."
PAGE = f"""<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Warum wir radeln – Das Firmenblog</title>
<meta name="author" content="Petra Muster">
<meta property="article:published_time" content="2021-03-04T10:00:00+01:00">
<link rel="canonical" href="https://example.org/radeln">
<style>p {{ color: red }}</style><script>track("Besucher");</script></head><body>
<header class="site-header"><a href="/">Das Firmenblog</a></header>
<nav class="menu"><ul><li><a href="/">Startseite</a></li><li><a href="/blog">Alle Beiträge</a></li>
<li><a href="/impressum">Impressum</a></li></ul></nav>
<div class="cookie-banner"><p>Wir verwenden Cookies.</p><button>Annehmen</button></div>
<main><article><h1>Warum wir radeln</h1>
<p>{SENTENCE} Das haben wir ein Jahr lang <b>ge</b>messen, und niemand hat es uns widerlegt.</p>
<h2>Was es kostet</h2>
<p>Ein gutes Rad kostet mehr, als viele denken, und es will gewartet werden.<br>
Dafür hält es zehn Jahre.</p>
<ul><li>Die Wartung kostet uns im Jahr etwa hundert Euro je Rad.</li>
<li>Ein Stellplatz im Keller kostet nichts, denn der Keller stand leer.</li></ul>
<ol><li>Zuerst haben wir alle Leute im Betrieb gefragt.</li>
<li>Dann haben wir die Räder bestellt und bezahlt.</li></ol>
<blockquote><p>Wer radelt, kommt wacher an, das sagt jeder bei uns im Haus.</p></blockquote>
<h3>Zahlen</h3>
<table><tr><th>Jahr</th><th>Räder</th></tr><tr><td>2020</td><td>12 Räder</td></tr></table>
<p>Am Ende bleibt uns mehr Geld für die Menschen, die bei uns arbeiten, und das ist gut so.</p>
</article></main>
<aside><h3>Beliebte Beiträge</h3><ul><li><a href="/x">Warum wir fliegen</a></li></ul></aside>
<section id="comments"><h3>2 Kommentare</h3><div class="comment"><p>Das sehe ich ganz anders, ich
bleibe bei meinem Auto, und zwar bis zum Ende aller Tage.</p></div></section>
<footer><p>© 2021 Das Firmenblog. Alle Rechte vorbehalten.</p></footer></body></html>
"""
LEAFLET = f"""#set document(title: "Warum wir radeln", author: "Petra Muster",
  date: datetime(year: 2021, month: 3, day: 4))
#set text(lang: "de", hyphenate: true, size: 11pt)
#set page(width: 12cm, height: 14cm, header: [Das Firmenblatt], footer: context counter(page).display())
#set par(justify: true)
= Warum wir radeln
{SENTENCE} Die Unternehmenskommunikation hat erheblich weniger Arbeitszeitverlust durch
Parkplatzsuche festgestellt als in vergleichbaren Betriebsstätten. Offizielle finden das Verhalten
im Schifffahrtsamt effektiv.

Ein zweiter Absatz beginnt hier, und er ist lang genug, um über mehr als eine Zeile zu gehen.
== Was es kostet
#for number in range(1, 40) [
  Der Satz mit der Nummer #number steht in einem Absatz, der über mehrere Seiten läuft.
]

- Die Wartung kostet uns im Jahr etwa hundert Euro je Rad.
- Ein Stellplatz im Keller kostet nichts.

Der letzte Absatz steht allein am Ende der letzten Seite.
"""  # noqa: E501


@pytest.fixture(scope="session")
def sentence() -> str:
    """Return what every example says in its first paragraph."""
    return SENTENCE


@pytest.fixture(scope="session")
def page() -> str:
    """Return a web page as they are, with menus, a banner, comments and a footer."""
    return PAGE


@pytest.fixture(scope="session")
def leaflet() -> bytes:
    """Return a PDF of several pages, justified and hyphenated, with running heads."""
    return typst.compile(LEAFLET.encode())


@pytest.fixture(scope="session")
def typeset() -> Callable[[str], bytes]:
    """Return a function that makes a PDF of Typst's markup."""
    return lambda source: typst.compile(source.encode())


@pytest.fixture
def letter() -> WordDocument:
    """Return a Word file with headings, lists and a table, not saved yet."""
    document = docx.Document()
    document.core_properties.title = "Warum wir radeln"
    document.core_properties.author = "Petra Muster"
    document.add_heading("Warum wir radeln", 0)
    document.add_paragraph(f"{SENTENCE} Das haben wir gemessen.")
    document.add_heading("Was es kostet", 1)
    document.add_paragraph("Die Wartung kostet hundert Euro.", style="List Bullet")
    document.add_paragraph("Zuerst haben wir alle gefragt.", style="List Number")
    document.add_paragraph("Dann haben wir bestellt.", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Jahr", "Räder", "2020", "12 Räder"), strict=True):
        cell.text = text
    document.add_heading("Am Ende", 2)
    document.add_paragraph("Niemand will die Autos zurück.")
    return document


def saved(document: WordDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.fixture
def save() -> Callable[[WordDocument], bytes]:
    return saved


@pytest.fixture
def with_part() -> Callable[[bytes, str, bytes], bytes]:
    """Return a function that puts another content in the place of one part of a .docx."""

    def replace(content: bytes, name: str, part: bytes) -> bytes:
        file = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                if info.filename != name:
                    new.writestr(info.filename, old.read(info))
            new.writestr(name, part)
        return file.getvalue()

    return replace


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """Return a function that writes a PDF of pages by hand, each drawn by its operators."""

    def make(pages: Sequence[str], trailer: str = "", *extra: str) -> bytes:
        kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        for number, drawn in enumerate(pages):
            resources = "/Resources << /Font << /F 3 0 R >> >>"
            page = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] {resources}"
            objects += [
                f"<< {page} /Contents {5 + 2 * number} 0 R >>",
                f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream",
            ]
        return _written([*objects, *extra], trailer)

    return make


def _written(objects: Sequence[str], trailer: str) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(content)}\n%%EOF\n"
    )
    return content + end.encode()


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    """Parse with one process for all tests that need no limits of their own."""
    with Parser() as parser:
        yield parser


@pytest.fixture
def read_bytes(tmp_path: Path, parser: Parser) -> Reader:
    """Return a function that reads content as a file of some name."""

    def read(name: str, content: bytes, **known: object) -> Document:
        path = tmp_path / name
        path.write_bytes(content)
        return read_file(path, name, **{"parser": parser, **known})  # type: ignore[arg-type]

    return read

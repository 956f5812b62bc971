"""A web page → its text without menus, side bars and comments, found by trafilatura."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]
from trafilatura.metadata import extract_metadata

from index.corpus.extraction.encoding import declared_encoding, decoded
from index.corpus.extraction.markup import render
from index.corpus.extraction.records import Extract
from index.corpus.extraction.repair import repaired
from index.corpus.faults import Fault
from index.corpus.metadata import day_of, language_code, one_line
from index.corpus.records import Card
from index.errors import DocumentError

if TYPE_CHECKING:
    from index.corpus.extraction.limits import Limits

_SHORT = 250
"""Characters under which trafilatura's answer is no better than the whole page."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FURNITURE = (
    "//script|//style|//noscript|//template|//nav|//aside|//form|//button|//iframe|//svg|//head|"
    "//*[@hidden or @aria-hidden='true' or @role='navigation' or @role='search']|"
    "//body/header|//body/footer|//body/*/footer|"
    "//*[@id='comments' or @id='respond' or contains(concat(' ', @class, ' '), ' comments ')]"
)
_MAIN = "//article|//main|//*[@role='main']"


def extract(content: bytes, _limits: Limits) -> Extract:
    """Return the text of a web page, with its headings marked.

    Raises:
        DocumentError: It holds no text, or its encoding is not certain.
    """
    source = _DECLARATION.sub("", repaired(decoded(content, declared_encoding(content))))
    try:
        found = _card(html.document_fromstring(source))
    except etree.ParserError as error:
        raise DocumentError(Fault.EMPTY.of()) from error
    text = repaired(_article(source) or _whole(source))
    if not text:
        raise DocumentError(Fault.PAGE_WITHOUT_TEXT.of())
    return Extract(text, found, marked=True)


def _article(source: str) -> str:
    """Return what trafilatura takes for the page's own text, empty where that is next to none."""
    document = trafilatura.bare_extraction(source, include_comments=False, include_formatting=True)
    body = getattr(document, "body", None)
    text = "" if body is None else render(body)
    return text if len(text) >= _SHORT else ""


def _whole(source: str) -> str:
    """Return the text of the page's main part, or of all of it, without what is no text."""
    tree = html.document_fromstring(source)
    for element in tree.xpath(_FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    texts = [render(element) for element in tree.xpath(_MAIN)[:1]]
    return next(filter(None, texts), "") or render(tree)


def _card(tree: html.HtmlElement) -> Card:
    """Return what meta elements and JSON-LD tell; dates are not searched for in the text."""
    told = extract_metadata(
        tree, date_config={"extensive_search": False, "original_date": True}, extensive=False
    )
    language = (tree.xpath("//html/@lang|/html/@xml:lang") or [None])[0]
    return Card(
        title=one_line(told.title),
        author=one_line(told.author),
        published=day_of(told.date or ""),
        language=language_code(language),
        origin=one_line(told.url),
    )

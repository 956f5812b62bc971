"""A page shows what a dossier says, as text, and needs nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from bot.dossier.html import as_html

if TYPE_CHECKING:
    from tests.bot.dossier.conftest import Make

VOID = {"meta", "br", "link", "img", "input"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg onload=alert(1)>",
    "{{ dossier.title }} {% raw %} {# x #}",
    "&lt;b&gt; &amp; &#60;",
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """Reads a page: its texts, its tags with their attributes, and what was left open."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_is_well_formed_and_says_its_language(make: Make) -> None:
    page = Page(as_html(make()))
    assert page.open == []
    assert page.named("html") == [{"lang": "de"}]
    assert page.named("blockquote")[0] == {"dir": "auto", "lang": "de"}
    assert page.named("blockquote")[-1] == {"dir": "auto"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_comes_out_as_text(make: Make, text: str) -> None:
    """Everywhere that a text can stand; no tag and no attribute is of its making."""
    harmless, page = Page(as_html(make("Text"))), Page(as_html(make(text)))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    assert [list(given) for _, given in page.tags] == [list(given) for _, given in harmless.tags]
    said = sum(one.count(text) for one in page.texts)
    assert said == sum(one.count("Text") for one in harmless.texts) > 20


def test_nothing_is_asked_for_from_outside(make: Make) -> None:
    """No address, no script; the page's own policy forbids what it does not need."""
    shown = as_html(make())
    page = Page(shown)
    assert not re.search(r"https?:|//|url\(|@import", shown)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    policies = [meta["content"] for meta in page.named("meta") if "http-equiv" in meta]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not [name for _, given in page.tags for name in given if name.startswith("on")]


def test_each_citation_leads_to_its_source(make: Make) -> None:
    page = Page(as_html(make()))
    links = {link["href"] for link in page.named("a")}
    assert links == {"#source-1", "#source-2"}
    assert [item["id"] for item in page.named("li")] == ["source-1", "source-2"]


def test_boxes_say_whether_they_are_ticked(make: Make) -> None:
    """To those who do not see them, too."""
    boxes = [span for span in Page(as_html(make())).named("span") if span.get("role") == "img"]
    assert [(box["class"], box["aria-label"]) for box in boxes] == [
        ("box ticked", "erledigt"),
        ("box", "zu tun"),
    ]


@pytest.mark.parametrize(
    "text", ["İğne şöyle", "Zażółć gęślą", "Съешь же", "Ὁ λόγος", "🙂 漢字 عربي"]
)
def test_any_script_is_shown(make: Make, text: str) -> None:
    page = as_html(make(text))
    assert text in page
    page.encode()

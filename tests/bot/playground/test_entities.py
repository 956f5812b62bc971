"""HTML is read as Telegram reads it: text, entities in UTF-16 offsets, refusals."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground import utf16
from bot.playground.entities import parse_html
from bot.playground.errors import ApiError
from bot.playground.formatting import format_text
from bot.playground.rendering import render_html


def one(kind: str, length: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": 0, "length": length} | more


READ = [
    ("<b>x</b>", [one("bold")]),
    ("<strong>x</strong>", [one("bold")]),
    ("<B>x</B>", [one("bold")]),
    ("<i>x</i>", [one("italic")]),
    ("<em>x</em>", [one("italic")]),
    ("<u>x</u>", [one("underline")]),
    ("<ins>x</ins>", [one("underline")]),
    ("<s>x</s>", [one("strikethrough")]),
    ("<strike>x</strike>", [one("strikethrough")]),
    ("<del>x</del>", [one("strikethrough")]),
    ("<tg-spoiler>x</tg-spoiler>", [one("spoiler")]),
    ('<span class="tg-spoiler">x</span>', [one("spoiler")]),
    ("<code>x</code>", [one("code")]),
    ("<pre>x</pre>", [one("pre")]),
    ('<pre><code class="language-py">x</code></pre>', [one("pre", language="py")]),
    ("<blockquote>x</blockquote>", [one("blockquote")]),
    ("<blockquote expandable>x</blockquote>", [one("expandable_blockquote")]),
    ('<a href="https://example.org">x</a>', [one("text_link", url="https://example.org/")]),
    ("<a href='https://e.org/?a&amp;b'>x</a>", [one("text_link", url="https://e.org/?a&b")]),
    ('<a href="nowhere">x</a>', []),
    ('<tg-emoji emoji-id="5">😀</tg-emoji>', [one("custom_emoji", 2, custom_emoji_id="5")]),
    ('<tg-time unix="7">x</tg-time>', [one("date_time", unix_time=7)]),
    ("<b></b>x", []),
    ("<b>x</>", [one("bold")]),
    ("x</x", None),
]


@pytest.mark.parametrize(("source", "entities"), READ)
def test_every_tag_becomes_its_entity(source: str, entities: list[Any] | None) -> None:
    """Names, aliases, attributes; an unusable link leaves plain text."""
    if entities is None:
        with pytest.raises(ApiError):
            parse_html(source)
    else:
        assert parse_html(source)[1] == entities


REFUSED = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("é<foo>x</foo>", 'Unsupported start tag "foo" at byte offset 2'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href>y</a>", "Expected equal sign in declaration of an attribute"),
    ("<a href=x/y>y</a>", "Unexpected end of name token at byte offset 8"),
    ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "words"), REFUSED)
def test_what_telegram_cannot_parse_is_refused(source: str, words: str) -> None:
    """The error names the place in bytes of UTF-8, as Telegram's does."""
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {words}")


def test_only_known_references_are_resolved() -> None:
    """Four names and numbers; a bare ampersand and all other names stay text."""
    text, _ = parse_html("&lt;&gt;&amp;&quot;&#33;&#x1F600; &nbsp; a & b &amp")
    assert text == '<>&"!😀 &nbsp; a & b &'


def test_nothing_is_bold_inside_code() -> None:
    """Emphasis is cut around code, and quotes do not nest."""
    formatted = format_text("<b>a<code>b</code>c</b>", "HTML")
    assert [(e["type"], e["offset"]) for e in formatted.entities] == [
        ("bold", 0),
        ("code", 1),
        ("bold", 2),
    ]
    nested = "<blockquote>a<blockquote>b</blockquote></blockquote>"
    assert [e["length"] for e in format_text(nested, "HTML").entities] == [2]


def test_trimming_moves_entities() -> None:
    """White space around a message goes, and offsets follow."""
    formatted = format_text("\n\n <b> 😀x </b>\t", "HTML")
    assert formatted.text == "😀x"
    assert formatted.entities == (one("bold", 3),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("say /ask@test_bot hi", [("bot_command", "/ask@test_bot")]),
        ("1/2 or a/b", []),
        ("hey @test_bot!", [("mention", "@test_bot")]),
        ("mail me@example.org", [("email", "me@example.org")]),
        ("see https://example.org/a?b=c, or", [("url", "https://example.org/a?b=c")]),
        ("😀 example.org", [("url", "example.org")]),
        ("#für und #1", [("hashtag", "#für")]),
    ],
)
def test_telegram_marks_up_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    """What people type plainly becomes commands, mentions and links."""
    entities = format_text(text).entities
    assert [(e["type"], utf16.cut(text, e["offset"], e["length"])) for e in entities] == found


def test_nothing_is_detected_inside_code_and_links() -> None:
    """Else a quoted command would be a command."""
    formatted = format_text('<code>/ask</code> <a href="https://e.org">e.org</a>', "HTML")
    assert [e["type"] for e in formatted.entities] == ["code", "text_link"]


letters = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


@given(letters, letters, letters)
def test_offsets_count_utf16_units(before: str, inside: str, after: str) -> None:
    """Cutting the text at an entity's offsets gives back what the tag enclosed."""
    source = f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}"
    text, entities = parse_html(source)
    assert text == before + inside + after
    assert len(entities) == bool(inside)
    for entity in entities:
        assert utf16.cut(text, entity["offset"], entity["length"]) == inside
        assert entity["offset"] == len(before.encode("utf-16-le")) // 2


@given(st.recursive(letters, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=6))
def test_rendering_and_parsing_are_inverse(tree: Any) -> None:
    """What is shown as HTML reads back as the same text and entities."""
    first = format_text(_write(tree, 0), "HTML", detected=False)
    again = format_text(render_html(first.text, first.entities), "HTML", detected=False)
    assert again == first


@given(letters)
def test_any_text_is_either_read_or_refused(text: str) -> None:
    """No input breaks the parser in any other way than Telegram's."""
    for source in (text, f"<{text}", f"<b {text}>x</b>", f'<a href="{text}">x</a>', f"&{text};"):
        try:
            parse_html(source)
        except ApiError as refusal:
            assert refusal.code == 400  # noqa: PT017 - either way is fine, but only these two


def _write(tree: Any, depth: int) -> str:
    if isinstance(tree, str):
        return escape(tree)
    tag = ["b", "i", "u", "s", "tg-spoiler"][depth % 5]
    return f"<{tag}>" + "".join(_write(part, depth + 1) for part in tree) + f"</{tag}>"


def test_a_link_to_no_proper_address_is_dropped_however_it_is_given() -> None:
    """By tag or as an entity; what is left is text."""
    for url, kept in (("javascript:alert(1)", None), ("https://X.org", "https://x.org/")):
        given = format_text("x", entities=[one("text_link", url=url)]).entities
        tagged = format_text(f'<a href="{url}">x</a>', "HTML").entities
        assert given == tagged
        assert [entity["url"] for entity in given] == ([kept] if kept else [])

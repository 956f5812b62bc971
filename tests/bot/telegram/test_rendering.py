"""Blocks become HTML that Telegram reads back as exactly the words they hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.layout import Block, Heading, Items, Paragraph, Quote, Title, length_of, utf16_length
from bot.playground import utf16
from bot.playground.formatting import Formatted, format_text
from bot.telegram.rendering import as_html, escaped

# What Telegram keeps as it is: it shows control characters as blanks, and ends count for nothing.
KEPT = st.text(
    st.one_of(
        st.sampled_from("<>&\"'/=;#\n"),
        st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")),
        st.just(" "),
    ),
    min_size=1,
    max_size=300,
)
HTML = st.sampled_from(
    ["<b>", "</b>", "</blockquote>", "&amp;", "&lt;", "&#60;", "<script>", "<a href='x'>", "&"]
)
WORDS = st.lists(KEPT | HTML, min_size=1, max_size=4).map("".join).filter(str.strip)


def seen(blocks: list[Block]) -> Formatted:
    """Return what Telegram makes of blocks."""
    return format_text(as_html(blocks), "HTML", detected=False)


def parts(formatted: Formatted, kind: str) -> list[str]:
    return [
        utf16.cut(formatted.text, entity["offset"], entity["length"])
        for entity in formatted.entities
        if entity["type"] == kind
    ]


def test_each_block_has_its_look() -> None:
    """Bold titles, quotations in block quotes, citations in italics, bullets."""
    blocks: list[Block] = [
        Title("Motion & more"),
        Heading("Yes"),
        Quote("a < b", 1, "A & B"),
        Paragraph("Ours > theirs."),
        Items(("one", "<two>")),
    ]
    assert as_html(blocks) == (
        "<b>Motion &amp; more</b>\n\n<b>Yes</b>\n\n"
        "<blockquote>a &lt; b</blockquote>\n<i>[1] A &amp; B</i>\n\n"
        "Ours &gt; theirs.\n\n• one\n• &lt;two&gt;"
    )


def test_quotations_fold_from_160_characters_on() -> None:
    """A shorter one stands open."""
    assert as_html([Quote("x" * 159, 1, "A")]).startswith("<blockquote>x")
    assert as_html([Quote("x" * 160, 1, "A")]).startswith("<blockquote expandable>x")


@settings(deadline=None)
@given(quote=WORDS, citation=WORDS)
def test_any_words_come_back_as_they_are(quote: str, citation: str) -> None:
    """Of a quotation and of its citation, whatever markup they resemble; nothing else is."""
    formatted = seen([Title("T"), Quote(quote, 7, citation), Paragraph("end")])
    assert formatted.text == f"T\n\n{quote}\n[7] {citation}\n\nend"
    assert parts(formatted, "bold") == ["T"]
    assert parts(formatted, "italic") == [f"[7] {citation}"]
    kind = "expandable_blockquote" if len(quote) >= 160 else "blockquote"
    assert parts(formatted, kind) == [quote]
    assert len(formatted.entities) == 3


@settings(deadline=None)
@given(st.lists(WORDS, min_size=5, max_size=5))
def test_every_kind_of_block_is_escaped(texts: list[str]) -> None:
    """No words of a document or a catalogue become markup."""
    title, heading, paragraph, first, second = texts
    formatted = seen([
        Paragraph("begin"), Title(title), Heading(heading), Paragraph(paragraph),
        Items((first, second)), Paragraph("end"),
    ])  # fmt: skip
    assert formatted.text == (
        f"begin\n\n{title}\n\n{heading}\n\n{paragraph}\n\n• {first}\n• {second}\n\nend"
    )
    assert parts(formatted, "bold") == [title, heading]


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=4), WORDS)
def test_the_layouts_length_is_never_too_small(quotes: list[tuple[str, str]], title: str) -> None:
    """What fits by its count fits when Telegram counts."""
    blocks: list[Block] = [Title(title)]
    blocks += [Quote(text, number, words) for number, (text, words) in enumerate(quotes)]
    assert utf16_length(seen(blocks).text) <= length_of(blocks)


def test_escaping_is_for_text_not_for_attributes() -> None:
    """Quotation marks stay as they are."""
    assert escaped("""<b> & "x" 'y'""") == """&lt;b&gt; &amp; "x" 'y'"""

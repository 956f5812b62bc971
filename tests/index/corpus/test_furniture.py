"""What argues nothing is known for what it is, and what argues is left alone."""

from __future__ import annotations

import pytest

from index.corpus.furniture import furniture_kind, glued_caption, repeated_lines, tail_kind
from index.corpus.records import BlockKind

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "post-template-default,single,single-post,postid-5677,flow-ver-1.3.7,ajax,vc_responsive",
        "page-id-3 home wp-custom-logo has-sidebar no-js",
        "No Comments",
        "Post a Comment",
        "Leave a reply",
        "Keine Kommentare",
        "Kommentar hinterlassen",
        "12 Kommentare",
        "Pingback: Pharma auf Facebook",
        "Trackback: somewhere",
        "Top",
        "fade",
        "5677",
        "Nach oben",
        "Menü",
        "Facebook Twitter LinkedIn",
        "Facebook | X | WhatsApp | E-Mail",
        "teilen tweet pin it",
        "Share this post",
        "Weiterlesen…",
        "* * *",
        "—————",
    ],
)
def test_page_furniture_is_known(line: str) -> None:
    assert furniture_kind(line, NONE, None) is BlockKind.PAGE_FURNITURE


@pytest.mark.parametrize(
    "line",
    [
        "Bildnachweis: roxta, Photodune",
        "Bildquellen: Jscreationsz via freedigitalphotos.net und Deutsche Bahn Facebook",
        "Foto: Petra Muster",
        "Photo by: Jane Doe",
        "Image credit: NASA",
        "© 2011 Verlag",
        "flickr.com / Oliver Biederbeck",
        "Unsplash / Jane Doe",
    ],
)
def test_picture_credits_are_known(line: str) -> None:
    assert furniture_kind(line, NONE, None) is BlockKind.CREDIT


@pytest.mark.parametrize(
    "line",
    [
        "Facebook und Twitter sind kostenlos.",
        "Facebook",
        "Social Media ist keine statische Internetseite.",
        "Kommentare sind wichtig für jede Firma.",
        "Bilder sagen mehr als Worte.",
        "Ein Foto zeigt mehr: das Leben.",
        "Home office und e-mail sind heute ganz normal",
        "2011 war ein gutes Jahr.",
        "Top-Manager lesen das nicht.",
        "„Warum?“",
    ],
)
def test_text_is_no_furniture(line: str) -> None:
    assert furniture_kind(line, NONE, None) is None


def test_the_browser_title_is_a_caption_and_text_that_opens_like_it_is_not() -> None:
    title = "Warum wir gehen"
    assert furniture_kind(f"{title} – Ronnys Blog", NONE, title) is BlockKind.CAPTION
    assert furniture_kind(f"{title} | Seite", NONE, title) is BlockKind.CAPTION
    assert furniture_kind(f"{title} – das ist die Frage.", NONE, title) is None
    assert furniture_kind(f"{title} und bleiben", NONE, title) is None


def test_short_lines_that_recur_are_captions_and_so_is_the_title() -> None:
    lines = ["Ein Bild", "Text", "Ein Bild", "1", "1", "x" * 61, "x" * 61]
    assert repeated_lines(lines, "Titel") == {"Ein Bild", "Titel"}
    assert furniture_kind("Ein Bild", frozenset({"Ein Bild"}), None) is BlockKind.CAPTION


def test_a_caption_glued_to_text_is_measured() -> None:
    captions = frozenset({"Wo Social Media versagt"})
    assert glued_caption("Wo Social Media versagtAuf Social Media spricht man.", captions) == 23
    assert glued_caption("Wo Social Media versagt„Können Sie das?“", captions) == 23


@pytest.mark.parametrize(
    "line",
    [
        "Wo Social Media versagt",
        "Wo Social Media versagt und wo nicht",
        "Wo Social Media versagt: ein Bericht",
        "Wo Social Media versagte, waren wir da.",
        "Ganz anderer Text",
    ],
)
def test_text_that_goes_on_is_not_glued(line: str) -> None:
    """A caption's last word may be the beginning of a longer one: that is text."""
    assert glued_caption(line, frozenset({"Wo Social Media versagt"})) == 0


@pytest.mark.parametrize(
    "line",
    [
        "3 Gedanken zu “Tipps zum Social Media Exit",
        "5 thoughts on “Why we left”",
        "Ein Kommentar zu diesem Beitrag",
        "12 Kommentare zu „Warum“",
        "Kommentare (4)",
        "Comments:",
    ],
)
def test_the_comments_are_known_by_their_first_line(line: str) -> None:
    assert tail_kind(line, None, in_last_third=False) is BlockKind.COMMENTS


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Über Adrian", "Adrian"),
        ("About Jane Doe:", "Jane Doe"),
        ("Über den Autor", None),
        ("About the author", None),
        ("Petra Muster ist Beraterin.", "Petra Muster"),
    ],
)
def test_the_author_box_is_known_in_the_last_third_only(line: str, author: str | None) -> None:
    assert tail_kind(line, author, in_last_third=True) is BlockKind.AUTHOR_BOX
    assert tail_kind(line, author, in_last_third=False) is None


@pytest.mark.parametrize("line", ["Petras Rat ist gut.", "Über Geld spricht man nicht."])
def test_other_lines_open_no_author_box(line: str) -> None:
    assert tail_kind(line, "Petra", in_last_third=True) is None


def test_an_authors_name_is_no_pattern() -> None:
    assert tail_kind("Über C++ (Team)", "C++ (Team)", in_last_third=True) is BlockKind.AUTHOR_BOX
    assert tail_kind("Über Cxx Team", "C.. Team", in_last_third=True) is None

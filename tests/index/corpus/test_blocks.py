"""Lines become headings, items, paragraphs, or are left out with a reason."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.blocks import find_blocks
from index.corpus.records import BlockKind, Card

CARD = Card(title="Titel", language="de")
SENTENCE = "Das ist ein ganzer Satz mit etlichen Wörtern, der ordentlich mit einem Punkt endet."


def kinds(text: str, card: Card = CARD) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(text)) for block in find_blocks(text, card)]


def headings(text: str) -> dict[str, tuple[str, ...]]:
    blocks = find_blocks(text, CARD)
    return {
        block.span.of(text): block.heading for block in blocks if block.kind is BlockKind.PARAGRAPH
    }


@pytest.mark.parametrize(
    "heading",
    [
        "Fazit",
        "1. Soziale Medien haben mit dem Leben nichts zu tun",
        "Grenze 2: Social Media läuft nicht von alleine",
        "Kapitel 3: Der Anfang",
        "„Social Media“ im Unternehmensalltag",
        "Wie setzt man den Rückzug um?",
    ],
)
def test_a_heading_names_what_follows(heading: str) -> None:
    text = f"{SENTENCE}\n\n{heading}\n\nDanach steht hier ein zweiter Satz."
    assert (BlockKind.HEADING, heading) in kinds(text)
    assert headings(text)["Danach steht hier ein zweiter Satz."] == (heading,)
    assert headings(text)[SENTENCE] == ()


@pytest.mark.parametrize(
    "line",
    [
        "Das hier endet mit einem Punkt.",
        "Warum? Weil es so ist?",
        "- ein Punkt einer Liste",
        "x" * 101,
        "ein " * 16 + "Wort",
    ],
)
def test_a_line_that_is_text_is_no_heading(line: str) -> None:
    text = f"{SENTENCE}\n\n{line}\n\n{SENTENCE[:-1]}!"
    assert BlockKind.HEADING not in [kind for kind, _ in kinds(text)]


def test_a_question_inside_a_paragraph_is_text() -> None:
    text = f"{SENTENCE}\nWas sollen Firmen also tun?\n{SENTENCE[:-1]}!"
    assert BlockKind.HEADING not in [kind for kind, _ in kinds(text)]


def test_questions_after_a_lead_in_are_text() -> None:
    text = f"Es fehlt etwas:\n\nWas wird geboten?\n\n{SENTENCE}"
    assert BlockKind.HEADING not in [kind for kind, _ in kinds(text)]


def test_a_last_line_without_text_below_is_no_heading() -> None:
    assert kinds(f"{SENTENCE}\n\nEnde ohne Punkt")[-1][0] is BlockKind.PARAGRAPH


def test_markdown_headings_make_a_path() -> None:
    lines = ["# Eins", "A ist A.", "## Zwei ##", "B ist B.", "### Drei", "C ist C.", "## Vier"]
    text = "\n\n".join([*lines, "D ist D."])
    assert headings(text) == {
        "A ist A.": ("Eins",),
        "B ist B.": ("Eins", "Zwei"),
        "C ist C.": ("Eins", "Zwei", "Drei"),
        "D ist D.": ("Eins", "Vier"),
    }


def test_list_items_are_items_and_numbered_headings_are_headings() -> None:
    items = "- ein Ding;\n- ein zweites Ding.\n\n1. Zuerst dies. Dann das."
    text = f"1. Ein Kapitel\n{SENTENCE}\n\n{items}"
    assert [kind for kind, _ in kinds(text)] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
        BlockKind.ITEM,
        BlockKind.ITEM,
    ]


def test_hard_wrapped_lines_are_joined_to_paragraphs() -> None:
    lines = [
        "Dieser Text ist von Hand umbrochen, so wie man es in alten Mails und in",
        "vielen Readme-Dateien sieht, und jede Zeile hat ungefähr dieselbe Länge wie",
        "die Zeile davor, bis ein Absatz endet.",
    ]
    text = "\n".join(lines) + "\n\n" + "\n".join(lines[:2]) + "\nEnde des Ganzen."
    assert kinds(text) == [
        (BlockKind.PARAGRAPH, "\n".join(lines)),
        (BlockKind.PARAGRAPH, "\n".join(lines[:2]) + "\nEnde des Ganzen."),
    ]


def test_items_of_a_hard_wrapped_text_stay_apart() -> None:
    wrapped = "{} Text ist von Hand umbrochen, so wie man es in alten Mails und\n{} weiter liest."
    items = [
        wrapped.format(*words) for words in (("Ein", "so"), ("- Der", "noch"), ("- Mein", "auch"))
    ]
    text = f"{items[0]}\n\n{items[1]}\n{items[2]}"
    assert [kind for kind, _ in kinds(text)] == [
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
        BlockKind.ITEM,
    ]


def test_one_line_paragraphs_are_not_joined() -> None:
    text = f"{SENTENCE}\n{SENTENCE[:-1]}!"
    assert len(kinds(text)) == 2


def test_a_lead_in_to_a_picture_is_left_out_and_one_to_text_is_kept() -> None:
    picture = f"Ein Beispiel ist dieser Beitrag:\n\nBild: Petra\n\n{SENTENCE}"
    assert kinds(picture)[0][0] is BlockKind.LEAD_IN
    text = f"Ein Beispiel ist dieser Satz:\n\n{SENTENCE}"
    assert kinds(text)[0][0] is BlockKind.PARAGRAPH


def test_a_teaser_that_the_text_repeats_is_left_out() -> None:
    teaser = f"18. Februar 2011{SENTENCE} Und so weiter …"
    text = f"{teaser}\n\n{SENTENCE} Und so weiter geht es dann noch lange fort."
    assert kinds(text)[0][0] is BlockKind.TEASER


def test_an_ellipsis_that_nothing_repeats_is_text() -> None:
    assert kinds(f"{SENTENCE} Und so weiter …\n\n{SENTENCE}")[0][0] is BlockKind.PARAGRAPH


def test_a_glued_caption_is_cut_off() -> None:
    text = f"Ein Bild\n\n{SENTENCE}\n\nEin BildHier beginnt der Text erst richtig.\n\nEin Bild\n"
    assert [line for kind, line in kinds(text) if kind is BlockKind.PARAGRAPH] == [
        SENTENCE,
        "Hier beginnt der Text erst richtig.",
    ]


def test_a_word_that_begins_like_the_title_is_not_cut() -> None:
    """The title "Bank" does not behead a sentence on "Banken"."""
    text = f"Bank\n\nBanken verleihen Geld an Leute.\n\n{SENTENCE}"
    assert (BlockKind.PARAGRAPH, "Banken verleihen Geld an Leute.") in kinds(
        text, Card(title="Bank", language="de")
    )


def test_all_after_the_comments_began_is_comment() -> None:
    text = f"{SENTENCE}\n\n3 Gedanken zu “Titel\n\n1. Danke!\n\n{SENTENCE[:-1]}!"
    assert [kind for kind, _ in kinds(text)] == [BlockKind.PARAGRAPH] + [BlockKind.COMMENTS] * 3


def test_all_after_the_author_box_began_is_author_box() -> None:
    text = f"{SENTENCE}\n\n{SENTENCE[:-1]}!\n\nPetra ist Beraterin.\n\nSie lebt in Linz."
    found = [kind for kind, _ in kinds(text, Card(title="T", author="Petra"))]
    assert found[-2:] == [BlockKind.AUTHOR_BOX] * 2


def test_a_line_at_the_top_that_names_the_author_is_text() -> None:
    text = f"Petra ist heute meine Gesprächspartnerin.\n\n{SENTENCE}\n\n{SENTENCE[:-1]}!"
    assert kinds(text, Card(title="T", author="Petra"))[0][0] is BlockKind.PARAGRAPH


def blank(text: str) -> bool:
    return not text.replace("\ufeff", "").strip()


LINES = st.one_of(
    st.sampled_from(
        ["", " ", "# Kopf", "Titel", "TitelText", "- Ding", "1. Kapitel", "Ende:", "Was?", SENTENCE]
    ),
    st.text(max_size=30),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=12))
def test_blocks_hold_every_written_character_once_and_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = find_blocks(text, CARD)
    at = 0
    for block in blocks:
        assert blank(text[at : block.span.start])
        assert not blank(block.span.of(text))
        at = block.span.end
    assert blank(text[at:])


def test_a_long_document_of_short_lines_is_read_in_time_proportional_to_its_length() -> None:
    """Headings look back one block, not to the beginning: a book must not take minutes."""
    pair = "Zeile {0} ohne Punkt\nDas ist hier Satz Nummer {0}, und er endet mit einem Punkt."
    text = "\n".join(pair.format(number) for number in range(3000))
    started = time.process_time()
    blocks = find_blocks(text, CARD)
    assert time.process_time() - started < 2
    assert len(blocks) == 6000


def test_where_headings_are_marked_a_short_line_is_none() -> None:
    text = "# Kosten\n\nJahr | Räder\n\n2020 | zwölf\n\nEin Satz, der hier steht."
    kinds = [block.kind for block in find_blocks(text, Card(), marked=True)]
    assert kinds == [BlockKind.HEADING, *[BlockKind.PARAGRAPH] * 3]
    assert find_blocks(text, Card())[1].kind is BlockKind.HEADING


def test_blocks_begin_where_they_are_told_to() -> None:
    text = "title: Rad\n---\nWas kostet es?\n\nEin Satz, der hier steht."
    start = text.index("Was")
    first, second = find_blocks(text, Card(), start)
    assert (first.kind, first.span.of(text)) == (BlockKind.HEADING, "Was kostet es?")
    assert second.span.of(text) == "Ein Satz, der hier steht."


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"Zeile mit der Nummer {number}" for number in range(30_000)),
        "\n".join(f"{'Ein Wort und noch eines ' * 3}{number}" for number in range(15_000)),
        "Kurz\nKlein\n" * 20_000,
    ],
)
def test_a_long_text_costs_no_more_than_its_length(text: str) -> None:
    started = time.process_time()
    find_blocks(text, Card())
    assert time.process_time() - started < 20

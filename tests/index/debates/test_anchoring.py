"""A label follows its quotation through edits, and is reported when that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.debates.anchoring import Loose, anchor_labels
from index.debates.records import Label, Side

if TYPE_CHECKING:
    from index.corpus.records import Document, Span
    from tests.index.conftest import ReadText

QUOTE = "Räder sparen der Firma Geld."
TEXT = f"Ein Titel\n\nDas ist der erste Satz des Textes. {QUOTE} Das ist der letzte.\n"


def place(document: Document, quote: str = QUOTE) -> Span | str:
    """Return the place of a quote, or the reason why it has none."""
    label = Label("x", document.id, quote, Side.YES)
    anchored, loose = anchor_labels([label], {document.id: document})
    return anchored[0].span if anchored else loose[0].reason


def test_a_label_lies_where_its_quotation_lies(read_text: ReadText) -> None:
    span = place(read_text(TEXT))
    assert not isinstance(span, str)
    assert span.of(TEXT) == QUOTE


def test_a_label_survives_text_that_is_put_before_it(read_text: ReadText) -> None:
    before = place(read_text(TEXT))
    longer = TEXT.replace("Das ist der erste", "Neu ist dieser Satz hier. 😀 Das ist der erste")
    after = place(read_text(longer))
    assert not isinstance(after, str)
    assert not isinstance(before, str)
    assert after.of(longer) == QUOTE
    assert after.start == before.start + 28


@pytest.mark.parametrize("quote", ["Räder  sparen\nder Firma Geld.", f"\n {QUOTE}\t"])
def test_white_space_may_differ(read_text: ReadText, quote: str) -> None:
    span = place(read_text(TEXT), quote)
    assert not isinstance(span, str)
    assert span.of(TEXT) == QUOTE


def test_white_space_of_the_text_may_differ(read_text: ReadText) -> None:
    text = TEXT.replace("der Firma Geld.", "der\nFirma  Geld.")
    span = place(read_text(text))
    assert not isinstance(span, str)
    assert span.of(text) == "Räder sparen der\nFirma  Geld."


@pytest.mark.parametrize("quote", ["Räder sparen der Firma Geld!", "räder sparen der Firma Geld."])
def test_nothing_but_white_space_may_differ(read_text: ReadText, quote: str) -> None:
    assert place(read_text(TEXT), quote) == "the quote is no longer in the text"


def test_a_quotation_is_no_pattern(read_text: ReadText) -> None:
    text = "Titel\n\nJede Firma (!) zahlt [viel] Geld für ein Rad + Helm.\n"
    span = place(read_text(text), "Jede Firma (!) zahlt [viel] Geld für ein Rad + Helm.")
    assert not isinstance(span, str)
    assert place(read_text(TEXT), "R.*r sparen") == "the quote is no longer in the text"


def test_a_quotation_outside_of_passages_is_reported(read_text: ReadText) -> None:
    reason = place(read_text(f"{TEXT}\nBild: Petra Muster\n"), "Bild: Petra Muster")
    assert reason == "the quote stands in no passage (it is left out, or it crosses two)"


def test_a_quotation_across_two_passages_is_reported(read_text: ReadText) -> None:
    text = "# Eins\n\nDas ist der eine Satz.\n\n# Zwei\n\nDas ist der andere Satz.\n"
    assert "stands in no passage" in str(place(read_text(text), "Satz. # Zwei Das ist"))


def test_of_two_places_the_one_in_a_passage_counts(read_text: ReadText) -> None:
    teaser = "Das hier ist ein Anreißer, und er ist lang genug dafür."
    text = f"{teaser} …\n\n{teaser} Und hier geht der Text dann weiter."
    span = place(read_text(text, title="T"), teaser)
    assert not isinstance(span, str)
    assert span.start == text.rindex(teaser)


@pytest.mark.parametrize("quote", ["", " \n"])
def test_an_empty_quotation_is_reported(read_text: ReadText, quote: str) -> None:
    assert place(read_text(TEXT), quote) == "the quote is empty"


def test_a_missing_document_is_reported() -> None:
    label = Label("x", "gone.txt", QUOTE, Side.YES)
    assert anchor_labels([label], {}) == ((), (Loose(label, "there is no document gone.txt"),))

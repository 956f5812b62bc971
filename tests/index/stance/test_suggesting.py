"""A model suggests only where nobody has read, and never over what somebody said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.corpus.inputs import encoder_text
from index.corpus.reading import read_corpus
from index.corpus.records import Span
from index.debates.anchoring import anchor_labels
from index.debates.records import CURATED, LEARNED, PERSON, Anchored, Debate, Label, Localised, Side
from index.stance import suggesting
from index.stance.learned import LearnedSettings
from index.stance.suggesting import Material, suggest_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.corpus.records import Document
    from tests.index.conftest import StubEncoder, StubStance, WriteFiles

    Labelled = Callable[..., Anchored]

DEBATE = Debate(
    "bicycles",
    Localised(
        {"en": "The company should buy bicycles.", "de": "Die Firma sollte Diensträder anschaffen."}
    ),
    {Side.YES: Localised({"de": "Ja"}), Side.NO: Localised({"de": "Nein"})},
)
HEALTHY = "Diensträder halten alle Leute in der Firma gesund."
GLAD = "Das macht sie im Übrigen auch froh und munter."
HEAVY = "Ein Dienstrad wiegt in der Regel zwanzig Kilogramm."
STOLEN = "Diensträder werden den Leuten vor der Firma gestohlen."
PERHAPS = "Ein Dienstrad spart der Firma vielleicht etwas Geld."
NEW = f"""# Diensträder im Alltag

## Gesundheit

{HEALTHY} {GLAD} {HEAVY} Zu teuer!

## Geld

{STOLEN} {PERHAPS}
"""
KNOWN = "Alte Räder\n\nEin altes Dienstrad hält die Leute jeden Tag gesund.\n"
SETTINGS = LearnedSettings(base=1.0, strength=10.0, temperature=1.0, certain=0.6)


@pytest.fixture
def model(make_stance: type[StubStance]) -> StubStance:
    return make_stance(["gesund"], ["gestohlen", "teuer"], ["vielleicht"])


@pytest.fixture
def material(write_files: WriteFiles, stub: StubEncoder) -> Material:
    """Two German documents: `new.md`, and `known.txt`, whose one sentence looks new too."""
    folder = write_files({"new.md": NEW, "known.txt": KNOWN})
    return material_of(read_corpus(folder).documents, stub)


def material_of(documents: Sequence[Document], stub: StubEncoder) -> Material:
    texts = [encoder_text(document, one) for document in documents for one in document.passages]
    vectors = stub.encode_passages(texts)
    return Material(documents, vectors, stub.encode_queries, stub.encode_passages)


@pytest.fixture
def labelled(material: Material) -> Labelled:
    """Return a function that puts a quotation on a side."""
    documents = {document.id: document for document in material.documents}

    def label(quote: str, side: Side, by: str = CURATED, *, reported: bool = False) -> Anchored:
        name = "new.md" if quote in NEW else "known.txt"
        given = Label(DEBATE.id, name, quote, side, by, reported)
        (anchored,), _ = anchor_labels([given], documents)
        return anchored

    return label


def told(labels: Sequence[Anchored]) -> dict[str, Side]:
    return {one.label.quote: one.label.side for one in labels}


def test_what_nobody_read_gets_suggestions(material: Material, model: StubStance) -> None:
    """Both sides, and what is unclear; what takes neither side is left out, and so are scraps."""
    assert told(suggest_labels(DEBATE, material, [], model)) == {
        "Ein altes Dienstrad hält die Leute jeden Tag gesund.": Side.YES,
        HEALTHY: Side.YES,
        GLAD: Side.YES,
        STOLEN: Side.NO,
        PERHAPS: Side.UNCLEAR,
    }


def test_a_suggestion_says_who_made_it_and_where_it_lies(
    material: Material, model: StubStance
) -> None:
    documents = {document.id: document.text for document in material.documents}
    for one in suggest_labels(DEBATE, material, [], model):
        assert one.span.of(documents[one.label.document]) == one.label.quote
        assert one.label.subject == DEBATE.id
        assert one.label.by == model.name
        assert one.label.certainty == (0.5 if one.label.side is Side.UNCLEAR else 0.9)
        assert not one.label.reported


def test_documents_that_a_person_read_are_left_alone(material: Material, model: StubStance) -> None:
    """What is not labelled in them speaks for no side; the model does not even see them."""
    read = replace(DEBATE, read=("new.md",))
    assert list(told(suggest_labels(read, material, [], model))) == [
        "Ein altes Dienstrad hält die Leute jeden Tag gesund."
    ]
    assert len(model.asked) == 1
    both = replace(DEBATE, read=("new.md", "known.txt"))
    assert suggest_labels(both, material, [], model) == []
    assert len(model.asked) == 1


@pytest.mark.parametrize("by", [PERSON, CURATED])
def test_labelled_spans_are_left_alone(
    material: Material, model: StubStance, labelled: Labelled, by: str
) -> None:
    """Whatever the side, and also where only a part of the sentence is labelled."""
    given = [labelled(HEALTHY, Side.NO, by), labelled("vor der Firma gestohlen.", Side.YES, by)]
    suggested = told(suggest_labels(DEBATE, material, given, model))
    assert HEALTHY not in suggested
    assert STOLEN not in suggested
    assert GLAD in suggested
    assert not {HEALTHY, STOLEN} & {text for _, text in model.asked}


def test_spans_that_were_set_aside_are_left_alone(
    material: Material, model: StubStance, labelled: Labelled
) -> None:
    """They come as background by a person."""
    aside = labelled(HEALTHY, Side.BACKGROUND, PERSON)
    assert HEALTHY not in told(suggest_labels(DEBATE, material, [aside], model))


def test_a_label_in_another_document_takes_no_place_here(
    material: Material, model: StubStance, labelled: Labelled
) -> None:
    """Offsets of two documents may be equal."""
    known = labelled("Ein altes Dienstrad hält die Leute jeden Tag gesund.", Side.YES)
    (first,) = [
        one for one in suggest_labels(DEBATE, material, [], model) if one.label.quote == HEALTHY
    ]
    assert known.span.overlaps(first.span)
    assert HEALTHY in told(suggest_labels(DEBATE, material, [known], model))


def test_a_sentence_that_leans_back_is_read_with_the_one_before(
    material: Material, model: StubStance
) -> None:
    """For or against, only the sentence before tells; the quotation is without it."""
    suggestions = told(suggest_labels(DEBATE, material, [], model))
    asked = [text for _, text in model.asked]
    assert f"{HEALTHY} {GLAD}" in asked
    assert GLAD not in asked
    assert suggestions[GLAD] is Side.YES
    assert HEALTHY in asked
    assert f"{PERHAPS} {STOLEN}" not in asked


def test_the_first_sentence_of_a_passage_has_none_before(
    write_files: WriteFiles, stub: StubEncoder, model: StubStance
) -> None:
    text = f"# Eins\n\n{HEALTHY}\n\n# Zwei\n\n{GLAD}\n"
    documents = read_corpus(write_files({"a.md": text})).documents
    suggest_labels(DEBATE, material_of(documents, stub), [], model)
    assert [text for _, text in model.asked] == [HEALTHY, GLAD]


def test_only_the_passages_nearest_to_the_motion_are_judged(
    material: Material, model: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any language of the motion; they are judged in the order of the documents."""
    far, near, middle = [0.0, 1.0, 0.0], [0.9, 0.1, 0.0], [0.0, 0.6, 0.5]
    measured = replace(
        material,
        passages=np.array([far, near, middle], np.float32),
        queries=lambda _texts: np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], np.float32),
        sentences=lambda texts: np.zeros((len(texts), 3), np.float32),
    )
    monkeypatch.setattr(suggesting, "NEAREST_PASSAGES", 2)
    suggest_labels(DEBATE, measured, [], model)
    assert [len(document.passages) for document in material.documents] == [1, 2]
    asked = [text for _, text in model.asked]
    assert asked == [HEALTHY, f"{HEALTHY} {GLAD}", HEAVY, STOLEN, PERHAPS]


def test_only_the_sentences_nearest_to_the_motion_are_judged(
    material: Material, model: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person should not have to decide on what merely stands nearby."""
    monkeypatch.setattr(suggesting, "NEAREST_SENTENCES", 2)
    measured = replace(
        material,
        queries=lambda _texts: np.array([[1.0, 0.0]], np.float32),
        sentences=lambda texts: np.array(
            [[float(text in (HEAVY, PERHAPS)), 1.0] for text in texts], np.float32
        ),
        passages=np.ones((len(material.passages), 2), np.float32),
    )
    suggest_labels(DEBATE, measured, [], model)
    assert [text for _, text in model.asked] == [HEAVY, PERHAPS]


def test_the_motion_is_asked_in_the_documents_language(
    material: Material, model: StubStance
) -> None:
    suggest_labels(DEBATE, material, [], model)
    assert {motion for motion, _ in model.asked} == {"Die Firma sollte Diensträder anschaffen."}


CONFIRMED = [
    *((f"Zum {number}. Mal: Diensträder halten gesund.", Side.YES) for number in range(4)),
    *((f"Zum {number}. Mal: Räder werden gestohlen.", Side.NO) for number in range(4)),
]


def confirmed(by: str, *, reported: bool = False) -> list[Anchored]:
    """Return labels that lie in another document."""
    return [
        Anchored(Label(DEBATE.id, "other.txt", quote, side, by, reported), Span(0, len(quote)))
        for quote, side in CONFIRMED
    ]


@pytest.mark.parametrize("by", [PERSON, CURATED, "Petra"])
def test_enough_labels_by_people_are_learned_from(
    material: Material, model: StubStance, by: str
) -> None:
    suggestions = suggest_labels(DEBATE, material, confirmed(by), model, SETTINGS)
    assert {one.label.by for one in suggestions} == {LEARNED}
    sides = told(suggestions)
    assert sides[HEALTHY] is Side.YES
    assert sides[STOLEN] is Side.NO


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        (confirmed(CURATED)[1:], SETTINGS),
        (confirmed(CURATED, reported=True), SETTINGS),
        (confirmed(CURATED), None),
        ([], SETTINGS),
    ],
    ids=["too few", "reported only", "no settings", "none"],
)
def test_else_the_model_speaks_for_itself(
    material: Material,
    model: StubStance,
    given: list[Anchored],
    settings: LearnedSettings | None,
) -> None:
    """What an author only reports is no example of how a side is spoken for."""
    suggestions = suggest_labels(DEBATE, material, given, model, settings)
    assert {one.label.by for one in suggestions} == {model.name}


def test_a_model_never_learns_from_models(material: Material, model: StubStance) -> None:
    """Else its own mistakes would come back as confirmed."""
    given = [
        replace(one, label=replace(one.label, certainty=0.97))
        for by in (model.name, LEARNED)
        for one in confirmed(by)
    ]
    suggestions = suggest_labels(DEBATE, material, given, model, SETTINGS)
    assert {one.label.by for one in suggestions} == {model.name}

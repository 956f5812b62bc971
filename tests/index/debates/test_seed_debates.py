"""The debates that ship with the project fit its documents."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from index.debates.anchoring import anchor_labels
from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.corpus.reading import Corpus
    from index.debates.loading import Agenda
    from index.debates.records import Anchored


@pytest.fixture(scope="module")
def anchored(seed_corpus: Corpus, seed_agenda: Agenda) -> Sequence[Anchored]:
    documents = {document.id: document for document in seed_corpus.documents}
    found, loose = anchor_labels(seed_agenda.labels, documents)
    assert loose == ()
    return found


def test_every_label_has_a_place(anchored: Sequence[Anchored], seed_agenda: Agenda) -> None:
    assert len(anchored) == len(seed_agenda.labels) > 200


def test_every_label_holds_whole_sentences(
    anchored: Sequence[Anchored], seed_corpus: Corpus
) -> None:
    ends: dict[str, tuple[set[int], set[int]]] = {
        document.id: (
            {sentence.start for passage in document.passages for sentence in passage.sentences},
            {sentence.end for passage in document.passages for sentence in passage.sentences},
        )
        for document in seed_corpus.documents
    }
    for one in anchored:
        starts, stops = ends[one.label.document]
        assert one.span.start in starts, one.label.quote
        assert one.span.end in stops, one.label.quote


def test_no_span_speaks_for_both_sides_of_a_debate(anchored: Sequence[Anchored]) -> None:
    sides: defaultdict[tuple[str, str, Side], list[Anchored]] = defaultdict(list)
    for one in anchored:
        sides[one.label.subject, one.label.document, one.label.side].append(one)
    for (subject, document, side), labels in sides.items():
        if side is Side.YES:
            for opposed in sides.get((subject, document, Side.NO), ()):
                assert not any(one.span.overlaps(opposed.span) for one in labels)


def test_no_debate_is_without_a_voice(seed_agenda: Agenda) -> None:
    sided = {label.subject for label in seed_agenda.labels if label.side is not Side.BACKGROUND}
    assert {debate.id for debate in seed_agenda.debates} == sided


def test_no_topic_is_without_background(seed_agenda: Agenda) -> None:
    labelled = {label.subject for label in seed_agenda.labels}
    assert {topic.id for topic in seed_agenda.topics} <= labelled


def test_names_are_given_in_german_and_english(seed_agenda: Agenda) -> None:
    for debate in seed_agenda.debates:
        for text in (debate.motion, *debate.sides.values()):
            assert {"de", "en"} <= set(text.texts)
    for topic in seed_agenda.topics:
        assert {"de", "en"} <= set(topic.title.texts)


def test_every_debate_has_questions_for_either_side(seed_agenda: Agenda) -> None:
    for debate in seed_agenda.debates:
        assert len(debate.examples[Side.YES]) >= 10
        assert len(debate.examples[Side.NO]) >= 10


def test_no_question_is_an_example_for_two_subjects(seed_agenda: Agenda) -> None:
    asked = [
        text
        for debate in seed_agenda.debates
        for side in (Side.YES, Side.NO)
        for text in debate.asking_for(side)
    ]
    asked += [text for topic in seed_agenda.topics for text in topic.examples]
    assert sorted(asked) == sorted(set(asked))

"""What becomes of the five documents that ship with the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.corpus.records import BlockKind

if TYPE_CHECKING:
    from pathlib import Path

    from index.corpus.reading import Corpus

EXIT = "tipps-zum-social-media-exit.txt"
MYTHS = "missverstaendnisse-ueber-soziale-medien.txt"
WITHDRAW = "warum-sich-firmen-zurueckziehen-sollten.txt"
COMPANIES = "social-media-in-unternehmen.txt"
LIMITS = "wo-social-media-versagt.txt"


def sentences(corpus: Corpus, name: str | None = None) -> list[str]:
    return [
        sentence.of(document.text)
        for document in corpus.documents
        if name in (None, document.id)
        for passage in document.passages
        for sentence in passage.sentences
    ]


def test_all_five_are_read_byte_for_byte(seed_corpus: Corpus, seeds: Path) -> None:
    assert {document.id for document in seed_corpus.documents} == {
        EXIT,
        MYTHS,
        WITHDRAW,
        COMPANIES,
        LIMITS,
    }
    assert seed_corpus.unreadable == ()
    for document in seed_corpus.documents:
        assert document.text.encode() == (seeds / document.id).read_bytes()


@pytest.mark.parametrize(
    "furniture",
    [
        "post-template-default",
        "eltd-core",
        "vc_responsive",
        "flickr.com",
        "freedigitalphotos",
        "Pingback",
        "Gedanken zu",
        "No Comments",
        "Post a Comment",
        "Bildnachweis",
        "Bildquellen",
        "Über Adrian",
        "Adrian ist der Gründer",
        "Hansjörg Leichsenring befasst sich",
        "Bank Blog",
        "RonnyDee´s Blog",
        "18. Februar 2011",
        "Kennst du vielleicht Beispiele?",
        "Ein Beispiel ist dieser Beitrag auf der Seite",
    ],
)
def test_no_passage_holds_what_argues_nothing(seed_corpus: Corpus, furniture: str) -> None:
    whole = "\n".join(document.text for document in seed_corpus.documents)
    assert furniture in whole
    for document in seed_corpus.documents:
        for passage in document.passages:
            assert furniture not in passage.span.of(document.text)


def test_no_sentence_begins_with_a_caption(seed_corpus: Corpus) -> None:
    assert not [s for s in sentences(seed_corpus) if s.startswith("Wo Social Media versagt")]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (EXIT, "Kann man einfach den Stecker raus ziehen?"),
        (
            EXIT,
            "1. für meine Fans, Follower, LeserInnen, AbonnentInnen eine Rechtfertigung überlegen.",
        ),
        (
            EXIT,
            (
                "Geschieht dies nämlich in Zeiten der Krise (Nestle & British Petrol lassen "
                "grüßen), macht das keinen schlanken Fuss bzw. verlagert sich ganz einfach auf "
                "andere Plätze des Social Web."
            ),
        ),
        (
            MYTHS,
            (
                "Bezogen auf Finanzdienstleiter hat z.B. die Online-Agentur Zieltraffic bereits"
                " vor einiger Zeit festgestellt, dass 70 Prozent der Diskussion rund um das "
                "Thema Banken über Social Media-Kanäle stattfindet."
            ),
        ),
        (MYTHS, "Natürlich kosten soziale Medien Geld."),
        (MYTHS, "Auch wenn Agenturen dies gerne anbieten, es ist keine gute Idee."),
        (MYTHS, "Denn auch hier gilt der Grundsatz: Man kann nicht nicht kommunizieren."),
        (
            MYTHS,
            (
                "Je nach Unternehmensgröße ist dies eine Fulltime-Aufgabe - nicht nur für einen"
                " Mitarbeiter."
            ),
        ),
        (WITHDRAW, "Du bekommst stets Schläge, egal wie gut du es machst."),
        (
            WITHDRAW,
            (
                "Ich rate deshalb jeder Firma (!) sich aus sozialen Netzwerken gänzlich zurück "
                "zuziehen, wenn sie nur im B2B-bereich tätig sind."
            ),
        ),
        (
            WITHDRAW,
            (
                "Im besten Fall bekommst du ein paar Likes für deine Seite und deine Beiträge, "
                "von Usern die vielleicht irgendwie dein Kunde sind oder gerne Kunde wären, es "
                "aber z.B. aus finanziellen Gründen nicht sein können."
            ),
        ),
        (WITHDRAW, "Denn das vergisst nicht."),
        (COMPANIES, "Denn: Die Betreuung sozialer Aktivitäten frisst Ressourcen."),
        (COMPANIES, "Ein solches Vorgehen kostet Zeit, Energie und Geld."),
        (
            COMPANIES,
            (
                "Das wohl beste Beispiel dürfte der Reinigungshersteller „Henkel“ mit seiner "
                "Pril-Aktion sein."
            ),
        ),
        (
            LIMITS,
            (
                "„Können Sie eine Facebook-Seite für uns erstellen und pflegen?“ – dies ist "
                "wohl die häufigste Anfrage, die wir bekommen."
            ),
        ),
        (
            LIMITS,
            (
                "Auf Social Media tauschen sich Nutzer darüber aus, was sie wirklich von einem "
                "Unternehmen halten."
            ),
        ),
        (
            LIMITS,
            (
                "Leute können auch schlecht über Unternehmen in Social Media reden, die in dem "
                "Medium nicht präsent sind."
            ),
        ),
    ],
)
def test_an_argument_is_one_whole_sentence(
    seed_corpus: Corpus, document: str, sentence: str
) -> None:
    assert sentence in sentences(seed_corpus, document)


@pytest.mark.parametrize(
    ("document", "heading"),
    [
        (MYTHS, "5. Soziale Medien sind kostenlos"),
        (MYTHS, "Fazit"),
        (EXIT, "Wie sieht der Social Media Exit aus?"),
        (WITHDRAW, "Was sollen Firmen also mit solchen „Kunden“ tun?"),
        (COMPANIES, "„Social Media“ im Unternehmensalltag"),
        (LIMITS, "Grenze 3: Social Media ist ungeschminkt"),
    ],
)
def test_headings_are_known_and_are_no_sentences(
    seed_corpus: Corpus, document: str, heading: str
) -> None:
    """A myth in a heading is what its author refutes; it must never be quoted as his view."""
    found = next(one for one in seed_corpus.documents if one.id == document)
    assert heading in [b.span.of(found.text) for b in found.blocks if b.kind is BlockKind.HEADING]
    assert heading not in sentences(seed_corpus, document)


def test_the_five_steps_of_an_exit_are_five_passages(seed_corpus: Corpus) -> None:
    document = next(one for one in seed_corpus.documents if one.id == EXIT)
    openings = [passage.span.of(document.text)[:2] for passage in document.passages]
    assert [opening for opening in openings if opening[0].isdigit()] == [
        f"{n}." for n in range(1, 6)
    ]

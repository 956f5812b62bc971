"""Sentences of the five documents, and of others: which can be read alone, and what brings what.

The tables were written by reading the texts, sentence by sentence.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from index.answering.excerpts import Verdict
from index.answering.runs import (
    LENGTH_CEILING,
    LENGTH_LIMIT,
    SENTENCE_LIMIT,
    Claim,
    Sentences,
    reported_claims,
)
from index.answering.standalone import leans_back, takes_back, wording
from index.corpus.records import Span
from index.debates.anchoring import anchor_labels
from index.debates.records import Anchored, Label, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.answering.excerpts import Judge
    from index.corpus.reading import Corpus
    from index.corpus.records import Document, Passage
    from index.debates.loading import Agenda
    from tests.index.conftest import ReadText

    Shown = Callable[..., list[str]]

CORE, AROUND, REPORTED = Verdict("curated"), Verdict(core=False), Verdict("curated", reported=True)

LEANING = [
    # a demonstrative, alone or with a noun
    "Dies kann über soziale Medien erfolgreich geschehen.",
    "Dies gilt gerade für soziale Medien",
    "Dies wird auch dadurch nicht richtiger",
    "Dies ist jedoch nicht unbedingt gleichzusetzen",
    "Das dies noch nicht in allen Unternehmen verstanden",
    "Diese beantworten Fragen nicht nur zu Produkten",
    "Diese informiert einerseits über das nahende Ende",
    "Diese Worte hallen nach.",
    "Diese virale Verbreitung von Inhalten",
    "Ein solches Vorgehen kostet Zeit, Energie und Geld.",
    "Das wird sich mit dem nächsten Konzept ändern.",
    "So die Worte meines Gesprächspartners",
    # one after a preposition, a connective or a verb
    "Bei dieser Anfrage fehlt",
    "Zu diesem Zeitpunkt sollte der Social Media Auftritt",
    "Um diesen Aspekt noch weiter zu verstärken",
    "Und dies kann nicht einfach mal so und nebenbei geschehen.",
    "Und die sollte man eigentlich kennen.",
    "Denn das vergisst nicht.",
    "Und genauso eine Auswirkung hat auch dieses Feedback.",
    "Sofern man diese bedeutende Entwicklung",
    "Sich dieser zu vergegenwärtigen hilft",
    "Statt – wie versprochen – diese Designs dann auch zu drucken",
    "Was machst du mit diesen „Likes“?",
    "Du entscheidest, ob du dich dieser öffentlichen Diskussion",
    "Geschieht dies nämlich in Zeiten der Krise",
    "Je nach Unternehmensgröße ist dies eine Fulltime-Aufgabe",
    "Sicher: Wer nur auf Quantität schaut, für den mag dies",
    "Und wenn du das gemacht hast",
    # a pronoun whose noun stands before
    "Er muss zum freiwilligen Sprachrohr",
    "Jeder kennt sie und jeder war mal",
    "Ich würde ihnen einen konkreten und möglichst verständlichen Grund",
    "Wenn sie dafür keine geeigneten Plattformen anbieten",
    "Es geht nicht um eine Entscheidung ob oder ob nicht.",
    "Es geht nicht zuletzt um die Reputation",
    "Aber es geht durchaus um mehr.",
    "Es ist so zusagen als Firma eine SM-Beziehung.",
    # an adverb that points at what was said
    "Hier setzt „Social Media“ an.",
    "Hier geht es schließlich darum",
    "Denn auch hier gilt der Grundsatz",
    "Dahinter steckt unter anderem die Sorge",
    "Dazu gehört es, Informationen einzuholen",
    "Dazu können externe Berater übrigens tatsächlich",
    "Dann müssten Sie generell an ihrer Personalpolitik zweifeln.",
    "Insofern kann damit auch auf keine anderen Orte",
    "Die Ursachen hierfür sind vielfältig",
    "Einige davon werden in dieser Serie aufgegriffen",
    "Ich habe dabei schon vieles gesehen",
    "Lassen Sie sich davon nicht abschrecken!",
    "Gewinner ist hierbei am Ende derjenige",
    "Selbst viele Social Media Manager denken so.",
    # a place in an enumeration, a contrary, an answer
    "Drittens nennt sie die neue (alte) Dependance",
    "Das genaue Gegenteil ist der Fall.",
    "In Wahrheit ist es umgekehrt.",
    "Die Antwort ist ja.",
    "Wieder ja.",
    "Wenn doch, solltest du deren Seriosität in Frage stellen.",
    "Jaaaa… da können sich die User noch gut erinnern.",
    # no whole sentence
    "Klammheimlich und ohne großes Tamtam.",
    "Hat schließlich bislang auch kaum jemanden interessiert.",
    "Zumindest für die erste Zeit.",
    "Keine einfach zu beantwortende Frage.",
    "Durch „Fanpages“ bei Facebook oder mit offiziellen twitter-Accounts etwa.",
    "Aber auch zu einem Kunden, der gehegt und gepflegt werden muss.",
    "In welchen Bereichen diese Fehleinschätzung nun immer liegt.",
    "Und das Internet ab sofort auch.",
    "Eine sehr schlechte und einseitige SM-Beziehung.",
    "Schlechtes Feedback zum Beispiel, weil du",
    "Sei es auch nur deshalb, weil der Techniker",
    "Quasi wie ein weißes Kreuz",
    "Bzw. solltest.",
    "Öffentlich versteht sich.",
    "Soweit meine Vorschläge.",
    "Oder mit anderen Worten: Wer Nutzen stiftet",
]

STANDING = [
    # "das", "der", "die" as articles
    "Das Internet ist längst keine Parallelwelt mehr.",
    "Das Wachstum sozialer Medien",
    "Das Wort sozial suggeriert auf den ersten Blick",
    "Das Marketing alter Prägung war vor allen ein Push-Geschäft.",
    "Das eigentliche Risiko eines Kontrollverlustes",
    "Das wohl beste Beispiel dürfte der Reinigungshersteller",
    "Das Unternehmen rief seine „Gefolgschaft“",
    "Der Kunde wird damit selbst zum Sprechrohr",
    "Der Verbraucher muss daher",
    "Der besondere Vorteil liegt darin, dass es so möglich ist",
    "Die Fans kommen spätestens dann, wenn",
    "Die Frage, der ich hier nachgehen will",
    "Die Nutzerkommentare zeigen deutlich",
    # a demonstrative or an "it" that says itself what it means
    "Dieser Artikel gibt Ihnen dazu einige wertvolle Impulse.",
    'Auch dies ist oft zu hören: "Eröffnen Sie',
    "Auch wenn dies mancherorts bestritten wird: Für Social Media",
    "„Können Sie eine Facebook-Seite für uns erstellen",
    "Social Media – Das ist DAS Stichwort",
    "Es gibt aber noch die gute alte Homepage",
    "Es empfiehlt sich daher, eine aktive Social Media-Strategie",
    "Es wird nur ein; meiner Meinung nach; unnötiger",
    "Ob es den Unternehmen gefällt oder nicht",
    "Plan ist es, dass Nutzer",
    "Geht es um Social Media",
    # a polite "Sie", a pronoun after its noun
    "Sie wollen ja schließlich die richtigen Fans gewinnen",
    "Haben Unternehmen wirklich so wenig Vertrauen in Ihre Mitarbeiter?",
    "Wie aber verhalten sich Unternehmen, wenn sie intern übereinkommen",
    "Jedes Mal, wenn ein Nutzer einen solchen Inhalt teilt, wird er",
    "Anderen Firmen kann ich nur empfehlen",
    # what connects, and can be understood
    "Daher braucht Social Media ein wenig Engagement",
    "Aber der Erfolg eines Social Media-Einsatzes",
    "Und die relativ kurze Geschichte der sozialen Medien",
    "Denn: Die Betreuung sozialer Aktivitäten frisst Ressourcen.",
    "So gehört zu einer guten Kommunikation etwa dazu",
    "Ich rate deshalb jeder Firma (!)",
    "Natürlich kosten soziale Medien Geld.",
    "Ist dein Produkt oder deine Dienstleistung aber",
    "Kann man einfach den Stecker raus ziehen?",
    "3. Ich würde – die Entscheidung ist ja unverrückbar",
    "Da kann z.B. der kleine Max",
]

OTHERS = [
    ("Of its 84 employees, 61 have jobs that can be done at a desk.", "en", True),
    ("Against that stand £42,700 spent once on chairs, desks and screens.", "en", True),
    ("It turned out to be the cheapest measure of all.", "en", True),
    ("It revealed that four people in accounts were regularly working past nine.", "en", True),
    ("Two employees left over it.", "en", True),
    ("For most others it worked in their favour.", "en", True),
    ("They are small, though, and should be read with care.", "en", True),
    ("None of them was caused by malice.", "en", True),
    ("For some they cannot.", "en", True),
    ("This is not a judgement on anybody's honesty.", "en", True),
    ("That means the company has to buy and maintain every device.", "en", True),
    ("Without these records we could not reconstruct a break-in.", "en", True),
    ("I advise against it.", "en", True),
    ("And those fall silent first.", "en", True),
    ("Results differ by department.", "en", False),
    ("This paper sums up what changed.", "en", False),
    ("There is a router bought years ago, a flatmate, and a teenager.", "en", False),
    ("It is important that everybody knows the rule.", "en", False),
    ("When it comes to money, remote work is no bargain.", "en", False),
    ("Those who release payments should do so on site.", "en", False),
    ("Anyone who expects remote work to be free has not seen my invoices.", "en", False),
    ("Nobody has ever been disciplined here for reporting too early.", "en", False),
    ("Depuis deux ans, il ne se déplace plus que trois jours par semaine.", "fr", True),
    ("Son calcul est vite fait : près de 5 400 kilomètres de moins par an.", "fr", True),
    ("À cela s'ajoutent deux heures de sommeil par semaine.", "fr", True),
    ("Il ne demande ni tunnel ni subvention.", "fr", True),
    ("D'autres prennent la voiture à midi pour une course.", "fr", True),
    ("Cela ne condamne pas le télétravail.", "fr", True),
    ("Résultat : ces jours-là, les trains sont aussi pleins qu'avant.", "fr", True),
    ("Elle n'a pourtant rien changé à l’accord.", "fr", True),
    ("C'est pourquoi les trains roulent presque vides.", "fr", True),
    ("Il vaudrait mieux laisser chaque équipe choisir.", "fr", False),
    ("Il y a trois raisons de rester chez soi.", "fr", False),
    ("Ce qui compte, c'est le dialogue avec les clients.", "fr", False),
    ("Ceux qui habitent loin profitent le plus.", "fr", False),
    ("C'est une erreur de croire que tout se compte.", "fr", False),
    ("Cet article parle des jours fixes.", "fr", False),
    ("Une maison isolée que l'on chauffe toute la journée consomme davantage.", "fr", False),
    ("Er fährt jeden Tag in die Niederlassung, obwohl er nicht muss.", "de", True),
    ("Sie erkennt die Jahrgänge, die von zu Hause gestartet sind.", "de", True),
    ("Sie misst keine Arbeit, sie verbreitet Angst.", "de", True),
    ("Nach ihrer Ansicht sollte kein Betrieb Homeoffice erlauben.", "de", True),
    ("Ihr Mentor war jeden Nachmittag eine Stunde lang für sie erreichbar.", "de", True),
    ("Seinen Ausbilder sah er zum ersten Mal nach drei Wochen.", "de", True),
    ("Solche Stunden müssen auf ein Konto.", "de", True),
    ("Umgekehrt gilt das Gleiche.", "de", True),
    ("Genau dies steht aber im Anhang des Entwurfs.", "de", True),
    ("Das erspart Ihnen später den Vorwurf.", "de", True),
    ("Dort bügelt der Flurfunk vieles aus.", "de", True),
    ("Vorher waren es fünf Monate.", "de", True),
    ("Nach wenigen Wochen hatte er makellose Bilder.", "de", True),
    ("Allerdings spart sie jeden Monat die Fahrkarte.", "de", True),
    ("Von diesem Geld ließe sich ein recht anständiger Tisch kaufen.", "de", True),
    ("Den Nutzen hat der Arbeitgeber, also sollte er auch zahlen.", "de", False),
    ("Dieser Leitfaden richtet sich an Betriebe.", "de", False),
    ("Es genügt nicht, die Auszubildenden ins Büro zu bestellen.", "de", False),
    ("Es ist ratsam, den Betriebsrat früh zu beteiligen.", "de", False),
    ("Damit Firmen sparen, müssen sie Flächen kündigen.", "de", False),
    ("Dass sie fehlen, merkt man den Kollegen an.", "de", True),
    ("Ihre Mitarbeiter brauchen klare Ziele von Ihnen.", "de", False),
    ("Jene, die weit weg wohnen, fehlen am häufigsten.", "de", False),
]


@pytest.fixture(scope="session")
def documents(seed_corpus: Corpus) -> dict[str, Document]:
    return {document.id: document for document in seed_corpus.documents}


@pytest.fixture(scope="session")
def claims(documents: dict[str, Document], seed_agenda: Agenda) -> dict[str, list[Claim]]:
    anchored, _ = anchor_labels(seed_agenda.labels, documents)
    return reported_claims(anchored)


def sentences_of(
    document: Document, passage: Passage, judge: Judge, claims: list[Claim] | None = None
) -> Sentences:
    text = passage.span.of(document.text)
    return Sentences.of(passage, text, document.card.language or "de", judge, claims or [])


@pytest.fixture
def shown(documents: dict[str, Document], claims: dict[str, list[Claim]]) -> Shown:
    """Return a function that gives all that can be shown with the sentence that begins so.

    By default it alone is wanted and its neighbours may accompany it; `verdicts` of other
    sentences can be given by how they begin.
    """

    def find(
        beginning: str, verdict: Verdict = CORE, verdicts: dict[str, Verdict | None] | None = None
    ) -> list[str]:
        given = {beginning: verdict, **(verdicts or {})}
        document, passage = _place(documents, beginning)

        def judge(_document: str, sentence: Span) -> Verdict | None:
            return next(
                (
                    one
                    for start, one in given.items()
                    if document.text.startswith(start, *sentence_of(sentence))
                ),
                AROUND,
            )

        def sentence_of(sentence: Span) -> tuple[int, int]:
            return sentence.start, sentence.end

        read = sentences_of(document, passage, judge, claims.get(document.id))
        return [" ".join(read.texts[first : last + 1]) for first, last in read.runs(SENTENCE_LIMIT)]

    return find


def _place(documents: dict[str, Document], beginning: str) -> tuple[Document, Passage]:
    for document in documents.values():
        for passage in document.passages:
            for sentence in passage.sentences:
                if document.text.startswith(beginning, sentence.start):
                    return document, passage
    raise LookupError(beginning)


def sentence(documents: dict[str, Document], beginning: str) -> str:
    document, passage = _place(documents, beginning)
    spans = (span for span in passage.sentences if document.text.startswith(beginning, span.start))
    return next(spans).of(document.text)


@pytest.mark.parametrize("beginning", LEANING)
def test_a_sentence_of_the_documents_leans(documents: dict[str, Document], beginning: str) -> None:
    assert leans_back(sentence(documents, beginning), "de")


@pytest.mark.parametrize("beginning", STANDING)
def test_a_sentence_of_the_documents_stands(documents: dict[str, Document], beginning: str) -> None:
    assert not leans_back(sentence(documents, beginning), "de")


@pytest.mark.parametrize(("text", "language", "leans"), OTHERS)
def test_a_sentence_in_another_corpus_leans_or_stands(
    text: str,
    language: str,
    leans: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert leans_back(text, language) is leans


@pytest.mark.parametrize(
    "chain",
    [
        ["Der Verbraucher muss daher", "Er muss zum freiwilligen"],
        ["Denn im heutigen Internet", "Hier setzt „Social Media“ an."],
        ["Kunden wollen mitreden", "Dies kann über soziale Medien"],
        ["Doch muss das Unternehmen dann", "Ein solches Vorgehen"],
        ["Plattformen wie Facebook oder Twitter", "Und dies kann nicht einfach"],
        ["Präsenz und schnelle (Re-)Aktivität", "Je nach Unternehmensgröße"],
        ["Erst werden die Ziele definiert", "Dazu können externe Berater"],
        ["Kann man einfach den Stecker", "Die Antwort ist ja."],
        ["Im besten Fall bekommst du", "Soweit so gut."],
        ["3. Ich würde – die Entscheidung", "Diese informiert", "Drittens nennt sie"],
        ["Eine der Grundregeln im Internet", "Denn auch hier gilt", "Dies gilt gerade"],
        # as early as the limit of three sentences allows
        ["Jaaaa… da können sich", "Und das Internet ab sofort", "Denn das vergisst nicht."],
    ],
)
def test_what_leans_is_shown_with_what_it_leans_on(
    documents: dict[str, Document], shown: Shown, chain: list[str]
) -> None:
    assert shown(chain[-1]) == [" ".join(sentence(documents, part) for part in chain)]


def test_a_mere_fragment_is_no_beginning(shown: Shown) -> None:
    """Nothing is gained by "Or rather should." before "And when you have …"."""
    (excerpt,) = shown("Quasi wie ein weißes Kreuz")
    assert excerpt.startswith("Und wenn du das gemacht hast")


@pytest.mark.parametrize(
    ("wanted", "before"),
    [
        ("Er muss zum freiwilligen", "Der Verbraucher muss daher"),
        ("Dies kann über soziale Medien", "Kunden wollen mitreden"),
        ("Hier setzt „Social Media“ an.", "Denn im heutigen Internet"),
    ],
)
def test_what_leans_on_the_other_sides_words_is_shown_without(
    documents: dict[str, Document], shown: Shown, wanted: str, before: str
) -> None:
    assert shown(wanted, verdicts={before: None}) == [sentence(documents, wanted)]


@pytest.mark.parametrize("wanted", ["Dies wird auch dadurch nicht", "Diese virale Verbreitung"])
def test_what_leans_at_the_head_of_a_passage_is_shown_alone(
    documents: dict[str, Document], shown: Shown, wanted: str
) -> None:
    assert shown(wanted) == [sentence(documents, wanted)]


def test_what_would_be_too_long_with_the_sentence_before_is_shown_without(
    documents: dict[str, Document], shown: Shown
) -> None:
    wanted = sentence(documents, "Geschieht dies nämlich")
    before = sentence(documents, "Hier geht es schließlich darum")
    assert len(before) + len(wanted) >= LENGTH_LIMIT
    assert shown(wanted) == [wanted]


def test_a_dangling_start_is_not_put_before_what_stands_without_it(shown: Shown) -> None:
    """ "Don't let that deter you!" adds nothing to "People can also talk badly …" but "that"."""
    people = "Leute können auch schlecht über Unternehmen in Social Media reden"
    found = shown("Lassen Sie sich davon", verdicts={people: CORE})
    assert [excerpt.startswith("Lassen Sie sich davon") for excerpt in found] == [True, False]
    assert found[0].endswith("abschrecken!")


def test_nowhere_in_the_documents_does_an_excerpt_begin_late(
    documents: dict[str, Document], claims: dict[str, list[Claim]]
) -> None:
    """Whatever is wanted: what leans comes with the sentence before, if that is to be had."""
    for document in documents.values():
        for passage in document.passages:
            read = sentences_of(document, passage, lambda *_: Verdict(), claims.get(document.id))
            for first, last in read.runs(SENTENCE_LIMIT):
                if read.leaning[first] and first > 0 and not read.apart[first]:
                    longer = read.spans[last].end - read.spans[first - 1].start > LENGTH_LIMIT
                    more = last - first + 2 > SENTENCE_LIMIT
                    fragment = len(read.texts[first - 1].split()) < 4
                    unmeant = read.refuted_by[first - 1] is not None
                    assert longer or more or fragment or unmeant, read.texts[first]


def test_a_single_sentence_brings_what_it_needs_too(
    documents: dict[str, Document],
) -> None:
    """Where more and shorter excerpts are wanted, they must be understood all the same."""
    document, passage = _place(documents, "Er muss zum freiwilligen")
    read = sentences_of(document, passage, lambda *_: Verdict())
    runs = [" ".join(read.texts[first : last + 1]) for first, last in read.runs(1)]
    assert len(runs) == len(read.texts)
    assert [run[:16] for run in runs[2:6]] == [
        "Der Verbraucher ",
        "Der Verbraucher ",
        "Doch muss das Un",
        "Doch muss das Un",
    ]


def test_a_reported_claim_is_shown_with_its_refutation(shown: Shown) -> None:
    found = shown("Mich verwundet, wie häufig")
    assert found
    assert all("In Wahrheit ist es umgekehrt." in excerpt for excerpt in found)
    (sorrow,) = shown("Dahinter steckt unter anderem die Sorge")
    assert "Allerdings lassen sich Mitarbeiter nicht so einfach" in sorrow


@pytest.mark.parametrize(
    "wanted",
    [
        "Das Wort sozial suggeriert auf den ersten Blick",
        "Selbst viele Social Media Manager denken so.",
        "Die Fans kommen spätestens dann, wenn",
    ],
)
def test_a_reported_claim_whose_refutation_is_out_of_reach_is_not_shown(
    shown: Shown, wanted: str
) -> None:
    assert shown(wanted) == []


def test_a_reported_claim_may_stand_alone_where_it_is_marked_as_reported(
    documents: dict[str, Document], shown: Shown
) -> None:
    """On a side it is marked; its refutation speaks for the other side."""
    claim = "Mich verwundet, wie häufig"
    refutation = {"In Wahrheit ist es": None}
    assert shown(claim, REPORTED, refutation) == [sentence(documents, claim)]
    assert shown(claim, CORE, refutation) == []


def test_nowhere_in_the_documents_is_a_reported_claim_left_standing(
    documents: dict[str, Document], claims: dict[str, list[Claim]]
) -> None:
    seen = 0
    for document in documents.values():
        for passage in document.passages:
            read = sentences_of(document, passage, lambda *_: Verdict(), claims.get(document.id))
            for first, last in read.runs(SENTENCE_LIMIT):
                spans = read.spans[first : last + 1]
                for claim in claims.get(document.id, []):
                    if any(claim.span.overlaps(span) for span in spans):
                        seen += 1
                        assert any(
                            refutation.overlaps(span)
                            for refutation in claim.refutations
                            for span in spans
                        ), read.texts[first]
    assert seen > 1


def test_without_labels_the_words_of_a_refutation_tell(read_text: ReadText) -> None:
    document = read_text(
        "Titel\n\nManche sagen, Diensträder seien ein teures Spielzeug. Das Gegenteil ist richtig. "
        "Diensträder werden an jedem Tag gefahren."
    )
    (passage,) = document.passages
    read = sentences_of(document, passage, lambda *_: Verdict())
    assert takes_back(read.texts[1], "de")
    assert list(read.runs(3)) == [(0, 1), (0, 2), (2, 2)]
    admitted = [Verdict(), None, Verdict()]
    judged = dict(zip(passage.sentences, admitted, strict=True))
    read = sentences_of(document, passage, lambda _document, span: judged[span])
    assert list(read.runs(3)) == [(2, 2)]


def test_only_what_is_meant_refutes() -> None:
    """Two views that are reported against each other leave both standing as reported."""

    def label(side: Side, start: int, subject: str = "trees", *, reported: bool) -> Anchored:
        span = Span(start, start + 9)
        return Anchored(Label(subject, "a.txt", "…", side, reported=reported), span)

    labels = [
        label(Side.YES, 0, reported=True),
        label(Side.NO, 10, reported=True),
        label(Side.NO, 20, reported=False),
        label(Side.YES, 30, "lawns", reported=False),
        label(Side.BACKGROUND, 40, reported=True),
    ]
    assert reported_claims(labels) == {
        "a.txt": [Claim(Span(0, 9), (Span(20, 29),)), Claim(Span(10, 19), ())]
    }


def test_a_lead_in_is_shown_with_what_it_leads_to(shown: Shown) -> None:
    (excerpt,) = shown("Bei dieser Anfrage fehlt")
    assert excerpt.startswith("Bei dieser Anfrage fehlt eine entscheidene Komponente: Welche")
    assert excerpt.endswith("um den Nutzern einen echten Mehrwert zu bieten?")


@pytest.mark.parametrize("wanted", ["Ich würde mir\n", "Um diesen Aspekt noch weiter"])
def test_a_sentence_that_breaks_off_is_not_shown(shown: Shown, wanted: str) -> None:
    assert shown(wanted) == []


def test_a_heading_that_was_taken_for_text_is_shown_with_its_text(read_text: ReadText) -> None:
    document = read_text(
        "Titel\n\nDer Rückzug kostet wenig.\n\nKontrollverlust im Netz und anderswo in der Welt\n"
        "Wer geht, redet nicht mehr mit. Wer bleibt, redet mit und hört zu."
    )
    for passage in document.passages:
        read = sentences_of(document, passage, lambda *_: Verdict())
        for _, last in read.runs(3):
            assert not read.texts[last].startswith("Kontrollverlust")


def test_a_sentence_that_would_fill_a_message_is_not_shown(read_text: ReadText) -> None:
    long = f"Räder sind {'sehr ' * 300}teuer."
    (passage,) = (document := read_text(f"Titel\n\n{long}")).passages
    assert len(long) > LENGTH_CEILING
    assert list(sentences_of(document, passage, lambda *_: Verdict()).runs(3)) == []


def test_items_without_a_full_stop_are_shown(read_text: ReadText) -> None:
    document = read_text("# Titel\n\n- Weniger Kosten für das Büro\n- Mehr Ruhe für die Arbeit\n")
    found = [
        read.texts[first]
        for passage in document.passages
        for read in [sentences_of(document, passage, lambda *_: Verdict())]
        for first, _ in read.runs(3)
    ]
    assert found == ["- Weniger Kosten für das Büro", "- Mehr Ruhe für die Arbeit"]


def test_no_two_sentences_of_the_documents_are_taken_for_the_same(
    documents: dict[str, Document],
) -> None:
    texts = [
        span.of(document.text)
        for document in documents.values()
        for passage in document.passages
        for span in passage.sentences
    ]
    wordings = [(text, wording(text, "de")) for text in texts]
    same = [
        (one, other)
        for (one, first), (other, second) in combinations(wordings, 2)
        if first.repeats(second)
    ]
    assert same == []


def test_a_teaser_is_taken_for_the_sentence_that_it_repeats(
    documents: dict[str, Document],
) -> None:
    """The post on leaving begins with its own first lines, cut short."""
    text = documents["tipps-zum-social-media-exit.txt"].text
    teaser = text[text.index("So die Worte") : text.index("…") + 1]
    whole = sentence(documents, "So die Worte meines Gesprächspartners (danke")
    assert teaser != whole
    assert wording(teaser, "de").repeats(wording(whole, "de"))

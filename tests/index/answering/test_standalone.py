"""A sentence that points back is known, and is worth less alone; so is one that is said again."""

from __future__ import annotations

import pytest

from index.answering.standalone import (
    breaks_off,
    is_fragment,
    leans_back,
    standing,
    takes_back,
    wording,
)

LONG = ", und das ist ein langer Satz mit genügend Wörtern darin."


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Diese beantworten Fragen.", "de"),
        ("Dies gilt immer.", "de"),
        ("„Dadurch wird es teuer.“", "de"),
        ("Er muss gehen.", "de"),
        ("Sie sind teuer.", "de"),
        ("Bzw. solltest.", "de"),
        ("Drittens nennt sie den Ort.", "de"),
        ("They also cost money.", "en"),
        ("This is true.", "en"),
        ("“It is cheap.”".replace("“", '"').replace("”", '"'), "en"),
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str, language: str) -> None:
    assert leans_back(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Social Media kosten Geld.", "de"),
        ("Dieser Artikel zeigt Grenzen.", "de"),
        ("Ernst ist die Lage.", "de"),
        ("Sie wollen die richtigen Fans gewinnen.", "de"),
        ("Theyre is no word.", "en"),
        ("Companies cost a lot of money.", "en"),
        ("This is true of most companies.", "fr"),
        ("Dies gilt für alle Unternehmen.", "fr"),
    ],
)
def test_a_sentence_that_stands_alone_does_not(sentence: str, language: str) -> None:
    assert not leans_back(sentence, language)


def test_what_stands_alone_is_worth_most() -> None:
    plain = f"Räder kosten Geld{LONG}"
    assert standing(plain, plain, "de") == 1
    assert standing(f"Diese kosten Geld{LONG}", f"Diese kosten Geld{LONG}", "de") == 0.80
    assert standing(f"Aber Räder kosten{LONG}", f"Aber Räder kosten{LONG}", "de") == 0.96


def test_what_points_back_in_passing_is_worth_a_little_less() -> None:
    text = "Je nach Größe des Unternehmens ist dies eine Aufgabe für mehrere."
    assert leans_back(text, "de")
    assert standing(text, text, "de") == 0.99


def test_a_question_and_a_short_text_are_worth_less() -> None:
    question = f"Kosten Räder Geld{LONG[:-1]}?"
    assert standing(question, question, "de") == 0.85
    assert standing("Alle Räder kosten Geld.", "Alle Räder kosten Geld.", "de") == 0.85
    assert standing("Natürlich kosten Räder Geld.", "Natürlich kosten Räder Geld.", "de") == 0.85
    whole = "Natürlich kosten alle Räder Geld."
    assert standing(whole, whole, "de") == 1
    assert standing("Was nun?", "Was nun?", "de") == pytest.approx(0.80 * 0.85 * 0.85)


def test_only_the_first_sentence_of_an_excerpt_has_to_stand() -> None:
    first = f"Räder kosten Geld{LONG}"
    assert standing(f"{first} Dies gilt immer.", first, "de") == 1


def test_a_language_without_a_lexicon_is_judged_by_length_and_question_only() -> None:
    text = "To kosztuje dużo pieniędzy, a to zdanie jest dość długie."
    assert standing(text, text, "pl") == 1
    assert leans_back("No i co?", "pl")


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Eso no funciona en empresas pequeñas.", "es"),
        ("En ese caso, la empresa pierde clientes.", "es"),
        ("Por otro lado, los clientes quieren hablar.", "es"),
        ("Questo non funziona nelle piccole imprese.", "it"),
        ("Per questo motivo le aziende restano.", "it"),
        ("Dit werkt niet in kleine bedrijven.", "nl"),
        ("In dat geval verliest het bedrijf klanten.", "nl"),
        ("Het is een dure grap voor elk bedrijf.", "nl"),
        ("Isso não funciona em pequenas empresas.", "pt"),
        ("Neste caso, a empresa perde clientes.", "pt"),
        ("Bu, küçük şirketlerde işe yaramaz.", "tr"),
        ("Öte yandan müşteriler konuşmak ister.", "tr"),
    ],
)
def test_what_points_back_is_known_in_other_languages(sentence: str, language: str) -> None:
    assert leans_back(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Las redes sociales cuestan mucho dinero.", "es"),
        ("Este artículo explica los límites.", "es"),
        ("I social media costano molto denaro.", "it"),
        ("Quello che conta è il dialogo con i clienti.", "it"),
        ("Het internet vergeet helemaal niets.", "nl"),
        ("Het is belangrijk dat bedrijven luisteren.", "nl"),
        ("As redes sociais custam muito dinheiro.", "pt"),
        ("Este artigo explica os limites.", "pt"),
        ("Sosyal medya çok paraya mal olur.", "tr"),
        ("Bu yazı sınırları gösteriyor.", "tr"),
    ],
)
def test_what_stands_alone_is_known_in_other_languages(sentence: str, language: str) -> None:
    assert not leans_back(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Das Gegenteil ist richtig.", "de"),
        ("In Wahrheit ist es umgekehrt.", "de"),
        ("Das ist ein Irrtum, wie sich zeigt.", "de"),
        ("Das stimmt so nicht.", "de"),
        ("The opposite is true.", "en"),
        ("That is simply wrong.", "en"),
        ("Il n'en est rien.", "fr"),
        ("En réalité, tout dépend des jours.", "fr"),
        ("Todo lo contrario.", "es"),
        ("In realtà non è così.", "it"),
        ("Niets is minder waar.", "nl"),
        ("Na verdade, custa muito.", "pt"),
        ("Aslında tam tersi doğru.", "tr"),
    ],
)
def test_a_sentence_that_takes_back_the_one_before_is_known(sentence: str, language: str) -> None:
    assert takes_back(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Das Internet ist längst keine Parallelwelt mehr.", "de"),
        ("Das ist nicht teuer, aber lästig.", "de"),
        ("In Wien ist es anders.", "de"),
        ("The opposite side has arguments too.", "en"),
        ("Aslında tam tersi doğru.", "pl"),
    ],
)
def test_a_sentence_that_goes_on_takes_nothing_back(sentence: str, language: str) -> None:
    assert not takes_back(sentence, language)


def test_few_words_are_a_fragment() -> None:
    assert is_fragment("Bzw. solltest.")
    assert is_fragment("Und dann?")
    assert not is_fragment("Natürlich kosten soziale Medien Geld.")


def test_a_lead_in_and_a_heading_are_nothing_without_what_follows() -> None:
    sentences = ["Bei dieser Anfrage fehlt etwas:", "Warum wir gehen", "Es gibt viele Gründe."]
    assert [breaks_off(sentence, sentences) for sentence in sentences] == [True, True, False]
    assert not breaks_off("Es sei „teuer“.)", sentences)


def test_items_of_a_list_need_no_full_stop() -> None:
    items = ["Weniger Kosten", "Mehr Ruhe"]
    assert not any(breaks_off(item, items) for item in items)
    assert breaks_off("Die Gründe:", ["Die Gründe:", *items])


def repeats(one: str, other: str, language: str = "de") -> bool:
    first, second = wording(one, language), wording(other, language)
    assert first.repeats(second) == second.repeats(first)
    return first.repeats(second)


CLAIM = "Die Betreuung sozialer Aktivitäten frisst viele Ressourcen."


def test_the_same_words_in_another_order_or_case_say_the_same() -> None:
    assert repeats(CLAIM, CLAIM)
    assert repeats(CLAIM, "Viele Ressourcen frisst die Betreuung sozialer Aktivitäten!")
    assert repeats(CLAIM, "Und die Betreuung aller sozialer Aktivitäten frisst viele Ressourcen.")


def test_a_longer_sentence_that_holds_all_of_a_shorter_one_says_it_again() -> None:
    longer = f"{CLAIM[:-1]}, und wer Zeit, Geld und Geduld nicht hat, lässt es besser bleiben"
    assert not repeats(CLAIM, longer)  # one more negation
    assert repeats(CLAIM, longer.replace(" nicht", ""))


def test_a_negation_or_another_number_makes_another_claim() -> None:
    free = "Soziale Medien sind für die meisten Unternehmen kostenlos."
    assert not repeats(free, "Soziale Medien sind für die meisten Unternehmen nicht kostenlos.")
    assert not repeats(
        "The rent fell from 300 to 200 euros.", "The rent fell from 300 to 250 euros."
    )
    rent = "Im vergangenen Herbst sank die Miete für das Büro auf 200 Euro"
    more = "was der Betrieb sofort in Stühle, Tische, Lampen und zwei gute Kameras gesteckt hat"
    assert repeats(f"{rent}.", f"{rent}, {more}.")
    assert not repeats(f"{rent}.", f"{rent.replace('200', '250')}, {more}.")
    assert not repeats("We can leave the network.", "We can't leave the network.", "en")
    assert not repeats("On peut quitter ce réseau.", "On ne peut quitter ce réseau.", "fr")


def test_sentences_on_the_same_matter_do_not_repeat_each_other() -> None:
    assert not repeats(CLAIM, "Ein solches Vorgehen kostet Zeit, Energie und viele Ressourcen.")
    assert not repeats("Warum nicht?", "Warum nicht?")  # too little to say anything

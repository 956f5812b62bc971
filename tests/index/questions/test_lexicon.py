"""Closed-class words decide which way a question is asked, and whether it has two sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.questions.lexicon import read_form

LANGUAGES = ["de", "en", "fr", "es", "it", "tr", "nl", "pt", "pl"]

AS_ASKED = [
    ("de", "Sollen wir Facebook verlassen?"),
    ("de", "Was spricht für den Ausstieg?"),
    ("de", "Sollten wir nicht lieber gehen?"),
    ("de", "Sollten wir nicht einfach gehen?"),
    ("de", "Sollen wir gehen oder nicht?"),
    ("de", "Welche Vor- und Nachteile hat der Ausstieg?"),
    ("de", "Man kann nicht nicht kommunizieren"),
    ("de", "Ist Werbung dort nicht bloß lästig?"),
    ("de", "Verlieren Firmen im Netz nicht die Kontrolle?"),
    ("de", "Sollten Firmen ihre Fehler nicht offen eingestehen?"),
    ("en", "Won't customers forget it soon?"),
    ("es", "¿No basta con abrir una página?"),
    ("it", "Non basta aprire una pagina?"),
    ("pt", "Não basta abrir uma página?"),
    ("de", "Das lohnt sich ohne jeden Zweifel, oder?"),
    ("en", "It pays off, no doubt about it?"),
    ("es", "Sin duda vale la pena, ¿no?"),
    ("de", "Sollten wir im Zweifel lieber aussteigen?"),
    ("en", "Should we leave when in doubt?"),
    ("fr", "Dans le doute, faut-il partir ?"),
    ("en", "Should we leave Facebook?"),
    ("en", "Shouldn't we leave Facebook?"),
    ("en", "We should leave, shouldn't we?"),
    ("en", "What are the pros and cons of leaving?"),
    ("en", "Should we leave or not?"),
    ("en", "Isn't it time to go?"),
    ("fr", "Faut-il quitter Facebook ?"),
    ("fr", "Quels sont les avantages et inconvénients ?"),
    ("fr", "Devrions-nous partir, oui ou non ?"),
    ("es", "¿Debemos dejar Facebook?"),
    ("es", "¿Qué ventajas y desventajas tiene?"),
    ("it", "Dobbiamo lasciare Facebook?"),
    ("it", "Quali sono i pro e contro?"),
    ("tr", "Facebook'tan çıkmalı mıyız?"),
    ("tr", "Artıları ve eksileri neler?"),
    ("nl", "Moeten we Facebook verlaten?"),
    ("nl", "Wat zijn de voor- en nadelen?"),
    ("pt", "Devemos sair do Facebook?"),
    ("pt", "Quais são os prós e contras?"),
    ("pl", "Czy powinniśmy opuścić Facebooka?"),
    ("pl", "Jakie są wady i zalety?"),
]
REVERSED = [
    ("de", "Sollen wir Facebook nicht verlassen?"),
    ("de", "Was spricht gegen den Ausstieg?"),
    ("de", "Welche Nachteile hat der Ausstieg?"),
    ("de", "Ist es ein Fehler, Facebook zu verlassen?"),
    ("de", "Ist der Ausstieg falsch?"),
    ("de", "Sollen wir keinen Account anlegen?"),
    ("de", "Würdet ihr vom Ausstieg abraten?"),
    ("de", "Ist das Netz nicht mehr wichtig?"),
    ("de", "Ist der Ertrag gar nicht zu messen?"),
    ("de", "Wir schulden niemandem eine Erklärung, oder?"),
    ("en", "We owe nobody an explanation, do we?"),
    ("it", "Non dobbiamo uscire, vero?"),
    ("en", "Should we not leave Facebook?"),
    ("de", "Wer glaubt denn noch, dass das gratis ist?"),
    ("en", "Who still believes that it is free?"),
    ("de", "Ich bezweifle, dass sich das lohnt. Stimmt das?"),
    ("en", "I doubt that it pays off, don't you?"),
    ("nl", "Is vertrekken overhaast?"),
    ("en", "What speaks against leaving?"),
    ("en", "Is it a mistake to leave?"),
    ("en", "What are the disadvantages of leaving?"),
    ("en", "Is leaving a bad idea?"),
    ("en", "Should we avoid social media?"),
    ("fr", "Quels arguments contre un départ ?"),
    ("fr", "Est-ce une erreur de partir ?"),
    ("fr", "Pourquoi ne faut-il pas partir ?"),
    ("es", "¿Qué argumentos hay en contra de irse?"),
    ("es", "¿Es un error irse?"),
    ("it", "Quali argomenti contro l'uscita?"),
    ("it", "È un errore uscire?"),
    ("tr", "Ayrılmanın dezavantajları neler?"),
    ("tr", "Ayrılmak hata mı?"),
    ("nl", "Wat pleit tegen vertrek?"),
    ("nl", "Is vertrekken een vergissing?"),
    ("pt", "Que argumentos há contra sair?"),
    ("pt", "Sair é um erro?"),
    ("pl", "Co przemawia przeciwko odejściu?"),
    ("pl", "Czy odejście to błąd?"),
    ("en", "Is it rash and premature to leave?"),
    ("de", "Wäre es dumm, gefährlich und voreilig, zu gehen?"),
    ("de", "Auf Facebook entgleitet uns alles. Ist die Sorge unbegründet?"),
    ("de", "TikTok macht kaum Arbeit. Liegt er da falsch?"),
    ("en", "A page runs by itself. Am I wrong?"),
    ("de", "Er will alles auf TikTok setzen. Macht er sich da etwas vor?"),
    ("de", "Meine Chefin will alles löschen. Begeht sie einen Fehler?"),
    ("en", "My boss wants to delete it all. Is he kidding himself?"),
    ("es", "El jefe quiere seguir en Facebook. ¿Es un error?"),
    ("en", "Would it be irresponsible to leave?"),
    ("fr", "La page marche toute seule, ai-je tort ?"),
    ("de", "Ist es unhöflich, ohne ein Wort zu gehen?"),
]
OPEN = [
    ("de", "Wie steigen wir aus?"),
    ("de", "Wann sollten wir gehen?"),
    ("de", "Hallo, wer kümmert sich um die Seite?"),
    ("de", "Wer entscheidet am Ende, ob wir gehen?"),
    ("de", "Könnt ihr mir sagen, was wir tun sollten?"),
    ("de", "Könnt ihr mir sagen, wie man aussteigt?"),
    ("de", "Ich möchte wissen, wie man aussteigt"),
    ("en", "When should we leave, in your view?"),
    ("de", "Wir wollen gehen. Was müssen wir beachten?"),
    ("en", "How do we leave?"),
    ("en", "What is social media?"),
    ("en", "Can you tell me when to leave?"),
    ("fr", "Comment quitter Facebook ?"),
    ("fr", "Combien coûte une page ?"),
    ("es", "¿Cómo salimos de Facebook?"),
    ("es", "¿Cuánto cuesta?"),
    ("it", "Come usciamo da Facebook?"),
    ("tr", "Facebook'tan nasıl çıkarız?"),
    ("nl", "Hoe stappen we uit Facebook?"),
    ("pt", "Como saímos do Facebook?"),
    ("pl", "Jak opuścić Facebooka?"),
]
TWO_SIDED = [
    ("de", "Sollen wir gehen?"),
    ("de", "Mein Chef sagt, das sei gratis. Hat er recht?"),
    ("en", "They say it comes free. Are they right?"),
    ("es", "¿Debe una empresa reconocer que se ha equivocado?"),
    ("de", "Was spricht für den Ausstieg?"),
    ("de", "Warum sollten wir gehen?"),
    ("de", "Wie sinnvoll ist ein Ausstieg?"),
    ("de", "Welche Argumente gibt es?"),
    ("de", "Wer braucht schon eine Strategie?"),
    ("de", "Wer öffentlich schimpft, verdient eine Antwort?"),
    ("de", "Sollten wir öffentlich sagen, weshalb wir gehen?"),
    ("en", "Should we tell people why we leave?"),
    ("fr", "Devrions-nous dire pourquoi nous partons ?"),
    ("en", "Who needs a strategy anyway?"),
    ("de", "Müssen wir vorher wissen, wie wir wieder herauskommen?"),
    ("en", "When we leave, do we owe anybody a reason?"),
    ("fr", "Quand on part, doit-on dire pourquoi ?"),
    ("en", "Should we leave?"),
    ("en", "Why should we leave?"),
    ("en", "What are the advantages of leaving?"),
    ("en", "What do you think of leaving?"),
    ("fr", "Faut-il partir ?"),
    ("fr", "Quels sont les avantages ?"),
    ("es", "¿Debemos irnos?"),
    ("es", "¿Qué ventajas tiene irse?"),
    ("it", "Dobbiamo andare?"),
    ("tr", "Gitmeli miyiz?"),
    ("tr", "Hangi argümanlar var?"),
    ("nl", "Moeten we gaan?"),
    ("pt", "Devemos sair?"),
    ("pl", "Czy powinniśmy odejść?"),
]


@pytest.mark.parametrize(("language", "question"), AS_ASKED)
def test_a_question_without_a_reversal_is_as_asked(language: str, question: str) -> None:
    assert not read_form(question, language).reversed


@pytest.mark.parametrize(("language", "question"), REVERSED)
def test_a_reversal_is_read(language: str, question: str) -> None:
    assert read_form(question, language).reversed


@pytest.mark.parametrize(("language", "question"), OPEN)
def test_a_question_for_how_what_or_when_is_open(language: str, question: str) -> None:
    assert read_form(question, language).open


@pytest.mark.parametrize(("language", "question"), TWO_SIDED)
def test_a_question_for_yes_or_no_or_for_reasons_has_two_sides(
    language: str, question: str
) -> None:
    assert not read_form(question, language).open


@pytest.mark.parametrize(
    ("language", "question", "affirmative"),
    [
        ("de", "Sollen wir Facebook nicht verlassen?", "Sollen wir Facebook verlassen?"),
        ("de", "Was spricht gegen den Ausstieg?", "Was spricht für den Ausstieg?"),
        ("en", "What speaks against leaving?", "What speaks for leaving?"),
        ("en", "Should we leave?", "Should we leave?"),
        ("fr", "Est-ce une erreur de partir ?", "Est-ce une bonne idée de partir ?"),
        ("de", "Statt zu gehen, sollten wir bleiben?", "sollten wir bleiben?"),
        ("en", "Instead of hiring an agency, should we post?", "should we post?"),
        ("tr", "Ajans yerine kendimiz mi yapmalıyız?", "kendimiz mi yapmalıyız?"),
    ],
)
def test_the_affirmative_is_the_question_without_its_reversals(
    language: str, question: str, affirmative: str
) -> None:
    form = read_form(question, language)
    assert form.affirmative.replace(" ?", "?") == affirmative.replace(" ?", "?")


@pytest.mark.parametrize(
    ("language", "said", "tag"),
    [
        ("de", "Wer zu offen ist, schadet sich doch selbst", ", oder?"),
        ("de", "Warum wir gehen, geht keinen etwas an", ", oder etwa doch?"),
        ("de", "Ich fände es gut, wenn wir das löschten", ". Das ist doch sinnvoll?"),
        ("de", "Weg von Facebook und Co, sagt mein Bauch", ". Habe ich recht?"),
        ("en", "What people write online is real", ", isn't it?"),
        ("en", "A page alone won't do anything", ", will it?"),
        ("en", "I'm sure that pays off for all of us", ". Am I right?"),
        ("de", "Unser Anwalt will alles löschen", ". Ist das ein guter Rat?"),
        ("de", "Meine Enkelin hält TikTok für echt", ". Stimmen Sie ihr zu?"),
        ("de", "„Gratis ist nur die Anmeldung“", " – ist das korrekt?"),
        ("de", "Mein Onkel will, dass wir bleiben", ". Muss ich ihm recht geben?"),
        ("en", "My partner wants to walk away", ". Does she have a point?"),
        ("en", "They say that nothing is forgotten", ". Should I believe them?"),
        ("en", "Our barista hands out the phone", ". Is that a good idea?"),
        ("fr", "Mon patron veut tout garder chez nous", ". Voit-il juste ?"),
        ("es", "El gerente quiere dejar las redes", ". ¿Es buena idea?"),
        ("it", "Il capo vuole chiudere ogni profilo", ": fa bene?"),
        ("nl", "Mijn baas wil alles afsluiten", ". Heeft hij gelijk?"),
        ("pt", "O meu diretor quer ficar lá", ". Tem razão?"),
        ("pl", "Szef chce zamknąć wszystkie profile", ". Ma rację?"),
        ("fr", "Ce que les gens écrivent compte", ", n'est-ce pas ?"),
        ("es", "Lo que se publica se queda ahí", ", ¿verdad?"),
        ("it", "Quello che si scrive rimane lì", ", vero?"),
        ("tr", "Bir sayfa açmak yeterli olur", ", değil mi?"),
        ("nl", "Wat daar staat blijft gewoon staan", ", toch?"),
        ("pt", "O que se publica fica lá", ", não é?"),
        ("pl", "Co tam jest, to zostaje", ", prawda?"),
    ],
)
def test_what_stands_before_a_tag_is_asked_and_is_not_open(
    language: str, said: str, tag: str
) -> None:
    form = read_form(said + tag, language)
    assert form.asked == f"{said}?"
    assert form.asks_yes_or_no
    assert not form.open


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Was meinst du, ja?"),
        ("en", "How so, right?"),
        ("de", "Oder?"),
        ("en", "Am I right?"),
    ],
)
def test_where_a_tag_is_nearly_all_it_is_not_taken_off(language: str, question: str) -> None:
    assert read_form(question, language).asked == question


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Sollen wir bei Facebook und Co. endgültig gehen?", None),
        ("sollen wir bei facebook & co. endgültig gehen?", None),
        ("Wir sind bei Facebook und Co. Sollten wir da wirklich bleiben?", 30),
        ("Wir haben nichts von Facebook, Xing etc. Sollten wir da wirklich bleiben?", 41),
    ],
)
def test_an_abbreviation_ends_a_sentence_only_before_a_capital(
    question: str, asked: int | None
) -> None:
    assert read_form(question, "de").asked == question[asked:]


def test_two_reversals_cancel_each_other() -> None:
    form = read_form("Was spricht dagegen, Facebook nicht zu verlassen?", "de")
    assert not form.reversed
    assert form.affirmative == "Was spricht dafür, Facebook zu verlassen?"


def test_an_apostrophe_of_either_shape_is_read() -> None:
    curly, straight = "We shouldn’t leave Facebook", "We shouldn't leave Facebook"
    assert read_form(curly, "en").reversed
    assert read_form(curly, "en") == read_form(straight, "en")


@pytest.mark.parametrize("language", [None, "ru", "ar", "xx"])
def test_a_language_without_a_lexicon_is_taken_as_it_stands(language: str | None) -> None:
    form = read_form("Was spricht gegen den Ausstieg?", language)
    assert (form.affirmative, form.reversed, form.open) == (
        "Was spricht gegen den Ausstieg?",
        False,
        False,
    )


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES, None]))
def test_any_text_has_a_form(question: str, language: str | None) -> None:
    form = read_form(question, language)
    assert isinstance(form.affirmative, str)
    assert form == read_form(question, language)

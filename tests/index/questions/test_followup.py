"""Openings, fragments and words that point back are told from whole questions, in any language."""

from __future__ import annotations

import pytest

from index.questions.followup import leaning, read_wording, signs
from index.questions.scope import Evidence

NEAR = Evidence(0.0, 2.0, 2.0)
LANGUAGES = ("de", "en", "fr", "es", "it", "tr", "nl", "pt", "pl")
LEANING = [
    ("de", "Und was ist mit den Kosten?"),
    ("de", "Wie sieht es mit dem Aufwand aus?"),
    ("de", "Und wenn wir nicht B2B sind?"),
    ("de", "Was spricht dagegen?"),
    ("de", "Und umgekehrt?"),
    ("en", "What about costs?"),
    ("en", "And if we stayed instead?"),
    ("en", "Or should we do it ourselves?"),
    ("fr", "Et les coûts ?"),
    ("fr", "Et si nous restions ?"),
    ("es", "¿Y los costes?"),
    ("es", "¿Y si nos quedamos?"),
    ("it", "E i costi?"),
    ("it", "E se invece ce ne andassimo?"),
    ("tr", "Peki ya maliyetler?"),
    ("nl", "En de kosten?"),
    ("nl", "En als we toch blijven?"),
    ("pt", "E os custos?"),
    ("pl", "A co z kosztami?"),
]
WHOLE = [
    ("de", "Dürfen unsere Mitarbeiter bei der Arbeit auf Facebook surfen?"),
    ("de", "Und sollten wir auf Kritik öffentlich antworten?"),
    ("en", "Is social media free for companies?"),
    ("en", "Should we move our servers to the cloud?"),
    ("fr", "Faut-il répondre publiquement aux critiques des clients ?"),
    ("es", "¿Son gratis las redes sociales para las empresas?"),
    ("it", "Il numero di fan misura davvero il successo aziendale?"),
    ("tr", "Çalışanlar iş yerinde Facebook kullanabilmeli mi?"),
    ("nl", "Is sociale media gratis voor kleine bedrijven?"),
    ("pt", "Devemos responder às críticas dos clientes em público?"),
    ("pl", "Czy media społecznościowe są darmowe dla małych firm?"),
]


@pytest.mark.parametrize(("language", "question"), LEANING)
def test_a_question_that_only_goes_on_leans(language: str, question: str) -> None:
    """Its words say so, however near the documents are to it by itself."""
    assert leaning(read_wording(question, language), NEAR) > 0.5


@pytest.mark.parametrize(("language", "question"), WHOLE)
def test_a_whole_question_does_not_lean(language: str, question: str) -> None:
    """Even an "and" before it does not make it one that only goes on."""
    assert leaning(read_wording(question, language), NEAR) < 0.5


def test_what_is_left_names_the_aspect_alone() -> None:
    """It is what the documents are searched for."""
    assert read_wording("Und was ist mit den Kosten?", "de").rest == "den kosten"
    assert read_wording("But what about the costs?", "en").rest == "the costs"
    assert read_wording("¿Y como empresa B2B?", "es").rest == "empresa b2b"


def test_a_supposition_is_told_from_an_aspect() -> None:
    """Only what is supposed may turn a question round."""
    supposed = read_wording("And if we stayed instead?", "en")
    assert (supposed.supposes, supposed.elliptical, supposed.rather) == (True, True, True)
    aspect = read_wording("What about costs?", "en")
    assert (aspect.supposes, aspect.elliptical, aspect.rather) == (False, True, False)


def test_words_that_name_no_subject_are_not_counted() -> None:
    """Pronouns, auxiliaries and question words say nothing by themselves."""
    assert read_wording("Warum?", "de").own_words == 0
    assert read_wording("and what speaks against it?", "en").own_words == 0
    assert read_wording("Und die Kosten der Betreuung?", "de").own_words == 2


def test_asking_why_and_asking_for_the_opposite_are_told() -> None:
    """They name no aspect, and yet say what is wanted."""
    assert read_wording("But why?", "en").reasons
    assert read_wording("Und andersherum?", "de").turned
    assert read_wording("e viceversa?", "it").turned


@pytest.mark.parametrize("language", [None, "ru"])
def test_in_an_unknown_language_nothing_leans(language: str | None) -> None:
    """What cannot be read stands alone."""
    wording = read_wording("А расходы на всё это?", language)
    assert (wording.joined, wording.elliptical, wording.fragment) == (False, False, False)
    assert wording.own_words == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_lists(language: str) -> None:
    """A list that is missing would fail at the first question in that language."""
    assert read_wording("x", language).own_words == 1


def test_a_text_without_words_says_nothing() -> None:
    """Emoji refine no question."""
    assert not read_wording("🙂🙂", "de").says_something
    assert not read_wording("???", "en").says_something
    assert read_wording("Kosten?", "de").says_something


def test_what_is_weighed_is_told_by_name() -> None:
    """Calibration fits a weight for each."""
    weighed = signs(read_wording("And the cost?", "en"), NEAR)
    assert weighed["joined"] == weighed["fragment"] == weighed["asks"] == 1
    assert (weighed["own_words"], weighed["passage"]) == (1, 2.0)

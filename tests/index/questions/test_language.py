"""The language of a short question is told."""

from __future__ import annotations

import pytest

from index.questions.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sollen wir die sozialen Medien verlassen?", "de"),
        ("Should our company leave social media?", "en"),
        ("Notre entreprise devrait-elle quitter les réseaux sociaux ?", "fr"),
        ("¿Debería nuestra empresa abandonar las redes sociales?", "es"),
        ("La nostra azienda dovrebbe lasciare i social media?", "it"),
        ("Şirketimiz sosyal medyadan çekilmeli mi?", "tr"),
        ("Moet ons bedrijf de sociale media verlaten?", "nl"),
        ("A nossa empresa deveria deixar as redes sociais?", "pt"),
        ("Czy nasza firma powinna opuścić media społecznościowe?", "pl"),
        ("Стоит ли нашей компании уйти из соцсетей?", "ru"),
        ("هل يجب أن تغادر شركتنا وسائل التواصل الاجتماعي؟", "ar"),
    ],
)
def test_a_questions_language_is_told(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "   ", "12345", "🙈🙈", "?!…"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    assert detect_language(text) is None

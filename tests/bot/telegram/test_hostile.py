"""Whatever people send gets an answer or an honest "nothing"; none of it becomes markup."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground import BotApiServer, Chat, Message, Person

    Quoted = Callable[[Message], list[str]]

pytestmark = pytest.mark.usefixtures("service")

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
MARKET = "Sollte die Stadt einen Nachtmarkt erlauben?"


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


def is_answer(message: Message) -> bool:
    """Tell whether a message shows both sides, excerpts, or says that there is nothing."""
    nothing = message.text.startswith(("Dazu habe ich nichts.", "I have nothing on this."))
    return nothing or "<blockquote" in message.html


async def test_markup_in_documents_is_shown_as_it_stands(
    ada: Person, chat: Chat, quoted: Quoted
) -> None:
    """In quotations, titles, authors and headings."""
    answer = await ada.ask(chat, MARKET)
    assert set(quoted(answer)) == {
        'Ein Nachtmarkt bringt Leben auf Plätze, die abends <b>leer & "tot"</b> wären.',
        "Wer laut <script>alert(1)</script> ruft, bekommt &lt;nichts&gt; als ein Lächeln.",
        "Händler verdienen an einem Abend so viel wie sonst in drei Tagen.",
    }
    assert "[1] Nachtmarkt & <Lärm>, A & B · Ein <b>fetter</b> Absatz" in answer.text
    assert {entity["type"] for entity in answer.entities} == {"bold", "blockquote", "italic"}


async def test_markup_in_a_question_changes_nothing(ada: Person, chat: Chat) -> None:
    """The answer is that of the same words without it."""
    plain = await ada.ask(chat, GERMAN)
    marked = await ada.ask(chat, f'{GERMAN} <b>&"<script>')
    assert marked.text.splitlines()[0] == plain.text.splitlines()[0]
    assert "Ja – Für Dachbienen" in marked.text


@pytest.mark.parametrize(
    "text",
    [
        '<b>&"<script>',
        "</blockquote>",
        "&lt;&amp;&#0;",
        (GERMAN + " ") * 81,
        "x" * 4096,
        "😀" * 2048,
        "?" * 500,
        "😀",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "هل يجب على المدن السماح بخلايا النحل على الأسطح؟",
        "האם ערים צריכות לאפשר כוורות על גגות?",
        "\u202e\u2066Sollten\u2069\u202c",
        "\u200b",
        "e\u0301" * 300,
        'AND OR NOT title:(bees) ^~*? "unclosed',
        "'; DROP TABLE passages; --",
        "{0} {name} %s %d",
        "\\ \\n \\u0000",
        "+-:()[]{}",
        "123456789",
        "ﷺ" * 100,
        "e\nl\n\n\nf",
    ],
)
async def test_any_text_is_answered(
    text: str, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """At any length, in any script, without an error."""
    assert is_answer(await ada.ask(chat, text))
    assert complaints(caplog) == []


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b\x07\x1b[31m", "\ufffe\uffff", "\u2028\u2029", " "]
)
async def test_control_characters_are_answered(
    text: str, ada: Person, chat: Chat, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Even those that Telegram would not pass on."""
    message: dict[str, Any] = {
        "message_id": 500,
        "from": ada.account.as_json(),
        "chat": chat.as_json(),
        "date": int(time.time()),
        "text": text,
    }
    server.queue_raw({"message": message})
    answer = await chat.wait_for(1)
    assert is_answer(answer) or answer.text.startswith("Schreiben Sie Ihre Frage")
    assert complaints(caplog) == []

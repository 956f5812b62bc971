"""What a message points at is what it asks, where it says nothing itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, Message, TextQuote, User

from bot.telegram.addressing import pointed_at

ME = User(id=1, is_bot=True, first_name="Bot", username="test_bot")
BOB = User(id=2, is_bot=False, first_name="Bob")
QUESTION = "Should cities allow beehives?"


def said(text: str | None, sender: User = BOB, **more: object) -> Message:
    chat = Chat(id=-1001, type="supergroup")
    return Message.model_validate(
        {
            "message_id": 7,
            "date": datetime.now(UTC),
            "chat": chat,
            "from_user": sender,
            "text": text,
        }
        | more
    )


@pytest.mark.parametrize(
    ("replied", "question"),
    [
        (said(QUESTION), QUESTION),
        (said(None, caption=QUESTION), QUESTION),
        (said(None), ""),
        (said("/ask@other_bot"), ""),
        (said(QUESTION, ME), ""),
        (said(QUESTION, via_bot=ME), ""),
        (None, ""),
    ],
)
def test_it_points_at_what_a_person_said(replied: Message | None, question: str) -> None:
    assert pointed_at(said("/ask", reply_to_message=replied), ME) == question


def test_of_what_was_said_only_the_part_quoted_is_meant() -> None:
    quote = TextQuote(text=QUESTION, position=5)
    pointer = said("/ask", reply_to_message=said(f"Hm. {QUESTION} Or not."), quote=quote)
    assert pointed_at(pointer, ME) == QUESTION

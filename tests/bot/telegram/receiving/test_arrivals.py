"""Updates are read one by one; those that cannot be read block nothing and tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiogram import Bot

from bot.telegram.receiving.arrivals import arrival_of

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
BOB = {"id": 7, "is_bot": False, "first_name": "Bob"}
GROUP = {"id": -5, "type": "supergroup", "title": "Group"}
MESSAGE = {"message_id": 1, "date": 0, "chat": GROUP, "from": BOB, "text": "x"}


@pytest.mark.usefixtures("service")
async def test_an_update_that_cannot_be_decoded_blocks_nothing(
    ada: Person, chat: Chat, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left out with its number, whatever it is; what it holds is not logged."""
    number = server.queue_raw({"message": {"text": "Vertrauliches von Ada", "from": "nobody"}})
    server.queue_raw({"message": "Vertrauliches"})
    server.queue_raw({"inline_query": {"id": 7, "query": "Vertrauliches", "from": None}})
    server.queue_raw({"telepathy": {"thought": "Vertrauliches"}})
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text
    await server.drained()
    assert f"left out update {number}: it cannot be decoded (message.message_id, " in caplog.text
    assert "Vertrauliches" not in caplog.text


@pytest.mark.parametrize(
    ("update", "line"),
    [
        ({"message": MESSAGE}, "chat -5"),
        ({"edited_message": MESSAGE}, "chat -5"),
        (
            {"callback_query": {"id": "1", "from": BOB, "chat_instance": "1", "message": MESSAGE}},
            "chat -5",
        ),
        (
            {
                "callback_query": {
                    "id": "1", "from": BOB, "chat_instance": "1", "inline_message_id": "a",
                }
            },
            "person 7",
        ),
        ({"inline_query": {"id": "1", "from": BOB, "query": "", "offset": ""}}, "inline 7"),
        ({"chosen_inline_result": {"result_id": "1", "from": BOB, "query": ""}}, "inline 7"),
    ],
)  # fmt: skip
def test_the_line_is_the_chat_or_the_person(update: dict[str, Any], line: str) -> None:
    """Inline queries have a line of their own, so that they wait behind no chat."""
    arrival = arrival_of(Bot("42:TEST"), {"update_id": 3} | update)
    assert arrival
    assert (arrival.update_id, arrival.line) == (3, line)
    assert arrival.payload["update"] == {"update_id": 3} | update


@pytest.mark.parametrize("garbage", [None, 7, "x", [], {}, {"update_id": "x"}, {"update_id": 1}])
def test_garbage_is_no_arrival(garbage: Any) -> None:
    """Whatever JSON can hold."""
    assert arrival_of(Bot("42:TEST"), garbage) is None

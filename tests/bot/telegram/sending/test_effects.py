"""What may be repeated is repeated; what people would see twice is not."""

from __future__ import annotations

import pytest

from bot.playground.schema.description import bot_api
from bot.telegram.sending.effects import Effect, effect_of


@pytest.mark.parametrize(
    ("method", "effect"),
    [
        ("getUpdates", Effect.WATCHING),
        ("getWebhookInfo", Effect.WATCHING),
        ("sendChatAction", Effect.FLEETING),
        ("sendMessageDraft", Effect.FLEETING),
        ("getMe", Effect.REPEATABLE),
        ("editMessageText", Effect.REPEATABLE),
        ("answerGuestQuery", Effect.REPEATABLE),
        ("setMyCommands", Effect.REPEATABLE),
        ("sendMessage", Effect.ONCE),
        ("sendDocument", Effect.ONCE),
        ("copyMessage", Effect.ONCE),
    ],
)
def test_each_method_has_its_effect(method: str, effect: Effect) -> None:
    """As the Bot API describes it."""
    assert effect_of(method) is effect


def test_whatever_sends_is_made_once() -> None:
    """Also what a later version of the Bot API brings."""
    sending = [
        name
        for name in bot_api().methods
        if name.startswith(("send", "forward", "copy", "create", "post"))
    ]
    repeated = {name for name in sending if effect_of(name) is Effect.REPEATABLE}
    assert len(sending) > 20
    assert repeated == set()
    assert effect_of("somethingNew") is Effect.ONCE

"""A process that is killed in the middle of its work loses nothing and repeats nothing."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from bot.playground import faults

if TYPE_CHECKING:
    from bot.playground import BotApiServer
    from tests.bot.conftest import Eventually
    from tests.bot.telegram.conftest import Launch
    from tests.bot.telegram.receiving.conftest import Crowd

KILLED_AFTER = (0, 5)
"""So many messages are let out before each kill."""


@pytest.fixture(params=["polling", "webhook"])
def _way(
    request: pytest.FixtureRequest, unhurried: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    if request.param == "webhook":
        unhurried.setenv("AUDIATUR_WEBHOOK_URL", f"http://127.0.0.1:{unused_tcp_port}")
        unhurried.setenv("AUDIATUR_WEBHOOK_PORT", str(unused_tcp_port))


@pytest.mark.usefixtures("_way")
async def test_every_question_is_answered_once_or_asked_about(
    launch: Launch, server: BotApiServer, crowd: Crowd, eventually: Eventually
) -> None:
    """Killed at many moments; where an answer may be missing, a tap brings it, once.

    A notice may come twice, where its own arrival was in doubt: one tap is all that counts.
    """
    server.faults.add(faults.delayed(0.05), times=100_000, method="sendMessage")
    for count in KILLED_AFTER:
        process = await launch()
        before = len(server.calls("sendMessage"))
        await crowd.ask(each=3)
        await eventually(lambda: len(server.calls("sendMessage")) >= before + count)  # noqa: B023
        process.kill()
        assert (await process.ended())[0] == -signal.SIGKILL
    await launch()
    await crowd.served(300)
    await server.quiet(0.5)
    assert crowd.doubled() == []
    assert crowd.disordered() == []
    noticed = sum(len(crowd.notices(question)) for question in crowd.questions)
    owed = await crowd.redeem()
    await server.quiet(0.3)
    print(f"kills={len(KILLED_AFTER)} questions={len(crowd.questions)} {noticed=} {owed=}")  # noqa: T201
    assert crowd.lost() == []
    assert crowd.doubled() == []

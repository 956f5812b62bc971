"""/stats shows counts of three periods, and nothing of persons."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bot.conversation.feedback import Verdict
from bot.statistics import Outcome, Statistics, Surface

if TYPE_CHECKING:
    from bot.playground import Chat, Person
    from tests.bot.telegram.admin.conftest import Desk, Start


async def fill(desk: Desk) -> None:
    statistics = Statistics(desk.store)
    for latency_ms in (40, 45, 60, 1400):
        await statistics.noted(Outcome.ANSWERED, "tram", latency_ms, Surface.CHAT)
    await statistics.noted(Outcome.ANSWERED, "no-longer-there", 48, Surface.INLINE)
    await statistics.noted(Outcome.NOTHING, None, 20, Surface.GUEST)
    await statistics.noted(Outcome.TIMEOUT)
    await statistics.judged(Verdict.HELPFUL)
    await statistics.judged(Verdict.WRONG_SIDE)


async def test_counts_of_today_are_shown(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """Shares, speed, and debates by their motions; one that is gone by its name."""
    await fill(desk)
    today = (await admin.ask(admins_chat, "/stats")).text.split("\n\n")[0]
    assert today.splitlines() == [
        "Today",
        "Questions: 7, answered 71 %",
        "Nothing found 1, busy 0, too slow 1, failed 0",
        "In chats 5, inline 1, as a guest 1",
        "Half within 50 ms, 95 % within 1.5 s, 99 % within 1.5 s",
        "• The tram should come back. 4",
        "• no-longer-there 1",
        "Helpful 1, wrong side 1, off topic 0, inline results 0 · 50 % helpful",
    ]


async def test_counts_speak_german(desk: Desk, german: Person, germans_chat: Chat) -> None:
    await fill(desk)
    text = (await german.ask(germans_chat, "/stats")).text
    assert "Fragen: 7, beantwortet 71 %" in text
    assert "Die Straßenbahn sollte" in text


@pytest.mark.usefixtures("desk")
async def test_where_nothing_was_asked_that_is_said(admin: Person, admins_chat: Chat) -> None:
    text = (await admin.ask(admins_chat, "/stats")).text
    assert text == "Today\nNo questions.\n\nSeven days\nNo questions.\n\nAll\nNo questions."


async def test_counts_are_shown_without_an_index(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    """Debates are named as they were counted."""
    desk = await open_desk()
    shutil.rmtree(desk.settings.data / "snapshots")
    await fill(desk)
    assert "• tram 4" in (await admin.ask(admins_chat, "/stats")).text


async def test_many_debates_are_summed_up(desk: Desk, admin: Person, admins_chat: Chat) -> None:
    """Five are named: a message has room for so much."""
    for number in range(60):
        await Statistics(desk.store).noted(Outcome.ANSWERED, f"debate-{number:02}" * 4, 50)
    text = (await admin.ask(admins_chat, "/stats")).text
    assert text.count("• other debates 55") == 3

"""Where an answer may or may not have arrived, the person is asked, and gets it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import faults
from bot.telegram.receiving import interruption
from bot.telegram.sending import patience
from tests.bot.telegram.receiving.conftest import ENGLISH, NOTICE

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Message, Person
    from tests.bot.telegram.conftest import Start

LOST = [
    faults.dropped(faults.Moment.BEFORE),
    faults.dropped(faults.Moment.AFTER),
    faults.malformed(),
]
ANSWER = "Yes – For rooftop bees"


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(patience, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(interruption, "_FIRST_PAUSE_S", 0.01)


@pytest.fixture
def bobs(server: BotApiServer, bob: Person) -> Chat:
    return server.private_chat(bob)


@pytest.fixture
async def notice(server: BotApiServer, bob: Person, bobs: Chat, start: Start) -> Message:
    """What a person gets whose answer was lost on its way."""
    await start()
    server.faults.add(faults.dropped(), method="sendMessage")
    return await bob.ask(bobs, ENGLISH)


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("fault", LOST, ids=["before", "after", "unreadable"])
async def test_a_message_in_doubt_is_not_sent_again(
    fault: faults.Fault, server: BotApiServer, bob: Person, bobs: Chat
) -> None:
    """Whether it arrived or not; a notice follows, as a reply to the question."""
    server.faults.add(fault, method="sendMessage")
    question = await bob.say(bobs, ENGLISH)
    notice = await bobs.wait_for(NOTICE)
    assert notice.reply_to is question
    assert notice.labels == ["Answer now"]
    assert sum(ANSWER in message.text for message in bobs.from_bot) <= 1


async def test_a_tap_brings_the_answer_in_place_of_the_notice(
    notice: Message, bob: Person, bobs: Chat
) -> None:
    """The question need not be written again."""
    await bob.tap(notice, "Answer now")
    assert ANSWER in (await bobs.wait_for(ANSWER)).text
    assert notice.deleted
    assert len(bobs.from_bot) == 1


async def test_more_taps_bring_nothing_more(
    notice: Message, server: BotApiServer, bob: Person, bobs: Chat
) -> None:
    """They are told so."""
    await bob.tap(notice, "Answer now")
    second = await bob.tap(notice, "Answer now")
    assert second.text == "This is no longer here. Please ask again."
    await server.quiet()
    assert len(bobs.from_bot) == 1


async def test_only_who_asked_may_tap(
    server: BotApiServer, ada: Person, bob: Person, start: Start
) -> None:
    """In a group others see the button too."""
    group = server.group(-1001, "Group", [ada, bob])
    await start()
    server.faults.add(faults.dropped(), method="sendMessage")
    notice = await bob.ask(group, f"/ask {ENGLISH}")
    assert (await ada.tap(notice, "Answer now")).text == "Das kann nur, wer gefragt hat."
    assert (await bob.tap(notice, "Answer now")).text == ""
    assert ANSWER in (await group.wait_for(ANSWER)).text


async def test_an_answer_that_is_lost_again_can_be_asked_for_again(
    notice: Message, server: BotApiServer, bob: Person, bobs: Chat
) -> None:
    """As often as the connection breaks."""
    server.faults.add(faults.dropped(), method="sendMessage")
    await bob.tap(notice, "Answer now")
    again = await bobs.wait_for(lambda one: NOTICE in one.text and one is not notice)
    await bob.tap(again, "Answer now")
    await bobs.wait_for(ANSWER)
    assert len(bobs.from_bot) == 1


@pytest.mark.usefixtures("service")
async def test_a_long_failure_is_told_when_it_is_over(
    server: BotApiServer, bob: Person, bobs: Chat
) -> None:
    """However long Telegram could not be reached, nobody is left without a word."""
    server.faults.add(faults.server_error(), times=23, method="sendMessage")
    notice = await bob.ask(bobs, ENGLISH)
    assert NOTICE in notice.text
    await bob.tap(notice, "Answer now")
    await bobs.wait_for(ANSWER)


@pytest.mark.usefixtures("service")
async def test_a_notice_that_is_refused_is_given_up(
    server: BotApiServer, bob: Person, bobs: Chat
) -> None:
    """The chat goes on."""
    server.faults.add(faults.dropped(), method="sendMessage")
    server.faults.add(faults.refused("chat not found"), method="sendMessage")
    await bob.say(bobs, ENGLISH)
    await server.drained()
    await server.quiet(0.3)
    assert bobs.from_bot == []
    assert ANSWER in (await bob.ask(bobs, ENGLISH)).text


async def test_a_question_in_doubt_is_forgotten_with_the_person(
    notice: Message, bob: Person, start: Start
) -> None:
    """It is kept under their name, and gone when they say so: then the button tells that."""
    from bot.state.opening import open_state  # noqa: PLC0415

    service = await start()
    state = await open_state(service.settings)
    await state.store.forget(bob.id)
    await state.close()
    assert (await bob.tap(notice, "Answer now")).text == "This is no longer here. Please ask again."

"""In a group the bot answers whoever addresses it, once, as a reply, and is silent otherwise."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person

pytestmark = pytest.mark.usefixtures("service")

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
HOW = "Schreiben Sie Ihre Frage hinter /ask, in einer beliebigen Sprache."


@pytest.fixture
def group(server: BotApiServer, ada: Person, bob: Person) -> Chat:
    """A group in which the bot is an admin: it gets every message, and has to choose."""
    return server.group(-1001, "Round", [ada, bob], admins=[server.bot])


@pytest.mark.parametrize(
    "text",
    [
        f"/ask {GERMAN}",
        f"/ask@test_bot {GERMAN}",
        f"/ask@TEST_bot {GERMAN}",
        f"@test_bot {GERMAN}",
        f"{GERMAN} @Test_Bot",
        "Sollten Städte @test_bot Bienenstöcke auf Dächern erlauben?",
        f"😀 @test_bot {GERMAN}",
    ],
)
async def test_whoever_addresses_it_is_answered(
    text: str, ada: Person, group: Chat, server: BotApiServer
) -> None:
    """By a command, with or without its name, or by a mention, as a reply, once."""
    answer = await ada.ask(group, text)
    assert "Ja – Für Dachbienen" in answer.text
    assert answer.reply_to
    assert answer.reply_to.text == text
    await server.drained()
    await server.quiet()
    assert len(group.from_bot) == 1


async def test_a_reply_to_it_is_a_question(ada: Person, bob: Person, group: Chat) -> None:
    """From anybody; a reply to somebody else is not."""
    answer = await ada.ask(group, f"/ask {GERMAN}")
    second = await bob.ask(group, "Should cities ban beehives from roofs?", reply_to=answer)
    assert "Yes – Against rooftop bees" in second.text
    assert second.reply_to
    assert second.reply_to.sender is bob.account


@pytest.mark.parametrize("said", [GERMAN, f"@test_bot {GERMAN}"])
@pytest.mark.parametrize("pointer", ["/ask", "/ask@test_bot", "@test_bot"])
async def test_who_points_at_a_question_asks_it(
    pointer: str, said: str, ada: Person, bob: Person, group: Chat, server: BotApiServer
) -> None:
    """A bare command or mention, in reply to what somebody else said."""
    asked = await bob.say(group, said)
    await server.drained()
    await server.quiet()
    answer = await ada.ask(group, pointer, reply_to=asked)
    assert "Ja – Für Dachbienen" in answer.text
    assert answer.reply_to
    assert answer.reply_to.text == pointer


async def test_there_is_nothing_to_ask_in_a_command_or_an_answer(
    ada: Person, bob: Person, group: Chat
) -> None:
    other = await bob.say(group, "/other@other_bot")
    assert (await ada.ask(group, "/ask", reply_to=other)).text == HOW
    answer = await ada.ask(group, f"/ask {GERMAN}")
    assert (await ada.ask(group, "/ask", reply_to=answer)).text == HOW


async def test_addressed_twice_it_answers_once(
    ada: Person, group: Chat, server: BotApiServer
) -> None:
    """A mention in a reply to it, or a command with its name, is still one question."""
    answer = await ada.ask(group, f"@test_bot {GERMAN} @test_bot")
    await ada.ask(group, f"@test_bot {GERMAN}", reply_to=answer)
    await ada.ask(group, f"/ask@test_bot {GERMAN} @test_bot", reply_to=answer)
    await server.drained()
    await server.quiet()
    assert len(group.from_bot) == 3


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        "test_bot, was meinst du?",
        f"@test_bot_too {GERMAN}",
        f"@somebody {GERMAN}",
        f"/ask@other_bot {GERMAN}",
        "/unknown",
        "/asking for a friend",
        "mail me: ada@test_bot.org",
    ],
)
async def test_otherwise_it_is_silent(
    text: str, ada: Person, group: Chat, server: BotApiServer
) -> None:
    """Although it gets the message."""
    await ada.say(group, text)
    assert len(server.world.updates) == 1
    await server.drained()
    await server.quiet()
    assert group.from_bot == []


async def test_a_conversation_of_others_is_not_disturbed(
    ada: Person, bob: Person, group: Chat, server: BotApiServer
) -> None:
    """Neither by replies among people, nor by files, joins, or a flood of messages."""
    said = await ada.say(group, "Good morning")
    await bob.say(group, GERMAN, reply_to=said)
    await bob.send_document(group, "notes.txt", b"x")
    await bob.add_bot(group)
    for number in range(30):
        await ada.say(group, f"message {number}")
    await server.drained()
    await server.quiet()
    assert group.from_bot == []


async def test_a_mention_alone_is_told_how_to_ask(ada: Person, group: Chat) -> None:
    """So is a command alone, each as a reply."""
    for text in ("@test_bot", "/ask", "/ask@test_bot"):
        answer = await ada.ask(group, text)
        assert answer.text == HOW
        assert answer.reply_to
        assert answer.reply_to.text == text


async def test_with_privacy_mode_commands_and_replies_get_through(
    server: BotApiServer, ada: Person
) -> None:
    """As in most groups, where the bot is an ordinary member."""
    group = server.group(-1002, "Others", [ada])
    answer = await ada.ask(group, f"/ask {GERMAN}")
    assert (await ada.ask(group, GERMAN, reply_to=answer)).reply_to
    assert len(group.from_bot) == 2


async def test_an_answer_stays_in_its_topic(server: BotApiServer, ada: Person) -> None:
    """In a group with topics."""
    forum = server.group(-1003, "Forum", [ada], topics={7: "Bees"})
    answer = await ada.ask(forum, f"/ask {GERMAN}", thread_id=7)
    assert answer.thread_id == 7
    assert answer.reply_to


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(
    ada: Person, group: Chat, server: BotApiServer
) -> None:
    """Without a reply, since there is nothing left to reply to."""
    question: dict[str, Any] = {
        "message_id": 999,
        "from": ada.account.as_json(),
        "chat": group.as_json(),
        "date": int(time.time()),
        "text": f"/ask {GERMAN}",
        "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
    }
    server.queue_raw({"message": question})
    answer = await group.wait_for(1)
    assert "Ja – Für Dachbienen" in answer.text
    assert answer.reply_to is None


async def test_an_inline_result_posted_in_its_group_is_no_question(
    ada: Person, group: Chat, server: BotApiServer
) -> None:
    """Not even in reply to the bot."""
    offered = await ada.inline(GERMAN)
    await ada.choose(offered.results[0], group)
    await server.drained()
    await server.quiet()
    assert group.from_bot == []

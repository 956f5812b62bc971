"""Whatever is no question gets a plain word, and nobody is left waiting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Message, Person

pytestmark = pytest.mark.usefixtures("service")

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
ANSWER = "Städte sollten Bienenstöcke auf Dächern erlauben.\n\nJa – Für Dachbienen"
ONLY_TEXT = "Ich kann nur Text lesen. Bitte schreiben Sie Ihre Frage."
UNKNOWN = "Diesen Befehl kenne ich nicht; /help sagt, welche es gibt."
FILE = {"file_id": "x", "file_unique_id": "y"}
PHOTO = {"photo": [{**FILE, "width": 9, "height": 9}]}


@pytest.fixture
def group(server: BotApiServer, ada: Person, bob: Person) -> Chat:
    return server.group(-1001, "Round", [ada, bob], admins=[server.bot])


def post(server: BotApiServer, person: Person, chat: Chat, content: dict[str, Any]) -> None:
    """Send what the playground's people have no hands for."""
    message = {
        "message_id": 500 + len(chat.messages),
        "from": person.account.as_json(),
        "chat": chat.as_json(),
        "date": int(time.time()),
    }
    server.queue_raw({"message": message | content})


async def silence(server: BotApiServer, chat: Chat) -> list[Message]:
    """Return what the bot has said in the end."""
    await server.drained()
    await server.quiet()
    return list(chat.from_bot)


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {**FILE, "duration": 3}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        PHOTO,
    ],
)
async def test_what_holds_no_text_is_told_so(
    content: dict[str, Any], server: BotApiServer, ada: Person, chat: Chat
) -> None:
    post(server, ada, chat, content)
    assert (await chat.wait_for(1)).text == ONLY_TEXT


@pytest.mark.parametrize(
    "content",
    [
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"write_access_allowed": {"from_request": True}},
    ],
)
async def test_what_a_chat_does_by_itself_is_no_message_to_the_bot(
    content: dict[str, Any], server: BotApiServer, ada: Person, chat: Chat
) -> None:
    post(server, ada, chat, content)
    assert await silence(server, chat) == []


async def test_what_is_written_under_a_picture_is_a_question(
    server: BotApiServer, ada: Person, chat: Chat, group: Chat
) -> None:
    """In groups, too, where it names the bot."""
    post(server, ada, chat, PHOTO | {"caption": GERMAN})
    assert (await chat.wait_for(1)).text.startswith(ANSWER)
    post(server, ada, group, PHOTO | {"caption": GERMAN})
    assert await silence(server, group) == []
    named = {"type": "mention", "offset": 0, "length": len("@test_bot")}
    caption = {"caption": f"@test_bot {GERMAN}", "caption_entities": [named]}
    post(server, ada, group, PHOTO | caption)
    assert (await group.wait_for(1)).text.startswith(ANSWER)


@pytest.mark.parametrize("text", ["/foo", "/foo bar", "/foo@test_bot", "/cancel", "/"])
async def test_an_unknown_command_is_told_where_commands_are(
    text: str, ada: Person, chat: Chat
) -> None:
    answer = await ada.ask(chat, text)
    assert answer.text == f"{UNKNOWN} Jeder andere Text ist eine Frage."


async def test_in_a_group_only_an_unknown_command_to_the_bot_is_answered(
    server: BotApiServer, ada: Person, group: Chat
) -> None:
    """There, any other text is no question."""
    await ada.say(group, "/foo")
    await ada.say(group, "/foo@other_bot")
    assert await silence(server, group) == []
    answer = await ada.ask(group, "/foo@Test_Bot bar")
    assert answer.text == UNKNOWN
    assert answer.reply_to


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/Start", "Stellen Sie mir eine Frage"),
        ("/HELP", "Hier ist jeder Text eine Frage."),
        (f"/Ask {GERMAN}", ANSWER),
        ("/Debates", "Debatten"),
    ],
)
async def test_a_command_may_be_written_as_keyboards_write_it(
    text: str, answer: str, ada: Person, chat: Chat
) -> None:
    """Phones begin a message with a capital letter."""
    assert (await ada.ask(chat, text)).text.startswith(answer)


async def test_a_command_that_comes_by_an_edit_is_asked_for_again(ada: Person, chat: Chat) -> None:
    """Rather than met with silence."""
    mistyped = await ada.say(chat, "/debtes")
    await chat.wait_for(1)
    await ada.edit(mistyped, "/debates")
    assert (await chat.wait_for(2)).text == (
        "Befehle führe ich nur in einer neuen Nachricht aus. Bitte schicken Sie ihn noch einmal."
    )


@pytest.mark.parametrize("data", ["garbage", "debates:x", "a:gone:z:0:0:-1", "x" * 64])
async def test_a_button_of_another_time_says_so(data: str, ada: Person, chat: Chat) -> None:
    """It does not go on blinking."""
    message = await ada.ask(chat, "/help")
    message.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    told = await ada.tap(message, "x")
    assert told.text == "Dieser Knopf funktioniert nicht mehr. Bitte fragen Sie noch einmal."
    assert told.show_alert


async def test_the_bots_name_is_no_part_of_a_question(ada: Person, chat: Chat) -> None:
    """In private nobody need write it, but people do."""
    await ada.ask(chat, f"@test_bot {GERMAN}")
    followed = await ada.ask(chat, "und was ist mit den Kosten?")
    assert followed.text.startswith(f"Im Anschluss an: {GERMAN}\n")
    assert (await ada.ask(chat, "@test_bot")).text.startswith("Schreiben Sie Ihre Frage")


async def test_a_single_word_is_answered_in_the_persons_language(
    ada: Person, chat: Chat, bob: Person, server: BotApiServer
) -> None:
    """It tells its own too uncertainly."""
    assert (await ada.ask(chat, "Hallo")).text.startswith("Dazu habe ich nichts.")
    bobs = server.private_chat(bob)
    assert (await bob.ask(bobs, "Danke!")).text.startswith("I have nothing on this.")


async def test_help_in_a_group_does_not_claim_every_text(ada: Person, group: Chat) -> None:
    """There the bot answers only where it is addressed."""
    told = (await ada.ask(group, "/help")).text
    assert "Hier ist jeder Text eine Frage." not in told
    assert "In Gruppen: /ask und die Frage" in told

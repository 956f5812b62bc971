"""Every path asks who it is: commands, buttons, forged buttons, files and texts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.telegram.handlers.admin import buttons
from bot.telegram.handlers.admin.waiting_files import WaitingFile, WaitingFiles
from index.storage.shelf import Shelf
from tests.bot.telegram.admin.conftest import FOR_EVERYBODY

if TYPE_CHECKING:
    from pathlib import Path

    from aiogram.filters.callback_data import CallbackData

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.telegram.admin.conftest import Desk

REFUSAL = "Only admins can do that. Ask one of them."
ABLEHNUNG = "Das können nur Admins. Bitte wenden Sie sich an einen davon."
IN_PRIVATE = "Please do that in our private chat."
KEY = buttons.key_of("strassenbahn.txt")
TAPS: list[CallbackData] = [
    buttons.Rebuild(),
    buttons.ListSources(),
    buttons.ShowSource(document=KEY),
    buttons.RemoveSource(document=KEY),
    buttons.RemoveSource(document=KEY, sure=True),
    buttons.RestoreSource(removal="20260101000000-00000000"),
    buttons.Upload(step=buttons.UploadStep.SKIP, file="0" * 16, asked="title"),
    buttons.Upload(step=buttons.UploadStep.AGAIN, file="0" * 16),
    buttons.Judge(span="0" * 12, choice="yes"),
    buttons.Judge(span="", choice="undo"),
]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", ["/reindex", "/stats", "/review"])
@pytest.mark.parametrize("where", ["private", "group"])
async def test_nobody_else_may_command(
    desk: Desk, command: str, where: str, ada: Person, bob: Person, chat: Chat, server: BotApiServer
) -> None:
    """They are told kindly, in their language; nothing is built."""
    group = server.group(-1001, "Round", [ada, bob], admins=[bob])
    before = Shelf(desk.settings.data).current_name()
    answer = await ada.ask(chat if where == "private" else group, command)
    assert answer.text == ABLEHNUNG
    answer = await bob.ask(server.private_chat(bob) if where == "private" else group, command)
    assert answer.text == REFUSAL
    await desk.jobs.stop(5)
    assert Shelf(desk.settings.data).current_name() == before


@pytest.mark.parametrize("tap", TAPS, ids=lambda tap: tap.pack())
async def test_nobody_else_may_tap_whatever_the_button_says(
    desk: Desk, tap: CallbackData, ada: Person, chat: Chat
) -> None:
    """Callback data can be forged; it is the person who is asked for."""
    shown = await ada.ask(chat, "Hallo")
    shown.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": tap.pack()}]]}
    before = everything(desk.settings.corpus)
    answer = await ada.tap(shown, "x")
    assert (answer.text, answer.show_alert) == (ABLEHNUNG, True)
    assert everything(desk.settings.corpus) == before
    assert len(chat.from_bot) == 1


async def test_an_anonymous_admin_of_a_group_is_nobody(
    desk: Desk, admin: Person, server: BotApiServer
) -> None:
    """Whoever speaks as the group could be anyone in it, whatever id the message carries."""
    group = server.group(-1001, "Round", [admin], admins=[admin])
    before = Shelf(desk.settings.data).current_name()
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    for place, sender in enumerate((anonymous, admin.account.as_json()), start=1):
        message: dict[str, Any] = {
            "message_id": 500 + place,
            "from": sender,
            "sender_chat": group.as_json(),
            "chat": group.as_json(),
            "date": int(time.time()),
            "text": "/reindex",
            "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
        }
        server.queue_raw({"message": message})
        assert (await group.wait_for(place)).text == REFUSAL
    await desk.jobs.stop(5)
    assert Shelf(desk.settings.data).current_name() == before


@pytest.mark.usefixtures("desk")
async def test_what_shows_documents_and_spans_is_for_the_private_chat(
    admin: Person, server: BotApiServer
) -> None:
    """In a group an admin is told so; /stats holds nothing but counts and goes anywhere."""
    group = server.group(-1001, "Round", [admin])
    assert (await admin.ask(group, "/review@test_bot")).text == IN_PRIVATE
    assert (await admin.ask(group, "/stats@test_bot")).text.startswith("Today")
    assert (await admin.ask(group, "/sources@test_bot")).text == FOR_EVERYBODY


@pytest.mark.usefixtures("desk")
async def test_what_everybody_may_do_is_left_to_the_conversation(ada: Person, chat: Chat) -> None:
    """A list of documents, a file, a text, a word of ours that means nothing to others."""
    for text in ("/sources", "/cancel", "Guten Tag"):
        assert (await ada.ask(chat, text)).text == FOR_EVERYBODY
    known = len(chat.from_bot)
    await ada.send_document(chat, "neu.txt", b"Neues. Und noch mehr davon.")
    assert (await chat.wait_for(known + 1)).text == FOR_EVERYBODY


async def test_a_file_of_a_former_admin_waits_for_nobody(
    desk: Desk, ada: Person, chat: Chat
) -> None:
    """Even where the store remembers a question to them, their text is no answer."""
    file = WaitingFile("k", "k.txt", "k.txt", None, None, ("title",), 1)
    await WaitingFiles(desk.store, ada.id).keep(file)
    assert (await ada.ask(chat, "Mein Titel")).text == FOR_EVERYBODY


@pytest.mark.usefixtures("desk")
async def test_an_admins_document_in_a_group_is_none_for_the_corpus(
    admin: Person, server: BotApiServer
) -> None:
    """What is said among people is not taken for an upload."""
    group = server.group(-1001, "Round", [admin], admins=[admin])
    sent = await admin.ask(group, "/stats@test_bot")
    message = {
        "message_id": 900,
        "from": admin.account.as_json(),
        "chat": group.as_json(),
        "date": int(time.time()),
        "document": {"file_id": "x", "file_unique_id": "x", "file_name": "neu.txt"},
    }
    server.queue_raw({"message": message})
    answer = await group.wait_for(lambda one: one is not sent)
    assert answer.text == FOR_EVERYBODY


def test_every_button_fits() -> None:
    """Telegram takes 64 bytes of callback data."""
    longest = [
        buttons.Judge(span="f" * 12, choice="background"),
        buttons.Judge(span="f" * 12, choice="yes-reported"),
        buttons.Upload(step=buttons.UploadStep.CANCEL, file="f" * 16, asked="author"),
        buttons.RestoreSource(removal="20261122094427-0123abcd"),
    ]
    assert all(len(one.pack().encode()) <= 64 for one in (*longest, *TAPS))

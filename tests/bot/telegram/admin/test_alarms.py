"""What needs a person reaches each admin once, and says nothing of chats."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bot.keeping.catalogue import CatalogueUnclear, entries_of
from bot.telegram.handlers.admin.alarms import Alarms, place_of
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from bot.playground import Chat, Person
    from bot.state.protocol import Store
    from tests.bot.telegram.admin.conftest import Desk

SECRET = "Soll ich meinen Chef verklagen? 42:TOKEN"


def failure() -> Exception:
    """Return an error that holds what nobody else should see, with its traceback."""
    with pytest.raises(ValueError, match="TOKEN") as caught:
        _fail()
    return caught.value


def _fail() -> None:
    raise ValueError(SECRET)


async def test_each_admin_is_told_in_their_language(
    desk: Desk, admin: Person, admins_chat: Chat, german: Person, germans_chat: Chat
) -> None:
    """The id, the kind and the place; not what the error says."""
    await german.ask(germans_chat, "/stats")
    await desk.alarms.raise_alarm("ab12cd34", failure())
    told = await admins_chat.wait_for("ab12cd34")
    assert told.text.startswith("Something needs a person to look at it: ValueError at ")
    assert ".test_alarms:" in told.text
    gesagt = await germans_chat.wait_for("ab12cd34")
    assert gesagt.text.startswith("Hier muss jemand nachsehen: ValueError bei ")
    for chat in (admins_chat, germans_chat):
        assert not any(word in chat.from_bot[-1].text for word in ("Chef", "verklagen", "TOKEN"))
    assert admin.id != german.id


async def test_the_same_place_is_silent_for_an_hour(
    desk: Desk, admins_chat: Chat, germans_chat: Chat
) -> None:
    """Another process knows, too: it is in the store."""
    for number in ("first", "second"):
        await desk.alarms.raise_alarm(number, failure())
    other = Alarms(desk.bot, desk.store, desk.settings.admins)
    await other.raise_alarm("third", failure())
    await other.raise_alarm("fourth", OSError("elsewhere"))
    said = [message.text for message in admins_chat.from_bot]
    assert len(said) == len(germans_chat.from_bot) == 2
    assert "first" in said[0]
    assert "fourth" in said[1]


async def test_an_admin_who_blocked_the_bot_keeps_nobody_from_being_told(
    desk: Desk, admins_chat: Chat, germans_chat: Chat
) -> None:
    """If nobody could be told, the next failure tries again."""
    admins_chat.blocked = germans_chat.blocked = True
    await desk.alarms.raise_alarm("first", failure())
    germans_chat.blocked = False
    await desk.alarms.raise_alarm("second", failure())
    await germans_chat.wait_for("second")
    assert not admins_chat.from_bot


async def test_an_alarm_never_fails_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its caller is handling a failure already."""

    async def full(_store: Store, *_values: object, **_more: object) -> bool:
        raise OSError("no space left")

    monkeypatch.setattr(type(desk.store), "add", full)
    await desk.alarms.raise_alarm("first", failure())
    assert "the alarm first could not be raised" in caplog.text


async def test_an_index_that_cannot_be_used_raises_an_alarm(desk: Desk, admins_chat: Chat) -> None:
    """Once, whoever asks; the old index keeps answering."""
    desk.alarms.watch(desk.library)
    assert desk.library.advisor
    shelf, snapshots = Shelf(desk.settings.data), desk.settings.data / "snapshots"
    copy = snapshots / "29990101T000000.000000Z-damaged0"
    shutil.copytree(snapshots / str(shelf.current_name()), copy)
    with (copy / "records.sqlite").open("ab") as file:
        file.write(b"\0")
    (desk.settings.data / "CURRENT").write_text(copy.name + "\n", encoding="utf-8")
    for _ in range(3):
        assert await desk.worker.snapshot()
    told = await admins_chat.wait_for("SnapshotDamaged at index.storage.snapshot:")
    assert len(admins_chat.from_bot) == 1
    assert told.text.count("\n") == 0


def test_the_place_is_the_innermost_of_ours() -> None:
    """What a library raises is looked for where we called it."""
    with pytest.raises(CatalogueUnclear) as caught:
        entries_of("[[")
    cause = caught.value.__cause__
    assert cause is not None
    assert place_of(cause).startswith("bot.keeping.catalogue:")
    assert place_of(ValueError("never raised")) == "?"

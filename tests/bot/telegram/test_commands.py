"""The commands that explain the bot, and the menus in which people find them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot.telegram.app import ALLOWED_UPDATES

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.telegram.conftest import Service, Start

MOTION = "Städte sollten Bienenstöcke auf Dächern erlauben."


@pytest.mark.usefixtures("service")
async def test_start_greets_and_offers_an_example(ada: Person, chat: Chat) -> None:
    """Tapping it opens the debate with both sides."""
    await ada.start(chat)
    greeting = await chat.wait_for(1)
    assert greeting.text.startswith("Stellen Sie mir eine Frage, auf die man mit Ja oder Nein")
    assert greeting.text.endswith("oder tippen Sie auf ein Beispiel:")
    assert greeting.labels[0] == MOTION
    assert greeting.labels[-1] == "Alle Debatten"
    assert len(greeting.labels) == 4
    notice = await ada.tap(greeting, MOTION)
    assert notice.text == ""
    debate = await chat.wait_for(2)
    assert debate.html.startswith(f"<b>{MOTION}</b>\n\n<b>Ja – Für Dachbienen</b>\n\n<blockquote")
    assert "<b>Nein – Gegen Dachbienen</b>" in debate.html


@pytest.mark.usefixtures("service")
async def test_a_deep_link_greets_too(bob: Person, server: BotApiServer) -> None:
    """The button of an inline query leads here; the greeting speaks the person's language."""
    chat = server.private_chat(bob)
    await bob.start(chat, "ask")
    greeting = await chat.wait_for(1)
    assert greeting.text.startswith("Ask me a question that can be answered with yes or no.")
    assert greeting.labels[0] == "Cities should allow beehives on roofs."


@pytest.mark.usefixtures("service")
async def test_help_names_every_way_to_ask(ada: Person, chat: Chat) -> None:
    """In private, in groups, inline, and where to read more."""
    answer = await ada.ask(chat, "/help")
    assert len(answer.text.splitlines()) == 8
    for words in ("/new", "/ask", "@test_bot", "/debates", "/sources", "/privacy"):
        assert words in answer.text
    assert "{" not in answer.text


@pytest.mark.usefixtures("service")
async def test_sources_lists_the_documents(ada: Person, chat: Chat) -> None:
    """With what is known of them, and their number of passages."""
    answer = await ada.ask(chat, "/sources")
    assert answer.html.startswith("<b>Dokumente</b>\n\n• ")
    lines = answer.text.splitlines()[2:]
    assert len(lines) == 6
    assert "• Bienen über der Stadt, Ida Imker, 20.05.2019 (2 Passagen)" in lines
    assert "• Nachtmarkt & <Lärm>, A & B (1 Passage)" in lines


@pytest.mark.usefixtures("service")
async def test_debates_are_listed_to_tap(bob: Person, server: BotApiServer) -> None:
    """All of them, those with most to say first, named and answered in the person's language."""
    chat = server.private_chat(bob)
    listed = await bob.ask(chat, "/debates")
    assert listed.html == ("<b>Debates</b>\n\nTap one to see both sides.\n\n<i>Page 1 of 2</i>")
    assert len(listed.labels) == 9
    assert listed.labels[0] == "Cities should allow beehives on roofs."
    await bob.tap(listed, "▶")
    await chat.wait_for("Page 2 of 2")
    assert len(listed.labels) == 3
    await bob.tap(listed, "◀")
    await chat.wait_for("Page 1 of 2")
    await bob.tap(listed, "The tram should come back.")
    debate = await chat.wait_for(2)
    assert debate.html.startswith("<b>The tram should come back.</b>\n\n<b>Yes – For the tram</b>")


@pytest.mark.usefixtures("service")
async def test_every_debate_opens(ada: Person, chat: Chat) -> None:
    """With one answer each; all data fits into a button."""
    listed = await ada.ask(chat, "/debates")
    place = 1
    for page in range(2):
        for label in listed.labels:
            assert len(listed.button(label)["callback_data"].encode()) <= 64
            if label not in {"◀", "▶"}:
                place += 1
                await ada.tap(listed, label)
                assert (await chat.wait_for(place)).html.startswith(f"<b>{label}</b>")
        if page == 0:
            await ada.tap(listed, "▶")
            await chat.wait_for("Seite 2 von 2")
    assert place == 11


async def test_a_debate_that_is_gone_says_so(service: Service, ada: Person, chat: Chat) -> None:
    """Old lists stay in the chat; tapping one of their buttons does no harm."""
    listed = await ada.ask(chat, "/debates")
    for path in (service.settings.corpus / "debates").glob("tram.toml"):
        path.unlink()
    questions = service.settings.corpus / "questions.toml"
    questions.write_text(questions.read_text("utf-8").replace("[tram]", "[murals]"), "utf-8")
    service.library.rebuild(lambda stage, done, total: None)  # noqa: ARG005
    notice = await ada.tap(listed, "Die Straßenbahn sollte zurückkommen.")
    assert notice.text == "Diese Debatte gibt es nicht mehr; /debates zeigt die heutigen."
    assert len(chat.from_bot) == 1
    await ada.tap(listed, MOTION)
    assert MOTION in (await chat.wait_for(2)).text


async def test_a_motion_of_any_length_fits_its_button(
    service: Service, ada: Person, chat: Chat
) -> None:
    """The answer shows it whole."""
    file = service.settings.corpus / "debates" / "tram.toml"
    long = "Die Straßenbahn sollte " + "sehr, " * 20 + "sehr bald zurückkommen."
    file.write_text(
        file.read_text("utf-8").replace("Die Straßenbahn sollte zurückkommen.", long), "utf-8"
    )
    service.library.rebuild(lambda stage, done, total: None)  # noqa: ARG005
    listed = await ada.ask(chat, "/debates")
    (label,) = [label for label in listed.labels if label.startswith("Die Straßenbahn")]
    assert len(label) <= 60
    assert label.endswith("…")
    await ada.tap(listed, label)
    assert (await chat.wait_for(2)).text.startswith(long)


@pytest.mark.usefixtures("service")
async def test_privacy_says_what_is_kept(ada: Person, chat: Chat) -> None:
    """In the person's language."""
    answer = await ada.ask(chat, "/privacy")
    assert answer.text.startswith("Was ich von Ihnen aufbewahre, und wie lange:")
    assert "90 Tage" in answer.text
    assert "15 Minuten" in answer.text
    assert "/forget" in answer.text
    assert "{" not in answer.text


@pytest.mark.usefixtures("service")
async def test_each_sees_the_commands_that_are_meant_for_them(
    server: BotApiServer, ada: Person, admin: Person, chat: Chat, admins_chat: Chat
) -> None:
    """Only an admin's chat offers the rebuild, and a group only what works in it."""
    profile = server.world.profile
    everyone = [
        "ask",
        "debates",
        "bienenhaus",
        "dach",
        "new",
        "sources",
        "help",
        "privacy",
        "forget",
    ]
    translated = [{"bienenhaus": "hive", "dach": "roof"}.get(one, one) for one in everyone]
    group = server.group(-1001, "Round", [ada, admin])
    offered = {
        "person": profile.commands_seen(ada.account, chat),
        "admin": profile.commands_seen(admin.account, admins_chat),
        "group": profile.commands_seen(ada.account, group),
        "admin in group": profile.commands_seen(admin.account, group),
    }
    names = {who: [one["command"] for one in commands] for who, commands in offered.items()}
    assert names == {
        "person": everyone,
        "admin": [*translated, "reindex", "stats", "review", "cancel"],
        "group": ["ask", "debates", "help"],
        "admin in group": ["ask", "debates", "help"],
    }
    assert offered["person"][0]["description"] == "Eine Frage stellen"
    assert offered["admin"][-4]["description"] == "Build the index anew"
    admin.account.language_code = "de"
    commands = profile.commands_seen(admin.account, admins_chat)
    assert commands[-4] == {"command": "reindex", "description": "Den Index neu aufbauen"}


async def test_an_admin_unknown_to_telegram_does_not_stop_the_bot(
    start: Start, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """Who has not started the bot yet gets no menu; the log says so."""
    await start()
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == 2
    assert all(text.startswith("admin 9001 is unknown to Telegram") for text in warnings)
    assert (await ada.ask(chat, "/help")).text


@pytest.mark.usefixtures("service")
async def test_only_what_is_handled_is_asked_for(
    server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """The choice stays on Telegram's side, so it is made in every call."""
    await ada.ask(chat, "/help")
    assert server.world.updates.asked_for == ALLOWED_UPDATES


async def test_a_webhook_left_behind_does_not_matter(
    server: BotApiServer, start: Start, ada: Person, chat: Chat
) -> None:
    """It is taken back before polling begins."""
    server.world.webhook_url = "https://example.org/hook"
    await start()
    assert (await ada.ask(chat, "/help")).text


@pytest.mark.usefixtures("service")
async def test_an_empty_chat_says_what_the_bot_does(server: BotApiServer) -> None:
    """In every language that it speaks."""
    told = {
        one.params.get("language_code"): one.params["description"]
        for one in server.calls("setMyDescription")
    }
    assert told[None].startswith("Ask me a question that can be answered with yes or no.")
    assert told["de"].startswith("Stellen Sie mir eine Frage, auf die man mit Ja oder Nein")
    assert len(server.calls("setMyShortDescription")) == len(told) == 2

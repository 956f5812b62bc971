"""Commands, names and menu buttons, per scope and language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.playground.conftest import Client


async def _set(call: Client, name: str, **more: Any) -> None:
    listed = [{"command": name, "description": name}]
    await call.result("setMyCommands", commands=listed, **more)


async def test_the_narrowest_list_of_commands_wins(
    call: Client, server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """A scope is exhausted, language first, before the next wider one is asked."""

    def seen() -> list[str]:
        commands = server.world.profile.commands_seen(ada.account, chat)
        return [command["command"] for command in commands]

    private = {"type": "all_private_chats"}
    own = {"type": "chat", "chat_id": 1001}
    await _set(call, "everyone")
    assert seen() == ["everyone"]
    await _set(call, "everyone_de", language_code="de")
    assert seen() == ["everyone_de"]
    await _set(call, "private", scope=private)
    assert seen() == ["private"]
    await _set(call, "private_de", scope=private, language_code="de")
    assert seen() == ["private_de"]
    await _set(call, "ada", scope=own)
    assert seen() == ["ada"]
    await call.result("deleteMyCommands", scope=own)
    assert seen() == ["private_de"]


async def test_administrators_of_a_group_have_their_own(
    call: Client, server: BotApiServer, ada: Person
) -> None:
    """Which others do not see."""
    bob = server.person(2, "Bob")
    group = server.group(-5, "Group", [ada, bob], admins=[ada])
    await _set(call, "admin", scope={"type": "all_chat_administrators"})
    await _set(call, "group", scope={"type": "all_group_chats"})
    profile = server.world.profile
    assert profile.commands_seen(ada.account, group)[0]["command"] == "admin"
    assert profile.commands_seen(bob.account, group)[0]["command"] == "group"
    await _set(call, "bob", scope={"type": "chat_member", "chat_id": -5, "user_id": 2})
    assert profile.commands_seen(bob.account, group)[0]["command"] == "bob"


async def test_asking_for_commands_falls_back_nowhere(call: Client) -> None:
    """An empty list says that nothing is set for exactly this scope and language."""
    await _set(call, "ask")
    assert await call.result("getMyCommands") == [{"command": "ask", "description": "ask"}]
    assert await call.result("getMyCommands", language_code="de") == []
    assert await call.result("getMyCommands", scope={"type": "all_private_chats"}) == []


async def test_texts_fall_back_to_the_language_of_all(call: Client) -> None:
    """Names and descriptions in a language, or else the general ones."""
    assert await call.result("getMyName") == {"name": "Test"}
    for kind in ("Description", "ShortDescription"):
        field = {"Description": "description", "ShortDescription": "short_description"}[kind]
        await call.result(f"setMy{kind}", **{field: "all"})
        await call.result(f"setMy{kind}", **{field: "alle"}, language_code="de")
        assert await call.result(f"getMy{kind}", language_code="de") == {field: "alle"}
        assert await call.result(f"getMy{kind}", language_code="fr") == {field: "all"}
        await call.result(f"setMy{kind}", language_code="de")
        assert await call.result(f"getMy{kind}", language_code="de") == {field: "all"}


async def test_the_menu_button_can_differ_in_one_chat(call: Client, chat: Chat) -> None:
    """And is the default one elsewhere."""
    await call.result("setChatMenuButton", menu_button={"type": "commands"})
    web = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org"}}
    await call.result("setChatMenuButton", chat_id=chat.id, menu_button=web)
    assert await call.result("getChatMenuButton", chat_id=chat.id) == web
    assert await call.result("getChatMenuButton") == {"type": "commands"}

"""Inline queries in any chat, guests' questions, and what a group hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.browser.conftest import become, go, offered, say, sees

if TYPE_CHECKING:
    from playwright.async_api import Page as Tab

    from tests.browser.conftest import Open


async def test_results_come_page_by_page_and_are_sent(bobs: Tab) -> None:
    """By scrolling; the one that is chosen is posted via the bot."""
    await go(bobs, "Friends")
    await bobs.locator("#text").fill("@audiatur_bot cats")
    results = bobs.get_by_role("listbox", name="Results").get_by_role("option")
    await expect(results).to_have_count(20)
    for count in (40, 45):
        await results.last.scroll_into_view_if_needed()
        await expect(results).to_have_count(count)
    await results.last.scroll_into_view_if_needed()
    await results.filter(has_text="cats 45").click()
    await sees(bobs, "cats no. 45")
    await sees(bobs, "via @audiatur_bot")
    await expect(bobs.locator("#text")).to_have_value("")
    await expect(results).to_have_count(0)


async def test_results_are_chosen_by_keys(bobs: Tab) -> None:
    """The field says which one is active."""
    field = bobs.locator("#text")
    await field.fill("@audiatur_bot dogs")
    await expect(offered(bobs)).to_have_count(20)
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", "option-1")
    await expect(bobs.locator("#popup").get_by_role("option", selected=True)).to_contain_text(
        "dogs 2"
    )
    await field.press("Enter")
    await sees(bobs, "dogs no. 2")


async def test_a_newer_query_replaces_an_older_one(bobs: Tab) -> None:
    """However the answers overtake one another."""
    field = bobs.locator("#text")
    await field.press_sequentially("@audiatur_bot one", delay=60)
    await expect(offered(bobs).first).to_contain_text("one 1")
    await field.press_sequentially(" two", delay=60)
    await expect(offered(bobs).first).to_contain_text("one two 1")
    await field.press("Escape")
    await expect(bobs.locator("#popup")).to_be_hidden()


async def test_nothing_found_leads_to_the_private_chat(bobs: Tab) -> None:
    """With what the bot asked to be told."""
    await go(bobs, "Friends")
    await bobs.locator("#text").fill("@audiatur_bot nothing")
    await bobs.get_by_role("button", name="Ask me privately").click()
    await expect(bobs.get_by_role("heading", level=1)).to_have_text("Audiatur")
    await sees(bobs, "Started with ask")


async def test_a_guest_is_answered_where_the_bot_is_not(bobs: Tab) -> None:
    """By a mention; what else is said there the bot never hears."""
    await go(bobs, "Friends")
    await say(bobs, "just among us")
    await say(bobs, "what do you think, @audiatur_bot?")
    await sees(bobs, "A guest is welcome")
    await expect(bobs.locator(".message")).to_have_count(3)


async def test_privacy_mode_decides_what_a_group_tells(bobs: Tab) -> None:
    """A switch turns it off."""
    await go(bobs, "Team")
    await say(bobs, "unheard")
    mode = bobs.get_by_role("switch", name="Privacy mode")
    await expect(mode).to_be_checked()
    await mode.click()
    await expect(mode).not_to_be_checked()
    await say(bobs, "heard")
    await sees(bobs, "You said 'heard'")
    await expect(bobs.get_by_text("You said 'unheard'")).to_have_count(0)
    await sees(bobs, "Audiatur")


async def test_a_bot_is_thrown_out_and_let_in(bobs: Tab) -> None:
    """Of a group; in the private chat it is blocked."""
    await go(bobs, "Team")
    for wish, shown in (("Remove the bot", "without the bot"), ("Add the bot", "and the bot")):
        await bobs.get_by_role("button", name="Chat actions").click()
        await bobs.get_by_role("menuitem", name=wish).click()
        await expect(bobs.locator("#head p")).to_contain_text(shown)
    await sees(bobs, "Audiatur joined")
    await go(bobs, "Audiatur")
    await bobs.get_by_role("button", name="Chat actions").click()
    await bobs.get_by_role("menuitem", name="Block the bot").click()
    await expect(bobs.locator("#head p")).to_have_text("You have blocked the bot")
    await bobs.get_by_role("button", name="Start").click()
    await sees(bobs, "Started with nothing")


async def test_a_topic_is_answered_in_the_topic(bobs: Tab) -> None:
    """And is not seen in another one."""
    await go(bobs, "Forum")
    await bobs.get_by_role("tab", name="Marketing").click()
    await say(bobs, "/entities@audiatur_bot")
    await sees(bobs, "short quotation")
    await bobs.get_by_role("tab", name="General").click()
    await expect(bobs.locator(".message")).to_have_count(0)
    await bobs.go_back()
    await expect(bobs.get_by_role("heading", level=1)).to_have_text("Audiatur")


async def test_the_menu_follows_person_chat_and_language(visit: Open) -> None:
    """As Telegram picks it."""
    tab = await visit()

    async def menu(*lines: str) -> None:
        await tab.locator("#text").fill("/")
        await expect(offered(tab)).to_have_text(list(lines))
        await tab.locator("#text").fill("")

    await menu("/entitiesAlles", "/keysTasten")
    await tab.locator("#language").select_option("fr")
    await expect(tab.locator("html")).to_have_attribute("lang", "en")
    await menu("/entitiesAll entities", "/keysKeys")
    await go(tab, "Team")
    await menu("/askAsk here")
    await go(tab, "Friends")
    await expect(tab.get_by_role("button", name="Commands")).to_have_count(0)
    await go(tab, "Audiatur")
    await become(tab, "Grace")
    await menu("/keysTasten", "/reindexNeu aufbauen")


async def test_commands_complete_and_are_sent(bobs: Tab) -> None:
    """By the menu's button, by Tab, by arrows."""
    await bobs.get_by_role("button", name="Commands").click()
    await offered(bobs).filter(has_text="/keys").click()
    await sees(bobs, "Press a key")
    field = bobs.locator("#text")
    await field.fill("/ent")
    await field.press("Tab")
    await expect(field).to_have_value("/entities ")
    await field.fill("/")
    await field.press("ArrowUp")
    await expect(bobs.locator("#popup").get_by_role("option", selected=True)).to_contain_text(
        "/keys"
    )
    await field.press("Enter")
    await expect(bobs.locator(".message.mine")).to_have_count(2)

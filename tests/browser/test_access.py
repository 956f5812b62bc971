"""The page can be used by keys, by ear, in the dark, on a phone, and after a break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from bot.settings import Settings
from tests.browser.conftest import become, go, offered, playing, say, sees
from tests.browser.scripted import run_scripted

if TYPE_CHECKING:
    from playwright.async_api import Page as Tab

    from tests.browser.conftest import Open

# What axe would look for: names, unique ids, labelled landmarks, an order of headings.
NAMELESS = """() => [...document.querySelectorAll(
    'button, a[href], input:not([hidden]), select, textarea, [role=option], [role=switch]')]
  .filter(node => node.checkVisibility())
  .filter(node => !node.getAttribute('aria-label') && !node.labels?.length)
  .filter(node => !node.innerText.trim())
  .map(node => node.outerHTML.slice(0, 120))"""
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index); }"""
BROAD = """() => [...document.querySelectorAll('body *')]
  .filter(node => node.checkVisibility() && !node.closest('pre, .sprite, .topics'))
  .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
  .map(node => node.outerHTML.slice(0, 120))"""
CONTRAST = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const parts = numbers(getComputedStyle(at).backgroundColor);
      if (parts.length === 3 || parts[3] === 1) return parts;
    }
    return null;
  };
  const poor = [];
  const texts = '.text, .meta, .side b, .side small, .banner span, h1, .key';
  for (const node of document.querySelectorAll(texts)) {
    const back = ground(node);
    if (!node.checkVisibility() || !back) continue;
    const pair = [light(numbers(getComputedStyle(node).color)), light(back)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) poor.push([node.className || node.tagName, ratio.toFixed(2)]);
  }
  return poor;
}"""
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"color_scheme": "light", "viewport": {"width": 360, "height": 720}, "has_touch": True},
]


async def _fill(tab: Tab) -> None:
    """Show everything there is."""
    await say(tab, "/entities")
    await sees(tab, "short quotation")
    await say(tab, "hello")
    await sees(tab, "You said 'hello'")
    await say(tab, "/file")
    await sees(tab, "notes & more.html")
    await say(tab, "/keys")
    await sees(tab, "Press a key")


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
async def test_everything_has_a_name_fits_and_can_be_read(
    visit: Open, look: dict[str, Any]
) -> None:
    """In every look."""
    tab = await visit(**look)
    await expect(tab.get_by_role("radio", name="Ada")).to_be_checked()
    assert await tab.evaluate(BROAD) == []
    await tab.get_by_role("button", name="Echten Bot verbinden").click()
    await expect(tab.get_by_role("dialog")).to_be_visible()
    assert await tab.evaluate(BROAD) == []
    assert await tab.evaluate(NAMELESS) == []
    await tab.keyboard.press("Escape")
    await become(tab, "Bob")
    if "viewport" in look:
        assert await tab.evaluate(NAMELESS) == []
        assert await tab.evaluate(BROAD) == []
        await go(tab, "Audiatur")
    await _fill(tab)
    assert await tab.evaluate(NAMELESS) == []
    assert await tab.evaluate(TWICE) == []
    assert await tab.evaluate(BROAD) == []
    assert await tab.evaluate(CONTRAST) == []
    await tab.locator("#text").fill("@audiatur_bot cats")
    await expect(offered(tab)).to_have_count(20)
    assert await tab.evaluate(NAMELESS) == []
    assert await tab.evaluate(BROAD) == []


async def test_landmarks_tell_where_one_is(bobs: Tab) -> None:
    """Banner, navigation, main; one heading; a list that speaks up."""
    for role in ("banner", "navigation", "main"):
        await expect(bobs.get_by_role(role)).to_have_count(1)
    await expect(bobs.get_by_role("heading", level=1)).to_have_count(1)
    await expect(bobs.get_by_role("banner")).to_contain_text("Nothing here leaves this machine")
    await say(bobs, "hello")
    await expect(bobs.locator("[aria-live=polite]#live")).to_contain_text("You said 'hello'")
    await expect(bobs.locator("html")).to_have_attribute("lang", "en")


async def test_all_can_be_done_without_a_mouse(visit: Open) -> None:
    """From the first Tab to the bot's answer, its key, and back."""
    tab = await visit()
    await expect(tab.get_by_role("heading", level=1)).to_be_visible()
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("link", name="Zum Nachrichtenfeld")).to_be_focused()
    await tab.keyboard.press("Enter")
    await tab.keyboard.type("/keys")
    await tab.keyboard.press("Enter")
    await sees(tab, "Press a key")
    toast = tab.get_by_role("button", name="Toast")
    for _ in range(40):
        await tab.keyboard.press("Shift+Tab")
        if await toast.evaluate("node => node === document.activeElement"):
            break
    await expect(toast).to_be_focused()
    await tab.keyboard.press("Space")
    await expect(tab.get_by_role("status")).to_contain_text("A toast")
    more = tab.locator(".message:not(.mine) .more")
    await more.focus()
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("menuitem", name="Antworten")).to_be_focused()
    await tab.keyboard.press("Escape")
    await expect(more).to_be_focused()


async def test_lines_break_with_shift(bobs: Tab) -> None:
    """And Enter sends; the arrow up takes the last message back into the field."""
    field = bobs.locator("#text")
    await field.focus()
    await bobs.keyboard.type("one")
    await bobs.keyboard.press("Shift+Enter")
    await bobs.keyboard.type("two")
    await bobs.keyboard.press("Enter")
    await expect(bobs.locator(".message.mine .text")).to_have_text("one\ntwo")
    await sees(bobs, "You said")
    await field.press("ArrowUp")
    await expect(field).to_have_value("one\ntwo")
    await field.press("Escape")
    await expect(field).to_have_value("")


async def test_a_colour_scheme_can_be_chosen_and_is_kept(visit: Open) -> None:
    """Whatever the system wishes."""
    tab = await visit(color_scheme="light")
    await tab.get_by_role("button", name="Dunkle Farben").click()
    await expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    await tab.reload()
    await expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(tab.get_by_role("button", name="Helle Farben")).to_be_visible()


async def test_it_says_how_to_connect_a_real_bot(bobs: Tab) -> None:
    """Whom to ask for a token, and where to put it."""
    await expect(bobs.get_by_role("banner")).to_contain_text("BOT_TOKEN=… make run")
    await bobs.get_by_role("button", name="Connect a real bot").click()
    steps = bobs.get_by_role("dialog")
    await expect(steps).to_contain_text("@BotFather")
    await expect(steps).to_contain_text("make run")
    await bobs.keyboard.press("Escape")
    await expect(steps).to_have_count(0)
    await expect(bobs.get_by_role("button", name="Connect a real bot")).to_be_focused()


async def test_a_lost_connection_comes_back(bobs: Tab) -> None:
    """What was said meanwhile is there, once."""
    await say(bobs, "before")
    await sees(bobs, "You said 'before'")
    await bobs.reload()
    await sees(bobs, "You said 'before'")
    await expect(bobs.locator(".message")).to_have_count(2)
    await say(bobs, "after")
    await sees(bobs, "You said 'after'")
    await expect(bobs.locator(".message")).to_have_count(4)


async def test_a_playground_that_is_started_anew_is_found_again(
    visit: Open, unused_tcp_port: int
) -> None:
    """The page says that it is gone; then it shows the new one, with nothing of the old."""
    settings = Settings(playground_port=unused_tcp_port)
    async with playing(run_scripted, settings) as url:
        tab = await visit(url)
        await become(tab, "Bob")
        await say(tab, "before")
        await sees(tab, "You said 'before'")
    await expect(tab.locator("#head p")).to_contain_text("No connection")
    await tab.get_by_role("button", name="Commands").click()
    await offered(tab).first.click()
    await expect(tab.get_by_role("status")).to_contain_text("No connection")
    await say(tab, "into the void")
    await expect(tab.locator("#text")).to_have_value("into the void")
    async with playing(run_scripted, settings):
        await expect(tab.locator("#head p")).to_have_text("bot")
        await expect(tab.locator(".message")).to_have_count(0)
        await tab.locator("#text").press("Enter")
        await sees(tab, "You said 'into the void'")
        await tab.close()


async def test_a_visitor_meets_whoever_speaks_their_language(visit: Open) -> None:
    """Ada German, Bob English."""
    for locale, name in (("de-AT", "Ada"), ("en-GB", "Bob"), ("ja-JP", "Bob")):
        tab = await visit(locale=locale)
        await expect(tab.get_by_role("radio", name=name)).to_be_checked()


async def test_two_windows_show_the_same(visit: Open) -> None:
    """What is written in one appears in the other."""
    one, other = await visit(), await visit()
    await become(one, "Bob")
    await become(other, "Bob")
    await say(one, "hello")
    await sees(other, "You said 'hello'")

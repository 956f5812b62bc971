"""What a person sees and does in the private chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.conftest import become, go, say, sees

if TYPE_CHECKING:
    from playwright.async_api import Page as Tab

    from tests.browser.conftest import Open


async def test_an_empty_chat_says_what_the_bot_can_do(visit: Open) -> None:
    """In the person's language; Start begins."""
    tab = await visit()
    await sees(tab, "Ein Bot für Tests.")
    await tab.get_by_role("button", name="Starten").click()
    await sees(tab, "Started with nothing")


async def test_every_entity_is_shown(bobs: Tab) -> None:
    """As what it is; a script in a text stays text."""
    await say(bobs, "/entities")
    text = bobs.locator(".message:not(.mine) .text")
    for tag, words in {
        "strong": "bold", "em": "italic", "u": "under", "s": "struck", "code": "code()",
        "pre": "python", "blockquote": "short quotation",
    }.items():  # fmt: skip
        await expect(text.locator(tag).first).to_contain_text(words)
    link = text.get_by_role("link", name="a link")
    await expect(link).to_have_attribute("href", "https://example.org/page")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(text.get_by_role("link", name="me@example.org")).to_have_attribute(
        "href", "mailto:me@example.org"
    )
    await expect(text).to_contain_text("<script>alert(1)")
    secret = text.get_by_role("button", name="Hidden text")
    await secret.click()
    await expect(text.get_by_role("button", name="secret")).to_be_visible()


async def test_a_long_quotation_unfolds(bobs: Tab) -> None:
    """And folds again; its button says which."""
    await say(bobs, "/entities")
    toggle = bobs.get_by_role("button", name="Show all")
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    fold = bobs.locator(".fold")
    low = await fold.bounding_box()
    await toggle.click()
    less = bobs.get_by_role("button", name="Show less")
    await expect(less).to_have_attribute("aria-expanded", "true")
    high = await fold.bounding_box()
    assert low
    assert high
    assert high["height"] > 1.5 * low["height"]
    await less.click()
    await expect(toggle).to_be_visible()


async def test_a_command_in_a_text_can_be_pressed(bobs: Tab) -> None:
    """So can a link that leads to the bot."""
    await say(bobs, "/entities")
    await bobs.locator(".message:not(.mine)").get_by_role("button", name="/entities").click()
    await expect(bobs.locator(".message:not(.mine)")).to_have_count(2)
    await bobs.get_by_role("button", name="deep link").first.click()
    await sees(bobs, "Started with deep-1")


async def test_an_answer_quotes_and_reacts(bobs: Tab) -> None:
    """The quote names whom it answers and leads there."""
    await say(bobs, "hello <b>there</b>")
    await sees(bobs, "You said 'hello <b>there</b>'")
    quote = bobs.get_by_role("button", name="Reply to Bob: hello")
    await quote.click()
    await expect(bobs.locator(".message.mine")).to_have_class(re.compile("target"))
    await expect(bobs.get_by_role("button", name="👍, 1")).to_be_visible()


async def test_keys_answer_with_a_toast_an_alert_or_an_edit(bobs: Tab) -> None:
    """An edit keeps the focus on the key that was pressed."""
    await say(bobs, "/keys")
    await bobs.get_by_role("button", name="Toast").click()
    await expect(bobs.get_by_role("status")).to_contain_text("A toast")
    await bobs.get_by_role("button", name="Alert").click()
    alert = bobs.get_by_role("alertdialog")
    await expect(alert).to_contain_text("An alert")
    await bobs.keyboard.press("Enter")
    await expect(alert).to_have_count(0)
    await bobs.get_by_role("button", name="Edit", exact=True).click()
    await sees(bobs, "Edited in place")
    await sees(bobs, "edited ")
    await expect(bobs.get_by_role("button", name="Edit", exact=True)).to_be_focused()


async def test_keys_lead_to_other_places(bobs: Tab) -> None:
    """To a website, to the clipboard, into this field, or into another chat."""
    await bobs.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await say(bobs, "/keys")
    site = bobs.get_by_role("link", name="Website")
    await expect(site).to_have_attribute("href", "https://example.org/")
    await expect(site).to_have_attribute("target", "_blank")
    await bobs.get_by_role("button", name="Copy", exact=True).click()
    await expect(bobs.get_by_role("status")).to_contain_text("Copied")
    assert await bobs.evaluate("navigator.clipboard.readText()") == "copied text"
    await bobs.get_by_role("button", name="Open me").click()
    await sees(bobs, "Started with from-key")
    await bobs.get_by_role("button", name="Here", exact=True).click()
    await expect(bobs.locator("#text")).to_have_value("@audiatur_bot cats")
    await bobs.keyboard.press("Escape")
    await bobs.get_by_role("button", name="Groups only").click()
    choice = bobs.get_by_role("dialog")
    await expect(choice.get_by_role("button", name="Audiatur")).to_have_count(0)
    await choice.get_by_role("button", name="Team").click()
    await expect(bobs.get_by_role("heading", level=1)).to_have_text("Team")
    await expect(bobs.locator("#text")).to_have_value("@audiatur_bot birds")


async def test_progress_and_drafts_are_seen_as_they_happen(bobs: Tab) -> None:
    """Step by step, in one bubble."""
    await say(bobs, "/steps")
    for step in ("Step 1", "Step 2", "Step 3"):
        await sees(bobs, step)
    await expect(bobs.locator(".message:not(.mine)")).to_have_count(1)
    await say(bobs, "/draft")
    await expect(bobs.locator(".draft")).to_contain_text("Growing")
    await expect(bobs.locator(".draft")).to_contain_text("Audiatur is writing")
    await sees(bobs, "Growing word by word: done")
    await expect(bobs.locator(".draft")).to_have_count(0)


async def test_typing_is_shown_until_the_answer(bobs: Tab) -> None:
    """Under the chat's name."""
    await say(bobs, "/think")
    await expect(bobs.locator("#head p")).to_have_text("typing")
    await sees(bobs, "Thought.")
    await expect(bobs.locator("#head p")).to_have_text("bot")


async def test_files_travel_both_ways(bobs: Tab) -> None:
    """Up with a caption; down as a file to be saved, whatever it calls itself."""
    await bobs.locator("#file").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"12345"}
    )
    await expect(bobs.locator("#context")).to_contain_text("notes.txt")
    await say(bobs, "my notes")
    await sees(bobs, "Got notes.txt, 5 bytes, 'my notes'")
    await say(bobs, "/file")
    async with bobs.expect_download() as downloading:
        await bobs.get_by_role("link", name="Download notes & more.html").click()
    download = await downloading.value
    assert download.suggested_filename == "notes & more.html"
    assert (await download.path()).read_bytes() == b"<script>alert(1)</script>"


async def test_a_file_that_is_too_large_is_refused(bobs: Tab) -> None:
    """Before it is sent anywhere."""
    await bobs.locator("#file").evaluate(
        """field => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(25e6)], "big.bin"));
          field.files = files.files;
          field.dispatchEvent(new Event("change"));
        }"""
    )
    await expect(bobs.get_by_role("status")).to_contain_text("too large")
    await expect(bobs.locator("#context")).to_be_hidden()


async def test_one_can_edit_reply_and_react(bobs: Tab) -> None:
    """From the menu of a message; a selected part becomes the quote."""
    await say(bobs, "frist words")
    await sees(bobs, "You said 'frist words'")
    mine = bobs.locator(".message.mine").first
    await mine.hover()
    await mine.get_by_role("button", name="Message actions").click()
    await bobs.get_by_role("menuitem", name="Edit").click()
    await expect(bobs.locator("#text")).to_have_value("frist words")
    await say(bobs, "first words")
    await expect(mine).to_contain_text("first words")
    await sees(bobs, "You changed it to first words")
    answer = bobs.locator(".message:not(.mine)").first
    await answer.hover()
    await answer.get_by_role("button", name="Message actions").click()
    await bobs.get_by_role("menuitem", name="React with ❤").click()
    await expect(answer.get_by_role("button", name="❤, 1")).to_have_attribute(
        "aria-pressed", "true"
    )
    await answer.locator(".text").dblclick(position={"x": 12, "y": 8})
    await answer.get_by_role("button", name="Message actions").click()
    await bobs.get_by_role("menuitem", name="Reply").click()
    await say(bobs, "why?")
    await sees(bobs, "You said 'why?', quoting 'You'")


async def test_what_is_written_stays_with_its_chat(bobs: Tab) -> None:
    """Until it is sent."""
    await bobs.locator("#text").fill("half a tho")
    await go(bobs, "Team")
    await expect(bobs.locator("#text")).to_have_value("")
    await bobs.go_back()
    await expect(bobs.locator("#text")).to_have_value("half a tho")


async def test_people_have_their_own_chats_and_unread_messages(bobs: Tab) -> None:
    """What Bob was told, Ada does not see."""
    await say(bobs, "hello")
    await sees(bobs, "You said 'hello'")
    await go(bobs, "Team")
    await become(bobs, "Ada")
    await expect(bobs.get_by_role("heading", level=1)).to_have_text("Team")
    await say(bobs, "@audiatur_bot für alle")
    await sees(bobs, "You said '@audiatur_bot für alle'")
    await go(bobs, "Audiatur")
    await expect(bobs.locator(".message")).to_have_count(0)
    await become(bobs, "Bob")
    await sees(bobs, "You said 'hello'")
    await expect(bobs.get_by_role("button", name="Team").get_by_label("2 unread")).to_be_visible()


@pytest.mark.parametrize("text", ["\n\n  ", "   "])
async def test_nothing_is_not_sent(bobs: Tab, text: str) -> None:
    """However much space there is in it."""
    await say(bobs, text)
    await say(bobs, "x")
    await expect(bobs.locator(".message.mine")).to_have_count(1)

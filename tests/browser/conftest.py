"""A Chromium, a playground with a scripted bot, and a page in it, as one person uses it."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import Page as Tab
from playwright.async_api import async_playwright, expect

from bot.playground.opening import open_playground
from bot.settings import Settings
from tests.browser.scripted import run_scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, ConsoleMessage, Locator

ARTEFACTS = Path(__file__).parent / "artefacts"
PATIENCE_MS = 15_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

Open = Callable[..., Awaitable[Tab]]

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all in one event loop, in which the browser lives; skip them where there is none."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        await launched.close()


@asynccontextmanager
async def playing(
    run_bot: Callable[[Settings], Awaitable[None]], settings: Settings
) -> AsyncIterator[str]:
    """Open a playground on a free port and yield its address."""
    said: asyncio.Queue[str] = asyncio.Queue()
    opened = asyncio.create_task(open_playground(settings, run_bot, said.put_nowait))
    heard = asyncio.create_task(said.get())
    await asyncio.wait({opened, heard}, return_when=asyncio.FIRST_COMPLETED)
    if opened.done():
        opened.result()
    address = re.search(r"http://\S+", heard.result())
    assert address
    yield address.group()
    opened.cancel()
    with suppress(asyncio.CancelledError):
        await opened


@pytest_asyncio.fixture(loop_scope="session")
async def address() -> AsyncIterator[str]:
    """A playground of this test's own, with the scripted bot."""
    async with playing(run_scripted, Settings(playground_port=0)) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> AsyncIterator[Open]:
    """Open a page; what goes wrong in its scripts fails the test, what it shows is kept."""
    wrong: list[str] = []
    tabs: list[Tab] = []
    contexts = []

    async def opened(url: str = address, **options: Any) -> Tab:
        context = await browser.new_context(
            **({"viewport": {"width": 1180, "height": 800}, "locale": "de-DE"} | options)
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        tab = await context.new_page()
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on(
            "console",
            lambda said: wrong.append(said.text) if _is_wrong(said) else None,
        )
        await tab.goto(url)
        tabs.append(tab)
        return tab

    yield opened
    ARTEFACTS.mkdir(exist_ok=True)
    for number, tab in enumerate(one for one in tabs if not one.is_closed()):
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        await tab.screenshot(path=ARTEFACTS / f"{name}-{number}.png", animations="disabled")
    for context in contexts:
        await context.close()
    assert wrong == []


@pytest_asyncio.fixture(loop_scope="session")
async def bobs(visit: Open) -> Tab:
    """The page as Bob uses it, in English, in his private chat."""
    tab = await visit()
    await become(tab, "Bob")
    return tab


def _is_wrong(said: ConsoleMessage) -> bool:
    # A browser reports a lost connection as an error of its own; the page shows it.
    lost = said.text.startswith("Failed to load resource: net::ERR_")
    return said.type in {"error", "warning"} and not lost


async def become(tab: Tab, name: str) -> None:
    """Let another person write."""
    await tab.get_by_role("radio", name=name).check()
    await expect(tab.get_by_role("radio", name=name)).to_be_checked()
    await expect(tab.locator("#talk")).to_have_attribute("aria-busy", "false")


async def say(tab: Tab, text: str) -> None:
    """Write a message and press Enter."""
    field = tab.locator("#text")
    await field.fill(text)
    await field.press("Enter")


async def sees(tab: Tab, text: str) -> None:
    """Wait until a text is seen in the conversation."""
    await expect(tab.locator("#scroll").get_by_text(text).last).to_be_visible()


async def go(tab: Tab, chat: str) -> None:
    """Open a chat from the list."""
    listed = tab.get_by_role("navigation").get_by_role("button", name=re.compile(f"^{chat}"))
    await listed.click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text(chat)


def offered(tab: Tab) -> Locator:
    """Return what pops up above the field: commands or results."""
    return tab.locator("#popup").get_by_role("option")

"""The real bot on the corpus that ships with the project, as people use it in the playground."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.library import Library
from bot.settings import Settings
from bot.telegram.app import serve
from tests.browser.conftest import ARTEFACTS, become, go, offered, playing, say, sees

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Locator
    from playwright.async_api import Page as Tab

    from tests.browser.conftest import Open

pytestmark = pytest.mark.encoder

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 90_000
GERMAN = "Sollten wir Facebook verlassen?"
ENGLISH = "Should we hand our social media over to an agency?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Settings:
    """A corpus and a data folder of one's own; what is computed is kept for the next run."""
    folder = tmp_path_factory.mktemp("playground")
    shutil.copytree(ROOT / "seeds", folder / "corpus")
    data = folder / "data"
    data.mkdir()
    kept: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    if kept:
        for name in ("embeddings", "stances"):
            (data / f"{name}.sqlite").symlink_to(kept.mkdir(name) / f"{name}.sqlite")
    return Settings(corpus=folder / "corpus", data=data, playground_port=0)


@pytest.fixture(scope="module")
def library(settings: Settings) -> Library:
    """Build the index once."""
    built = Library(settings)
    built.ensure(lambda *_: None)
    built.warm_up()
    return built


@pytest_asyncio.fixture(loop_scope="session")
async def address(library: Library, settings: Settings) -> AsyncIterator[str]:
    """A playground of this test's own, with the real bot."""

    async def run_bot(chosen: Settings) -> None:
        await serve(chosen, library, asyncio.Event())

    async with playing(run_bot, settings) as url:
        yield url


def answers(tab: Tab) -> Locator:
    """Return what the bot said."""
    return tab.locator(".message:not(.mine)")


async def awaken(tab: Tab) -> None:
    """Wait until the bot listens."""
    await expect(tab.locator("#head p")).to_have_text("Bot", timeout=PATIENCE_MS, ignore_case=True)


async def test_a_german_question_gets_both_sides(visit: Open) -> None:
    """Quoted, cited, with buttons; an excerpt opens in its context, and back."""
    tab = await visit(viewport={"width": 1180, "height": 960})
    await awaken(tab)
    await say(tab, GERMAN)
    answer = answers(tab).last
    await expect(answer.locator("blockquote").first).to_be_visible(timeout=PATIENCE_MS)
    await expect(answer).to_contain_text("Ja – Für den Ausstieg")
    await expect(answer).to_contain_text("Nein – Für das Bleiben")
    await expect(answer).to_contain_text("[1]")
    ARTEFACTS.mkdir(exist_ok=True)
    await tab.screenshot(path=ARTEFACTS / "playground.png", animations="disabled")
    quote = (await answer.locator("blockquote .fold, blockquote").last.inner_text())[:40]
    await answer.get_by_role("button", name="🔎 1", exact=True).click()
    back = answer.get_by_role("button", name="Zurück")
    await expect(back).to_be_visible(timeout=PATIENCE_MS)
    await expect(answer.locator(".text")).not_to_contain_text("Nein – Für das Bleiben")
    await back.click()
    await expect(answer).to_contain_text("Nein – Für das Bleiben", timeout=PATIENCE_MS)
    await expect(answer).to_contain_text(quote)
    await expect(answers(tab)).to_have_count(1)


async def test_more_is_paged_in_place(visit: Open) -> None:
    """Other excerpts of one side, and back to both."""
    tab = await visit()
    await awaken(tab)
    await say(tab, GERMAN)
    answer = answers(tab).last
    more = answer.get_by_role("button", name="Mehr: Ja")
    await expect(more).to_be_visible(timeout=PATIENCE_MS)
    before = await answer.locator(".text").inner_text()
    await more.click()
    both = answer.get_by_role("button", name="Beide Seiten")
    await expect(both).to_be_visible(timeout=PATIENCE_MS)
    page = await answer.locator(".text").inner_text()
    assert page != before
    turn = answer.get_by_role("button", name="▶")
    if await turn.count():
        await turn.click()
        await expect(answer.locator(".text")).not_to_have_text(page, timeout=PATIENCE_MS)
    await both.click()
    await expect(answer.get_by_role("button", name="Mehr: Nein")).to_be_visible(timeout=PATIENCE_MS)
    await expect(answers(tab)).to_have_count(1)


async def test_an_english_question_is_answered_in_english(visit: Open) -> None:
    """By an English page."""
    tab = await visit()
    await become(tab, "Bob")
    await awaken(tab)
    await say(tab, ENGLISH)
    answer = answers(tab).last
    await expect(answer.locator("blockquote").first).to_be_visible(timeout=PATIENCE_MS)
    await expect(answer).to_contain_text("Companies should hand their social media over")
    await expect(answer.get_by_role("button", name="Sources")).to_be_visible()


async def test_an_inline_query_is_run_and_sent(visit: Open) -> None:
    """In a chat that the bot is not in; its keyboard leads to the private chat."""
    tab = await visit()
    await awaken(tab)
    await go(tab, "Freunde")
    await tab.locator("#text").fill(f"@audiatur_bot {GERMAN}")
    await expect(offered(tab).first).to_contain_text("Beide Seiten", timeout=PATIENCE_MS)
    await offered(tab).nth(1).click()
    sent = tab.locator(".message.mine").last
    await expect(sent.locator("blockquote")).to_be_visible(timeout=PATIENCE_MS)
    await expect(sent).to_contain_text("über @audiatur_bot")
    await sent.locator(".key").first.click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Audiatur")
    await expect(answers(tab).last.locator("blockquote").first).to_be_visible(timeout=PATIENCE_MS)


async def test_a_group_is_answered_where_it_asked(visit: Open) -> None:
    """By /ask, as a reply; and nobody who did not ask."""
    tab = await visit()
    await awaken(tab)
    await go(tab, "Team")
    await say(tab, "Nur unter uns: Kaffee?")
    await say(tab, f"/ask {GERMAN}")
    answer = answers(tab).last
    await expect(answer.locator("blockquote").first).to_be_visible(timeout=PATIENCE_MS)
    await expect(answer.get_by_role("button", name="Antwort an Ada")).to_be_visible()
    await expect(answers(tab)).to_have_count(1)


async def test_an_admin_rebuilds_the_index(visit: Open) -> None:
    """Whose menu shows it; a guest is refused."""
    tab = await visit()
    await awaken(tab)
    await tab.locator("#text").fill("/rei")
    await expect(tab.locator("#popup")).to_be_hidden()
    await become(tab, "Grace")
    await awaken(tab)
    await tab.locator("#text").fill("/rei")
    await offered(tab).filter(has_text="/reindex").click()
    done = re.compile(r"\d+ Dokumente, \d+ Passagen")
    await expect(answers(tab).last).to_contain_text(done, timeout=PATIENCE_MS)
    await say(tab, GERMAN)
    await sees(tab, "Nein – Für das Bleiben")

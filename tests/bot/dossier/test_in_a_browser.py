"""A page looks as it should in a browser: on a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from playwright.sync_api import sync_playwright

from bot.dossier.html import as_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from tests.bot.dossier.conftest import Make

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
TEXT = "Donaudampfschifffahrtsgesellschaftskapitän sagt: Räder sparen Geld, und zwar jeden Tag."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def shown(browser: Browser, page: str, width: int, *, dark: bool = False) -> Page:
    opened = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    opened.route("**/*", lambda route: route.abort())
    opened.set_content(page)
    return opened


def sides(page: Page) -> list[tuple[float, float]]:
    boxes = [side.bounding_box() for side in page.locator(".side").all()]
    return [(box["x"], box["y"]) for box in boxes if box]


def test_sides_stand_beside_each_other_on_a_desk(browser: Browser, make: Make) -> None:
    (left, top), (right, other_top) = sides(shown(browser, as_html(make(TEXT)), 1100))
    assert left < right
    assert top == other_top


@pytest.mark.parametrize("width", [320, 400])
def test_sides_stand_below_each_other_on_a_phone(browser: Browser, make: Make, width: int) -> None:
    """And nothing is wider than the screen."""
    page = shown(browser, as_html(make(TEXT)), width)
    (left, top), (right, other_top) = sides(page)
    assert left == right
    assert top < other_top
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_follows_the_readers_scheme(browser: Browser, make: Make) -> None:
    def lightness(*, dark: bool) -> int:
        page = shown(browser, as_html(make(TEXT)), 800, dark=dark)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return int(colour.removeprefix("rgb(").split(",")[0])

    assert lightness(dark=False) > 200
    assert lightness(dark=True) < 60


def test_nothing_in_a_hostile_text_runs(browser: Browser, make: Make) -> None:
    page = browser.new_page()
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    page.set_content(as_html(make("</p><script>alert(1)</script><img src=x onerror=alert(2)>")))
    page.wait_for_timeout(200)
    assert said == []
    assert page.locator("script, img").count() == 0


def test_it_can_be_printed(browser: Browser, make: Make) -> None:
    page = shown(browser, as_html(make(TEXT)), 1100, dark=True)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    width, height = printed[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    assert "Räder sparen Geld" in printed[0].get_textpage().get_text_bounded()

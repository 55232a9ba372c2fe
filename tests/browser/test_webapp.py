"""A visited chapter opens again without a connection."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/02-thirty-four-signatures.html"


@pytest.fixture
def context(chromium: "Browser") -> Iterator["BrowserContext"]:
    opened = chromium.new_context()
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def test_a_visited_chapter_is_kept_and_another_says_so(
    context: "BrowserContext", site: str
) -> None:
    page = context.new_page()
    page.goto(site)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(site + CHAPTER)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.goto(site + CHAPTER + "?seed=group7")
    assert "Thirty-four signatures" in page.locator("h1").inner_text()
    # The quiz works from what was kept: its script and its style came too.
    assert page.locator(".pfp-quiz-live").count() > 0
    page.goto(site + "notebooks/09-why-central-asia.html")
    assert page.locator("h1").inner_text() == "This page is not kept yet"
    page.get_by_role("link", name="To the start of the course").click()
    assert "Partnership for Peace" in page.title()


def test_the_manifest_names_files_that_are_there(context: "BrowserContext", site: str) -> None:
    page = context.new_page()
    page.goto(site + CHAPTER)
    address = page.locator('link[rel="manifest"]').evaluate("link => link.href")
    manifest = page.request.get(address).json()
    assert manifest["start_url"] == "index.html"
    for icon in manifest["icons"]:
        assert page.request.get(site + icon["src"]).ok

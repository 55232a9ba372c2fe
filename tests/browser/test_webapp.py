"""A visited chapter opens again without a connection."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser.conftest import PATIENCE
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


CHAPTER = "notebooks/02-thirty-four-signatures.html"
# The worker keeps each answer after it has passed it on: the page, its scripts and its styles.
KEPT = """async () => {
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const wanted = files.filter((name) => /[.](js|css)([?]|$)/.test(name) && !/worker/.test(name));
  const kept = await Promise.all([location.href, ...wanted].map((name) => caches.match(name)));
  return wanted.length > 0 && kept.every(Boolean);
}"""


@pytest.fixture
def context(chromium: "Browser") -> Iterator["BrowserContext"]:
    opened = chromium.new_context()
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def test_a_visited_chapter_is_kept_and_another_says_so(
    context: "BrowserContext", site: str
) -> None:
    page = context.new_page()
    page.goto(site)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(site + CHAPTER)
    page.locator(".pfp-quiz-live").first.wait_for()
    page.wait_for_function(KEPT)
    context.set_offline(True)
    page.goto(site + CHAPTER + "?seed=group7")
    expect(page.locator("h1")).to_contain_text("Thirty-four signatures")
    # The quiz works from what was kept: its script and its style came too.
    page.locator(".pfp-quiz-live").first.wait_for()
    page.goto(site + "notebooks/09-why-central-asia.html")
    expect(page.locator("h1")).to_have_text("This page is not kept yet")
    page.get_by_role("link", name="To the start of the course").click()
    expect(page).to_have_title(re.compile("Partnership for Peace"))


def test_the_manifest_names_files_that_are_there(context: "BrowserContext", site: str) -> None:
    page = context.new_page()
    page.goto(site + CHAPTER)
    address = page.locator('link[rel="manifest"]').evaluate("link => link.href")
    manifest = page.request.get(address).json()
    assert manifest["start_url"] == "index.html"
    for icon in manifest["icons"]:
        assert page.request.get(site + icon["src"]).ok

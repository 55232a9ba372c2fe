"""A citation shows its source, by pointer, keyboard and touch, and can be put away again."""

import re
from pathlib import Path

import pytest
from browser.conftest import Watch, Watched, chapter_pages, pages, violations
from courses import COURSE
from playwright.sync_api import Locator, Page, expect

from pfp_course.data import sources

CITED = "article a[href*='references.html#cite-']"


@pytest.fixture(scope="module", autouse=True)
def _built(book: Path) -> None:
    assert pages(book), "the book has pages"


def opened(watched: Watched, site: str) -> tuple[Page, Locator, Locator]:
    page = watched.page
    page.goto(site + chapter_pages()[1])
    page.wait_for_function("!document.querySelector('.pfp-quiz-plain')")
    return page, page.locator(CITED).first, page.locator(".pfp-source")


def test_every_citation_of_the_book_has_its_source_on_its_page(book: Path) -> None:
    found = 0
    for name in pages(book):
        text = (book / name).read_text(encoding="utf-8")
        cited = set(re.findall(r'references\.html#cite-\d+-([\w.-]+)"', text))
        listed = re.findall(r'data-source="([^"]+)"', text)
        assert cited <= set(listed), (name, cited - set(listed))
        found += len(cited)
    assert found > 300


def test_a_pointer_shows_the_source_and_can_go_into_it(watch: Watch, site: str) -> None:
    watched = watch(viewport={"width": 1300, "height": 900})
    page, citation, card = opened(watched, site)
    citation.hover()
    key = str(citation.get_attribute("href")).partition("#cite-1-")[2]
    source = sources(COURSE)[key.replace("-", "_")]
    expect(card).to_contain_text(source.title)
    expect(card).to_contain_text("rest on it")
    assert card.get_by_role("link", name="Open it at").get_attribute("href") == source.url
    card.get_by_role("link").last.hover()
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_have_count(0)
    assert watched.errors == []


@pytest.mark.accessibility(
    "The source beside a citation is reached by pointer, keyboard and touch, stays while it is "
    "read, and closes with Escape."
)
def test_the_keyboard_shows_the_source_and_escape_puts_it_away(watch: Watch, site: str) -> None:
    page, citation, card = opened(watch(viewport={"width": 1300, "height": 900}), site)
    page.locator("article a").filter(has_text="Download this notebook").first.focus()
    while not citation.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    expect(card).to_be_visible()
    expect(citation).to_have_attribute("aria-describedby", "pfp-source")
    assert violations(page) == []
    page.keyboard.press("Tab")
    expect(card.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(citation).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(card).to_be_visible()
    # The citation itself leads to the references; in the card only the source is a stop.
    first = card.inner_text()
    page.keyboard.press("Tab")
    expect(card.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.filter(has_text=first)).to_have_count(0)


def test_the_first_touch_shows_the_source_and_the_second_follows(watch: Watch, site: str) -> None:
    watched = watch(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page, citation, card = opened(watched, site)
    citation.tap()
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.locator("h1").tap()
    expect(card).to_have_count(0)
    citation.tap()
    expect(card).to_be_visible()
    citation.tap()
    page.wait_for_url("**/book/references.html#cite-*")


def test_without_scripts_a_citation_leads_to_the_reference(watch: Watch, site: str) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(site + chapter_pages()[1])
    page.locator(CITED).first.click()
    page.wait_for_url("**/book/references.html#cite-*")

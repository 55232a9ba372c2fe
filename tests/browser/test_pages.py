"""Promises that every page of the book keeps, in a real browser with the network blocked."""

from pathlib import Path

import pytest
from browser.conftest import Watch, chapter_pages, pages, violations
from playwright.sync_api import Page, expect


def settle(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => null)")


@pytest.fixture(scope="module", autouse=True)
def _built(book: Path) -> None:
    assert pages(book), "the book has pages"


@pytest.mark.accessibility(
    "Every page is examined with the rules of axe, in the light scheme with all of them and in "
    "the dark one with those on colours, in which alone the two differ. Those on colours look at "
    "three of the elements that are painted alike."
)
@pytest.mark.parametrize(
    ("scheme", "only"), [("light", ()), ("dark", ("color-contrast", "link-in-text-block"))]
)
@pytest.mark.slow
def test_no_page_has_an_accessibility_fault_an_error_or_an_outside_request(
    watch: Watch, site: str, scheme: str, only: tuple[str, ...]
) -> None:
    watched = watch(color_scheme=scheme)
    for name in pages():
        watched.page.goto(site + name)
        settle(watched.page)
        assert violations(watched.page, only) == [], (name, scheme)
        assert watched.errors == [], (name, scheme)
        assert watched.outside == [], (name, scheme)


def test_every_page_works_from_the_disk_without_a_server(watch: Watch, book: Path) -> None:
    watched = watch()
    for name in pages():
        watched.page.goto((book / name).as_uri())
        settle(watched.page)
        assert watched.errors == [], name
        assert watched.outside == [], name
        # From the disk no font can be asked for early, and it is shown all the same.
        watched.page.wait_for_function(
            "[...document.fonts].some(one => one.display === 'swap' && one.status === 'loaded')"
        )


def test_a_page_has_one_search_box_and_the_search_finds_a_term(watch: Watch, site: str) -> None:
    watched = watch()
    page = watched.page
    page.goto(site + chapter_pages()[0])
    boxes = page.get_by_role("searchbox")
    expect(boxes).to_have_count(1)
    boxes.fill("Kazakhstan")
    boxes.press("Enter")
    page.wait_for_url("**/search.html?q=Kazakhstan*")
    # The side bar names the chapters too; only the results count.
    found = page.locator("#pfp-results")
    found.locator("li", has_text="Thirty-four signatures").first.wait_for()
    page.get_by_role("searchbox").fill("союзник")
    found.get_by_role("link", name="Ally").click()
    page.wait_for_url("**/book/glossary.html#term-ally")
    assert watched.errors == []


def test_the_search_works_from_the_disk(watch: Watch, book: Path) -> None:
    watched = watch()
    watched.page.goto((book / "search.html").as_uri() + "?q=Kazakhstan")
    results = watched.page.locator("#pfp-results li", has_text="Thirty-four signatures")
    results.first.wait_for()
    assert watched.errors == []


def test_a_printed_page_uses_the_whole_width_of_its_paper(watch: Watch, site: str) -> None:
    for width in (700, 1300):
        watched = watch(viewport={"width": width, "height": 900})
        watched.page.emulate_media(media="print")
        for name in [chapter_pages()[0], "book/glossary.html"]:
            watched.page.goto(site + name)
            box = watched.page.locator("article").bounding_box()
            assert box is not None
            assert box["width"] > 550, (name, width)


def test_every_link_inside_the_book_leads_somewhere(watch: Watch, site: str, book: Path) -> None:
    watched = watch()
    broken = []
    anchors: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    for name in pages():
        watched.page.goto(site + name)
        anchors[name] = set(
            watched.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        )
        for link in watched.page.evaluate("[...document.links].map(a => a.href)"):
            if link.startswith(site):
                target, _, anchor = link.removeprefix(site).partition("#")
                wanted.append((name, target.partition("?")[0] or "index.html", anchor))
    for name, target, anchor in wanted:
        if not (book / target).is_file():
            broken.append(f"{name}: {target} does not exist")
        elif anchor and target in anchors and anchor not in anchors[target]:
            broken.append(f"{name}: {target} has no #{anchor}")
    assert sorted(set(broken)) == []


def test_the_first_stop_of_the_keyboard_leads_to_the_text(watch: Watch, site: str) -> None:
    page = watch().page
    for name in ["index.html", chapter_pages()[1]]:
        page.goto(site + name)
        page.keyboard.press("Tab")
        assert "skip" in (page.evaluate("document.activeElement.textContent") or "").lower()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

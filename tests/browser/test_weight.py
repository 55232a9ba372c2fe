"""A page is light: what the first visit of a chapter sends, and what the next one adds."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.conftest import HTML, Watch, Watched, chapter_pages, pages, wait_until
from playwright.sync_api import Request, Route, expect

FIRST, FURTHER, REQUESTS = 180_000, 90_000, 12


@dataclass
class Visit:
    """The bytes that came for each address, as they were sent."""

    weights: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.weights.values())


def visited(watched: Watched, address: str) -> Visit:
    page = watched.page
    begun: list[Request] = []
    ended: list[Request] = []

    def begin(request: Request) -> None:
        begun.append(request)

    def end(request: Request) -> None:
        ended.append(request)

    page.on("request", begin)
    page.on("requestfinished", end)
    page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_function("!document.querySelector('.pfp-quiz-plain')")
    page.evaluate("document.fonts.ready.then(() => null)")
    wait_until(page, lambda: len(begun) == len(ended))
    page.remove_listener("request", begin)
    page.remove_listener("requestfinished", end)
    sizes = {request.url: request.sizes() for request in ended}
    return Visit(
        {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}
    )


@pytest.fixture(scope="module", autouse=True)
def _built(book: Path) -> None:
    assert pages(book), "the book has pages"


def test_the_first_visit_of_a_chapter_is_light_and_the_next_chapter_lighter(
    watch: Watch, site: str
) -> None:
    shared: set[str] = set()
    for name in chapter_pages():
        visit = visited(watch(service_workers="block"), site + name)
        assert visit.total <= FIRST, (name, visit)
        assert len(visit.weights) <= REQUESTS, (name, visit)
        # Every chapter uses the same files, which a browser keeps; it may ask late for the icon.
        # Letters that few pages show come where they stand.
        files = {
            one
            for one in visit.weights
            if not one.endswith((name, ".svg", "-cyrillic.woff2", "-latin.woff2"))
        }
        assert files == shared or not shared, (name, files ^ shared)
        shared = files
        assert visit.weights[site + name] <= FURTHER, (name, visit)


def with_an_explorer() -> str:
    """Return a chapter that has an explorer."""
    texts = {name: (HTML / name).read_text(encoding="utf-8") for name in chapter_pages()}
    return next(name for name, text in texts.items() if "data-explorer" in text)


def test_what_an_explorer_needs_comes_when_a_reader_comes_near(watch: Watch, site: str) -> None:
    page = watch(service_workers="block").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    name = with_an_explorer()
    page.goto(site + name)
    page.wait_for_load_state("networkidle")
    assert [one for one in asked if "/pfp-explorers." in one] == []
    page.locator(".pfp-explorer-still").first.scroll_into_view_if_needed()
    expect(page.locator(".pfp-live").first).to_be_visible()
    assert len([one for one in asked if "/pfp-explorers." in one]) == 2


def test_an_explorer_that_comes_late_does_not_take_the_focus_away(watch: Watch, site: str) -> None:
    page = watch(service_workers="block").page
    held: list[Route] = []
    page.route("**/pfp-explorers.js*", lambda route: held.append(route))
    name = with_an_explorer()
    page.goto(site + name)
    still, explorer = (page.locator(f".pfp-explorer{part}").first for part in ("-still", ""))
    stop = still.locator("summary").last
    stop.focus()
    page.wait_for_function("document.querySelector('link[href*=pfp-explorers]')")
    wait_until(page, lambda: held)
    with page.expect_request_finished(lambda request: "pfp-explorers.js" in request.url):
        held[0].continue_()
    page.evaluate("new Promise(done => setTimeout(done))")
    expect(stop).to_be_focused()
    expect(still).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while still.evaluate("one => one.contains(document.activeElement)"):
        page.keyboard.press("Tab")
    expect(explorer.locator(".pfp-live")).to_be_visible()
    expect(still).to_be_hidden()
    assert page.evaluate("document.activeElement !== document.body")


def test_nothing_moves_while_a_page_comes_in(watch: Watch, site: str) -> None:
    watched = watch(viewport={"width": 360, "height": 740}, service_workers="block")
    watched.page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        localStorage.setItem("pfp-course/progress", JSON.stringify({
          format: "pfp-course/progress", version: 1, answers: {} }));"""
    )
    for name in ["index.html", *chapter_pages()]:
        visited(watched, site + name)
        # Two frames, so that what was drawn last is counted.
        watched.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        assert watched.page.evaluate("window.moved") < 0.01, name


def test_the_questions_of_a_chapter_are_live_when_its_page_is_announced(
    watch: Watch, site: str
) -> None:
    watched = watch(service_workers="block")
    watched.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.waiting = document.querySelectorAll(".pfp-quiz-plain").length;
          window.live = document.querySelectorAll(".pfp-quiz-live form.pfp-q").length;
        });"""
    )
    for name in chapter_pages():
        watched.page.goto(site + name)
        assert watched.page.evaluate("[waiting, live > 0]") == [0, True], name


def test_sections_off_the_screen_are_laid_out_when_the_page_has_come(
    watch: Watch, site: str
) -> None:
    waiting = "article > section > section:not(.pfp-laid-out)"
    page = watch(service_workers="block").page
    page.add_init_script(
        f"""addEventListener("DOMContentLoaded", () => {{
          window.waiting = document.querySelectorAll("{waiting}").length;
        }});"""
    )
    address = site + chapter_pages()[2]
    page.goto(address)
    assert page.evaluate("waiting") > 5
    expect(page.locator(waiting)).to_have_count(0)
    # Who asks for a place finds it where it will stay.
    page.goto("about:blank")
    page.goto(f"{address}#sources")
    assert page.evaluate("waiting") == 0


def test_a_page_is_of_use_before_its_scripts_come(watch: Watch, site: str) -> None:
    watched = watch()
    for pattern in ("**/pfp-book.js*", "**/pfp-quiz.js*"):
        watched.page.route(pattern, lambda route: route.abort())
    watched.page.goto(site + chapter_pages()[1], wait_until="domcontentloaded")
    article = watched.page.locator("article")
    expect(article.get_by_role("heading", level=1)).to_be_visible()
    expect(article.locator(".pfp-quiz-plain").first).to_be_visible()
    expect(article.locator("figure svg").first).to_be_visible()
    link = article.locator("a[href*='references.html#cite-']").first
    link.click()
    watched.page.wait_for_url("**/book/references.html#cite-*")

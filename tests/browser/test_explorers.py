"""The explorers on the page of each chapter: keys, fingers, address, table, downloads, print."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import HTML, PATIENCE, RULES, Watch, pages
from explorers.test_explorers import MODULES, VECTORS, chapters_of, explorer
from figure_pictures import FAULTS, FONTS, STAND_IN
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from pfp_course.explorers import widget_module
from pfp_course.pfp import MEANINGS

NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def bench(chromium: Browser) -> Iterator[Page]:
    """An empty page that has the front end of every explorer."""
    page = chromium.new_page()
    for name, path in MODULES.items():
        page.evaluate(
            """async ([name, text]) => {
                const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
                (window.course ??= {})[name] = await import(url);
            }""",
            [name, widget_module(name, path)],
        )
    yield page
    page.close()


def address(site: str, name: str, state: str = "") -> str:
    (chapter,) = chapters_of(name)
    page = next(path.name for path in (HTML / "notebooks").glob(f"{chapter}-*.html"))
    return f"{site}notebooks/{page}#explore-{name}{state}"


def live(page: Page, name: str) -> Locator:
    return page.locator(f".pfp-live[data-name={name}]")


def test_javascript_computes_as_the_vectors_say(bench: Page) -> None:
    found = bench.evaluate(
        """(vectors) => {
            const { drawnPlaces, kappaOf, periodsOf, quantileOf, survivalOf } = course.map;
            const rows = (all) => all.map((one) => Object.values(one));
            return {
                kappa: vectors.kappa.map(([a, b]) => kappaOf(a, b)),
                survival: vectors.survival.map(([times, is]) => rows(survivalOf(times, is))),
                lots: vectors.lots.map(([, , seed, , all]) => drawnPlaces(all.length, 1, seed)[0]),
                draws: vectors.draws.map(([size, draws, seed]) => drawnPlaces(size, draws, seed)),
                periods: vectors.periods.map(([years, start, width]) =>
                    rows(periodsOf(years, start, width))),
                quantiles: vectors.quantiles.map(([values, share]) => quantileOf(values, share)),
            };
        }""",
        VECTORS,
    )
    assert found["kappa"] == [pytest.approx(value) for *_, value in VECTORS["kappa"]]
    for got, (*_, rows) in zip(found["survival"], VECTORS["survival"], strict=True):
        assert got == [pytest.approx(row) for row in rows]
    for got, (size, _, _, _, all_) in zip(found["lots"], VECTORS["lots"], strict=True):
        assert got == [int(number / size * len(all_)) for number in all_]
    assert found["draws"] == [rows for *_, rows in VECTORS["draws"]]
    assert found["periods"] == [rows for *_, rows in VECTORS["periods"]]
    assert found["quantiles"] == [pytest.approx(value) for *_, value in VECTORS["quantiles"]]


@pytest.mark.parametrize("name", MODULES)
def test_the_live_figure_says_what_the_still_one_does(bench: Page, name: str) -> None:
    one = explorer(name)
    said = bench.evaluate(
        """([name, spec, state]) => {
            const { controls, view } = course[name].EXPLORERS[name];
            const shown = view(spec.data, state);
            const named = controls(spec.data).filter(({ kind }) => kind !== "acts")
                .map((one) => one.name);
            const even = shown.rows.every((row) => row.length === shown.columns.length);
            return [shown.words, named, shown.rows.length, even];
        }""",
        [name, one.spec, {**one.state, **one.printed}],
    )
    words, controls, rows, is_even = said
    assert words == one.words
    assert set(controls) == set(one.state)
    assert rows > 1
    assert is_even


def test_kappa_is_marked_as_unfinished_until_all_claims_are_judged(bench: Page) -> None:
    one = explorer("claims")
    words = bench.evaluate(
        """([spec, states]) => states.map((state) =>
            course.claims.EXPLORERS.claims.view(spec.data, state).words)""",
        [one.spec, [{**one.state, "C16": "supported", "C17": "partly"}, dict(one.printed)]],
    )
    assert "So far, from 2 of 10, kappa is" in words[0]
    assert "So far" not in words[1]


def test_two_lines_never_have_one_look(bench: Page) -> None:
    slots = ["s1", "s2", "s3"]
    wanted = [["s2", None, "s2"], [None, "s1"], ["s3", "s3", "s3"]]
    found = bench.evaluate(
        "([all, slots]) => all.map((one) => course.votes.slotsOf(one, slots))", [wanted, slots]
    )
    assert found == [["s2", "s1", "s3"], ["s2", "s1"], ["s3", "s1", "s2"]]


# What an address may say, and what is made of it.
STRAY = {
    "votes": "?states=KAZ,XXX,KAZ&measure=love&from=1066&to=&intervals=maybe&subject=99",
    "map": "?year=12e9&region=Atlantis",
    "bootstrap": "?draws=-5&seed=1.5&path=%00&without=",
}


def test_every_explorer_answers_on_a_phone(watch: Watch, site: str) -> None:
    watched = watch(viewport=NARROW, has_touch=True)
    page = watched.page
    for name in MODULES:
        page.goto("about:blank")
        page.goto(address(site, name, STRAY.get(name, "")))
        figure = live(page, name)
        expect(figure.locator(".pfp-live-words")).not_to_be_empty()
        expect(figure).to_be_in_viewport()
        expect(page.locator(f"#explore-{name} .pfp-explorer-still")).to_be_hidden()
        wide = figure.evaluate("(node) => node.scrollWidth - node.clientWidth")
        assert wide <= 0, name
        sizes = figure.locator("svg text").evaluate_all(
            """(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize) *
                one.ownerSVGElement.getBoundingClientRect().width /
                one.ownerSVGElement.dataset.width)"""
        )
        assert min(sizes) >= 12, (name, min(sizes))
        # A finger on a mark shows its value.
        mark = figure.locator(".pfp-live-mark").first
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        assert box
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(figure.locator(".pfp-live-tip")).to_be_visible()
        # On the narrowest screens, in a font that stands in: no words are cut, none meet.
        page.add_style_tag(content=FONTS[-1])
        page.evaluate(f"document.fonts.load('16px \"{STAND_IN}\"')")
        page.set_viewport_size({"width": 320, "height": 844})
        picture = figure.locator(".pfp-live-picture svg")
        expect(picture).to_have_attribute("data-width", re.compile(r"^2\d\d$"))
        (faults,) = picture.evaluate_all(FAULTS)
        assert [fault for fault in faults if " px: " not in fault] == [], name
        page.set_viewport_size(NARROW)
    assert watched.errors == []
    assert watched.outside == []


def test_keys_lead_through_an_explorer_and_the_address_brings_it_back(
    watch: Watch, site: str
) -> None:
    watched = watch()
    page = watched.page
    page.goto(address(site, "waiting"))
    figure = live(page, "waiting")
    words = figure.locator(".pfp-live-words")
    handle = figure.locator(".pfp-live-handle")
    handle.focus()
    before = words.inner_text()
    for _ in range(21):
        page.keyboard.press("PageDown")
    expect(words).to_contain_text("31 December 2003")
    expect(handle).to_be_focused()
    expect(handle).to_have_attribute("aria-valuetext", "31 December 2003")
    expect(figure.get_by_role("status")).to_have_text(words.inner_text())
    # From mark to mark, and away again.
    figure.locator(".pfp-live-mark[tabindex='0']").focus()
    tip = figure.locator(".pfp-live-tip")
    first = tip.inner_text()
    page.keyboard.press("ArrowRight")
    expect(tip).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.wait_for_function("location.hash.includes('day=')")
    kept = words.inner_text()
    page.reload()
    expect(words).to_have_text(kept)
    figure.get_by_role("button", name="Back to the beginning").click()
    expect(words).to_have_text(before)
    # What is dragged follows the pointer.
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] - 150, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(words).not_to_have_text(before)
    assert watched.errors == []


def test_a_figure_is_a_table_and_goes_away_as_a_file(watch: Watch, site: str) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    page.goto(address(site, "exercises", "?power=usa&least=10"))
    figure = live(page, "exercises")
    figure.get_by_role("button", name=re.compile("^Uzbekistan")).press("Enter")
    expect(figure.locator(".pfp-live-words")).to_contain_text("Uzbekistan did so with 10 states")
    figure.get_by_role("tab", name="Picture").focus()
    page.keyboard.press("ArrowRight")
    expect(figure.get_by_role("tab", name="Table")).to_be_focused()
    rows = figure.get_by_role("tabpanel").locator("tbody tr")
    assert rows.count() > 10
    # With the table open; axe looks at whole pages elsewhere.
    found = Axe().run(page, context="#explore-exercises", options=RULES).response["violations"]
    assert [rule["id"] for rule in found] == []
    figure.get_by_role("tab", name="Download").click()
    texts = {}
    for label in ("Table as CSV", "Picture as SVG", "Picture as PNG"):
        with page.expect_download(timeout=PATIENCE) as download:
            figure.get_by_role("button", name=label).click()
        texts[label] = download.value.path().read_bytes()
    table = list(csv.reader(io.StringIO(texts["Table as CSV"].decode("utf-8-sig"))))
    assert table[0] == ["State", "With", "Exercises together"]
    assert table[1][0] == "Uzbekistan"
    assert table[-1][0].startswith("Source: ")
    picture = texts["Picture as SVG"].decode()
    assert "var(" not in picture
    assert "Source: " in picture
    assert texts["Picture as PNG"].startswith(b"\x89PNG")
    figure.get_by_role("button", name="Copy the address of this view").click()
    expect(figure.locator(".pfp-live-address")).to_contain_text("chosen=UZB")
    assert watched.errors == []


def test_without_scripts_and_in_print_the_still_picture_stands_there(
    watch: Watch, site: str
) -> None:
    plain = watch(java_script_enabled=False).page
    plain.goto(address(site, "votes"))
    still = plain.locator("#explore-votes .pfp-explorer-still")
    # One of its two layouts, wide or narrow.
    expect(still.locator("svg:visible")).to_have_count(1)
    expect(still).to_contain_text(explorer("votes").words)
    page = watch().page
    page.goto(address(site, "votes"))
    expect(live(page, "votes")).to_be_visible()
    # A state has the colour that it has in every figure.
    name = live(page, "votes").locator("svg text", has_text="Kazakhstan")
    expect(name).to_have_attribute("fill", re.compile(rf"--pfp-{MEANINGS['Kazakhstan'][0]},"))
    page.emulate_media(media="print")
    expect(page.locator("#explore-votes .pfp-explorer-still svg:visible")).to_have_count(1)
    expect(live(page, "votes")).to_be_hidden()


def test_a_page_without_an_explorer_loads_nothing_of_them(book: Any) -> None:
    for name in pages():
        text = (HTML / name).read_text(encoding="utf-8")
        assert ("pfp-explorers." in text) == ("data-explorer=" in text), name

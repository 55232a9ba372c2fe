"""Exercises on the page, what leads on from a question, and what keeps an ordering."""

import json
import re

import pytest
from browser.conftest import Watch, chapter_pages, violations
from browser.test_quiz import by_kind, form_of, give, record, right_answer, specs
from courses import COURSE
from playwright.sync_api import Locator, Page, expect

from pfp_course.questions import read_bank
from pfp_course.questions.exercises import PREFIX, page_spec, solution

EXERCISES = read_bank(COURSE.bank("02"), COURSE).exercises


def chapter(site: str, number: str) -> str:
    return site + next(name for name in chapter_pages() if f"/{number}-" in name)


def exercise_form(page: Page, name: str) -> Locator:
    return page.locator(f"[id='q-{PREFIX}{name}'] form.pfp-q")


def test_an_exercise_is_answered_on_the_page_and_is_no_part_of_the_receipt(
    watch: Watch, site: str
) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    page.goto(chapter(site, "02"))
    assert "run the cell again" not in str(page.locator("article").text_content())
    for exercise in EXERCISES:
        spec = page_spec(exercise.resolved())
        form = exercise_form(page, exercise.id)
        code = form.locator("pre.pfp-q-code").last
        expect(code).to_be_hidden()
        form.get_by_text("Show the code").press("Enter")
        expect(code).to_have_text(solution(exercise))
        give(form, spec, right_answer(spec))
        expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
    assert violations(page) == []
    give(form_of(page, by_kind("numeric")), by_kind("numeric"), "1")
    names = set(record(page)["answers"])
    assert {PREFIX + exercise.id for exercise in EXERCISES} < names
    page.get_by_label("Your name or id").last.fill("Dina")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my answers").last.click()
    receipt = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert set(receipt["answers"]) == {by_kind("numeric")["id"]}
    assert watched.errors == []


def test_next_leads_to_the_question_that_is_open_by_keyboard_alone(watch: Watch, site: str) -> None:
    page = watch().page
    page.goto(chapter(site, "02"))
    closing = page.locator(".pfp-q-list:has(> li + li)").last
    first, second = (closing.locator("form.pfp-q").nth(place) for place in range(2))
    spec = next(
        one for one in specs("02") if one["ask"].replace("*", "") in str(first.text_content())
    )
    give(first, spec, right_answer(spec)[0] if spec["kind"] == "single" else right_answer(spec))
    forward = first.get_by_role("button", name="Next")
    expect(forward).to_be_focused()
    page.keyboard.press("Enter")
    assert second.evaluate("(form) => form.contains(document.activeElement)")


def test_an_ordering_keeps_what_is_right_and_follows_keys_and_the_pointer(
    watch: Watch, site: str
) -> None:
    page = watch().page
    page.goto(chapter(site, "04"))
    spec = next(one for one in specs("04") if one["kind"] == "order" and len(one["items"]) >= 5)
    form, items = form_of(page, spec), spec["items"]
    rows = form.locator(".pfp-q-order li")

    def shown() -> list[str]:
        return form.locator(".pfp-q-order li > :first-child").all_text_contents()

    first = shown()[0]
    form.get_by_role("button", name=f"Move down: {first}").press("ArrowDown")
    assert shown()[1] == first
    form.scroll_into_view_if_needed()
    held, over = rows.nth(0).bounding_box(), rows.nth(4).bounding_box()
    assert held is not None
    assert over is not None
    moved = shown()[0]
    page.mouse.move(held["x"] + 30, held["y"] + held["height"] / 2)
    page.mouse.down()
    page.mouse.move(held["x"] + 30, over["y"] + over["height"] - 2, steps=12)
    page.mouse.up()
    assert shown()[-1] == moved
    # The first item to its place; it stays there, and the others move past it.
    wanted = items[0]
    while shown().index(wanted):
        form.get_by_role("button", name=f"Move up: {wanted}").click()
    form.get_by_role("button", name="Check").click()
    down = form.get_by_role("button", name=f"Move down: {wanted}")
    expect(down).to_have_attribute("aria-disabled", "true")
    down.dispatch_event("click")
    assert shown()[0] == wanted
    expect(rows.first).to_have_class(re.compile("pfp-q-right"))


def test_who_writes_is_told_how_many_words_are_there(watch: Watch, site: str) -> None:
    page = watch().page
    page.goto(chapter(site, "02"))
    spec = by_kind("open")
    form = form_of(page, spec)
    form.get_by_role("textbox").fill("one two  three ")
    expect(form.locator(".pfp-q-count")).to_have_text(f"3 of {spec['words']} words")
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text(f"at least {spec['words']} words")


def test_the_cover_says_what_each_line_is_and_who_has_begun_goes_on(
    watch: Watch, site: str
) -> None:
    watched = watch()
    page = watched.page
    page.goto(f"{site}index.html")
    said = page.locator(".pfp-chooser [role=status]")
    expect(said).to_contain_text("Kazakhstan signed on 27 May 1994")
    picture = page.locator(".pfp-picture svg").bounding_box()
    assert picture is not None
    page.mouse.move(picture["x"] + 40, picture["y"] + picture["height"] * 34 / 400)
    expect(said).to_contain_text("Romania signed on 26 January 1994")
    page.get_by_label("State", exact=True).select_option(label="Belarus")
    expect(said).to_contain_text("its partnership was suspended")
    expect(page.locator(".pfp-line.pfp-shown")).to_have_count(1)
    expect(page.get_by_role("link", name="Begin with chapter 1")).to_be_visible()
    page.goto(chapter(site, "03"))
    [spec] = [one for one in specs("03") if one["kind"] == "text"][:1]
    give(form_of(page, spec), spec, right_answer(spec))
    assert record(page)["answers"]
    page.goto(f"{site}index.html")
    page.get_by_role("link", name="Continue with chapter 3").click()
    page.wait_for_url("**/notebooks/03-*")
    assert watched.errors == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Казахстан", "Kazakhstan"),
        ("Қазақстан", "Kazakhstan"),
        ("kazahstan", "Kazakhstan"),
        ("Turkey", "Türkiye"),
    ],
)
def test_the_search_knows_the_names_of_states(
    watch: Watch, site: str, query: str, first: str
) -> None:
    page = watch().page
    page.goto(f"{site}search.html?q={query}")
    expect(page.locator("#pfp-results li").filter(has_text=first).first).to_be_visible()


def test_the_search_honours_quotes_and_begins_with_what_is_called_so(
    watch: Watch, site: str
) -> None:
    page = watch(viewport={"width": 390, "height": 800}).page
    page.goto(chapter(site, "02"))
    page.get_by_role("banner").get_by_role("link", name="Search the course").click()
    field = page.get_by_role("searchbox")
    field.fill("neutrality")
    expect(page.locator("#pfp-results li").first).to_contain_text("Glossary")
    field.fill('"thirty-four signatures"')
    expect(page.locator("#pfp-results li").first).to_be_visible()
    for text in page.locator("#pfp-results li").all_inner_texts():
        assert re.search(r"thirty-four\W+signatures", text, re.IGNORECASE) or "…" in text
    field.fill('"signatures thirty-four"')
    expect(page.locator("#pfp-found")).to_contain_text("Found nowhere")


@pytest.mark.parametrize("name", ["glossary", "references", "data"])
def test_a_long_list_has_letters_and_a_filter(watch: Watch, site: str, name: str) -> None:
    watched = watch()
    page = watched.page
    page.goto(f"{site}book/{name}.html")
    letters = page.locator(".pfp-letters a")
    shown = letters.all_inner_texts()
    assert len(set(shown)) == len(shown)
    if name != "data":  # its tables stand in the order of their subjects
        assert len(shown) > 15
        letters.filter(has_text="K").first.click()
        assert "#" in page.url
    page.get_by_label("Find a").fill("kazakhstan")
    status = page.locator(".pfp-filter [role=status]")
    expect(status).to_have_text(re.compile(r"^\d+ of \d+ are shown\.$"))
    number, whole = map(int, re.findall(r"\d+", status.inner_text()))
    assert 0 < number < whole
    items = page.locator(".pfp-glossary dt, div.citation, section[id^=data-]")
    visible = items.evaluate_all("(all) => all.filter((one) => one.checkVisibility()).length")
    assert visible == number
    assert violations(page) == []

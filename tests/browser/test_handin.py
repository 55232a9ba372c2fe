"""To hand in from a page: the receipt is downloaded, for the name and the assignment."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, violations
from browser.test_quiz import address, form_of, give, right_answer, specs
from courses import COURSE
from playwright.sync_api import Page, expect

from pfp_course.assignments.assignment import AssignmentRequest, assign
from pfp_course.assignments.receipt import EXPLAIN, Receipt, read_receipt, receipt_name
from pfp_course.chapters import chapter

OF_CLASS = assign(AssignmentRequest((chapter("4", COURSE),), "2030-02-15", seed="7b"), COURSE).key
OF_STUDENTS = assign(
    AssignmentRequest((chapter("4", COURSE),), "2030-02-15", seed_by="student"), COURSE
).key


def hand_in(page: Page, name: str) -> Receipt:
    form = page.get_by_role("group", name="Hand in")
    form.get_by_label("Your name or id").fill(name)
    with page.expect_download() as download:
        form.get_by_label("Your name or id").press("Enter")
    file = download.value.suggested_filename
    expect(form.get_by_role("status")).to_contain_text(f"saved as {file}")
    receipt = read_receipt(Path(download.value.path()).read_bytes())
    assert file == receipt_name(receipt.assignment, name)
    return receipt


def varied(key: Any) -> Any:
    return next(question for question in key.questions if len(question.variants) > 1)


@pytest.mark.parametrize("place", ["http", "file"])
def test_answers_to_a_chapter_are_downloaded_as_a_receipt(
    watch: Watch, book: Path, site: str, place: str
) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    key = OF_CLASS
    page.goto(f"{address(book, site, place, '04')}?assignment={key.id}&seed={key.seed}")
    form = page.get_by_role("group", name="Hand in")
    form.get_by_label("Your name or id").fill("Дина")
    form.get_by_role("button", name="Download my answers").click()
    expect(form.get_by_role("status")).to_contain_text("There is no answer yet")
    expect(form.get_by_text(EXPLAIN)).to_be_visible()
    spec = next(one for one in specs("04") if one["kind"] == "single")
    give(form_of(page, spec), spec, right_answer(spec)[0])
    drawn = varied(key).drawn("7b").spec
    give(form_of(page, drawn), drawn, right_answer(drawn))
    receipt = hand_in(page, "Дина")
    assert (receipt.assignment, receipt.seed, receipt.student) == (key.id, "7b", "Дина")
    assert receipt.banks == key.banks
    assert set(receipt.answers) == {spec["id"], drawn["id"]}
    assert receipt.answers[drawn["id"]]["fingerprint"] == varied(key).drawn("7b").fingerprint
    assert receipt.answers[spec["id"]]["attempts"] == 1
    assert watched.errors == []
    assert watched.outside == []


def test_a_students_name_comes_before_the_questions_and_decides_on_them(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    key = OF_STUDENTS
    tail = f"?assignment={key.id}&seed-by=student"
    page.goto(f"{site}book/progress.html{tail}")
    form = page.get_by_role("group", name="Hand in")
    form.get_by_label("Your name or id").fill("Дина Оспанова")
    form.get_by_role("button", name="Download my answers").click()
    expect(form.get_by_role("status")).to_contain_text("There is no answer yet")
    page.goto(address(book, site, "http", "04") + tail)
    begin = page.get_by_role("group", name="Before you begin")
    expect(begin.nth(1)).to_be_attached()
    expect(page.locator("form.pfp-q")).to_have_count(0)
    begin.first.get_by_label("Your name or id").fill("  Дина  ОСПАНОВА ")
    begin.first.get_by_label("Your name or id").press("Enter")
    expect(begin).to_have_count(0)
    drawn = varied(key).drawn("дина оспанова")
    give(form_of(page, drawn.spec), drawn.spec, right_answer(drawn.spec))

    form = page.get_by_role("group", name="Hand in")
    form.get_by_label("Your name or id").fill("Somebody Else")
    form.get_by_role("button", name="Download my answers").click()
    expect(form.get_by_role("status")).to_contain_text("You began as")
    receipt = hand_in(page, "Дина Оспанова")
    assert receipt.seed == key.seed_for("Дина Оспанова") == "дина оспанова"
    assert receipt.answers[drawn.spec["id"]]["fingerprint"] == drawn.fingerprint
    # The next visit knows the name.
    page.goto(address(book, site, "http", "04"))
    expect(begin).to_have_count(0)
    expect(form_of(page, drawn.spec).locator(".pfp-q-feedback")).to_contain_text("Right.")
    page.goto(f"{site}book/progress.html")
    whole = hand_in(page, "Дина Оспанова")
    assert whole.answers == receipt.answers
    assert whole.banks.items() >= receipt.banks.items()
    assert watched.errors == []


def test_another_link_begins_another_assignment(watch: Watch, book: Path, site: str) -> None:
    page = watch(accept_downloads=True).page
    chapter_page = address(book, site, "http", "04")
    page.goto(f"{chapter_page}?assignment=a-1&seed-by=student")
    begin = page.get_by_role("group", name="Before you begin")
    begin.first.get_by_label("Your name or id").fill("Дина")
    begin.first.get_by_role("button", name="Begin").click()
    page.goto(f"{chapter_page}?assignment=a-2&seed=7b")
    spec = varied(OF_CLASS).drawn("7b").spec
    give(form_of(page, spec), spec, right_answer(spec))
    receipt = hand_in(page, "Somebody Else")
    assert (receipt.assignment, receipt.seed) == ("a-2", "7b")
    # And back: the name is known, so its questions are.
    page.goto(f"{chapter_page}?assignment=a-1&seed-by=student")
    expect(begin).to_have_count(0)
    kept = json.loads(page.evaluate("localStorage.getItem('pfp-course/progress')"))
    assert (kept["assignment"], kept["seed"]) == ("a-1", "somebody else")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_forms_can_be_used_by_all(
    watch: Watch, book: Path, site: str, scheme: str, width: int
) -> None:
    watched = watch(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = watched.page
    page.goto(f"{address(book, site, 'http', '04')}?seed-by=student")
    begin = page.get_by_role("group", name="Before you begin").first
    begin.get_by_role("button", name="Begin").click()
    expect(begin.get_by_role("status")).to_have_text("Write your name or id first.")
    expect(begin.get_by_label("Your name or id")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("x" * 60)
    page.keyboard.press("Enter")
    # Whoever began goes on at the same place.
    page.wait_for_function("document.activeElement.closest('form.pfp-q') !== null")
    form = page.get_by_role("group", name="Hand in")
    form.get_by_role("button", name="Download my answers").click()
    expect(form.get_by_role("status")).to_contain_text("no answer yet")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_time_counts_while_the_student_works_and_a_pause_does_not(
    watch: Watch, book: Path, site: str
) -> None:
    page = watch().page
    page.clock.install()
    page.goto(address(book, site, "http", "04"))
    page.wait_for_function("!document.querySelector('.pfp-quiz-plain')")
    # From here on only this test moves the time, however slow the machine is.
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    number, word = (
        next(one for one in specs("04") if one["kind"] == kind) for kind in ("numeric", "text")
    )

    def seconds(spec: dict[str, Any]) -> int:
        kept = json.loads(page.evaluate("localStorage.getItem('pfp-course/progress')"))
        return int(kept["answers"][spec["id"]]["seconds"])

    box = form_of(page, number).get_by_role("textbox")
    box.focus()
    page.clock.fast_forward(40_000)
    box.press_sequentially("12")
    page.clock.fast_forward(3_600_000)  # an hour away from it
    box.press("Enter")
    first = seconds(number)
    assert first == 160, "40 seconds of work, and two minutes of the hour"
    # In another question the clock of the first one stands still.
    other = form_of(page, word).get_by_role("textbox")
    other.focus()
    page.clock.fast_forward(30_000)
    give(form_of(page, word), word, "Atlantis")
    assert seconds(word) == 30
    give(form_of(page, number), number, "13")
    assert seconds(number) == first

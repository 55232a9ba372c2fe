"""The side bar shows how far the reader is in each chapter, from the reader's own record."""

import json
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, chapter_pages, pages
from courses import COURSE, answered
from playwright.sync_api import expect

from pfp_course.questions import course_outline

KEY = "pfp-course/progress"


@pytest.fixture(scope="module", autouse=True)
def _built(book: Path) -> None:
    assert pages(book), "the book has pages"


def scored(question: dict[str, Any], score: float) -> dict[str, Any]:
    return answered(question["fingerprints"][0], 0, score=score)


def record(answers: dict[str, object]) -> str:
    return json.dumps({"format": KEY, "version": 1, "course": "0", "answers": answers})


def test_a_chapter_is_marked_with_what_is_answered_and_right(watch: Watch, site: str) -> None:
    first, second = (chapter["questions"] for chapter in course_outline(COURSE)[:2])
    answers: dict[str, object] = {q["id"]: scored(q, q["points"]) for q in first}
    answers[second[0]["id"]] = scored(second[0], second[0]["points"])
    answers[second[1]["id"]] = scored(second[1], 0)
    # An answer to an earlier wording counts for nothing.
    answers[second[2]["id"]] = {**scored(second[2], 1), "fingerprint": "0" * 16}
    watched = watch(viewport={"width": 1300, "height": 900})
    page = watched.page
    page.goto(f"{site}index.html")
    marks = page.get_by_role("navigation", name="Chapters").locator(".pfp-reached")
    expect(marks.nth(1)).to_be_empty()
    width = marks.nth(1).bounding_box()
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, record(answers)])
    page.reload()
    expect(marks.nth(0)).to_have_text(f"✓(all {len(first)} questions right)")
    said = f"1/{len(second)}(2 of {len(second)} questions answered, 1 right)"
    expect(marks.nth(1)).to_have_text(said)
    expect(marks.nth(2)).to_be_empty()
    link = page.get_by_role("navigation", name="Chapters").get_by_role("link").filter(has_text="2.")
    expect(link.first).to_have_accessible_name(
        f"2. Thirty-four signatures (2 of {len(second)} questions answered, 1 right)"
    )
    assert marks.nth(1).bounding_box()["width"] == width["width"]  # type: ignore[index]
    assert watched.errors == []


@pytest.mark.parametrize("text", ["", "[1", '{"version": 1}', '{"version": 1, "answers": [3]}'])
def test_a_record_that_is_none_leaves_the_page_whole(watch: Watch, site: str, text: str) -> None:
    watched = watch(viewport={"width": 1300, "height": 900})
    watched.page.goto(f"{site}index.html")
    watched.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    watched.page.reload()
    expect(watched.page.locator(".pfp-reached").first).to_be_empty()
    assert watched.errors == []


def test_an_answer_on_the_page_is_marked_at_once(watch: Watch, site: str) -> None:
    page = watch(viewport={"width": 1300, "height": 900}).page
    page.goto(site + chapter_pages()[1])
    mark = page.locator(".pfp-nav .pfp-reached").nth(1)
    expect(mark).to_be_empty()
    question = page.locator(".pfp-q-list > li").filter(has=page.get_by_role("radio")).first
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="Check").click()
    expect(mark).to_contain_text("1 of")

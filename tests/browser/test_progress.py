"""The page My progress: objectives met, and the record taken along, merged and deleted."""

import json
from pathlib import Path

from browser.conftest import Watch, violations
from browser.test_quiz import KEY, address, by_kind, form_of, give, record, right_answer
from courses import COURSE
from playwright.sync_api import expect

from pfp_course.questions import course_outline


def test_what_is_answered_is_shown_taken_along_and_merged(
    watch: Watch, book: Path, site: str, tmp_path: Path
) -> None:
    watched = watch(accept_downloads=True)
    page, spec = watched.page, by_kind("single")
    page.goto(address(book, site, "http", "02"))
    give(form_of(page, spec), spec, right_answer(spec)[0])
    page.goto(f"{site}book/progress.html")
    expect(page.locator(".pfp-progress-total")).to_contain_text("1 of them right")
    expect(page.get_by_role("link", name="2. Thirty-four signatures").last).to_be_visible()
    line = page.locator("li").filter(has_text=spec["objective"])
    expect(line).to_contain_text("1 of")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my record").press("Enter")
    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert download.value.suggested_filename == "pfp-progress.json"
    assert kept["answers"][spec["id"]]["score"] == 1

    other = watch()
    other.page.goto(f"{site}book/progress.html")
    load = other.page.get_by_label("Load a record")
    status = other.page.locator(".pfp-progress-tools").get_by_role("status")
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": "other"}')
    load.set_input_files(bad)
    expect(status).to_contain_text("no record of this course")
    kept["answers"][spec["id"]]["confidence"] = 2
    taken = tmp_path / "taken.json"
    taken.write_text(json.dumps(kept))
    load.set_input_files(taken)
    expect(status).to_contain_text("1 answers were read")
    expect(other.page.get_by_text("certain: 1 of 1 right at the first try")).to_be_visible()
    assert record(other.page)["answers"][spec["id"]]["score"] == 1
    assert violations(other.page) == []

    other.page.get_by_role("button", name="Delete all my answers").press("Enter")
    other.page.get_by_role("button", name="No, keep them").press("Enter")
    assert record(other.page)["answers"]
    other.page.get_by_role("button", name="Delete all my answers").press("Enter")
    other.page.keyboard.press("Enter")
    danger = other.page.locator(".pfp-progress-danger").get_by_role("status")
    expect(danger).to_contain_text("All answers are deleted.")
    assert other.page.evaluate(f"localStorage.getItem('{KEY}')") is None
    assert watched.errors == []
    assert other.errors == []


def test_every_objective_with_a_question_has_its_line(watch: Watch, site: str) -> None:
    page = watch().page
    page.goto(f"{site}book/progress.html")
    asked = {
        question["objective"]
        for chapter in course_outline(COURSE)
        for question in chapter["questions"]
    }
    for objective in asked:
        expect(page.locator(".pfp-progress-list li").filter(has_text=objective)).to_have_count(1)

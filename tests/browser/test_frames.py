"""The course inside another page: whatever the frame forbids, nothing false is said of it."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Watch, chapter_pages, violations, wait_until
from browser.serving import served
from browser.test_quiz import by_kind, form_of, give, right_answer
from playwright.sync_api import Frame, Page, expect

from pfp_course.assignments.receipt import read_receipt

FLAGS = ("allow-same-origin", "allow-forms", "allow-downloads", "allow-modals")
SUBSETS = [" ".join(subset) for size in range(5) for subset in itertools.combinations(FLAGS, size)]


@pytest.fixture(scope="module")
def platforms(book: Path, site: str) -> Iterator[str]:
    """A learning platform on another origin, with a page for each set of rights."""
    chapter = next(name for name in chapter_pages() if "/02-" in name)
    frame = '<iframe width="1100" height="800" src="{}" sandbox="allow-scripts {}">'
    pages = {
        f"/{number}.html": f"<!doctype html>{frame.format(site + chapter, subset)}</iframe>"
        for number, subset in enumerate(SUBSETS)
    }
    with served(book, pages=pages) as address:
        yield address


def framed(page: Page) -> Frame:
    frame = page.frames[1]
    frame.wait_for_function("!document.querySelector('.pfp-quiz-plain')")
    return frame


CASES = [("127.0.0.1", number) for number in range(len(SUBSETS))]


# The browser that people use keeps nothing for a frame of another site, whatever its rights are.
@pytest.mark.parametrize(("host", "number"), [*CASES, ("localhost", len(SUBSETS) - 1)])
def test_in_every_frame_an_answer_is_checked_and_can_be_handed_in(
    watch: Watch, platforms: str, host: str, number: int, request: pytest.FixtureRequest
) -> None:
    browser = "chromium" if host == "127.0.0.1" else "windowed"
    watched = watch(within=request.getfixturevalue(browser), accept_downloads=True)
    page = watched.page
    files: list[str] = []
    page.on("download", lambda download: files.append(download.suggested_filename))
    page.goto(f"{platforms.replace('127.0.0.1', host)}{number}.html")
    frame = framed(page)
    numeric, single = by_kind("numeric"), by_kind("single")
    form = form_of(frame, numeric)  # type: ignore[arg-type]
    form.get_by_role("textbox").fill("123456")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    chosen = form_of(frame, single)  # type: ignore[arg-type]
    give(chosen, single, right_answer(single)[0])
    expect(chosen.locator(".pfp-q-feedback")).to_contain_text("Right.")
    kept = "allow-same-origin" in SUBSETS[number] and host == "127.0.0.1"
    expect(chosen.locator(".pfp-q-kept")).to_contain_text("Saved." if kept else "Not saved")
    warning = frame.get_by_text("Your answers are not kept")
    assert (warning.count() == 0) == kept

    hand_in = frame.get_by_role("group", name="Hand in")
    hand_in.get_by_label("Your name or id").fill("Zhanar Almova")
    hand_in.get_by_role("button", name="Download my answers").click()
    status = hand_in.get_by_role("status")
    expect(status).to_contain_text("copy the text below")
    assert "saved" not in status.inner_text()
    if "allow-downloads" in SUBSETS[number]:
        wait_until(page, lambda: files)
    else:
        page.wait_for_timeout(300)
        assert files == []
    text = hand_in.locator("textarea").input_value()
    assert set(read_receipt(text.encode()).answers) == {numeric["id"], single["id"]}
    hand_in.get_by_role("button", name="Copy the text").press("Enter")
    expect(hand_in.get_by_text("Copied.").or_(hand_in.get_by_text("press Ctrl+C"))).to_be_visible()
    own = hand_in.get_by_role("link", name="notebooks/02")
    assert own.get_attribute("target") == "_blank"
    frame.locator("#pfp-query").fill("Framework")
    frame.locator("#pfp-query").press("Enter")
    expect(frame.locator("#pfp-found")).to_contain_text("Found in")


def test_the_text_in_place_of_a_file_can_be_used_by_all(watch: Watch, site: str) -> None:
    page = watch(accept_downloads=True, viewport={"width": 360, "height": 740}).page
    page.goto(site + next(name for name in chapter_pages() if "/02-" in name))
    single = by_kind("single")
    give(form_of(page, single), single, right_answer(single)[0])
    hand_in = page.get_by_role("group", name="Hand in")
    hand_in.get_by_label("Your name or id").fill("Dina")
    with page.expect_download() as download:
        hand_in.get_by_label("Your name or id").press("Enter")
    expect(hand_in.get_by_role("status")).to_contain_text("saved as")
    hand_in.get_by_text("No file? Take it as text").click()
    assert hand_in.locator("textarea").input_value() == download.value.path().read_text("utf-8")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{site}book/progress.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my record").click()
    page.get_by_text("No file? Take it as text").click()
    text = page.locator(".pfp-progress-tools textarea").input_value()
    assert json.loads(text) == json.loads(download.value.path().read_text("utf-8"))

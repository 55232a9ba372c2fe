"""Slides in a browser: no request, no fault, turned by the keyboard."""

from pathlib import Path

from browser.conftest import Watch, violations
from playwright.sync_api import expect
from typer.testing import CliRunner

from pfp_course.cli import app


def test_a_deck_is_shown_without_a_request_and_turned_by_the_keyboard(
    watch: Watch, tmp_path: Path
) -> None:
    result = CliRunner().invoke(app, ["slides", "2", "--to", str(tmp_path / "decks")])
    assert result.exit_code == 0, result.output
    page_file = tmp_path / "decks" / "02-thirty-four-signatures.html"
    watched = watch(viewport={"width": 1120, "height": 700})
    page = watched.page
    page.goto(page_file.as_uri())
    slides = page.locator(".slides > section")
    expect(slides).to_have_count(6)  # opening, objectives, three figures, key points
    expect(page.locator(".slides .pfp-figure-wide svg")).to_have_count(3)
    expect(page.locator(".slides pre, .slides .pfp-quiz")).to_have_count(0)
    for place in range(1, slides.count()):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"location.hash === '#/{place}'")
    expect(page.get_by_role("heading", name="Key points")).to_be_visible()
    assert [one for one in violations(page) if "color-contrast" in one] == []
    assert watched.errors == []
    assert watched.outside == []

"""An author writes: `pfp serve` reloads the page, and says on it why a build failed."""

from pathlib import Path

import pytest
from browser.conftest import Watch, violations
from cli.writing import writing
from playwright.sync_api import expect

SLOW = 60_000  # milliseconds, for a machine that does much else


def test_a_page_follows_what_its_author_saves(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path / "project", monkeypatch) as author:
        watched = watch()
        page = watched.page
        page.set_default_timeout(60_000)
        page.goto(author.address)
        text = page.get_by_role("main").get_by_role("paragraph")
        expect(text).to_have_text("the first text", timeout=SLOW)
        author.save("the second text")
        expect(text).to_have_text("the second text", timeout=SLOW)

        author.save("BROKEN <img src=x onerror='window.hacked = 1'>")
        problem = page.get_by_role("region", name="The book could not be built")
        expect(problem.get_by_role("alert")).to_contain_text(
            "Mend what is named here", timeout=SLOW
        )
        expect(problem).to_contain_text("page.md:1: BROKEN <img src=x", timeout=SLOW)
        assert page.evaluate("window.hacked") is None
        assert violations(page) == []
        # The last good book stays in view, and the panel can be put away with the keyboard.
        expect(text).to_have_text("the second text", timeout=SLOW)
        problem.get_by_role("button", name="Hide").press("Enter")
        expect(problem).to_be_hidden(timeout=SLOW)

        author.save("BROKEN again")
        expect(problem).to_contain_text("BROKEN again", timeout=SLOW)
        author.save("mended")
        expect(text).to_have_text("mended", timeout=SLOW)
        expect(problem).to_have_count(0, timeout=SLOW)
        page.context.close()
        assert watched.errors == []
        assert watched.outside == []


def test_a_page_that_waits_for_its_first_book_opens_it(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path / "project", monkeypatch, text="BROKEN") as author:
        page = watch().page
        page.set_default_timeout(60_000)
        page.goto(author.address)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("The book could not be built", timeout=SLOW)
        assert violations(page) == []
        author.save("mended")
        expect(heading).to_have_text("Page", timeout=SLOW)
        page.context.close()

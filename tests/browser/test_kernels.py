"""Notebooks whose kernel is restarted, gone or was never there: nothing is called saved that is
not, nothing is lost, and the questions can be read."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser.conftest import Watch, violations, wait_until
from browser.lab import choose, end_kernels, open_notebook, running_lab
from playwright.sync_api import Locator, Page, expect

from pfp_course.questions.record_file import FILE_NAME

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NAME = "kept.ipynb"
ASKED = "How many states signed before Kazakhstan?"
CELLS = [
    "from pfp_course import quiz, review, submit",
    'quiz("02.kazakhstan-order", seed="")',
    'quiz("14", seed="")',
    "submit()",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("student")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    nbformat.write(notebook, folder / NAME)
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = str(Path(sys.executable).with_name("jupyter-lab"))
    with running_lab([command], tmp_path_factory.mktemp("home"), folder) as address:
        yield address


@pytest.fixture
def fresh_lab(lab: str) -> str:
    """Return the address of the server, on which no kernel of an earlier test runs."""
    end_kernels(lab)
    return lab


def kept(folder: Path) -> dict[str, Any]:
    path = folder / FILE_NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def question(page: Page) -> Locator:
    return page.locator("form.pfp-q").filter(has_text=ASKED)


def opened(watch: Watch, lab: str, workspace: str) -> Page:
    page = watch(viewport={"width": 1280, "height": 900}).page
    page.set_default_timeout(90_000)
    open_notebook(page, lab, workspace, NAME)
    return page


def save(page: Page, folder: Path) -> None:
    """Save the notebook with the outputs of all its cells, some of which may still arrive."""
    for _ in range(60):
        choose(page, "File", "docmanager:save")
        expect(page.locator(".jp-mod-dirty")).to_have_count(0)
        if (folder / NAME).read_text(encoding="utf-8").count("pfp-quiz-saved") >= 3:
            return
        page.wait_for_timeout(500)
    pytest.fail("the saved notebook lacks the text of a quiz")


def test_an_answer_that_no_kernel_hears_is_not_called_saved_and_comes_back(
    watch: Watch, fresh_lab: str, folder: Path
) -> None:
    page = opened(watch, fresh_lab, "one")
    choose(page, "Run", "runmenu:run-all")
    form = question(page)
    box, state = form.get_by_role("textbox"), form.locator(".pfp-q-kept")
    box.fill("11")
    expect(state).to_have_text("A draft: not checked yet.")
    wait_until(page, lambda: "02.kazakhstan-order" in kept(folder).get("drafts", {}))
    draft = kept(folder)["drafts"]["02.kazakhstan-order"]
    assert (draft["response"], kept(folder)["answers"]) == ("11", {})
    box.press("Enter")
    expect(state).to_have_text("Saved.")
    assert kept(folder)["answers"]["02.kazakhstan-order"]["response"] == "11"
    save(page, folder)

    choose(page, "Kernel", "kernelmenu:restart")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    box.fill("12")
    box.press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    expect(state).to_contain_text("Not saved: run this cell again.")
    expect(state).to_have_attribute("role", "alert")
    long = page.locator("form.pfp-q textarea").first
    long.fill("Half an hour of thought. " * 30)
    expect(page.get_by_text("This draft is not saved: run this cell again.")).to_be_visible()
    assert kept(folder)["answers"]["02.kazakhstan-order"]["response"] == "11"
    choose(page, "Run", "runmenu:run-all")
    expect(question(page).locator(".pfp-q-kept")).to_have_text("Saved.")
    expect(question(page).get_by_role("textbox")).to_have_value("12")
    expect(page.locator("form.pfp-q textarea").first).to_have_value(
        "Half an hour of thought. " * 30
    )
    wait_until(page, lambda: "thought" in str(kept(folder)["drafts"]))
    record = kept(folder)
    assert record["answers"]["02.kazakhstan-order"]["response"] == "12"
    assert record["answers"]["02.kazakhstan-order"]["attempts"] == 2
    assert any("thought" in str(one["response"]) for one in record["drafts"].values())
    waiting = "Object.keys(localStorage).filter((key) => key.startsWith('pfp-course/unsaved'))"
    wait_until(page, lambda: page.evaluate(waiting) == [])
    save(page, folder)


def test_a_kernel_that_is_shut_down_is_told_and_the_answer_survives_the_window(
    watch: Watch, fresh_lab: str, folder: Path
) -> None:
    page = opened(watch, fresh_lab, "two")
    choose(page, "Run", "runmenu:run-all")
    form = question(page)
    expect(form).to_be_visible()
    choose(page, "Kernel", "kernelmenu:shutdown")
    page.get_by_text("No Kernel").first.wait_for()
    form.get_by_role("textbox").fill("13")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".pfp-q-kept")).to_contain_text("Not saved: run this cell again.")
    # The window is closed, and another one of the same browser opened.
    again = page.context.new_page()
    page.close()
    again.set_default_timeout(90_000)
    open_notebook(again, fresh_lab, "two-again", NAME)
    choose(again, "Run", "runmenu:run-all")
    expect(question(again).get_by_role("textbox")).to_have_value("13")
    expect(question(again).locator(".pfp-q-kept")).to_have_text("Saved.")
    assert kept(folder)["answers"]["02.kazakhstan-order"]["response"] == "13"
    save(again, folder)


def test_a_notebook_without_its_kernel_shows_its_questions_as_text(
    watch: Watch, fresh_lab: str, folder: Path
) -> None:
    page = opened(watch, fresh_lab, "three")
    saved = page.locator(".pfp-quiz-saved")
    expect(saved).to_have_count(3)
    for place in range(3):
        saved.nth(place).scroll_into_view_if_needed()
        expect(saved.nth(place)).to_contain_text("choose Run, then Run All Cells")
        expect(saved.nth(place)).to_be_visible()
    expect(saved.first).to_contain_text(ASKED)
    page.wait_for_timeout(3000)  # the widgets' own search for their models ends
    for message in page.get_by_text("model not found").all():
        expect(message).to_be_hidden()
    # With the live quiz the text goes, and comes back with it.
    choose(page, "Run", "runmenu:run-all")
    expect(question(page)).to_be_visible()
    for text in saved.all():
        expect(text).to_be_hidden()


def test_exported_html_holds_the_questions(folder: Path, watch: Watch) -> None:
    from nbconvert.exporters import HTMLExporter

    html, _ = HTMLExporter().from_filename(str(folder / NAME))
    page = watch().page
    page.route("**/*", lambda route: route.abort())  # as without a network
    page.set_content(html, wait_until="domcontentloaded")
    saved = page.locator(".pfp-quiz-saved")
    expect(saved).to_have_count(3)
    for text in saved.all():
        expect(text).to_be_visible()
    expect(saved.first).to_contain_text(ASKED)
    ours = [told for told in violations(page) if "pfp-" in told]
    assert ours == []

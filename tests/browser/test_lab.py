"""A student's way: `pfp start`, JupyterLab, a chapter, an answer, a restart, the answer again."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from browser.conftest import Watch, wait_until
from browser.lab import asked, choose, faults, open_notebook, run_all, running_lab
from playwright.sync_api import Page, expect

from pfp_course.questions.record_file import FILE_NAME

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("student") / "partnership-for-peace"


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that `pfp start` has opened."""
    command = shutil.which("pfp", path=str(Path(sys.executable).parent)) or "pfp"
    home = tmp_path_factory.mktemp("home")
    with running_lab([command, "start", str(folder), "--chapter", "2"], home) as address:
        yield address


def open_chapter(page: Page, lab: str, workspace: str) -> None:
    open_notebook(page, lab, workspace, "02-thirty-four-signatures.ipynb")


LAST = "The last three states signed on the same day. When?"
BEFORE = "How many states signed before Kazakhstan?"


def test_answers_are_kept_through_a_restart_of_kernel_and_browser(
    watch: Watch, lab: str, folder: Path
) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.page
    open_chapter(page, lab, "one")
    choose(page, "Run", "runmenu:run-all")

    form = asked(page, LAST)
    form.get_by_label("14 December 2006").check()
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
    other = asked(page, BEFORE)
    other.get_by_role("textbox").fill("19")
    other.get_by_role("textbox").press("Enter")
    expect(other.locator(".pfp-q-feedback")).to_contain_text("is the place of Kazakhstan itself")
    record = folder / FILE_NAME

    def kept() -> dict[str, Any]:
        # What is being written stands there too, before it is an answer.
        text = record.read_text("utf-8") if record.is_file() else '{"answers": {}}'
        return dict(json.loads(text)["answers"])

    wait_until(page, lambda: {"02.last", "02.kazakhstan-order"} <= kept().keys())
    answers = kept()
    assert answers["02.last"]["score"] == 1
    assert answers["02.kazakhstan-order"]["response"] == "19"

    choose(page, "Run", "runmenu:restart-and-run-all")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".pfp-q-feedback").filter(has_text="Right.")).to_have_count(1)
    form = asked(page, LAST)
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
    expect(form.get_by_label("14 December 2006")).to_be_checked()
    page.context.close()

    again = watch(viewport={"width": 1280, "height": 900})
    open_chapter(again.page, lab, "two")
    run_all(again.page)
    other = asked(again.page, BEFORE)
    expect(other.get_by_role("textbox")).to_have_value("19")
    expect(other.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    assert faults([*watched.errors, *again.errors]) == []
    # Both pages joined the kernel that had been started before them.
    with urlopen(f"{lab}api/kernels", timeout=60) as reply:
        assert len(json.load(reply)) == 1
    # Nobody is asked about news, and nothing is fetched that nobody asked for.
    expect(again.page.get_by_text("Jupyter news")).to_have_count(0)
    assert watched.outside == []


def test_the_explorer_follows_its_slider_and_letters_are_no_commands(
    watch: Watch, lab: str
) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.page
    open_chapter(page, lab, "three")
    cells = page.locator(".jp-Notebook").evaluate("(e) => e.childElementCount")
    run_all(page)
    other = asked(page, BEFORE)
    box = other.get_by_role("textbox")
    box.fill("")
    box.press_sequentially("dd a b x")  # in JupyterLab's command mode these would change cells
    expect(box).to_have_value("dd a b x")
    assert page.locator(".jp-Notebook").evaluate("(e) => e.childElementCount") == cells
    explorer = page.locator(".pfp-live[data-name=map]")
    expect(explorer.locator(".pfp-live-words")).to_contain_text("By the end of 1994, 23 states")
    slider = explorer.get_by_role("slider", name="End of the year")
    slider.focus()
    slider.press("ArrowRight")
    expect(explorer.locator(".pfp-live-words")).to_contain_text("By the end of 1995, 27 states")
    expect(explorer.get_by_role("img", name="Austria: signed 1995")).to_be_attached()

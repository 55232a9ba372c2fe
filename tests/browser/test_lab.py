"""A student's way: `pfp start`, JupyterLab, a chapter, an answer, a restart, the answer again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from browser.conftest import Watched
from playwright.sync_api import Locator, Page, expect

from pfp_course.questions.record import FILE_NAME

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Watch = Callable[..., Watched]
# JupyterLab speaks to the console of its own accord; what the course must not add is an error
# about widgets or scripts.
OURS = ("anywidget", "pfp", "widget", "SyntaxError", "TypeError", "ReferenceError")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("student") / "partnership-for-peace"


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that `pfp start` has opened."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    settings = {"open_browser": False, "allow_root": True, "port": port}
    config = {
        "ServerApp": settings,
        "IdentityProvider": {"token": ""},
        "PasswordIdentityProvider": {"password_required": False},
    }
    (home / "jupyter_server_config.json").write_text(json.dumps(config))
    log = (home / "lab.log").open("w+")
    command = shutil.which("pfp", path=str(Path(sys.executable).parent)) or "pfp"
    process = subprocess.Popen(
        [command, "start", str(folder), "--chapter", "2"],
        stdout=log,
        stderr=subprocess.STDOUT,
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(home),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
            "PFP_STATIC": "",
        },
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}/"
    for _ in range(120):
        try:
            urlopen(address + "api/status", timeout=2).close()
            break
        except (URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.5)
    else:
        process.kill()
    if process.poll() is not None:
        log.seek(0)
        pytest.fail(f"JupyterLab did not start:\n{log.read()[-3000:]}")
    yield address
    # The server is a child of the command: both belong to the group that was begun above.
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)
    log.close()


def choose(page: Page, menu: str, command: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(f"li[data-command='{command}']").click()


def open_chapter(page: Page, lab: str, workspace: str) -> None:
    page.goto(f"{lab}lab/workspaces/{workspace}/tree/02-thirty-four-signatures.ipynb")
    page.get_by_role("menuitem", name="Kernel", exact=True).wait_for(timeout=60_000)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Only a connected kernel has a state; the notebook's own mark is idle before that, too.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)


def asked(page: Page, words: str) -> Locator:
    """The form that asks a question; the notebook must have run it."""
    form = page.locator("form.pfp-q").filter(has_text=words)
    form.wait_for(state="attached")
    form.scroll_into_view_if_needed()
    return form


LAST = "The last three states signed on the same day. When?"
BEFORE = "How many states signed before Kazakhstan?"


def test_answers_are_kept_through_a_restart_of_kernel_and_browser(
    watch: Watch, lab: str, folder: Path
) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.page
    page.set_default_timeout(60_000)
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
    for _ in range(50):
        if record.is_file() and "02.kazakhstan-order" in record.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(200)
    answers = json.loads(record.read_text(encoding="utf-8"))["answers"]
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
    again.page.set_default_timeout(60_000)
    open_chapter(again.page, lab, "two")
    choose(again.page, "Run", "runmenu:run-all")
    other = asked(again.page, BEFORE)
    expect(other.get_by_role("textbox")).to_have_value("19")
    expect(other.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    errors = [text for text in [*watched.errors, *again.errors] if any(w in text for w in OURS)]
    assert errors == []
    # Nobody is asked about news, and nothing is fetched that nobody asked for.
    assert again.page.get_by_text("Jupyter news").count() == 0
    assert watched.outside == []


def test_the_explorer_follows_its_slider_and_letters_are_no_commands(
    watch: Watch, lab: str
) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.page
    page.set_default_timeout(60_000)
    open_chapter(page, lab, "three")
    cells = page.locator(".jp-Notebook").evaluate("(e) => e.childElementCount")
    choose(page, "Run", "runmenu:run-all")
    other = asked(page, BEFORE)
    box = other.get_by_role("textbox")
    box.fill("")
    box.press_sequentially("dd a b x")  # in JupyterLab's command mode these would change cells
    expect(box).to_have_value("dd a b x")
    assert page.locator(".jp-Notebook").evaluate("(e) => e.childElementCount") == cells
    page.get_by_text("By the end of 1994, 23 states had signed").wait_for(state="attached")
    slider = page.locator(".noUi-handle").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("By the end of 1995, 27 states had signed").first).to_be_attached()

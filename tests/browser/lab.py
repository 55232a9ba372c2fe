"""A JupyterLab as a student opens it, and steps that several tests take in it."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from browser.conftest import wait_until
from playwright.sync_api import Locator, Page

# JupyterLab speaks to the console of its own accord; what the course must not add is an error
# about widgets or scripts, or about a part that needs one that `pfp start` has left out.
OURS = ("No provider", "anywidget", "pfp", "widget", "SyntaxError", "TypeError", "ReferenceError")
# It names each plug-in, those of widgets too, that a busy machine was slow to begin.
SLOW = "taking too long to activate"
START = 240  # seconds for the server, on a machine that does other things
READY = 240_000  # milliseconds for the page and the kernel


def faults(told: Iterable[str]) -> list[str]:
    """Return what the course has caused, of what stands in the console."""
    return [text for text in told if any(word in text for word in OURS) and SLOW not in text]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_lab(command: Sequence[str], home: Path, folder: Path | None = None) -> Iterator[str]:
    """Run a command that opens JupyterLab, with settings of its own; yield its address."""
    port = free_port()
    settings = {
        "open_browser": False,
        "allow_root": True,
        "port": port,
        # `end_kernels` is no page of the server's own.
        "disable_check_xsrf": True,
    }
    config = {
        "ServerApp": settings,
        "IdentityProvider": {"token": ""},
        "PasswordIdentityProvider": {"password_required": False},
    }
    (home / "jupyter_server_config.json").write_text(json.dumps(config))
    log = (home / "lab.log").open("w+")
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(home),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
        },
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}/"
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            urlopen(address + "api/status", timeout=10).close()
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
    try:
        yield address
    finally:
        # The server is a child of the command: both belong to the group that was begun above.
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def end_kernels(lab: str) -> None:
    """End all sessions and kernels of a server, whatever an earlier test has left."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        # A session is deleted with its kernel; a kernel that a page has just begun has none yet.
        for kind in ("sessions", "kernels"):
            for running in _listed(lab, kind):
                request = Request(f"{lab}api/{kind}/{running['id']}", method="DELETE")
                try:
                    urlopen(request, timeout=START).close()
                except HTTPError as error:
                    if error.code not in (404, 410):  # it has ended by itself
                        raise
        if not _listed(lab, "sessions") and not _listed(lab, "kernels"):
            return
    pytest.fail(f"kernels still run {START} seconds after they were to end")


def _listed(lab: str, kind: str) -> list[dict[str, Any]]:
    with urlopen(f"{lab}api/{kind}", timeout=START) as answer:
        return list(json.load(answer))


def choose(page: Page, menu: str, command: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(f"li[data-command='{command}']").click()


def run_all(page: Page) -> None:
    """Run all cells, and wait for the last one.

    A notebook that was run before shows its earlier forms until each cell is run again: what is
    typed into one of them may go with it.
    """
    # Cells that are folded away, or not yet drawn, have a prompt without a text.
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    before = prompts.all_text_contents()
    choose(page, "Run", "runmenu:run-all")

    def have_run() -> bool:
        now = prompts.all_text_contents()
        return now != before and "[*]:" not in now

    wait_until(page, have_run)


def open_notebook(page: Page, lab: str, workspace: str, name: str) -> None:
    """Open a notebook in a workspace of its own, and wait until its kernel is ready."""
    page.goto(f"{lab}lab/workspaces/{workspace}/tree/{name}")
    page.get_by_role("menuitem", name="Kernel", exact=True).wait_for(timeout=READY)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=READY)
    # Only a connected kernel has a state; the notebook's own mark is idle before that, too.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=READY)


def asked(page: Page, words: str) -> Locator:
    """The form that asks a question; the notebook must have run it."""
    form = page.locator("form.pfp-q").filter(has_text=words)
    form.wait_for(state="attached")
    form.scroll_into_view_if_needed()
    return form

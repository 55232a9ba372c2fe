"""A JupyterLab as a student opens it, and steps that several tests take in it."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page

# JupyterLab speaks to the console of its own accord; what the course must not add is an error
# about widgets or scripts.
OURS = ("anywidget", "pfp", "widget", "SyntaxError", "TypeError", "ReferenceError")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_lab(command: Sequence[str], home: Path, folder: Path | None = None) -> Iterator[str]:
    """Run a command that opens JupyterLab, with settings of its own; yield its address."""
    port = free_port()
    settings = {"open_browser": False, "allow_root": True, "port": port}
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
    try:
        yield address
    finally:
        # The server is a child of the command: both belong to the group that was begun above.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()


def choose(page: Page, menu: str, command: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(f"li[data-command='{command}']").click()


def open_notebook(page: Page, lab: str, workspace: str, name: str) -> None:
    """Open a notebook in a workspace of its own, and wait until its kernel is ready."""
    page.goto(f"{lab}lab/workspaces/{workspace}/tree/{name}")
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

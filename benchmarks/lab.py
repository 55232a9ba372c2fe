"""How long a student waits: from `pfp start` to a quiz in JupyterLab that can be answered.

    python benchmarks/lab.py [--rounds 5] [--short]

Beside it JupyterLab as it comes, with the same notebook, in an environment of its own that pip or
uv makes below _build. Both are started in turns, each with new settings and a new browser profile.
Told is when the server answered, when the notebook was seen, when its kernel was ready, and when a
quiz, after "Run All", had answered a click; and the seconds of processors of server and kernel.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import measuring
import psutil
from playwright.sync_api import Browser, sync_playwright

from pfp_course.export.printing import installed_browser

NOTEBOOK = "02-thirty-four-signatures.ipynb"
GOAL = 0.5
WORDS = {
    "server": "the server answers",
    "page": "the notebook is seen",
    "kernel": "its kernel is ready",
    "answered": "a quiz has answered",
    "cpu": "processors' time of it all",
}
STEPS = tuple(WORDS)


def main() -> None:
    """Measure, print and keep the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="starts of each side (default: 5)")
    parser.add_argument("--short", action="store_true", help="one round, nothing is written")
    wanted = parser.parse_args()
    measuring.ROOM.mkdir(parents=True, exist_ok=True)
    stock = measuring.environment("lab")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_browser(), args=["--no-sandbox"]
        )
        sides: dict[str, Callable[[], dict[str, float]]] = {
            "pfp start": partial(start_course, browser),
            "jupyter lab": partial(start_stock, browser, stock),
        }
        times = measuring.in_turns(sides, 1 if wanted.short else wanted.rounds)
        browser.close()
    ratios = {
        step: measuring.ratio(
            [row[step] for row in times["pfp start"]], [row[step] for row in times["jupyter lab"]]
        )
        for step in STEPS
    }
    for step in STEPS:
        print(f"{step:9} {measuring.verdict(ratios[step], GOAL)}")
    result = {"notebook": NOTEBOOK, "goal": GOAL, "sides": times, "ratios": ratios}
    medians = {
        name: {step: measuring.middle([row[step] for row in rows]) for step in STEPS}
        for name, rows in times.items()
    }
    shown = {
        "said": f"Both sides were started {len(times['pfp start'])} times, in turns.",
        "columns": ["Until", "pfp start", "jupyter lab", "Ratio (spread)"],
        "rows": [
            [
                WORDS[step],
                *(f"{medians[name][step]:.1f} s" for name in times),
                measuring.spread(ratios[step]),
            ]
            for step in STEPS
        ],
        "chart": measuring.ratio_chart(
            "How long is the way to a quiz, beside JupyterLab as it comes?",
            {WORDS[step]: ratios[step] for step in STEPS},
        ),
    }
    measuring.save("lab", result, shown, short=wanted.short)


def start_course(browser: Browser) -> dict[str, float]:
    """Start with `pfp start` in a new folder."""
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "start", "mine"]
    return started(browser, [*command, "--chapter", "2"], {})


def start_stock(browser: Browser, python: Path) -> dict[str, float]:
    """Start JupyterLab as its own documentation says, in a folder with the notebook."""
    room = measuring.ready_room() / "mine"
    room.mkdir()
    shutil.copy(measuring.ROOT / "notebooks" / NOTEBOOK, room)
    command = [str(python), "-m", "jupyterlab", f"--ServerApp.root_dir={room}"]
    # The notebooks import the course; it needs no installation of its own for that.
    return started(browser, command, {"PYTHONPATH": str(measuring.ROOT / "src")}, room.parent)


def started(
    browser: Browser, command: list[str], variables: dict[str, str], room: Path | None = None
) -> dict[str, float]:
    """Run a command that opens JupyterLab; return the seconds until each step."""
    room = room or measuring.ready_room()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "ServerApp": {"open_browser": False, "allow_root": True, "port": port},
        "IdentityProvider": {"token": ""},
        "PasswordIdentityProvider": {"password_required": False},
    }
    (room / "home").mkdir()
    (room / "home" / "jupyter_server_config.json").write_text(json.dumps(settings))
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(room / "home"),
        "JUPYTER_DATA_DIR": str(room / "home" / "data"),
        "JUPYTER_RUNTIME_DIR": str(room / "home" / "runtime"),
        "IPYTHONDIR": str(room / "home" / "ipython"),
        **variables,
    }
    begun = time.perf_counter()
    with (room / "lab.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=room,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}/"
        while not _answers(address):
            if process.poll() is not None:
                raise SystemExit(f"JupyterLab did not start:\n{(room / 'lab.log').read_text()}")
            time.sleep(0.02)
        steps = {"server": time.perf_counter() - begun}
        steps |= _used(browser, f"{address}lab/tree/{NOTEBOOK}", begun)
        steps["cpu"] = _processors(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
    return {name: round(seconds, 2) for name, seconds in steps.items()}


def _answers(address: str) -> bool:
    try:
        urlopen(f"{address}api/status", timeout=5).close()
    except (URLError, OSError):
        return False
    return True


def _used(browser: Browser, address: str, begun: float) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address, wait_until="commit")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    steps = {"page": time.perf_counter() - begun}
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    steps["kernel"] = time.perf_counter() - begun
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("li[data-command='runmenu:run-all']").click()
    form = page.locator("form.pfp-q").first
    form.wait_for(state="attached")
    form.scroll_into_view_if_needed()
    form.get_by_role("button", name="Check").click()
    form.locator(".pfp-q-feedback p").first.wait_for()
    steps["answered"] = time.perf_counter() - begun
    context.close()
    return steps


def _processors(pid: int) -> float:
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in processes)


if __name__ == "__main__":
    main()

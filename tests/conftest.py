"""What several rooms' tests share: programs, the browser, the built book, a place to serve it."""

import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from environment import ROOT
from hypothesis import HealthCheck, settings
from needs import need, summary
from programs import driven_browser

from pfp_course.cli.build import is_current
from pfp_course.cli.serve import Site
from pfp_course.export.printing import installed_browser
from pfp_course.questions.authoring import preview_page
from pfp_course.questions.frontend import widget_module

# A busy machine is no fault: what a generated test asserts, it asserts however long it takes.
settings.register_profile(
    "course", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("course")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What a browser needs to run here, and that it asks for nothing of its own accord.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Without windows it asks no system how letters are drawn; so Debian draws them in windows.
    "--font-render-hinting=slight",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives the browser come last, and what is slow first, in each process.

    Playwright keeps an event loop running in the process from its first test to its last, and
    beside it nothing can call ``asyncio.run``. The tests of a file stay together, but those of it
    that drive the browser are a group of their own, and so is each test of the browser that is
    marked as slow by itself: what takes long must not be what the others wait for in the end.
    """
    turns = {}
    slow = set()
    for item in items:
        drives = "chromium" in getattr(item, "fixturenames", ())
        group = item.nodeid.partition("::")[0] + (" in the browser" if drives else "")
        if drives and any(mark.name == "slow" for mark in item.own_markers):
            group = item.nodeid
        item.add_marker(pytest.mark.xdist_group(group))
        if item.get_closest_marker("slow"):
            slow.add(group)
        turns[item] = drives, group
        if drives:
            item.add_marker(pytest.mark.browser)
        # A browser is many processes, and of 5,000 tests on a busy machine one may lose a page
        # or its storage. The second try is told at the end.
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: (turns[item][0], turns[item][1] not in slow))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Stop where the groups would have no effect: then much would be set up twice or more."""
    if not session.config.getoption("loadgroup", default=False):
        return
    if not all("@" in item.nodeid for item in session.items):
        raise pytest.UsageError(
            "pytest-xdist does not keep the tests of a file together with this pytest. Install "
            "the versions of requirements-dev.lock: python3 tools/install.py dev"
        )


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        need(*mark.args)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    """Say at the very end what needed a second try, and what was skipped for want of a program."""
    yield
    for report in terminalreporter.stats.get("rerun", []):
        why = [line[4:] for line in report.longreprtext.splitlines() if line.startswith("E   ")]
        terminalreporter.write_line(f"Needed a second try: {report.nodeid}", yellow=True)
        terminalreporter.write_line("\n".join(why))
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    if told := summary(str(reason[2]) for reason in skipped if isinstance(reason, tuple)):
        terminalreporter.write_line(told, yellow=True)


@pytest.fixture(scope="session")
def printer() -> Iterator[None]:
    """The Chromium that prints: an installed one, else the one of Playwright."""
    need("chromium")
    with pytest.MonkeyPatch.context() as patch:
        if installed_browser() is None:
            code = (
                "from playwright.sync_api import sync_playwright\n"
                "with sync_playwright() as playwright:\n"
                "    print(playwright.chromium.executable_path)"
            )
            told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
            patch.setenv("PFP_CHROMIUM", told.stdout.strip())
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A headless Chromium, the system's own where there is one."""
    from playwright.sync_api import sync_playwright

    need("playwright", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driven_browser(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windowed(chromium: "Browser") -> Iterator["Browser"]:
    """The Chromium that people use, for what the one without windows lacks."""
    browser = chromium.browser_type.launch(
        executable_path=installed_browser(), channel="chromium", args=QUIET
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def in_javascript(chromium: "Browser") -> Iterator[Callable[[str, object], Any]]:
    """Calls a function of JavaScript, for which the front end of the questions is ``course``."""
    page = chromium.new_page()
    page.evaluate(
        """async (text) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            window.course = await import(url);
        }""",
        widget_module(),
    )
    yield page.evaluate
    page.close()


@pytest.fixture
def open_question(chromium: "Browser", tmp_path: Path) -> Iterator[Callable[[Any], "Page"]]:
    """Opens the page of a quiz with one question."""
    opened = []

    def open_page(spec: Any) -> "Page":
        quiz = {"id": "99", "title": "A quiz", "course": "0", "seed": "", "questions": [spec]}
        path = tmp_path / "quiz.html"
        path.write_text(preview_page(quiz), encoding="utf-8")
        opened.append(chromium.new_page())
        opened[-1].goto(path.as_uri())
        opened[-1].wait_for_selector(".pfp-q-buttons")
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture(scope="session")
def book() -> Path:
    """The book as it was built from these sources; `make test` builds it first.

    Building it here would take minutes in each process that runs tests.
    """
    if not is_current(ROOT):
        pytest.fail(
            f"{ROOT / '_build' / 'html'} holds no book, or one of other sources: "
            "run `make book` first, or `make test`",
            pytrace=False,
        )
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """The address of the built book on a local server, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(book)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()

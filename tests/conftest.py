"""What several rooms' tests share: the browser, the built book, a place to serve it."""

from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from browsers import installed_browser
from environment import ROOT

from pfp_course.cli.serving import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives the browser come last.

    Playwright keeps an event loop running in the process from its first test to its last, and
    beside it nothing can call ``asyncio.run``.
    """
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A headless Chromium, the system's own where there is one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_browser(),
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def book() -> Path:
    """The built book; `make test` builds it first."""
    html = ROOT / "_build" / "html"
    if not (html / "index.html").is_file():
        pytest.fail(f"there is no book in {html}: run `make book` first, or `make test`")
    return html


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """The address of the built book on a local server, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(book)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()

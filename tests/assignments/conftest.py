"""What the tests of assignments share: the front end's modules in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pfp_course.questions import frontend

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

MODULES = Path(frontend.__file__).parent


@pytest.fixture(scope="session")
def in_browser(chromium: "Browser") -> Iterator[Callable[..., Any]]:
    """Import a module of the front end as ``m`` in Chromium, and evaluate a function with it."""
    page = chromium.new_page()

    def serve(route: "Route") -> None:
        name = route.request.url.removeprefix("http://course.test/")
        if not name:
            route.fulfill(body="<!doctype html>", content_type="text/html")
            return
        body = (MODULES / name).read_text(encoding="utf-8")
        route.fulfill(body=body, content_type="text/javascript; charset=utf-8")

    page.route("http://course.test/**", serve)
    page.goto("http://course.test/")

    def evaluate(module: str, function: str, value: Any) -> Any:
        code = f"async (value) => {{ const m = await import('/{module}'); {function} }}"
        return page.evaluate(code, value)

    yield evaluate
    page.close()

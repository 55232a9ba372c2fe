"""A page that may speak to this computer only, and remembers what went wrong on it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from environment import ROOT
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

HTML = ROOT / "_build" / "html"
# A test waits for what it needs, and a machine that does other things may need this long.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)


def wait_until(page: "Page", condition: Callable[[], object]) -> None:
    """Wait for something that is not on the page itself, while the page goes on."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"after {PATIENCE // 1000} seconds it was still not so")
        page.wait_for_timeout(50)


@dataclass
class Watched:
    """A page, with the requests that left this computer and the errors of its console."""

    page: "Page"
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Watch: TypeAlias = Callable[..., Watched]


@pytest.fixture
def watch(chromium: "Browser") -> Iterator[Watch]:
    """Open pages in a context of their own; each keyword is an option of the context.

    ``within`` is another browser than that of most tests.
    """
    contexts = []

    def open_page(*, within: "Browser" = chromium, **options: object) -> Watched:
        context = within.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watched = Watched(context.new_page())

        def guard(route: "Route") -> None:
            if route.request.url.startswith(("http://127.0.0.1:", "http://localhost:", "file://")):
                route.continue_()
            else:
                watched.outside.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        watched.page.on(
            "console",
            lambda message: (
                watched.errors.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        return watched

    yield open_page
    for context in contexts:
        context.close()


# Where an element stands when it has not moved for ten frames.
AT_REST = """element => new Promise(resolve => {
  let last = NaN, same = 0;
  const look = () => {
    const { top } = element.getBoundingClientRect();
    same = top === last ? same + 1 : 0;
    last = top;
    if (same < 10) requestAnimationFrame(look);
    else resolve(top);
  };
  look();
})"""


def pages(html: Path = HTML) -> list[str]:
    """Return the addresses of all pages of the built book, relative to its root."""
    return sorted(str(path.relative_to(html)) for path in html.rglob("*.html"))


def chapter_pages() -> list[str]:
    """Return the addresses of the chapters."""
    return [name for name in pages() if name.startswith("notebooks/")]


RULES: dict[str, object] = {"resultTypes": ["violations"]}
# What axe may tell of colours; of elements that are painted alike it looks at three.
COLOURS = ("color-contrast", "link-in-text-block")
THINNING = Path(__file__).with_name("thinning.js").read_text("utf-8").rstrip().removesuffix(";")
# What the browser leaves out of its layout until it is scrolled to is examined like the rest.
WHOLE = "* { content-visibility: visible !important; }"
STYLE = f"""
  {WHOLE}
  [data-alike], [data-alike] * {{ visibility: hidden !important; transition: none !important; }}
"""
RUN = "options => axe.run(options).then(results => results.violations)"


def violations(page: "Page", only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong on a page: the rule, the element, what to mend.

    That is everything that axe can find by itself for WCAG 2.2 AA, and its best practices. The
    rules on colours, which take nine tenths of the time, are tried on elements of each kind.

    Parameters
    ----------
    only
        The rules to try; without any, all.
    """
    page.add_style_tag(content=STYLE)
    page.evaluate(Axe().axe_script)
    found = []
    whole = [name for name in only if name not in COLOURS]
    if whole:
        found += page.evaluate(RUN, {**RULES, "runOnly": {"type": "rule", "values": whole}})
    elif not only:
        without = {name: {"enabled": False} for name in COLOURS}
        found += page.evaluate(RUN, {**RULES, "rules": without})
    if coloured := [name for name in COLOURS if name in only or not only]:
        thinned = page.evaluate(THINNING)
        assert thinned["lost"] == 0, "of each kind of element some are looked at"
        found += page.evaluate(RUN, {**RULES, "runOnly": {"type": "rule", "values": coloured}})
        page.evaluate(
            "for (const one of document.querySelectorAll('[data-alike]'))"
            " one.removeAttribute('data-alike')"
        )
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]

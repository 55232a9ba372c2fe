"""Servers that allow little inside a page: the figures look the same, the questions work."""

from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, Watched, chapter_pages, pages
from browser.serving import served
from browser.test_quiz import by_kind, form_of, give, right_answer
from playwright.sync_api import expect

POLICIES = [
    "default-src 'self'",
    "default-src 'self'; style-src 'self'; script-src 'self'; object-src 'none'",
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'",
]
LOOK = """() => [...document.querySelectorAll('article svg *, .pfp-brand svg *')].map((shape) => {
  const style = getComputedStyle(shape);
  const rules = ['fill', 'stroke', 'strokeWidth', 'strokeDasharray', 'fontSize', 'fontWeight'];
  return [shape.tagName, ...[...rules, 'textAnchor', 'opacity'].map((name) => style[name])].join();
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_shape_of_every_figure_looks_the_same_under_a_strict_policy(
    watch: Watch, book: Path, site: str, policy: str, scheme: str
) -> None:
    free, strict = watch(color_scheme=scheme), watch(color_scheme=scheme)
    names: list[Any] = ["index.html", *chapter_pages()]
    with served(book, headers={"Content-Security-Policy": policy}) as address:
        # Every chapter under the first policy; of the others what tells them apart.
        for name in names if (policy, scheme) == (POLICIES[0], "light") else names[:3]:
            free.page.goto(site + name)
            strict.page.goto(address + name)
            assert strict.page.evaluate(LOOK) == free.page.evaluate(LOOK), name
        assert faults(strict) == []
        # A chapter of the second kind: its questions live, its figures numbered.
        single = by_kind("single")
        strict.page.goto(address + names[2])
        give(form_of(strict.page, single), single, right_answer(single)[0])
        feedback = form_of(strict.page, single).locator(".pfp-q-feedback")
        expect(feedback).to_contain_text("Right.")
        expect(strict.page.locator(".pfp-figure figcaption").first).to_contain_text("Figure 2.1. ")
        strict.page.goto(f"{address}search.html?q=Framework")
        expect(strict.page.locator("#pfp-found")).to_contain_text("Found in")
    assert faults(strict) == []


def faults(watched: Watched) -> list[str]:
    """What went wrong but for the icons: they are data in the style sheet, for pages on a disk."""
    return [told for told in watched.errors if not told.startswith("Loading the image 'data:")]


def test_no_page_holds_a_style_or_a_script_of_its_own(book: Path) -> None:
    for name in pages(book):
        text = (book / name).read_text(encoding="utf-8")
        assert " style=" not in text.replace("<code", ""), name
        assert "<style" not in text, name
        assert "<script>" not in text, name

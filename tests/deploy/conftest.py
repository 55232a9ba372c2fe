"""A book of three pages, as the theme would build it."""

import json
from html import unescape
from pathlib import Path

import pytest

PAGE = """<!DOCTYPE html><html lang="en" data-content_root="{up}"><head><meta charset="utf-8">
<title>{title} · Peace</title><!--pfp:address--><!--/pfp:address-->
<link rel="stylesheet" href="{up}_static/a.css">
<script src="{up}_static/a.js"></script></head><body>
<main><!--pfp:note--><!--/pfp:note--><article><h1 id="top">{title}</h1>
<a href="#top">up</a> <a href="{up}index.html">start</a> {more}
<!--pfp:downloads--><!--/pfp:downloads-->
</article><footer><!--pfp:versions--><!--/pfp:versions--></footer></main></body></html>"""
PAGES = {
    "index.html": "Peace",
    "search.html": "Search",
    "404.html": "Lost",
    "book/data.html": "Data",
    "notebooks/02-two.html": "2. “Two” &amp; more",
}


def write_book(
    folder: Path,
    *,
    more: str = "",
    without: tuple[str, ...] = (),
    states: tuple[str, str] | None = None,
) -> Path:
    """Write a book; ``more`` stands on every page, and it states a version and an address."""
    for name, title in PAGES.items():
        if name in without:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * name.count("/") or ("./" if name == "404.html" else "")
        path.write_text(PAGE.format(title=title, up=up, more=more), encoding="utf-8")
    chapters = [
        {"name": name.removesuffix(".html"), "title": unescape(title), "part": "", "chapter": "02"}
        for name, title in PAGES.items()
        if name.startswith("notebooks/")
    ]
    (folder / "pages.json").write_text(json.dumps(chapters), encoding="utf-8")
    if states:
        told = {"title": "Peace", "version": states[0], "address": states[1]}
        (folder / "book.json").write_text(json.dumps(told), encoding="utf-8")
    static = folder / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "a.css").write_text("body { background: url(dot.svg) }")
    (static / "dot.svg").write_text("<svg/>")
    (static / "a.js").write_text("")
    return folder


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    """The book of three pages."""
    return write_book(tmp_path / "book")

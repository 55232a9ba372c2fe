"""A site with a dead link, or one that fetches from elsewhere, does not go out."""

from pathlib import Path

import pytest
from deploy.conftest import write_book

from pfp_course.deploy.scan import problems


def test_a_whole_book_has_no_faults(small_book: Path) -> None:
    assert problems(small_book) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('<a href="no.html">x</a>', "no.html does not exist"),
        ('<a href="index.html#no">x</a>', "#no"),
        ('<a href="#no">x</a>', "#no"),
        ('<a href="../../../etc/passwd">x</a>', "leads out of the site"),
        ('<a href="/elsewhere/x.html">x</a>', "does not begin with /course/"),
        ('<img src="no.svg" alt="">', "no.svg does not exist"),
        ('<img src="https://example.org/a.svg" alt="">', "would be fetched from elsewhere"),
        ('<img src="//example.org/a.svg" alt="">', "would be fetched from elsewhere"),
        ('<img srcset="HTTPS://example.org/a.png 2x" alt="">', "fetched from elsewhere"),
        ('<script src="https://example.org/a.js"></script>', "fetched from elsewhere"),
        ('<link rel="preload" href="https://example.org/a">', "fetched from elsewhere"),
        ('<p style="background: url(https://example.org/a.png)">x</p>', "from elsewhere"),
        ('<iframe src="https://example.org/"></iframe>', "fetched from elsewhere"),
    ],
)
def test_a_fault_is_named_with_its_page(tmp_path: Path, more: str, said: str) -> None:
    book = write_book(tmp_path, more=more, without=("404.html", "search.html", "book/data.html"))
    found = problems(book, "/course/")
    assert any(line.startswith("index.html: ") and said in line for line in found), found


@pytest.mark.parametrize(
    "more",
    [
        '<a href="https://example.org/">x</a>',
        '<a href="mailto:a@example.org">x</a>',
        '<a href="/course/index.html#top">x</a>',
        '<link rel="canonical" href="https://example.org/x.html">',
        '<img src="data:image/png;base64,AAAA" alt="">',
        '<a href="?seed=2">x</a>',
    ],
)
def test_what_a_reader_follows_by_choice_is_no_fault(tmp_path: Path, more: str) -> None:
    assert problems(write_book(tmp_path, more=more), "/course/") == []


def test_a_style_sheet_that_fetches_from_elsewhere_is_named(small_book: Path) -> None:
    (small_book / "_static" / "b.css").write_text('@import "https://example.org/font.css";')
    (line,) = problems(small_book)
    assert line.startswith("_static/b.css: ")


def test_a_folder_without_a_start_page_is_no_book(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["index.html is missing: this is no book."]

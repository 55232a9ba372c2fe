"""What goes online holds pages and nothing of a computer or a class, and its links are alive."""

import json
import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from deploy.conftest import write_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfp_course.assignments.receipt import FORMAT
from pfp_course.deploy.checks import problems, refuse, unfit
from pfp_course.deploy.site import assemble
from pfp_course.errors import CourseError
from pfp_course.questions.record_model import FORMAT as RECORD

DAY = date(2027, 1, 31)
# Put together here, so that no search for secrets finds one in this file.
PRIVATE = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIB\n"
SECRETS = {
    "private key": PRIVATE,
    "aws": "key = " + "AKIA" + "QWERTYUIOPASDFGH",
    "github": "ghp_" + "a1B2" * 9,
    "gitlab": "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "slack": "xoxb-" + "123456789012-abcdefABCDEF1234567890",
    "password in an address": "https://" + "dana:opensesame@" + "example.org/",
    "receipt": json.dumps({"format": FORMAT}),
    "record": json.dumps({"format": RECORD}),
    "key": '{"format": "pfp-course/key"}',
}
NAMES = [
    *(".env", ".git/config", ".ssh/id_rsa", ".hidden/page.html", "id_ed25519", "server.pem"),
    *("tls.KEY", "passwords.kdbx", "credentials.json", "secrets.yml", "week-3.key.json"),
    *("receipt-3-0a1b2c3d.json", "pfp-progress.json", "pfp-progress (1).json", "gradebook.csv"),
    "grades.sqlite",
]


def told(folder: Path) -> dict[str, str]:
    return {name.partition(":")[0]: why for name, why in unfit(folder)}


def test_a_built_book_is_fit(small_book: Path) -> None:
    (small_book / ".buildinfo").write_text("# Sphinx build info")
    (small_book / "_static" / "quiz.js").write_text('{"format": "pfp-course/receipt"}')
    (small_book / "photo.png").write_bytes(b"\x89PNG\xff\xfe" + PRIVATE.encode() + b"\xff")
    assert told(small_book) == {}
    refuse(small_book)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["", "book/deep/"])
def test_a_file_is_known_by_its_name(small_book: Path, name: str, folder: str) -> None:
    path = small_book / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    (named,) = told(small_book)
    # A hidden folder is named once, and not each file in it.
    assert f"{folder}{name}".startswith(named)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(SECRETS)),
    name=st.sampled_from(["a.txt", "b/c.md", "data/d.csv", "e", "f.json"]),
    before=st.lists(st.sampled_from(["", "words", "{", "a = 1"]), max_size=4),
    packed=st.booleans(),
)
def test_a_secret_or_a_file_of_a_class_is_known_by_what_it_holds(
    kind: str, name: str, before: list[str], packed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = write_book(tmp_path_factory.mktemp("book"))
    text = "\n".join([*before, SECRETS[kind]])
    if packed:
        with zipfile.ZipFile(book / "all.zip", "w") as archive:
            archive.writestr(name, text)
    else:
        (book / name).parent.mkdir(exist_ok=True)
        (book / name).write_text(text)
    expected = f"all.zip/{name}" if packed else name
    assert set(told(book)) == {expected}
    with pytest.raises(CourseError) as caught:
        refuse(book)
    assert f"{expected}" in str(caught.value)
    assert SECRETS[kind].split("\n")[0] not in str(caught.value), "the secret itself is not shown"


def test_a_merge_that_is_not_finished_is_known_on_a_page(small_book: Path) -> None:
    page = small_book / "book" / "data.html"
    page.write_text(page.read_text().replace("<h1", "<p>" + "&lt;" * 7 + " HEAD</p><h1"))
    assert told(small_book) == {"book/data.html": "the mark of a merge that is not finished."}


def outside(book: Path, elsewhere: Path) -> None:
    (book / "leak.html").symlink_to(elsewhere / "thesis.html")


def large(book: Path, elsewhere: Path) -> None:
    (book / "leak").symlink_to(elsewhere, target_is_directory=True)


def around(book: Path, elsewhere: Path) -> None:
    (book / "book" / "round").symlink_to(book, target_is_directory=True)


def nowhere(book: Path, elsewhere: Path) -> None:
    (book / "gone").symlink_to(elsewhere / "no-such")


@pytest.mark.parametrize("link", [outside, large, around, nowhere])
def test_a_link_is_refused_and_never_followed(
    small_book: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.html").write_text("years of work")
    link(small_book, elsewhere)
    site = tmp_path / "site"
    site.mkdir()
    with pytest.raises(CourseError, match="a link, which leads to"):
        assemble(site, None, small_book, version="1.0", base="", day=DAY)
    assert list(site.iterdir()) == [], "nothing was copied"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_refused_and_not_waited_for(small_book: Path) -> None:
    os.mkfifo(small_book / "pipe")
    assert told(small_book) == {"pipe": "no file and no folder."}


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

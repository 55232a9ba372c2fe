"""The book is served as a web host serves it, and while an author writes it is built again."""

import gzip
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cli.writing import Author, writing

from pfp_course.cli import serve
from pfp_course.cli.serve import SCRIPT, Site, look
from pfp_course.errors import CourseError

PAGE = "<!DOCTYPE html><title>x</title>" + "<p>word</p>" * 200


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    html = tmp_path / "html"
    html.mkdir()
    (html / "index.html").write_text(PAGE)
    (html / "picture.png").write_bytes(b"\x89PNG" * 50)
    (tmp_path / "secret.txt").write_text("secret")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(html)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def asked(port: int, path: str, method: str = "GET", takes: str = "gzip") -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Accept-Encoding": takes})
    return connection.getresponse()


@pytest.mark.parametrize("path", ["/", "/index.html", "/index.html?seed=7b"])
def test_text_is_compressed_for_a_browser_that_takes_it(port: int, path: str) -> None:
    answer = asked(port, path)
    body = answer.read()
    assert (answer.status, answer.getheader("Content-Encoding")) == (200, "gzip")
    assert answer.getheader("Content-Type") == "text/html"
    assert gzip.decompress(body).decode() == PAGE
    assert len(body) < len(PAGE) / 4
    plain = asked(port, path, takes="identity")
    assert plain.getheader("Content-Encoding") is None
    assert plain.read().decode() == PAGE


def test_a_picture_goes_as_it_is_and_a_question_for_the_head_alone_gets_no_body(port: int) -> None:
    picture = asked(port, "/picture.png")
    assert picture.getheader("Content-Encoding") is None
    assert picture.read() == b"\x89PNG" * 50
    head = asked(port, "/", method="HEAD")
    assert head.getheader("Content-Encoding") == "gzip"
    assert head.read() == b""


@pytest.mark.parametrize("path", ["/none.html", "/../secret.txt", "/%2e%2e/secret.txt"])
def test_what_is_not_in_the_book_is_not_served(port: int, path: str) -> None:
    assert asked(port, path).status == 404


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Author]:
    with writing(tmp_path / "project", monkeypatch) as author:
        yield author


def page(author: Author, path: str = "/index.html") -> tuple[int, str]:
    answer = asked(author.port, path, takes="identity")
    return answer.status, answer.read().decode()


def test_a_save_builds_the_book_again_and_tells_the_pages(author: Author) -> None:
    events = author.events()
    first = events.built()
    go_on = author.hold()
    author.save("the second text")
    assert events.until(lambda state: state["busy"])["build"] == first
    go_on.set()
    events.built(known=first)
    assert "the second text" in page(author)[1]


def test_the_script_is_in_what_is_sent_and_not_in_a_file(author: Author) -> None:
    _, text = page(author)
    assert text.count(f'<script src="{SCRIPT}"') == 1
    assert text.endswith("</script></body></html>")
    for folder in (author.root, author.room()):
        assert all(SCRIPT.encode() not in path.read_bytes() for path in folder.rglob("*.html"))
    assert "EventSource" in page(author, SCRIPT)[1]
    other = asked(author.port, "/style.css", takes="identity").read().decode()
    assert other == "p { color: red }"


def test_a_build_that_fails_is_told_and_the_last_book_stays(author: Author) -> None:
    events = author.events()
    good = events.built()
    author.save("BROKEN <b>here</b> [red]")
    failed = events.until(lambda state: state["error"])
    assert failed["build"] == good
    assert "page.md:1: BROKEN <b>here</b> [red]" in failed["error"]
    assert "Mend it." in failed["error"]
    assert "the first text" in page(author)[1]
    author.save("mended")
    events.built(known=good)
    assert "mended" in page(author)[1]


def test_while_a_build_is_at_work_nothing_half_written_is_served(author: Author) -> None:
    events = author.events()
    first = events.built()
    go_on = author.hold()
    author.save("the second text")
    author.half_written.get(timeout=60)
    assert (author.root / "_build" / "html" / "index.html").read_text() == "<html>ha"
    assert "the first text" in page(author)[1]
    # A save while a build is at work is not lost.
    author.save("the third text")
    go_on.set()
    second = events.built(known=first)
    if "the third text" not in page(author)[1]:
        events.built(known=second)
    assert "the third text" in page(author)[1]


def test_a_file_that_is_replaced_again_and_again_is_watched_on(author: Author) -> None:
    events = author.events()
    known = events.built()
    for number in range(3):
        new = author.root / ".new"
        new.write_text(f"title: {number}")
        new.replace(author.root / "_config.yml")  # as an editor saves
        known = events.built(known)


def test_where_there_is_no_book_the_error_stands_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path / "project", monkeypatch, text="BROKEN <i>") as author:
        events = author.events()
        events.until(lambda state: state["error"] and not state["busy"])
        status, text = page(author, "/any/page.html")
        assert status == 503
        assert "page.md:1: BROKEN &lt;i&gt;" in text
        author.save("mended")
        events.built()
        assert page(author)[0] == 200


def test_only_what_the_book_is_made_of_is_watched(tmp_path: Path) -> None:
    wanted = ["_toc.yml", "index.md", "book/a.md", "notebooks/1.ipynb", "src/p/x.css"]
    aside = [
        "_build/html/a.html",
        ".git/HEAD",
        "tests/t.py",
        "env/lib/a.py",
    ]
    aside += ["env/pyvenv.cfg", "notebooks/.ipynb_checkpoints/1.ipynb", "src/p/__pycache__/x.pyc"]
    for name in (*wanted, *aside, "requirements.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = {path.relative_to(tmp_path).as_posix() for path in look(tmp_path)}
    assert found == set(wanted)


def test_without_the_watcher_the_mend_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).touch()
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="pfp serve --no-watch"):
        serve.serve_live(tmp_path, 0, open_page=False)

"""The book is served as a web host serves it: compressed where the browser takes that."""

import gzip
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pfp_course.cli.serving import Site

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

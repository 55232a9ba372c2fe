"""A small project that an author writes at while `pfp serve` shows it."""

import json
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from pfp_course.cli import serve
from pfp_course.cli.serve import EVENTS
from pfp_course.errors import CourseError

_LONGEST = 60  # seconds until a test gives up, however slow the machine is


class Events:
    """What the server tells a page, one state after the other."""

    def __init__(self, port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
        connection.request("GET", EVENTS)
        self._answer = connection.getresponse()

    def until(self, right: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the next state that is right; of quick ones some are left out."""
        signs_of_life = 0
        while signs_of_life < 5:
            line = self._answer.readline().decode()
            assert line, "the server closed the stream"
            signs_of_life += line.startswith(":")
            if line.startswith("data: "):
                state: dict[str, Any] = json.loads(line.removeprefix("data: "))
                if right(state):
                    return state
        raise AssertionError("the server told nothing for a minute")

    def built(self, known: str = "") -> str:
        """Return the name of the next book that is served, other than a known one."""
        state = self.until(lambda state: state["build"] not in ("", known) and not state["error"])
        return str(state["build"])


class Author:
    """Who saves files of a project whose book is one page with the text of ``book/page.md``."""

    def __init__(self, root: Path, text: str) -> None:
        self.root = root
        self.address = ""
        self.half_written: Queue[None] = Queue()
        self._held: Event | None = None
        self.served: serve.Served | None = None
        (root / "book").mkdir(parents=True)
        for name in ("_config.yml", "_toc.yml"):
            (root / name).touch()
        self.save(text)

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def room(self) -> Path:
        """Return the folder of the book that is served."""
        assert self.served is not None
        assert self.served.folder is not None
        return self.served.folder

    def save(self, text: str) -> None:
        new = self.root / "book" / ".page.md.new"
        new.write_text(text, encoding="utf-8")
        new.replace(self.root / "book" / "page.md")

    def events(self) -> Events:
        return Events(self.port)

    def hold(self) -> Event:
        """Let the next build stop in the middle, until the event is set."""
        self._held = Event()
        return self._held

    def build(self, folder: Path, *, fresh: bool, console: Console) -> None:
        """Build the book as `pfp build` does: into the folder, problems on the console."""
        text = (folder / "book" / "page.md").read_text(encoding="utf-8")
        if "BROKEN" in text:
            console.print(f"page.md:1: {text}", markup=False, highlight=False, soft_wrap=True)
            raise CourseError("The book was not built cleanly. Mend it.")
        html = folder / "_build" / "html"
        html.mkdir(parents=True, exist_ok=True)
        (html / "index.html").write_text("<html>ha", encoding="utf-8")
        if held := self._held:
            self._held = None
            self.half_written.put(None)
            assert held.wait(_LONGEST)
        (html / "style.css").write_text("p { color: red }", encoding="utf-8")
        page = (
            '<!DOCTYPE html><html lang="en"><head><title>Page</title></head><body><main>'
            f"<h1>Page</h1><p>{escape(text)}</p></main></body></html>"
        )
        (html / "index.html").write_text(page, encoding="utf-8")


@contextmanager
def writing(
    root: Path, monkeypatch: pytest.MonkeyPatch, text: str = "the first text"
) -> Iterator[Author]:
    """Serve a project; a text that holds ``BROKEN`` cannot be built."""
    author = Author(root, text)
    opened: Queue[str] = Queue()

    class Watched(serve.Served):
        def __init__(self, html: Path, room: Path) -> None:
            super().__init__(html, room)
            author.served = self

    # The command ends with Ctrl+C; here it ends when it next looks for changes.
    def interrupted(*paths: Path, **options: Any) -> Iterator[set[Any]]:
        yield from watch(*paths, stop_event=stop, **options)
        raise KeyboardInterrupt

    import watchfiles

    watch, stop = watchfiles.watch, Event()
    monkeypatch.setattr(watchfiles, "watch", interrupted)
    monkeypatch.setattr(serve, "build", author.build)
    monkeypatch.setattr(serve, "Served", Watched)
    monkeypatch.setattr(webbrowser, "open", opened.put)
    if "BROKEN" not in text:
        author.build(root, fresh=False, console=Console(quiet=True))
    thread = Thread(
        target=serve.serve_live,
        args=(root, 0),
        kwargs={"open_page": True},
        daemon=True,
    )
    thread.start()
    author.address = opened.get(timeout=_LONGEST)
    try:
        yield author
    finally:
        stop.set()
        thread.join(_LONGEST)
        assert not thread.is_alive()

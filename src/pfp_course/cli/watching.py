"""``pfp serve`` while an author writes: each save builds the book again, and pages reload.

What is served is a copy of the last book that was built without a problem. So a build at work, or
one that fails, changes nothing that a reader of the pages sees; the problem stands on the page.
The script that reloads a page is put into it as it is sent, and never into a file.
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from http import HTTPStatus
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Condition, Thread
from typing import Any, BinaryIO

from rich.console import Console
from rich.text import Text

from pfp_course.cli.build import build, project_root
from pfp_course.cli.console import out
from pfp_course.cli.serve import Site, announce, bound
from pfp_course.errors import CourseError
from pfp_course.questions.frontend import classic

__all__ = ["LiveSite", "Served", "look", "serve_live", "sources", "watch"]

SCRIPT, EVENTS = "/_pfp-serve/reload.js", "/_pfp-serve/events"
_ALIVE = 15.0  # seconds between two signs of life: a page that was closed is noticed by them
# Folders of a project that no page is made of.
_ASIDE = {"_build", "benchmarks", "dist", "node_modules", "tests", "__pycache__"}
_LOOSE = {".cff", ".ipynb", ".md", ".rst", ".toml", ".yml"}  # files in the project's own folder


@dataclass(frozen=True)
class State:
    """What the pages are told: which book is served, whether one is being built, what is wrong."""

    build: str = ""
    busy: bool = False
    error: str = ""


class Served:
    """The book that is served: a folder that nobody writes to, and the state of the builds."""

    def __init__(self, html: Path, room: Path) -> None:
        self.html, self.room = html, room
        self.folder: Path | None = None
        self.state = State()
        self._changed = Condition()

    def take(self) -> None:
        """Serve what has been built."""
        name = secrets.token_hex(4)
        before = self.folder
        shutil.copytree(self.html, self.room / name)
        self.folder = self.room / name
        self.tell(State(build=name))
        if before:
            shutil.rmtree(before, ignore_errors=True)

    def tell(self, state: State) -> None:
        """Let all pages know."""
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def next(self, known: State | None) -> State:
        """Return the state as soon as it is another one, or after a while as it is."""
        with self._changed:
            self._changed.wait_for(lambda: self.state != known, _ALIVE)
            return self.state


class LiveSite(Site):
    """The pages of a book with the script that reloads them, and the events it listens to."""

    def __init__(self, *arguments: Any, served: Served, **options: Any) -> None:
        self.served = served
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        """Return the file of an address in the book that is served now."""
        self.directory = str(self.served.folder or self.served.room)
        return super().translate_path(path)

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        """Send a file, or events without end."""
        if self.path == EVENTS:
            self._send_events()
        else:
            super().do_GET()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer pages with the script in them, and all else as a web host does."""
        address = self.path.partition("?")[0]
        if address == SCRIPT:
            script = classic(Path(__file__).with_name("reload.js"))
            return self.answer(script.encode(), "text/javascript; charset=utf-8")
        state = self.served.state
        if self.served.folder is None:
            return self.answer(
                _without_book(state), "text/html; charset=utf-8", HTTPStatus.SERVICE_UNAVAILABLE
            )
        path = Path(self.translate_path(self.path))
        if path.is_dir() and address.endswith("/"):
            path /= "index.html"
        if path.suffix != ".html" or not path.is_file():
            return super().send_head()
        return self.answer(_with_script(path.read_bytes(), state.build), self.guess_type(path))

    def _send_events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        known: State | None = None
        try:
            while True:
                state = self.served.next(known)
                text = ": still here" if state == known else f"data: {json.dumps(vars(state))}"
                self.wfile.write(f"{text}\n\n".encode())
                self.wfile.flush()
                known = state
        except OSError:
            return  # the page was closed


def _with_script(page: bytes, build_name: str) -> bytes:
    script = f'<script src="{SCRIPT}" data-build="{build_name}" defer></script>'.encode()
    place = page.lower().rfind(b"</body>")
    return page + script if place < 0 else page[:place] + script + page[place:]


def _without_book(state: State) -> bytes:
    """Return the page that stands in for a book that was never built."""
    title = "The book is being built" if state.busy else "The book could not be built"
    words = (
        "This page opens the book as soon as it is there."
        if state.busy
        else "Mend what is named here and save the file: the book is then built again."
    )
    problem = f'<pre tabindex="0">{escape(state.error)}</pre>' if state.error else ""
    text = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
        "max-width:50rem;margin:3rem auto;padding:0 1rem}pre{overflow:auto;padding:1rem;"
        "border:1px solid;white-space:pre-wrap;overflow-wrap:anywhere}</style></head>"
        f"<body><main><h1>{title}</h1><p>{words}</p>{problem}</main></body></html>"
    )
    shown = "busy" if state.busy else state.error
    script = f'<script src="{SCRIPT}" data-build="" data-instead="{escape(shown)}" defer></script>'
    return text.replace("</body>", f"{script}</body>").encode()


class _Telling(Console):
    """A console that remembers what was printed on it, for the page."""

    def __init__(self, console: Console) -> None:
        super().__init__(file=console.file, quiet=console.quiet)
        self.told: list[str] = []

    def print(self, *objects: Any, **options: Any) -> None:
        for text in objects:
            if isinstance(text, str):
                marked = options.get("markup", True)
                self.told.append(Text.from_markup(text).plain if marked else text)
        super().print(*objects, **options)


def serve_live(folder: Path, port: int, *, open_page: bool) -> None:
    """Serve the book until interrupted, and build it again whenever a file of it is saved.

    Raises
    ------
    CourseError
        If the folder is no project, the port is taken, or the watcher is not installed.
    """
    root = project_root(folder)
    if find_spec("watchfiles") is None:
        raise CourseError(
            "To build the book again on each save, watchfiles is needed. In the clone, run: "
            'pip install -e ".[book]". Without it: pfp serve --no-watch'
        )
    known = look(root)
    with tempfile.TemporaryDirectory(prefix="pfp-serve-", ignore_cleanup_errors=True) as room:
        served = Served(root / "_build" / "html", Path(room))
        if built := (served.html / "index.html").is_file():
            served.take()
        with bound(port, partial(LiveSite, served=served)) as server:
            server.daemon_threads = True
            Thread(target=server.serve_forever, daemon=True).start()
            announce(server, open_page=open_page)
            try:
                if not built:
                    rebuild(root, served)
                watch(root, known, lambda: rebuild(root, served))
            except KeyboardInterrupt:
                out.print("Stopped.")
            server.shutdown()


def rebuild(root: Path, served: Served) -> None:
    """Build the book and serve it; if that fails, tell the pages and go on with the last one."""
    served.tell(replace(served.state, busy=True))
    telling = _Telling(out)
    try:
        build(root, fresh=False, console=telling)
        served.take()
    except CourseError as error:
        out.print("[bold red]Error:[/] ", end="")
        out.print(str(error), markup=False, highlight=False, soft_wrap=True)
        text = "\n".join([*telling.told, str(error)])
        served.tell(State(build=served.state.build, error=text))


def watch(root: Path, known: dict[Path, tuple[int, int]], act: Callable[[], None]) -> None:
    """Act whenever a file of the book is another than was known, also while acting.

    It never returns.
    """
    from watchfiles import DefaultFilter
    from watchfiles import watch as changes

    wanted = DefaultFilter(ignore_dirs=[*DefaultFilter.ignore_dirs, *_ASIDE])
    while True:
        # Begun anew each time: a file that an editor replaces is another file to the system. What
        # changed before it began is seen when it first tells of nothing.
        for _ in changes(
            *_watched(root),
            watch_filter=wanted,
            debounce=300,
            rust_timeout=2000,
            yield_on_timeout=True,
        ):
            if look(root) != known:
                break
        known = look(root)
        act()


def sources(root: Path) -> Iterable[Path]:
    """Yield the files that the book is made of."""
    for path in _watched(root):
        if path.is_file():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not _is_aside(Path(folder, name))]
            yield from (Path(folder, name) for name in names if not name.startswith("."))


def _watched(root: Path) -> list[Path]:
    return [
        path
        for path in sorted(root.iterdir())
        if not path.name.startswith(".")
        and (path.suffix in _LOOSE if path.is_file() else not _is_aside(path))
    ]


def _is_aside(folder: Path) -> bool:
    return folder.name in _ASIDE or folder.name.startswith(".") or (folder / "pyvenv.cfg").is_file()


def look(root: Path) -> dict[Path, tuple[int, int]]:
    """Return the moment and the size of each file, by which a change is told."""
    seen = {}
    for path in sources(root):
        try:
            status = path.stat()
        except OSError:
            continue  # it is being replaced
        seen[path] = (status.st_mtime_ns, status.st_size)
    return seen

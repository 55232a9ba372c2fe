"""``pfp serve``: the built book on this computer, built again at each save.

What is served while an author writes is a copy of the last book that was built without a problem.
So a build at work, or one that fails, changes nothing that a reader of the pages sees; the problem
stands on the page. The script that reloads a page is put into it as it is sent, and never into a
file.
"""

import gzip
import json
import secrets
import shutil
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Condition, Thread
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.text import Text

from pfp_course.cli.app import OpenPage, Project, out
from pfp_course.cli.build import build, project_root
from pfp_course.cli.installation import need_libraries
from pfp_course.errors import CourseError
from pfp_course.files import source_files

__all__ = ["Site", "command", "look", "serve_live"]


_TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}
SCRIPT, EVENTS = "/_pfp-serve/reload.js", "/_pfp-serve/events"
_ALIVE = 15.0  # seconds between two signs of life: a page that was closed is noticed by them
_LOOSE = {".cff", ".ipynb", ".md", ".rst", ".toml", ".yml"}  # files in the project's own folder


class Site(SimpleHTTPRequestHandler):
    """Files as a web host sends them: text is compressed for browsers that take it so."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Keep the terminal free of a line for each request."""

    def file(self) -> Path:
        """Return the file that is asked for; it may be missing."""
        path = Path(self.translate_path(self.path))
        is_page = path.is_dir() and self.path.partition("?")[0].endswith("/")
        return path / "index.html" if is_page else path

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer with a compressed file where that is possible, else as the library does."""
        path = self.file()
        takes = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (takes and path.suffix in _TEXT and path.is_file()):
            return super().send_head()
        return self.answer(path.read_bytes(), self.guess_type(path))

    def answer(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> BytesIO:
        """Send the head of an answer and return its body, compressed where the browser takes it."""
        takes = "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(data, compresslevel=6, mtime=0) if takes else data
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if takes:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        # The book is built again while it is read: a browser asks each time.
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        return BytesIO(body)


def serve(folder: Path, port: int, *, open_page: bool) -> None:
    """Serve the book on the loopback address until interrupted; build it first if there is none.

    Raises
    ------
    CourseError
        If the folder is no project, the port is taken, or the book cannot be built.
    """
    html = project_root(folder) / "_build" / "html"
    with _bound(port, partial(Site, directory=str(html))) as server:
        if not (html / "index.html").is_file():
            out.print("There is no book yet: it is built first.", highlight=False)
            build(folder, fresh=False)
        _announce(server, open_page=open_page)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("Stopped.")


def _bound(port: int, handler: Callable[..., SimpleHTTPRequestHandler]) -> ThreadingHTTPServer:
    """Return a server on the loopback address, which does not serve yet, or say why not."""
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise CourseError(
            f"Port {port} cannot be used ({error.strerror}). Take a free one: pfp serve --port 0"
        ) from None


def _announce(server: ThreadingHTTPServer, *, open_page: bool) -> None:
    """Tell where the book is, and open it in a browser if that is wanted."""
    address = f"http://127.0.0.1:{server.server_port}/"
    out.print(f"The book is at [bold]{address}[/] Press Ctrl+C to stop.", highlight=False)
    if open_page:
        webbrowser.open(address)


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

    def do_GET(self) -> None:
        """Send a file, or events without end."""
        if self.path == EVENTS:
            self._send_events()
        else:
            super().do_GET()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer pages with the script in them, and all else as a web host does."""
        if self.path.partition("?")[0] == SCRIPT:
            # Here, because `--no-watch` needs nothing of the questions.
            from pfp_course.questions.frontend import classic

            script = classic(Path(__file__).with_name("reload.js"))
            return self.answer(script.encode(), "text/javascript; charset=utf-8")
        state = self.served.state
        if self.served.folder is None:
            return self.answer(
                _without_book(state), "text/html; charset=utf-8", HTTPStatus.SERVICE_UNAVAILABLE
            )
        path = self.file()
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
        with _bound(port, partial(LiveSite, served=served)) as server:
            server.daemon_threads = True
            Thread(target=server.serve_forever, daemon=True).start()
            _announce(server, open_page=open_page)
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
    from watchfiles import watch as changes

    while True:
        # Begun anew each time: a file that an editor replaces is another file to the system. What
        # changed before it began is seen when it first tells of nothing.
        watched = {root / path.relative_to(root).parts[0] for path in known}
        for _ in changes(*watched, debounce=300, rust_timeout=2000, yield_on_timeout=True):
            if look(root) != known:
                break
        known = look(root)
        act()


def look(root: Path) -> dict[Path, tuple[int, int]]:
    """Return the moment and the size of each file of the book, by which a change is told."""
    seen = {}
    for path in source_files(root):
        if path.parent == root and path.suffix not in _LOOSE:
            continue
        try:
            status = path.stat()
        except OSError:
            continue  # it is being replaced
        seen[path] = (status.st_mtime_ns, status.st_size)
    return seen


def command(
    folder: Project = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    open_page: OpenPage = True,
    watch: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Build again when a file is saved.")
    ] = True,
) -> None:
    """Show the book on this computer only, until you press Ctrl+C.

    If there is no book yet, it is built first. When you save a page, a notebook, a table or a style
    sheet, the book is built again and the pages in your browser reload. If the build fails, the
    page says why and shows the last good book until the fault is mended. The files on the disk stay
    as `pfp build` writes them.

    Examples
    --------
        pfp serve

        pfp serve --port 0 --no-watch
    """
    need_libraries("pfp serve", "book", clone=folder)
    (serve_live if watch else serve)(folder, port, open_page=open_page)

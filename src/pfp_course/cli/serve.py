"""``pfp serve``: the built book on this computer."""

import gzip
import webbrowser
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from pfp_course.cli.build import build, project_root
from pfp_course.cli.console import OpenPage, Project, out
from pfp_course.cli.installation import need_libraries
from pfp_course.errors import CourseError

__all__ = ["Site", "announce", "app", "bound", "serve"]

app = typer.Typer(rich_markup_mode="rich")

_TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}


class Site(SimpleHTTPRequestHandler):
    """Files as a web host sends them: text is compressed for browsers that take it so."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Keep the terminal free of a line for each request."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer with a compressed file where that is possible, else as the library does."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
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
    with bound(port, partial(Site, directory=str(html))) as server:
        if not (html / "index.html").is_file():
            out.print("There is no book yet: it is built first.", highlight=False)
            build(folder, fresh=False)
        announce(server, open_page=open_page)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("Stopped.")


def bound(port: int, handler: Callable[..., SimpleHTTPRequestHandler]) -> ThreadingHTTPServer:
    """Return a server on the loopback address; it does not serve yet.

    Raises
    ------
    CourseError
        If the port cannot be used.
    """
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise CourseError(
            f"Port {port} cannot be used ({error.strerror}). Take a free one: pfp serve --port 0"
        ) from None


def announce(server: ThreadingHTTPServer, *, open_page: bool) -> None:
    """Tell where the book is, and open it in a browser if that is wanted."""
    address = f"http://127.0.0.1:{server.server_port}/"
    out.print(f"The book is at [bold]{address}[/] Press Ctrl+C to stop.", highlight=False)
    if open_page:
        webbrowser.open(address)


@app.command()
def serve_command(
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
    from pfp_course.cli.watching import serve_live

    need_libraries("pfp serve", "book", clone=folder)
    (serve_live if watch else serve)(folder, port, open_page=open_page)

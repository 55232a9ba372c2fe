"""``pfp serve``: the built book on this computer."""

import gzip
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from rich.console import Console

from pfp_course.cli.building import project_root
from pfp_course.errors import CourseError

__all__ = ["Site", "serve"]

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
        data = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Vary", "Accept-Encoding")
        # The book is built again while it is read: a browser asks each time.
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        return BytesIO(data)


def serve(console: Console, folder: Path, port: int, *, open_page: bool) -> None:
    """Serve the built book on the loopback address until interrupted.

    Raises
    ------
    CourseError
        If the book is not built yet, or the port is taken.
    """
    html = project_root(folder) / "_build" / "html"
    if not (html / "index.html").is_file():
        raise CourseError(f"There is no book in {html} yet. Build it first: pfp build")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Site, directory=str(html)))
    except OSError as error:
        raise CourseError(
            f"Port {port} cannot be used ({error.strerror}). Take a free one: pfp serve --port 0"
        ) from None
    address = f"http://127.0.0.1:{server.server_port}/"
    console.print(f"The book is at [bold]{address}[/] Press Ctrl+C to stop.", highlight=False)
    if open_page:
        webbrowser.open(address)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            console.print("Stopped.")

"""``pfp serve``: the built book on this computer."""

import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rich.console import Console

from pfp_course.cli.building import project_root
from pfp_course.errors import CourseError

__all__ = ["serve"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Keep the terminal free of a line for each request."""


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
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(html)))
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

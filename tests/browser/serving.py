"""The built book as other servers give it: under a path, with headers, inside a frame."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


@contextmanager
def served(
    book: Path,
    *,
    prefixes: Mapping[str, Path] | None = None,
    headers: Mapping[str, str] | None = None,
    pages: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve the book; yield the address with a slash at the end.

    Parameters
    ----------
    book
        The folder for all paths that no prefix takes.
    prefixes
        Folders by the beginning of a path, such as ``/2026/``.
    headers
        Sent with each file.
    pages
        HTML by path, for pages that are in no folder.
    """

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            text = (pages or {}).get(self.path.partition("?")[0])
            if text is None:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            super(SimpleHTTPRequestHandler, self).end_headers()
            self.wfile.write(text.encode())

        def translate_path(self, path: str) -> str:
            for prefix, folder in (prefixes or {}).items():
                if path.startswith(prefix):
                    self.directory = str(folder)
                    return super().translate_path(path.removeprefix(prefix[:-1]))
            self.directory = str(book)
            return super().translate_path(path)

        def end_headers(self) -> None:
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()

"""The book as an app of the browser: a manifest, and a worker that keeps visited pages."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from pfp_course import palette
from pfp_course._version import __version__

__all__ = ["connect", "manifest", "worker"]

_WORKER = Path(__file__).with_name("worker.js")


def connect(app: Sphinx) -> None:
    """Write manifest and worker when the pages are built."""
    app.connect("html-collect-pages", _write)


def manifest(title: str, icon: str) -> str:
    """Return the web app manifest of a book in JSON; its addresses are relative to it."""
    name, _, rest = title.partition(":")
    content = {
        "name": title,
        "short_name": name.strip(),
        "description": rest.strip().capitalize(),
        "lang": "en",
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": palette.LIGHT["paper"],
        "theme_color": palette.LIGHT["accent"],
        "icons": [{"src": icon, "type": "image/svg+xml", "sizes": "any"}] if icon else [],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def worker() -> str:
    """Return the service worker. Each version of the course keeps its own pages."""
    text = _WORKER.read_text(encoding="utf-8")
    return f'const CACHE = "pfp-course-{__version__}";\n{text}'


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    folder = Path(app.outdir)
    icon = f"_static/{Path(app.config.html_favicon).name}" if app.config.html_favicon else ""
    (folder / "manifest.webmanifest").write_text(
        manifest(app.config.html_title, icon), encoding="utf-8"
    )
    # At the root, because a worker serves the folder in which it lies.
    (folder / "worker.js").write_text(worker(), encoding="utf-8")
    return []

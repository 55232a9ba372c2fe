"""The last look at a site: every link leads somewhere, and nothing is fetched from elsewhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

__all__ = ["problems"]

# What a browser fetches by itself. A link waits for the reader.
_FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("source", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("track", "src"),
    ("object", "data"),
    ("image", "href"),
    ("use", "href"),
}
_FETCHING_RELATIONS = {
    "dns-prefetch",
    "icon",
    "manifest",
    "modulepreload",
    "preconnect",
    "prefetch",
    "preload",
    "stylesheet",
}
_FOLLOWED = {("a", "href"), ("area", "href"), ("form", "action"), ("link", "href")}
_IN_SHEET = re.compile(r"""(?:@import\s+|url\()\s*["']?(?P<address>[^"')\s;]+)""")


@dataclass
class _Page(HTMLParser):
    """The ids of a page, the links on it, and what it fetches."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.ids.add(given["id"])
        relations = set(given.get("rel", "").split())
        for name, value in given.items():
            if (tag, name) in _FETCHED or (
                tag == "link" and name == "href" and relations & _FETCHING_RELATIONS
            ):
                self.fetched.append(value)
            elif (tag, name) in _FOLLOWED and "canonical" not in relations:
                self.links.append(value)
            elif name == "srcset":
                self.fetched += [one.split()[0] for one in value.split(",") if one.strip()]
            elif name == "style":
                self.fetched += [found["address"] for found in _IN_SHEET.finditer(value)]

    handle_startendtag = handle_starttag


def problems(site: Path, root: str = "/", skip: Iterable[str] = ()) -> list[str]:
    """Return what is wrong with a site, one line for each page and address.

    Parameters
    ----------
    site : pathlib.Path
        The folder.
    root : str
        Path of the site on its server, with slashes at both ends; only links that begin with it
        may begin with a slash.
    skip : iterable of str
        Folders of the site whose pages are not read; links into them are followed.
    """
    if not (site / "index.html").is_file():
        return ["index.html is missing: this is no book."]
    left_out = tuple(f"{name.strip('/')}/" for name in skip)
    read: dict[str, _Page] = {}
    found: list[str] = []
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if name.startswith(left_out) or path.suffix not in (".html", ".css"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            fetched = [one["address"] for one in _IN_SHEET.finditer(text)]
            found += _outside(name, fetched)
            continue
        page = _read(read, site, name)
        found += _outside(name, page.fetched)
        for address in {*page.links, *page.fetched}:
            if wrong := _dead(read, site, root, name, address):
                found.append(f"{name}: {address} {wrong}")
    return sorted(found)


def _read(read: dict[str, _Page], site: Path, name: str) -> _Page:
    if name not in read:
        page = read[name] = _Page()
        page.feed((site / name).read_text(encoding="utf-8"))
    return read[name]


def _outside(name: str, fetched: Iterable[str]) -> Iterator[str]:
    for address in fetched:
        if re.match(r"(?:[a-z]+:)?//", address, re.IGNORECASE):
            yield f"{name}: {address} would be fetched from elsewhere"


def _dead(read: dict[str, _Page], site: Path, root: str, name: str, address: str) -> str:
    """Return why a link inside the site leads nowhere, or an empty text."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    path = unquote(parts.path)
    if path.startswith("/"):
        if not path.startswith(root):
            return f"does not begin with {root}"
        target = path.removeprefix(root) or "index.html"
    else:
        target = normpath(str(PurePosixPath(name).parent / path)) if path else name
    if target.startswith(".."):
        return "leads out of the site"
    if (site / target).is_dir():
        target = normpath(f"{target}/index.html")
    if not (site / target).is_file():
        return "does not exist"
    wanted = unquote(parts.fragment)
    if wanted and target.endswith(".html") and wanted not in _read(read, site, target).ids:
        return f"does not have the place #{wanted}"
    return ""

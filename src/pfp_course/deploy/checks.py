"""What is looked at before a book goes online: files that must stay here, links, its own version.

What a secret looks like is the affair of the library detect-secrets; what belongs to a class is
known by the format that this course writes.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from pfp_course.errors import CourseError
from pfp_course.files import read_json
from pfp_course.sphinx_ext.addresses import BOOK_FILE

__all__ = ["Stated", "agrees", "problems", "refuse", "require_agreement", "stated", "unfit"]

# Hidden files that belong to a site, or that Sphinx writes beside the pages.
_HIDDEN = {".buildinfo", ".htaccess", ".nojekyll", ".well-known"}
_NAMES = re.compile(
    r"id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|ovpn)"
    r"|credentials(\..*)?|secrets?\.(json|ya?ml|toml|ini|txt)|.*\.(sqlite3?|db)",
    re.IGNORECASE,
)
# A class writes them: `pfp assign`, `pfp grade`, and the students' own records.
_CLASS = {
    "receipt": "a student's receipt",
    "key": "the key of an assignment",
    "progress": "a student's record",
    "grades": "grades",
}
_FORMAT = re.compile(r'"format"\s*:\s*"pfp-course/(?P<kind>receipt|key|progress|grades)"')
_CLASS_NAMES = re.compile(
    r"(?P<receipt>receipt-.*\.json)|(?P<key>.*\.key\.json)|(?P<progress>pfp-progress.*\.json)"
    r"|(?P<grades>gradebook.*\.csv)",
    re.IGNORECASE,
)
_MERGE = re.compile(r"^<{7} |(?:&lt;){7} ", re.MULTILINE)
_DETECTORS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "jwt": "JwtTokenDetector",
    "openai": "OpenAIDetector",
    "private_key": "PrivateKeyDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
}
# Pages and scripts of the book speak of records and receipts; they are none.
_SPEAKS = {".html", ".js", ".css"}
_ARCHIVES = {".zip", ".whl", ".epub"}
_LARGEST = 50_000_000  # bytes: a larger file is known by its name alone
_SHOWN = 20


def refuse(folder: Path) -> None:
    """Stop if a folder that is to be published holds what must not go online.

    Raises
    ------
    CourseError
        The message names each file, and says why it stays here.
    """
    found = [f"{name}: {why}" for name, why in islice(unfit(folder), _SHOWN + 1)]
    if len(found) > _SHOWN:
        found[-1] = "and more"
    if found:
        listed = "\n  ".join(found)
        raise CourseError(
            f"Nothing was published: {folder} holds what must not go online.\n  {listed}\n"
            "Take it out of the folder, and publish again. A book that pfp build made anew holds "
            "none of this."
        )


def unfit(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of a folder that must not go online, with the reason; no link is followed."""
    for base, folders, names in os.walk(folder):
        here = Path(base)
        within = PurePosixPath(here.relative_to(folder).as_posix())
        for name in sorted([*folders, *names]):
            path, told = here / name, str(within / name)
            if why := _by_kind(path):
                yield told, why
            elif name in names:
                yield from _inside(told, path)
        # What is named already is not named once more for each file in it.
        folders[:] = sorted(name for name in folders if not _by_kind(here / name))


def _by_kind(path: Path) -> str:
    """Return why a file or folder is refused before it is opened, or an empty text."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"a link, which leads to {path.readlink()}. Put a copy of the file there instead."
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "no file and no folder."
    return _by_name(path.name)


def _by_name(name: str) -> str:
    if name.startswith(".") and name not in _HIDDEN:
        return "hidden, so it is not meant for readers."
    if found := _CLASS_NAMES.fullmatch(name):
        return f"by its name {_CLASS[str(found.lastgroup)]}."
    if _NAMES.fullmatch(name):
        return "by its name a key or a place for secrets."
    return ""


def _inside(told: str, path: Path) -> Iterator[tuple[str, str]]:
    if path.stat().st_size > _LARGEST:
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read ({error.strerror}). Give yourself the right to read it, or "
            "take it out of the folder."
        ) from None
    yield from _of_content(told, path.suffix.lower(), content)


def _of_content(told: str, suffix: str, content: bytes) -> Iterator[tuple[str, str]]:
    if suffix in _ARCHIVES:
        yield from _of_archive(told, content)
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    if suffix not in _SPEAKS and (found := _FORMAT.search(text)):
        yield told, f"{_CLASS[found['kind']]}."
    if found := _MERGE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{told}:{line}", "the mark of a merge that is not finished."
    for detector in _detectors():
        if secret := next(iter(detector.analyze_string(text)), ""):
            line = text.count("\n", 0, max(text.find(str(secret)), 0)) + 1
            yield f"{told}:{line}", f"what looks like a secret ({detector.secret_type})."


def _of_archive(told: str, content: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist():
                inner = PurePosixPath(info.filename)
                reasons = (_by_name(part) for part in inner.parts)
                if why := next(filter(None, reasons), ""):
                    yield f"{told}/{inner}", why
                elif info.file_size <= _LARGEST and inner.suffix.lower() not in _ARCHIVES:
                    yield from _of_content(
                        f"{told}/{inner}", inner.suffix.lower(), archive.read(info)
                    )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return  # no archive, or one with a password: it is known by its name alone


@cache
def _detectors() -> list[Any]:
    modules = ((name, f"detect_secrets.plugins.{module}") for module, name in _DETECTORS.items())
    return [getattr(import_module(module), name)() for name, module in modules]


# What a browser fetches by itself.
_WITH_SOURCE = ("audio", "embed", "iframe", "img", "script", "source", "track", "video")
_FETCHED = {
    *((tag, "src") for tag in _WITH_SOURCE),
    *(("video", "poster"), ("object", "data"), ("image", "href"), ("use", "href")),
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
# A link waits for the reader.
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

    Every link leads somewhere, and nothing is fetched from elsewhere. ``root`` is the path of the
    site on its server, with slashes at both ends; only links that begin with it may begin with a
    slash. ``skip`` names folders of the site whose pages are not read; links into them are
    followed.
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


@dataclass(frozen=True)
class Stated:
    """The version and the address that stand on the pages of a book."""

    version: str
    address: str


def stated(book: Path) -> Stated | None:
    """Return what a built book says of itself; None if an older pfp built it, which said nothing.

    `CourseError` is raised where it cannot be read.
    """
    path = book / BOOK_FILE
    if not path.is_file():
        return None
    return read_json(
        path,
        lambda content: Stated(str(content["version"]), str(content["address"])),
        "is damaged. Build the book again: pfp build",
    )


def agrees(version: str, whole: str) -> bool:
    """Tell whether a version of two numbers is that of three, as 1.2 is of 1.2.3."""
    return whole == version or whole.startswith(f"{version}.")


def require_agreement(book: Path, version: str, base: str) -> None:
    """Stop if a book names another version or address than those under which it would stand.

    They stand on each page, in the references, in the list for search engines and in the pictures
    of links; only a new build changes them all.

    Raises
    ------
    CourseError
        The message says what the book names, and how it is built again.
    """
    known = stated(book)
    if known is None:
        return
    wrong = []
    if not agrees(version, known.version):
        wrong.append(f"its pages name version {known.version}, and not {version}")
    if known.address != base:
        named = f"the address {known.address}" if known.address else "no address"
        wrong.append(f"its pages name {named}, and not {base or 'none'}")
    if wrong:
        options = (f" --base {base}" if base else "") + f" --version {version}"
        raise CourseError(
            f"The book in {book} is another one: {'; '.join(wrong)}. Build it again, in its "
            f"project: pfp build{options}"
        )

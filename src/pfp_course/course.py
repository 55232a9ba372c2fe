"""A course: its name, its makers, where its files lie, and what ``course.toml`` may say of it."""

import os
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, SupportsIndex

from pfp_course import __version__
from pfp_course.errors import CourseError
from pfp_course.palette import DARK, LIGHT, contrast

__all__ = [
    "Author",
    "Course",
    "default_course",
    "edition_day",
    "for_static_page",
    "item_name",
    "lock_path",
    "on_static_page",
    "read_course",
    "source_tree",
    "this_python",
]

_TEXTS = ("title", "short_title", "slug", "licence")
_OPTIONAL = ("version", "abstract", "url", "doi", "code_licence", "extension")
_LOOK = ("logo", "favicon", "cover")
_SCHEMES = {"light": LIGHT, "dark": DARK}
_KNOWN = {
    *(*_TEXTS, *_OPTIONAL, "authors", "languages", "keywords", "released", "for_teachers"),
    *("pages", "look", "colours"),
}
_VERSION = re.compile(r"\d+(\.\d+){1,2}")
_ITEM = re.compile(r"(?:ch(?:apter|\.)?\s*)?([0-9]{1,2})(\.[\w.-]+)?", re.IGNORECASE)
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Author:
    """A person with family and given names, or a body whose name is ``family``."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken."""
        return f"{self.given} {self.family}".strip()

    @property
    def sorted(self) -> str:
        """The name with what it is sorted by first."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Course:
    """A course in a folder, as its ``course.toml`` describes it.

    Attributes
    ----------
    root : Path
        The folder that holds ``course.toml``, ``data`` and ``notebooks``. Two courses are equal
        when their roots are.
    title, short_title : str
        The name of the course, with and without its second half.
    slug : str
        What files made of the course are called: lower-case letters, digits and hyphens.
    authors : tuple of Author
        Who made it.
    languages : tuple of str
        The languages of its texts as IETF tags, the main one first.
    licence, code_licence : str
        The SPDX identifiers of the licence of texts and data, and of the code; the second may be
        empty.
    version : str
        Two or three numbers; that of this package where the course has none of its own.
    released : date or None
        The day of the version, for references.
    abstract, keywords, url, doi
        What a reference says besides; empty where nothing is said. ``url`` is an address for
        readers, used where that of the book is unknown.
    look : mapping of str to str
        The files ``logo``, ``favicon`` and ``cover``, as far as the course has its own.
    colours : mapping of str to mapping
        Colours by their name in `pfp_course.palette`, of the schemes ``light`` and ``dark``.
    for_teachers : tuple of str
        Pages that the edition for students leaves out.
    pages : mapping of str to str
        The pages of the book that have a role (``glossary``, ``references``), by their role.
    extension : str or None
        The package with what belongs to this course alone, or None.
    """

    root: Path
    title: str = field(compare=False)
    short_title: str = field(compare=False)
    slug: str = field(compare=False)
    authors: tuple[Author, ...] = field(compare=False)
    licence: str = field(compare=False)
    languages: tuple[str, ...] = field(compare=False)
    pages: Mapping[str, str] = field(compare=False)
    extension: str | None = field(compare=False, default=None)
    version: str = field(compare=False, default=__version__)
    released: date | None = field(compare=False, default=None)
    abstract: str = field(compare=False, default="")
    keywords: tuple[str, ...] = field(compare=False, default=())
    url: str = field(compare=False, default="")
    doi: str = field(compare=False, default="")
    code_licence: str = field(compare=False, default="")
    look: Mapping[str, str] = field(compare=False, default_factory=dict)
    colours: Mapping[str, Mapping[str, str]] = field(compare=False, default_factory=dict)
    for_teachers: tuple[str, ...] = field(compare=False, default=())

    def __reduce__(self) -> tuple[Callable[[Path], "Course"], tuple[Path]]:
        # Another process reads the course from its folder.
        return read_course, (self.root,)

    @property
    def data(self) -> Path:
        """The folder of the data package."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """The folder of the chapters' notebooks."""
        return self.root / "notebooks"

    @property
    def questions(self) -> Path:
        """The folder of the question banks."""
        return self.data / "questions"

    @property
    def byline(self) -> str:
        """The names of all authors, as one text."""
        return ", ".join(author.name for author in self.authors)

    @property
    def terms_of_use(self) -> str:
        """Under which licences the course and its code may be used, in a sentence each."""
        licence = self.licence.replace("-", " ")
        code = f" Code: {self.code_licence}." if self.code_licence else ""
        return f"Text, figures and own data: {licence}.{code}"

    def palette(self, scheme: str) -> dict[str, str]:
        """Return the colours of a scheme, ``light`` or ``dark``, with the course's own."""
        return {**_SCHEMES[scheme], **self.colours.get(scheme, {})}

    def bank(self, chapter: str) -> Path:
        """Return the path of a chapter's question bank; the file need not exist."""
        return self.questions / f"{chapter}.yml"

    def extras(self, name: str) -> Mapping[str, Any]:
        """Return, by name, what the course's own package adds to the engine under a heading.

        The heading is ``"KEY_FUNCTIONS"`` (functions that a key may call, whose first argument is
        the course), ``"FIGURES"`` (functions that ``figures`` offers besides), ``"MEANINGS"`` (what
        the colours of figures mean) or ``"EXPLORERS"`` (the front ends of its explorers, as paths).
        Nothing is added where the course has no package of its own.
        """
        if self.extension is None:
            return {}
        added: Mapping[str, Any] = getattr(import_module(self.extension), name, {})
        return added


def read_course(root: Path) -> Course:
    """Read ``course.toml`` in a folder.

    Raises
    ------
    CourseError
        If the file is missing, is not TOML, or a property is missing or of another type.
    """
    path = root / "course.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"{path} is missing: it says what the course is called. Copy it from the project, "
            "or give the folder of a course."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: this is not TOML ({error}). Mend the line.") from None
    for problem in _problems(raw):
        raise CourseError(f"{path}: {problem}")
    return Course(
        root=root.resolve(),
        **{name: raw[name] for name in _TEXTS},
        **{name: raw[name] for name in _OPTIONAL if name in raw},
        authors=tuple(filter(None, map(_author, raw["authors"]))),
        languages=tuple(raw["languages"]),
        keywords=tuple(raw.get("keywords", ())),
        released=raw.get("released"),
        for_teachers=tuple(raw.get("for_teachers", ())),
        pages=MappingProxyType(raw.get("pages", {})),
        look=MappingProxyType(raw.get("look", {})),
        colours=MappingProxyType(raw.get("colours", {})),
    )


def _problems(raw: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a description, and the mend; the first is the one to be told."""
    for name in sorted(raw.keys() - _KNOWN):
        close = get_close_matches(name, _KNOWN, n=1)
        yield f"{name} is no property of a course.{f' Did you mean {close[0]}?' if close else ''}"
    for name in _TEXTS:
        if not _is_text(raw.get(name)):
            yield f'{name} is needed, a text: {name} = "…". Add it.'
    for name in _OPTIONAL:
        if name in raw and not _is_text(raw[name]):
            yield f'{name} takes a text: {name} = "…". Correct it, or take the line out.'
    if not _are_texts(raw.get("languages")):
        yield 'languages is needed, a list of texts: languages = ["…"]. Add it.'
    yield from _identity_problems(raw)
    yield from _table_problems(raw)


def _identity_problems(raw: dict[str, Any]) -> Iterator[str]:
    authors = raw.get("authors")
    if not isinstance(authors, list) or not authors or not all(map(_author, authors)):
        yield (
            'authors is needed, a list of names: authors = ["A body", {given = "Dana", family = '
            '"Omarova"}]. Add it.'
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", raw["slug"]):
        yield (
            "slug names files, so it takes lower-case letters, digits and hyphens, such as "
            f'"my-course"; {raw["slug"]!r} does not fit. Change it.'
        )
    if not _VERSION.fullmatch(raw.get("version", "1.0")):
        yield f'version takes two or three numbers: version = "1.2". Not: {raw["version"]!r}.'
    if type(raw.get("released", date.min)) is not date:
        yield "released takes a day, without quotes: released = 2027-01-31. Correct it."
    for name in ("keywords", "for_teachers"):
        if name in raw and not _are_texts(raw[name]):
            yield f'{name} takes a list of texts: {name} = ["…"]. Correct it.'


def _table_problems(raw: dict[str, Any]) -> Iterator[str]:
    for name, example in (("pages", 'glossary = "book/glossary"'), ("look", 'logo = "logo.svg"')):
        held = raw.get(name, {})
        if not isinstance(held, dict) or not all(map(_is_text, held.values())):
            yield f"[{name}] takes lines such as {example}."
        elif name == "look":
            for unknown in held.keys() - set(_LOOK):
                yield f"[look] does not know {unknown}. It takes {', '.join(_LOOK)}."
    yield from _colour_problems(raw.get("colours", {}))


# What is written or drawn, what it stands on, and the contrast that WCAG 2.2 asks for.
_CONTRASTS = (
    *((name, "paper", 4.5) for name in ("ink", "ink-soft", "accent", "good", "bad", "warn")),
    ("accent-ink", "accent", 4.5),
    *((name, "paper", 3.0) for name in ("focus", *(f"s{number}" for number in range(1, 8)))),
)


def _colour_problems(colours: Any) -> Iterator[str]:
    if not isinstance(colours, dict) or colours.keys() - _SCHEMES.keys():
        yield "[colours] takes two tables: [colours.light] and [colours.dark]."
        return
    for scheme, own in colours.items():
        if not isinstance(own, dict):
            yield f'[colours.{scheme}] takes lines such as accent = "#12507b".'
            return
        for name, value in own.items():
            if name not in LIGHT:
                known = ", ".join(LIGHT)
                yield f"[colours.{scheme}] does not know {name}. Its names are: {known}."
            elif not re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)):
                yield f'[colours.{scheme}]: {name} takes six digits: {name} = "#12507b".'
        all_of_them = {**_SCHEMES[scheme], **own}
        for name, under, least in _CONTRASTS:
            if {name, under} & own.keys():
                reached = contrast(all_of_them[name], all_of_them[under])
                if reached < least:
                    yield (
                        f"[colours.{scheme}]: {name} on {under} has a contrast of {reached:.1f}, "
                        f"and readers need {least} (WCAG 2.2). Choose colours further apart."
                    )


def _author(entry: object) -> Author | None:
    """Return who is meant by an entry of ``authors``, or None where it names nobody."""
    if _is_text(entry):
        return Author(str(entry))
    if not isinstance(entry, dict) or entry.keys() != {"given", "family"}:
        return None
    return Author(entry["family"], entry["given"]) if all(map(_is_text, entry.values())) else None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def default_course() -> Course:
    """Return the course of the folder that is worked in, or else the one of this package.

    A folder belongs to a course when it, or a folder around it, holds ``course.toml``. Elsewhere
    it is the course that came with the package: in the wheel, or in the clone. Only what a student
    types into a notebook (``load``, ``quiz``) and the command line take the default; everything
    below them is given a `Course`.
    """
    folder = Path.cwd()
    for root in (folder, *folder.parents, _PACKAGE / "_content", _PACKAGE.parents[1]):
        if (root / "course.toml").is_file():
            return _course(root)
    raise CourseError(
        "The course's files are missing from this installation. "
        "Install the course again: pip install --force-reinstall pfp-course."
    )


@cache
def _course(root: Path) -> Course:
    return read_course(root)


def item_name(name: object) -> str | None:
    """Return how a chapter, a question or an exercise is named, whatever way it was written.

    ``2``, ``2.0``, ``"2"`` and ``"chapter 2"`` are ``"02"``; ``"2.e1"`` is ``"02.e1"``. None is
    returned for what names nothing, such as a list.
    """
    if isinstance(name, float) and name.is_integer():
        name = int(name)
    if isinstance(name, SupportsIndex) and not isinstance(name, bool | str):
        name = str(name.__index__())
    if not isinstance(name, str):
        return None
    text = name.strip()
    found = _ITEM.fullmatch(text)
    return f"{int(found[1]):02d}{found[2] or ''}" if found else text


def lock_path() -> Path:
    """Return the file that pins every dependency of the engine."""
    installed = _PACKAGE / "_content"
    return (installed if installed.is_dir() else _PACKAGE.parents[1]) / "requirements.lock"


def this_python() -> str:
    """Return the Python that runs this, with its whole path, as it is typed into a terminal."""
    path = sys.executable or "python3"
    if os.name != "nt":
        return shlex.quote(path)
    # PowerShell takes a text in quotes for a text, unless it is told to run it.
    return f'& "{path}"' if " " in path else path


def source_tree() -> Path | None:
    """Return the root of the clone that this package is run from, or None if it is installed."""
    installed = (_PACKAGE / "_content").is_dir()
    return None if installed else _PACKAGE.parents[1]


def edition_day() -> date:
    """Return the day of an edition: that of ``SOURCE_DATE_EPOCH`` if it is set, or today's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdigit() else date.today()


_static = False


def for_static_page() -> None:
    """Make what this process shows from now on for a page without a kernel, such as the book."""
    global _static
    _static = True


def on_static_page() -> bool:
    """Tell whether output is made for a page without a kernel, such as the book."""
    return _static

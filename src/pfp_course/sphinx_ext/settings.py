"""What a book is built by, ``course.toml``, ``_config.yml`` and ``_toc.yml``, and its faults.

Jupyter Book and Sphinx stop at the first fault of these files, and name neither file nor line.
"""

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from pfp_course.course import Course, read_course
from pfp_course.errors import CourseError
from pfp_course.tree import line_of

__all__ = ["course_settings", "missing_pages", "setting_faults"]

_SOURCES = (".md", ".ipynb")
# Jupyter Book reads these keys, too; its own description leaves them out.
_MORE_KEYS = ("only_build_toc_files", "project")


def course_settings(course: Course) -> dict[str, Any]:
    """Return what Sphinx is told of a course, by the names of its settings."""
    year = (course.released or date.today()).year
    return {
        "project": course.title,
        "html_title": course.title,
        "author": course.byline,
        "copyright": str(year),
        "language": course.languages[0],
        "html_logo": course.look.get("logo"),
        "html_favicon": course.look.get("favicon"),
        # So that a page can name them: {{ title }}.
        "myst_substitutions": {
            "title": course.title,
            "short_title": course.short_title,
            "authors": course.byline,
            "version": course.version,
        },
    }


# What `_config.yml` could say as well, and then would say otherwise one day.
_OF_THE_COURSE: dict[tuple[str, ...], str] = {
    ("title",): "the title",
    ("project",): "the title",
    ("author",): "who made it",
    ("copyright",): "the year of the release",
    ("logo",): "the logo",
    ("html", "favicon"): "the small picture of the tab",
    ("sphinx", "config", "language"): "the language",
}


def setting_faults(root: Path) -> list[str]:
    """Return each fault of the three files as ``file:line: what; the mend``."""
    return [
        *_course_faults(root),
        *_file(root / "_config.yml", _config),
        *_file(root / "_toc.yml", _contents),
    ]


def _course_faults(root: Path) -> Iterator[str]:
    try:
        course = read_course(root)
    except CourseError as error:
        yield str(error)
        return
    path = root / "course.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, file in course.look.items():
        if not (root / file).is_file():
            named = re.compile(rf"\b{name}\s*=")
            line = next((n for n, text in enumerate(lines, 1) if named.search(text)), 1)
            yield (
                f"{path}:{line}: {name}: there is no file {file}. Correct the name, or add the "
                "file."
            )


def missing_pages(course: Course) -> list[str]:
    """Return the pages that ``course.toml`` names and that are not there: the book lacks them."""
    return [
        f"{course.root / 'course.toml'}: there is no page {page} (.md or .ipynb). Correct the "
        "name, or take it out."
        for page in (*course.pages.values(), *course.for_teachers)
        if _source(course.root, page) is None
    ]


def _file(path: Path, check: Any) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
    except FileNotFoundError:
        yield f"{path}: the file is missing. Restore it from the project."
        return
    except (OSError, UnicodeDecodeError) as error:
        yield f"{path}: it cannot be read ({error}). Save it as UTF-8."
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "it cannot be read"
        yield (
            f"{path}:{line}: this is not YAML: {problem}. Look at this line and the one before "
            "it: brackets and quotes must be closed, and lists indented alike."
        )
        return
    if not isinstance(content, dict):
        yield f"{path}:1: it holds no settings. Write lines such as key: value."
        return
    for keys, problem in check(content, path.parent):
        yield f"{path}:{line_of(text, keys)}: {problem}"


_Fault = tuple[list[str | int], str]


def _config(content: dict[str, Any], root: Path) -> Iterator[_Fault]:
    from jupyter_book.config import get_validator

    validator = get_validator()
    known = [*validator.schema["properties"], *_MORE_KEYS]
    for key in content:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            yield [key], f"Jupyter Book does not know the setting {key!r}.{meant} Correct it."
    for error in validator.iter_errors(content):
        name = ".".join(map(str, error.absolute_path)) or "it"
        yield [*error.absolute_path], f"{name}: {error.message}. Correct the setting."
    for keys, what in _OF_THE_COURSE.items():
        if _value(content, keys) is not None:
            yield [*keys], f"{keys[-1]}: {what} stands in course.toml alone. Take this line out."


def _value(content: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _contents(content: dict[str, Any], root: Path) -> Iterator[_Fault]:
    found = [*_pages(content, root)]
    yield from found
    # The same twice is no news.
    if not found:
        yield from _form(content)


def _pages(content: dict[str, Any], root: Path) -> Iterator[_Fault]:
    seen: set[str] = set()
    for keys, name in _named(content, []):
        page = name.removesuffix(".md").removesuffix(".ipynb")
        if _source(root, name) is None:
            yield keys, f"there is no page {name} (.md or .ipynb). Correct the name, or add it."
        elif page in seen:
            yield keys, f"the page {name} is listed twice. Take one of the two out."
        seen.add(page)


def _form(content: dict[str, Any]) -> Iterator[_Fault]:
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data

    try:
        parse_toc_data(content)
    except MalformedError as error:
        where = re.search(r"@ '(?P<path>[^']*)'", str(error))
        steps = [part for part in (where["path"] if where else "").split("/") if part]
        keys: list[str | int] = [int(part) if part.isdigit() else part for part in steps]
        yield (
            keys,
            f"{str(error).partition(' @ ')[0]}. Correct the entry: a page is a line of a list "
            "below chapters:, such as - file: book/preface, and begins exactly below the lines "
            "of the pages beside it.",
        )


def _named(content: Any, keys: list[str | int]) -> Iterator[tuple[list[str | int], str]]:
    """Yield each page that the contents name, with the way to it."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("root", "file") and isinstance(value, str):
                yield [*keys, key], value
            else:
                yield from _named(value, [*keys, key])
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _named(value, [*keys, number])


def _source(root: Path, name: str) -> Path | None:
    paths = (root / f"{name}{suffix}" for suffix in ("", *_SOURCES))
    return next((path for path in paths if path.suffix in _SOURCES and path.is_file()), None)

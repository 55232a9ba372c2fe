"""What a book is built by, ``course.toml``, ``_config.yml`` and ``_toc.yml``, and its faults.

Jupyter Book and Sphinx stop at the first fault of these files, and name neither file nor line.

``html.baseurl`` is the address of the published book; ``pfp build --base`` takes its place for one
build, since the same sources can be published in two places. ``pfp_launch``, where the chapters
can be run, holds up to three keys: ``repository`` (the address of the project on GitHub),
``branch`` (``main`` unless said otherwise) and ``hub`` (the address of a JupyterHub). What is
not set is absent from the pages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from pfp_course.course import Course, read_course
from pfp_course.errors import CourseError
from pfp_course.files import line_of
from pfp_course.sphinx_ext import Context, Doctree, each_page

__all__ = [
    "BOOK_FILE",
    "CITATIONS",
    "CITED",
    "LOST",
    "PAGES_FILE",
    "TABLES",
    "address",
    "connect",
    "course_settings",
    "missing_pages",
    "place_marks",
    "problem",
    "setting_faults",
]

TABLES = "data"  # the folder of the tables' files in the published book
BOOK_FILE = "book.json"  # what a built book says of itself: title, version, address
PAGES_FILE = "pages.json"  # its pages with their titles and parts, for what is made of the book
CITATIONS = "_static/cite"  # the folder of references for programs
CITED = "cited"  # the place on a page where it says how it is cited
LOST = "404"  # the page for addresses that do not exist
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?$")
_GITHUB = "https://github.com/"
_KEYS = {"repository", "branch", "hub"}
_NOTE_ON_COLAB = (
    "Colab starts without the course's package. The first code cell of a chapter installs it. If "
    "that fails, run this line in a new first cell of the notebook, once a session:"
)
_SOURCES = (".md", ".ipynb")
# Jupyter Book reads these keys, too; its own description leaves them out.
_MORE_KEYS = ("only_build_toc_files", "project")


def connect(app: Sphinx) -> None:
    """Register the settings, which are checked before anything uses them, and what they give."""
    app.add_config_value("pfp_launch", {}, "env", types=(dict,))
    app.add_directive("launch-places", _LaunchSection)
    app.connect("config-inited", _configure, priority=100)
    each_page(app, _name_page, priority=300)
    each_page(app, _offer_launch, priority=400)


def address(base: str, name: str = "index") -> str:
    """Return the address of a page, or of a file with its ending; empty without a base.

    ``base`` is where the book is published, or empty; ``name`` a page such as ``book/data``, or a
    file such as ``data/signatories.csv``.
    """
    if not base or name == "index":
        return base
    return base + name + ("" if "." in name.rsplit("/", 1)[-1] else ".html")


def place_marks(name: str) -> tuple[str, str]:
    """Return what stands before and after a place of a page that is filled at publication."""
    return f"<!--pfp:{name}-->", f"<!--/pfp:{name}-->"


def problem(base: str) -> str:
    """Return what is wrong with the setting and how to mend it, or an empty text."""
    if not base or _ADDRESS.match(base):
        return ""
    return (
        f"html.baseurl is {base!r}. Give the whole address of the published book, as "
        "https://example.org/course/, or leave it empty."
    )


def _configure(app: Sphinx, config: Config) -> None:
    base = config.html_baseurl or ""
    if wrong := problem(base) or launch_problem(config.pfp_launch):
        raise ConfigError(f"_config.yml: {wrong}")
    config.html_baseurl = f"{base.rstrip('/')}/" if base else ""


def _name_page(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    # A page without sources, such as the search, is no place to be found.
    context["pageurl"] = address(app.config.html_baseurl, pagename) if doctree else ""
    context["pfp_indexed"] = doctree is not None


@dataclass(frozen=True)
class LaunchService:
    """A service that runs a notebook, and the address that opens it there."""

    name: str
    address: str


def launch_services(setting: dict[str, str], notebook: str) -> list[LaunchService]:
    """Return where a notebook can be run, given the setting and its path in the project."""
    repository = setting.get("repository", "").rstrip("/").removesuffix(".git")
    branch = setting.get("branch") or "main"
    hub = setting.get("hub", "").rstrip("/")
    services = []
    if repository.startswith(_GITHUB):
        name, path = repository.removeprefix(_GITHUB), quote(notebook)
        colab = f"https://colab.research.google.com/github/{name}/blob/{branch}/{path}"
        binder = f"https://mybinder.org/v2/gh/{name}/{branch}?labpath={path}"
        services = [LaunchService("Colab", colab), LaunchService("Binder", binder)]
    if hub and repository:
        folder = repository.rsplit("/", 1)[1]
        query = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/{notebook}"}
        pull = f"{hub}/hub/user-redirect/git-pull?{urlencode(query)}"
        services.append(LaunchService("JupyterHub", pull))
    return services


def launch_problem(setting: dict[str, Any]) -> str:
    """Return what is wrong with ``pfp_launch`` and how to mend it, or an empty text."""
    unknown = sorted(set(setting) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        return f"pfp_launch does not know {', '.join(map(repr, unknown))}. Its keys are {known}."
    for key in ("repository", "hub"):
        if key in setting and not str(setting[key]).startswith("https://"):
            return f"{key} of pfp_launch is {setting[key]!r}. Give an address: https://..."
    if setting and not launch_services(setting, "notebook.ipynb"):
        return (
            "pfp_launch names no place to run a chapter. Set repository to an address on "
            f"{_GITHUB} for Colab and Binder, or both repository and hub for a JupyterHub."
        )
    return ""


class _LaunchSection(SphinxDirective):
    """How to run a chapter in the browser; nothing where no service is set."""

    def run(self) -> list[nodes.Node]:
        setting: dict[str, str] = self.config.pfp_launch
        names = [service.name for service in launch_services(setting, "notebook.ipynb")]
        if not names:
            return []
        listed = " or ".join(", ".join(names).rsplit(", ", 1))
        section = nodes.section("", nodes.title("", "Run in the cloud"), ids=["run-in-the-cloud"])
        section += nodes.paragraph(
            "", f"Each chapter has links under its title that open it in {listed}."
        )
        if "Colab" in names:
            line = f"%pip install git+{setting['repository'].rstrip('/')}"
            section += nodes.paragraph("", _NOTE_ON_COLAB)
            section += nodes.literal_block(line, line, language="text")
        return [section]


def _offer_launch(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    if doctree is None or not app.env.doc2path(pagename).endswith(".ipynb"):
        return
    notebook = app.env.doc2path(pagename, base=False)
    download = f"{context['content_root']}_sources/{notebook}"
    links = [f'<a href="{escape(quote(download))}" download>Download this notebook</a>']
    links += [
        f'<a href="{escape(service.address)}">Run on {escape(service.name)}</a>'
        for service in launch_services(app.config.pfp_launch, str(notebook))
    ]
    items = "".join(f"<li>{link}</li>" for link in links)
    context["pfp_run"] = f'<ul class="pfp-run">{items}</ul>'


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
        value: Any = content
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            yield [*keys], f"{keys[-1]}: {what} stands in course.toml alone. Take this line out."


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

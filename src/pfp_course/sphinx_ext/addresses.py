"""Where the book is published, and where its chapters can be run.

``html.baseurl`` is the address of the published book; ``pfp build --base`` takes its place for one
build, since the same sources can be published in two places.

``pfp_launch`` holds up to three keys: ``repository`` (the address of the project on GitHub),
``branch`` (``main`` unless said otherwise) and ``hub`` (the address of a JupyterHub). What is
not set is absent from the pages.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from pfp_course.sphinx_ext import Context, Doctree, each_page

__all__ = [
    "BOOK_FILE",
    "CITATIONS",
    "CITED",
    "LOST",
    "PAGES_FILE",
    "TABLES",
    "LaunchService",
    "address",
    "connect",
    "launch_problem",
    "launch_services",
    "place_marks",
    "problem",
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


def connect(app: Sphinx) -> None:
    """Register the settings, which are checked before anything uses them, and what they give."""
    app.add_config_value("pfp_launch", {}, "env", types=(dict,))
    app.add_directive("launch-places", _LaunchSection)
    app.connect("config-inited", _configure, priority=100)
    each_page(app, _name_page, priority=300)
    each_page(app, _offer_launch, priority=400)


def address(base: str, name: str = "index") -> str:
    """Return the address of a page, or of a file with its ending; empty without a base.

    Parameters
    ----------
    base : str
        Where the book is published, or empty.
    name : str
        A page such as ``book/data``, or a file such as ``data/signatories.csv``.
    """
    if not base:
        return ""
    if name == "index":
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

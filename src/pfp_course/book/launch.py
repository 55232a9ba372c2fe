"""Where a chapter can be run, from the one setting ``pfp_launch``.

``pfp_launch`` holds up to three keys: ``repository`` (the address of the project on GitHub),
``branch`` (``main`` unless said otherwise) and ``hub`` (the address of a JupyterHub). What is
not set is absent from the pages.
"""

from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

__all__ = ["Place", "connect", "places", "problem"]

_GITHUB = "https://github.com/"
_KEYS = {"repository", "branch", "hub"}
_NOTE_ON_COLAB = (
    "Colab starts without the course's package. Run this line in a new first cell of the "
    "notebook, once a session:"
)


@dataclass(frozen=True)
class Place:
    """A service that runs a notebook, and the address that opens it there."""

    name: str
    address: str


def connect(app: Sphinx) -> None:
    """Register the setting, the directive and the links on chapters."""
    app.add_config_value("pfp_launch", {}, "env", types=(dict,))
    app.add_directive("launch-places", _LaunchPlaces)
    app.connect("config-inited", _check)
    app.connect("html-page-context", _offer, priority=400)


def places(setting: dict[str, str], notebook: str) -> list[Place]:
    """Return where a notebook can be run, given the setting and its path in the project."""
    repository = setting.get("repository", "").rstrip("/").removesuffix(".git")
    branch = setting.get("branch") or "main"
    hub = setting.get("hub", "").rstrip("/")
    found = []
    if repository.startswith(_GITHUB):
        name = repository.removeprefix(_GITHUB)
        path = quote(notebook)
        found = [
            Place("Colab", f"https://colab.research.google.com/github/{name}/blob/{branch}/{path}"),
            Place("Binder", f"https://mybinder.org/v2/gh/{name}/{branch}?labpath={path}"),
        ]
    if hub and repository:
        folder = repository.rsplit("/", 1)[1]
        query = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/{notebook}"}
        found.append(Place("JupyterHub", f"{hub}/hub/user-redirect/git-pull?{urlencode(query)}"))
    return found


def problem(setting: dict[str, Any]) -> str:
    """Return what is wrong with the setting and how to mend it, or an empty text."""
    unknown = sorted(set(setting) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        return f"pfp_launch does not know {', '.join(map(repr, unknown))}. Its keys are {known}."
    for key in ("repository", "hub"):
        if key in setting and not str(setting[key]).startswith("https://"):
            return f"{key} of pfp_launch is {setting[key]!r}. Give an address: https://..."
    if setting and not places(setting, "notebook.ipynb"):
        return (
            "pfp_launch names no place to run a chapter. Set repository to an address on "
            f"{_GITHUB} for Colab and Binder, or both repository and hub for a JupyterHub."
        )
    return ""


def _check(app: Sphinx, config: Config) -> None:
    if wrong := problem(config.pfp_launch):
        raise ConfigError(f"_config.yml: {wrong}")


class _LaunchPlaces(SphinxDirective):
    """How to run a chapter in the browser; nothing where no service is set."""

    def run(self) -> list[nodes.Node]:
        setting: dict[str, str] = self.config.pfp_launch
        names = [place.name for place in places(setting, "notebook.ipynb")]
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


def _offer(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None or not app.env.doc2path(pagename).endswith(".ipynb"):
        return
    notebook = app.env.doc2path(pagename, base=False)
    download = f"{context['content_root']}_sources/{notebook}"
    links = [f'<a href="{escape(quote(download))}" download>Download this notebook</a>']
    links += [
        f'<a href="{escape(place.address)}">Run on {escape(place.name)}</a>'
        for place in places(app.config.pfp_launch, str(notebook))
    ]
    items = "".join(f"<li>{link}</li>" for link in links)
    context["pfp_run"] = f'<ul class="pfp-run">{items}</ul>'

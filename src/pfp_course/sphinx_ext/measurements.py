"""What was measured of the pages, from the files that the measurements wrote.

``make accessibility`` and ``make lighthouse`` write them; a page says no more than they hold.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from pfp_course.sphinx_ext.listings import grid

__all__ = ["conformance", "connect", "figure", "read", "scores", "spoken"]


_FOLDER = "book/measured"
_COLUMNS = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("accessibility-status", _Status)
    app.add_directive("accessibility-checks", _Checks)
    app.add_directive("lighthouse-table", _Lighthouse)
    app.add_directive("benchmark", _Benchmark)


def read(root: Path, name: str) -> dict[str, Any]:
    """Return what a measurement found.

    Raises
    ------
    ExtensionError
        If the file is missing or is none; the message names the command that writes it.
    """
    path = root / _FOLDER / f"{name}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExtensionError(
            f"{path} cannot be read ({error}). Write it anew: make {name}"
        ) from None
    return found


def conformance(found: dict[str, Any]) -> str:
    """Return how far the pages conform, as the W3C's model of a statement words it."""
    failed = [one for one in found["checks"] if one["result"] != "passed"]
    if failed or not found["checks"]:
        return (
            "The pages of this book conform partially to WCAG 2.2, level AA: some parts do not "
            "conform. The checks that failed are named below."
        )
    # Rules and keyboards find a part of all barriers: full conformance was not examined.
    return (
        "The pages of this book conform partially to WCAG 2.2, level AA. Every check below was "
        "passed; what they do not examine is listed under the known gaps."
    )


def spoken(day: str) -> str:
    """Return a day in words, such as ``5 March 2027``."""
    on = date.fromisoformat(day)
    return f"{on.day} {on:%B %Y}"


class _Status(SphinxDirective):
    """How far the pages conform, and when and with what this was examined."""

    def run(self) -> list[nodes.Node]:
        found = _noted(self, "accessibility")
        when = (
            f"Examined on {spoken(found['date'])}, version {found['version']} of the course, "
            f"{found['pages']} pages, with {found['browser']} and {found['axe']}."
        )
        return [nodes.paragraph("", conformance(found)), nodes.paragraph("", when)]


class _Checks(SphinxDirective):
    """Each check and its result."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.bullet_list()
        for one in _noted(self, "accessibility")["checks"]:
            word = nodes.strong("", f"{one['result'].capitalize()}. ")
            listing += nodes.list_item("", nodes.paragraph("", "", word, nodes.Text(one["check"])))
        return [listing]


class _Lighthouse(SphinxDirective):
    """The scores of each page on a simulated slow phone, and what its first visit sends."""

    def run(self) -> list[nodes.Node]:
        measured = _noted(self, "lighthouse")
        head = ["Page", *_COLUMNS.values(), "Seen after", "Sent"]
        rows = [[nodes.inline("", cell) for cell in scores(row)] for row in measured["pages"]]
        when = (
            f"Measured on {spoken(measured['date'])}, version {measured['version']} of the course, "
            f"with Lighthouse {measured['lighthouse']} and Chromium {measured['browser']}: "
            f"{measured['device']}."
        )
        label = "Scores of the pages"
        return [nodes.paragraph("", when), grid(head, rows, label=label, classes=["pfp-scores"])]


def scores(row: dict[str, Any]) -> list[str]:
    """Return what Lighthouse measured of a page as the cells of a row: each score as it is."""
    name = row["page"].removesuffix(".html").rpartition("/")[2]
    # The titles of pages that are read later are not known yet; their numbers are.
    number = name.partition("-")[0]
    title = f"Chapter {int(number)}" if number.isdigit() else name
    seen = f"{row['largest_paint_ms'] / 1000:.1f} s"
    return [
        "Landing page" if name == "index" else title,
        *(str(row[column]) for column in _COLUMNS),
        seen,
        f"{row['bytes'] // 1000} KB",
    ]


def _noted(directive: SphinxDirective, name: str) -> dict[str, Any]:
    root = Path(directive.env.app.confdir)
    directive.env.note_dependency(str(root / _FOLDER / f"{name}.json"))
    return read(root, name)


class _Benchmark(SphinxDirective):
    """What one benchmark measured: on which machine, its numbers, and a figure of them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        root = Path(self.env.app.confdir)
        path = root / _FOLDER / f"bench-{name}.json"
        if not path.is_file():
            # Not noted: Sphinx reads a page anew at each build if a file is missing that it
            # rests on. When the file comes, `pfp build` makes all pages anew.
            command = nodes.literal("", f"make bench-{name}")
            return [nodes.paragraph("", "", nodes.Text("Not measured yet: "), command)]
        self.env.note_dependency(str(path))
        result = read(root, f"bench-{name}")
        machine = result["machine"]
        said = (
            f"Measured on {spoken(result['date'])}, version {result['version']} of the course: "
            f"{machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
            f"Python {machine['python']}, load {machine['load']}. {result['shown']['said']}"
        )
        table = result["shown"]
        rows = [[nodes.inline("", cell) for cell in row] for row in table["rows"]]
        return [
            nodes.paragraph("", said),
            grid(table["columns"], rows, label=table["chart"]["title"]),
            nodes.raw("", figure(table["chart"]), format="html"),
        ]


def figure(chart: dict[str, Any]) -> str:
    """Return a chart as HTML: an SVG in the colours of the page, its words and its caption.

    Parameters
    ----------
    chart
        ``title``, ``unit``, ``alt`` and ``caption``; ``rows`` with ``name``, ``value``, ``low`` and
        ``high``; or ``lines``, by name lists of pairs, for two logarithmic axes.
    """
    # Matplotlib is loaded for this page alone.
    from pfp_course.figures import Shown
    from pfp_course.figures.canvas import two_layouts

    drawn, _ = two_layouts(_growth)(chart) if "lines" in chart else _spread(chart)
    return Shown.of(drawn, alt=chart["alt"], caption=chart["caption"])._repr_html_()


def _spread(chart: dict[str, Any]) -> Any:
    import pandas as pd

    from pfp_course.figures import intervals

    frame = pd.DataFrame(chart["rows"]).set_index("name")
    return intervals(frame, title=chart["title"], unit=chart["unit"], zero=False)


def _growth(chart: dict[str, Any]) -> Any:
    from matplotlib import rc_context

    from pfp_course.figures.canvas import house_style, legend, looks_of, new

    drawn, axes = new(chart["title"], unit=chart["unit"])
    with rc_context(house_style):
        for name, look in looks_of(chart["lines"]).items():
            x, y = zip(*chart["lines"][name], strict=True)
            axes.plot(x, y, marker=look.marker, color=look.colour, dashes=look.dashes, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        sizes = sorted({x for points in chart["lines"].values() for x, _ in points})
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.grid(axis="y")
        legend(drawn, axes.get_lines(), 3)
    return drawn, axes

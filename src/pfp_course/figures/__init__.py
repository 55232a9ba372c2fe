"""Figures in one house style, shown with their words and sources.

A figure is an SVG that follows light and dark; `show` sets it under its words, over its sources
and its data. The charts stand in the modules of this package.
"""

import inspect
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.data import package
from pfp_course.data import source as find_source
from pfp_course.errors import CourseError, clear_errors
from pfp_course.figures.bars import (
    bars,
    counts,
    part_of_wholes,
    side_by_side,
    small_multiples,
    year_bars,
)
from pfp_course.figures.canvas import Drawing, narrowly, new
from pfp_course.figures.distributions import (
    dumbbells,
    histograms,
    intervals,
    kaplan_meier,
    survival,
)
from pfp_course.figures.lines import cumulative, level, lines, paired_lines
from pfp_course.figures.matrices import dots, editions, grid, matrix, ratings
from pfp_course.figures.networks import encounters, network, paths, ties
from pfp_course.figures.picture import svg
from pfp_course.figures.times import lanes, spans, timeline
from pfp_course.palette import notebook_rules

if TYPE_CHECKING:
    from typing import TypeAlias

    import pandas as pd

    Sources: TypeAlias = "str | pd.DataFrame"

__all__ = [
    "Shown",
    "bars",
    "counts",
    "cumulative",
    "dots",
    "dumbbells",
    "editions",
    "encounters",
    "grid",
    "histograms",
    "intervals",
    "kaplan_meier",
    "lanes",
    "level",
    "lines",
    "matrix",
    "network",
    "new",
    "paired_lines",
    "part_of_wholes",
    "paths",
    "ratings",
    "show",
    "side_by_side",
    "small_multiples",
    "spans",
    "survival",
    "ties",
    "timeline",
    "year_bars",
]


_MOST_NAMED = 6  # sources in the line under a figure
_SHORTEST_ALT = 40
# The book writes the number here; a notebook has none.
_NUMBER = '<b class="pfp-figure-number"></b>'
_RULES = """
.pfp-figure { margin: 1em 0; max-width: 44rem; }
.pfp-figure { color: var(--pfp-ink); background: var(--pfp-paper); }
.pfp-figure figure { margin: 0; }
.pfp-figure-scroll { overflow-x: auto; }
.pfp-figure svg { display: block; width: 100%; min-width: 26rem; height: auto; }
.pfp-figure .pfp-figure-title { font-size: 1.1em; font-weight: 600; margin: 0; }
.pfp-figure .pfp-figure-line { color: var(--pfp-ink-soft); margin: .1em 0 .5em; }
.pfp-figure figcaption { font-size: .9em; }
.pfp-figure a { color: var(--pfp-accent); }
"""


def show(
    figure: Figure | Axes,
    *,
    alt: str,
    caption: str,
    source: "Sources | list[Sources]",
    table: "pd.DataFrame | None" = None,
) -> "Shown":
    """Show a figure under its caption, with its sources.

    Parameters
    ----------
    figure
        A Matplotlib figure, or axes of it.
    alt : str
        What the figure shows, in words, for those who do not see it; 40 characters at least.
    caption : str
        What to look at, and what the figure cannot show.
    source : DataFrame, str, or a list of them
        Rows that the figure shows: their column ``source`` names the sources. Where they name
        many, or the table has no such column, it is the table that is named. Or keys of sources,
        as they stand in that column; ``data:lessons`` for a count of the rows of our own table,
        ``ours`` for a judgement of ours.
    table : pandas.DataFrame, optional
        The numbers behind the figure, to be opened under it.

    Raises
    ------
    CourseError
        If the words or the source are missing, or a source is unknown.
    """
    whole = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    if whole is None:
        raise CourseError("These axes belong to no figure. Make them with figures.new(...).")
    if len(" ".join(alt.split())) < _SHORTEST_ALT:
        raise CourseError(
            f"The alt text is shorter than {_SHORTEST_ALT} characters. Say in a sentence or two "
            "what the figure shows, for a student who does not see it."
        )
    if not caption.strip():
        raise CourseError("The figure has no caption. Say what to look at.")
    course = default_course()
    parts = source if isinstance(source, list) else [source]
    keys = dict.fromkeys(key for part in parts for key in _keys(part, course))
    if not keys:
        raise CourseError("The figure has no source. Name the key of one, for example 'wiki_pfp'.")
    # A label that ends with "n.d." brings its own point.
    named = "; ".join(_labels(list(keys), course)).removesuffix(".")
    return Shown.of(whole, alt=alt, caption=caption, sources=named, table=table)


def _keys(source: "Sources", course: Course) -> list[str]:
    if isinstance(source, str):
        return [key.strip() for key in source.split(";") if key.strip()]
    table = source.attrs.get("table")
    if "source" in source:
        cells = source["source"].dropna()
        keys = list(dict.fromkeys(key for cell in cells for key in _keys(cell, course)))
        return keys if len(keys) <= _MOST_NAMED or table is None else [f"data:{table}"]
    if table is None:
        raise CourseError(
            "The table that is given as the source has no column 'source', and is not known to "
            "come from the data set. Give the rows as load() returned them, or keys of sources."
        )
    return list(package(course).table(table).source_keys) or [f"data:{table}"]


def _labels(keys: list[str], course: Course) -> list[str]:
    """Return what the line says for the keys: our tables in one part, where the first stands."""
    tables = [package(course).table(key[5:]) for key in keys if key.startswith("data:")]
    ours = "our tables " if len(tables) > 1 else "our table "
    ours += " and ".join(table.name for table in tables)
    # The rows of the table of sources name none: they are what the others name.
    if any(field.name == "source" for table in tables for field in table.fields):
        ours += ", whose rows name their sources"
    said = (ours if key.startswith("data:") else _label(key, course) for key in keys)
    return list(dict.fromkeys(said))


def _label(key: str, course: Course) -> str:
    return "our own judgement" if key == "ours" else find_source(key, course).short


@dataclass(frozen=True)
class Shown:
    """A figure as it is shown: its pictures and its words.

    Attributes
    ----------
    picture, narrow : str
        SVG for a wide and for a narrow screen; the second may be empty.
    alt, caption, sources : str
        What the picture shows; what to look at; the short names of the sources.
    table : pandas.DataFrame or None
        The numbers behind the picture.
    question, line : str
        The title, and the line below it. Both are empty where the picture has its own.
    """

    picture: str
    alt: str
    caption: str
    sources: str
    table: "pd.DataFrame | None" = None
    question: str = ""
    line: str = ""
    narrow: str = ""

    @classmethod
    def of(
        cls,
        figure: Figure,
        *,
        alt: str,
        caption: str,
        sources: str = "",
        table: "pd.DataFrame | None" = None,
    ) -> "Shown":
        """Draw a figure; a page gets it for narrow screens, too, unless somebody changed it."""
        if not isinstance(figure, Drawing):
            return cls(svg(figure, alt), alt, caption, sources, table)
        narrow = ""
        if on_static_page() and figure.again is not None and figure.is_as_drawn():
            with narrowly():
                narrow = svg(figure.again()[0], alt)
        words = (figure.question, figure.line)
        return cls(svg(figure, alt), alt, caption, sources, table, *words, narrow)

    def __str__(self) -> str:
        title = f"{self.question}\n" if self.question else ""
        source = f"\nSource: {self.sources}." if self.sources else ""
        return f"{title}[Figure: {self.alt}]\n{self.caption}{source}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # The book has these rules in its own sheet.
        rules = "" if on_static_page() else notebook_rules(".pfp-figure") + _RULES
        style = f"<style>{rules}</style>" if rules else ""
        return (
            f'<figure class="pfp-figure">{style}{self._head()}{self._pictures()}'
            f"<figcaption>{_NUMBER}{escape(self.caption)}{self._sources()}{self._table()}</figcaption>"
            "</figure>"
        )

    def _sources(self) -> str:
        if not self.sources:
            return ""
        return (
            '<details class="pfp-figure-sources"><summary>Sources</summary>'
            f"<p>Source: {escape(self.sources)}.</p></details>"
        )

    def _head(self) -> str:
        title = f'<p class="pfp-figure-title">{escape(self.question)}</p>' if self.question else ""
        line = f'<p class="pfp-figure-line">{escape(self.line)}</p>' if self.line else ""
        return title + line

    def _pictures(self) -> str:
        if not self.narrow:
            return f"{_scroller('Figure')}{self.picture}</div>"
        return (
            f'<div class="pfp-figure-pictures"><div class="pfp-figure-wide">{_sized(self.picture)}'
            f'</div><div class="pfp-figure-narrow">{_sized(self.narrow)}</div></div>'
        )

    def _table(self) -> str:
        if self.table is None:
            return ""
        head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in self.table.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(cell))}</td>" for cell in row) + "</tr>"
            for row in self.table.itertuples(index=False)
        )
        return (
            '<details class="pfp-figure-data"><summary>The data of this figure</summary>'
            f"{_scroller('Data')}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
        )


def _sized(picture: str) -> str:
    """Return a picture over an empty canvas of its size, which keeps its place.

    So a browser need not lay out a picture that is off the screen, and nothing moves when it does.
    """
    width, height = map(float, picture.split('"', 2)[1].split()[2:])
    return (
        f'<div class="pfp-figure-ink">{picture}</div>'
        f'<canvas width="{width:.0f}" height="{height:.0f}" aria-hidden="true"></canvas>'
    )


def _scroller(label: str) -> str:
    # In the book a script makes a region a stop of the keyboard only where it scrolls.
    stop = "" if on_static_page() else f' tabindex="0" role="group" aria-label="{label}"'
    return f'<div class="pfp-figure-scroll" data-label="{label}"{stop}>'


def _cell(value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.2f}" if isinstance(value, float) else str(value)


# What a notebook calls says in a sentence what is wrong with its arguments.
for _name in __all__:
    if inspect.isfunction(globals()[_name]):
        globals()[_name] = clear_errors(globals()[_name])


def __getattr__(name: str) -> Any:
    """Return a figure of the course's own: it is loaded when it is first used."""
    module = default_course().extras("FIGURES").get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    own = getattr(import_module(module), name)
    return clear_errors(own) if inspect.isfunction(own) else own


def __dir__() -> list[str]:
    return sorted([*__all__, *default_course().extras("FIGURES")])

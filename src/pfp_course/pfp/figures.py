"""Figures of this course alone: a map of the partnership, and what the table says of a state."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.data import load, source, world
from pfp_course.errors import CourseError
from pfp_course.figures import canvas
from pfp_course.vector import cut

__all__ = ["MAP_NOTE", "explore_country", "signature_map"]

MAP_NOTE = (
    "Borders are those of Natural Earth, drawn coarsely. Natural Earth draws who controls an "
    "area, which may differ from whose it is by law; the map takes no side on any border."
)
_WINDOW = (-25.0, 110.0, 20.0, 80.0)  # degrees: west, east, south, north of what is drawn
_VIEW = (-0.56, 0.66, -0.30, 0.335)  # the cut of the page, in projected units
# A little more than the cut of the page, so that no border is drawn along its edge.
_SHEET = (_VIEW[0] - 0.02, _VIEW[1] + 0.02, _VIEW[2] - 0.02, _VIEW[3] + 0.02)
_MALTA = (14.4, 35.9)  # too small for the outlines at 1:110 million
# Who signed when: last day, name, hatching. One colour, as it is one partnership.
_PERIODS = (
    ("1994-12-31", "signed in 1994", ""),
    ("1999-12-31", "signed 1995\u20131999", "////"),
    ("2006-12-31", "signed 2000\u20132006", "----"),
)
Point = tuple[float, float]


def _albers(longitude: float, latitude: float) -> Point:
    """Project degrees by Albers' equal-area conic (standard parallels 40 and 60, centre 35 E)."""
    first, second, centre, origin = (math.radians(value) for value in (40, 60, 35, 52))
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    theta = n * (math.radians(longitude) - centre)
    radius = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
    origin_radius = math.sqrt(c - 2 * n * math.sin(origin)) / n
    return radius * math.sin(theta), origin_radius - radius * math.cos(theta)


@cache
def _shapes(course: Course) -> tuple[tuple[str, Path], ...]:
    shapes = []
    for outline in world(course):
        vertices: list[Point] = []
        codes: list[Any] = []
        for polygon in outline.polygons:
            for ring in polygon:
                projected = [_albers(*point) for point in cut(ring, _WINDOW)]
                points = cut(projected, _SHEET)
                if len(points) < 3:
                    continue
                vertices += [*points, points[0]]
                codes += [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
        if vertices:
            shapes.append((outline.iso3, Path(vertices, codes)))
    return tuple(shapes)


@canvas.two_layouts
def signature_map(*, until: str | None = None, title: str) -> tuple[Figure, Axes]:
    """Draw who had signed the Framework Document, and in which years.

    Parameters
    ----------
    until : str, optional
        The last day that counts, as ISO text such as ``"1994-12-31"``; all by default.
    title : str
        The question that the figure answers.
    """
    last = until or _PERIODS[-1][0]
    try:
        date.fromisoformat(last)
    except ValueError:
        raise CourseError(
            f"{last!r} is no date. Write the year, month and day, for example 1994-12-31."
        ) from None
    course = default_course()
    signed = load("signatories", course).set_index("iso3")["signed"].dt.strftime("%Y-%m-%d")
    signed = signed[signed <= last]
    period = {
        iso3: next(number for number, (end, _, _) in enumerate(_PERIODS) if day <= end)
        for iso3, day in signed.items()
    }
    figure, axes = canvas.new(
        title,
        unit="the year of signature, in three groups",
        period=f"1994 to {last[:4]}" if last[:4] != "1994" else "1994",
        height=2.9 if canvas.narrow() else 3.7,
    )
    colour = canvas.look_of("Partnership for Peace").colour
    for iso3, path in _shapes(course):
        number = period.get(iso3)
        axes.add_patch(
            PathPatch(path, facecolor=canvas.RAISED, edgecolor=canvas.LINE, linewidth=0.6)
            if number is None
            else PathPatch(
                path,
                facecolor=canvas.PAPER if _PERIODS[number][2] else colour,
                edgecolor=colour if _PERIODS[number][2] else canvas.PAPER,
                linewidth=0.6,
                hatch=_PERIODS[number][2],
            )
        )
    if "MLT" in period:
        x, y = _albers(*_MALTA)
        axes.plot([x], [y], "o", color=colour, markersize=5)
        axes.annotate(
            "Malta",
            (x, y),
            xytext=(0, -5),
            textcoords="offset points",
            va="top",
            ha="center",
            color=canvas.INK,
        )
    west, east, south, north = _VIEW
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.axis("off")
    numbers = list(period.values())
    handles = [
        Patch(
            facecolor=canvas.PAPER if hatch else colour,
            edgecolor=colour,
            hatch=hatch,
            label=f"{name}: {numbers.count(number)}",
        )
        for number, (_, name, hatch) in enumerate(_PERIODS)
        if number in numbers
    ]
    handles.append(Patch(facecolor=canvas.RAISED, edgecolor=canvas.LINE, label="had not signed"))
    canvas.legend(figure, handles, 2)
    return figure, axes


_ROWS = (
    ("Signed the Framework Document", "signed"),
    ("Place in the order of signature", "order_signed"),
    ("Region", "region"),
    ("Status in 2014", "status_2014"),
    ("Status in 2024", "status_2024"),
    ("Joined NATO", "nato_accession"),
    ("Declared neutral", "neutral"),
    ("Withdrew", "withdrew"),
    ("Came back", "rejoined"),
    ("Note", "note"),
    ("How sure we are of the date", "confidence"),
)


def _country_card(iso3: str, course: Course) -> str:
    """Return as HTML what the table of signatories says of a state, with its sources."""
    import pandas as pd

    table = load("signatories", course)
    row = table[table["iso3"] == iso3].iloc[0]
    # The book has a class for it: a server may allow no style inside a page.
    left = 'class="pfp-left"' if on_static_page() else 'style="text-align:left"'
    cells = "".join(
        f'<tr><th scope="row" {left}>{words}</th>'
        f"<td {left}>{escape(_spoken(row[column]))}</td></tr>"
        for words, column in _ROWS
        if not pd.isna(row[column])
    )
    labels = "; ".join(dict.fromkeys(source(key, course).short for key in row["source"].split(";")))
    name = escape(str(row["country"]))
    return (
        f'<div class="pfp-country"><table><caption>{name}</caption><tbody>{cells}</tbody></table>'
        f"<p>Source: {escape(labels)}.</p></div>"
    )


def _spoken(value: Any) -> str:
    if hasattr(value, "strftime"):
        return f"{value.day} {value:%B %Y}"
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


@dataclass(frozen=True)
class Still:
    """What a page shows in the place of a list of states."""

    html: str
    words: str

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html


def explore_country() -> Any:
    """Show what the table says of a state of your choice; on a page, of Kazakhstan."""
    course = default_course()
    if on_static_page():
        html = _country_card("KAZ", course)
        return Still(html, "What the table of signatories says of Kazakhstan.")
    return _country_list(course)


def _country_list(course: Course) -> Any:
    """Return a list of the signatories above what the table says of the chosen one."""
    import ipywidgets as widgets

    words = (
        "A list of the signatories, and what the table says of each. Run the cell in JupyterLab."
    )

    class CountryList(widgets.VBox):  # type: ignore[misc]
        """A list above a card that follows it."""

        def __repr__(self) -> str:
            return words

        def _repr_mimebundle_(self, **options: Any) -> Any:
            bundle: Any = super()._repr_mimebundle_(**options)
            data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
            return {**data, "text/plain": words}, metadata

    table = load("signatories", course).sort_values("country")
    states = list(zip(table["country"], table["iso3"], strict=True))
    chooser = widgets.Dropdown(options=states, value="KAZ", description="State")
    card = widgets.HTML(_country_card(chooser.value, course))
    chooser.observe(
        lambda change: setattr(card, "value", _country_card(change["new"], course)), names="value"
    )
    return CountryList([chooser, card])

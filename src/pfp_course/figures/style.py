"""The house style: one size, one type, colours that light and dark share by name."""

from textwrap import fill
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pfp_course.palette import LIGHT

__all__ = ["INK", "LINE", "MARKERS", "PAPER", "RAISED", "SERIES", "SOFT", "house_style", "new"]

INK, SOFT, LINE = LIGHT["ink"], LIGHT["ink-soft"], LIGHT["line"]
PAPER, RAISED = LIGHT["paper"], LIGHT["paper-raised"]
# Form beside colour: as many as there are colours.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SERIES = tuple(LIGHT[f"s{number}"] for number in range(1, 8))

_WIDTH = 6.0  # inches: with type of 10 points it stays readable on a phone
_TITLE_CHARACTERS = 60

# The parameters of Matplotlib; their names are typed by some of its versions only.
house_style: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": SOFT,
    "axes.grid": False,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 10,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 1.1,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "patch.edgecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "pfp-course",
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


def new(title: str, *, height: float = 3.6) -> tuple[Figure, Axes]:
    """Return an empty figure with one pair of axes, in the house style.

    Parameters
    ----------
    title : str
        The question that the figure answers, or its answer.
    height : float
        Height in inches; the width is always 6.
    """
    with mpl.rc_context(house_style):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        # Not known to pyplot: a notebook shows it once, by `show`, and frees it.
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        figure.suptitle(
            fill(title, _TITLE_CHARACTERS), x=0.01, ha="left", fontsize=11.5, fontweight="bold"
        )
    return figure, axes

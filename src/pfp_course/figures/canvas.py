"""What figures are drawn on: the type, the colours, and two layouts from one call."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from textwrap import fill
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from pfp_course import palette, typeface
from pfp_course.course import default_course
from pfp_course.errors import CourseError
from pfp_course.palette import LIGHT, LOOKS, Look

__all__ = [
    "INK",
    "LINE",
    "PAPER",
    "PLAIN",
    "POINTED",
    "RAISED",
    "SMALL",
    "SOFT",
    "Drawing",
    "across_only",
    "beside",
    "fitted",
    "house_style",
    "legend",
    "legend_height",
    "look_of",
    "looks_of",
    "mark",
    "name_rows",
    "names_above",
    "names_of",
    "narrow",
    "narrowly",
    "new",
    "period_of",
    "square",
    "ticks",
    "two_layouts",
    "width",
    "write",
]

INK, SOFT, LINE = LIGHT["ink"], LIGHT["ink-soft"], LIGHT["line"]
PAPER, RAISED = LIGHT["paper"], LIGHT["paper-raised"]
# What has no meaning of its own, and what a figure points out.
PLAIN, POINTED = LOOKS["s6"].colour, LOOKS["s2"].colour

# Points. A narrow figure is drawn for a column of 358 pixels, that of a phone of 390: its smallest
# type is then 12.6 pixels high. Type of one size is drawn on both.
_BASE, SMALL = 10.0, 9.5
_WIDE, _NARROW = 6.0, 3.75  # inches
_LETTER = 4.9  # points: the mean width of a letter of the base size
_NAME = 104  # points that the names of rows may take on a narrow figure
_TITLE_CHARACTERS = 62
# Characters: on a narrow figure a longer name stands above its row; where there are many rows, only
# the longest do, so that the figure does not become a column of two screens.
_LONG_NAME, _LONGEST_NAME, _MANY_ROWS = 15, 24, 12

_is_narrow: ContextVar[bool] = ContextVar("narrow", default=False)
_Given = ParamSpec("_Given")

# The parameters of Matplotlib; their names are typed by some of its versions only.
house_style: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": SOFT,
    "axes.grid": False,
    "axes.labelcolor": SOFT,
    "axes.labelsize": _BASE,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": typeface.FAMILY,
    "font.size": _BASE,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 1.1,
    "legend.fontsize": _BASE,
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
    "xtick.labelsize": _BASE,
    "ytick.labelsize": _BASE,
}


class Drawing(Figure):
    """A figure that knows its words and how to draw itself again.

    Attributes
    ----------
    question, line : str
        The title, and the line below it: what is counted or measured, and when.
    again : callable or None
        Draws the figure once more, in the layout that is set.
    """

    question: str = ""
    line: str = ""
    again: "Callable[[], tuple[Figure, Axes]] | None" = None
    _as_drawn: object = None

    def is_as_drawn(self) -> bool:
        """Tell whether nobody has changed the figure since a function of ours drew it."""
        return self.again is not None and self._state() == self._as_drawn

    def note(self, again: "Callable[[], tuple[Figure, Axes]]") -> None:
        """Remember how the figure was drawn, and how it looks now."""
        self.again, self._as_drawn = again, self._state()

    def _state(self) -> object:
        return [
            (len(axes.get_children()), axes.get_xlim(), axes.get_ylim(), axes.get_xlabel())
            for axes in self.axes
        ]


def two_layouts(
    draw: "Callable[_Given, tuple[Figure, Axes]]",
) -> "Callable[_Given, tuple[Figure, Axes]]":
    """Draw in the house style, and once more for a narrow screen, from the same call."""
    styled = mpl.rc_context(house_style)(draw)

    @wraps(draw)
    def drawn(*given: _Given.args, **named: _Given.kwargs) -> tuple[Figure, Axes]:
        figure, axes = styled(*given, **named)
        if isinstance(figure, Drawing):
            figure.note(lambda: styled(*given, **named))
        return figure, axes

    return drawn


@contextmanager
def narrowly() -> Iterator[None]:
    """Draw for a narrow screen while this lasts."""
    token = _is_narrow.set(True)
    try:
        yield
    finally:
        _is_narrow.reset(token)


def narrow() -> bool:
    """Tell whether the figure is drawn for a narrow screen."""
    return _is_narrow.get()


def width() -> float:
    """Return the width of the figure that is drawn, in points."""
    return 72 * (_NARROW if narrow() else _WIDE)


def new(
    title: str, *, unit: str = "", period: str = "", height: float = 3.6
) -> tuple[Drawing, Axes]:
    """Return an empty figure with one pair of axes, in the house style.

    Parameters
    ----------
    title : str
        The question that the figure answers, or its answer.
    unit, period : str
        What is counted or measured, and the years that the figure is about: they make the line
        below the title.
    height : float
        Height in inches; the width is 6, and 3.75 for a narrow screen.
    """
    typeface.register()
    with mpl.rc_context(house_style):
        figure = Drawing(figsize=(width() / 72, height), layout="constrained")
        # Not known to pyplot: a notebook shows it once, by `show`, and frees it.
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        figure.question, figure.line = title, ", ".join(filter(None, (unit, period)))
        # A page writes the words above the picture; they are drawn where the figure stands alone.
        figure.suptitle(
            fill(title, _TITLE_CHARACTERS), x=0.01, ha="left", fontsize=11.5, fontweight="semibold"
        )
        # Room at the sides for a font that stands in, in which words are a little wider.
        figure.get_layout_engine().set(w_pad=0.07, h_pad=0.04)  # type: ignore[call-arg, union-attr]
    return figure, axes


def period_of(first: object, last: object) -> str:
    """Return two years, or days, as the words of a period: ``1994 to 2006``."""
    begin, end = (str(value)[:4] for value in (first, last))
    return begin if begin == end else f"{begin} to {end}"


def _meanings() -> palette.Meanings:
    """Return what has a colour of its own in the course of the notebook that draws."""
    # Charts are names of a notebook, where no course is passed: each would have to take this one.
    meanings: palette.Meanings = default_course().extras("MEANINGS")
    return meanings


def looks_of(names: Iterable[object]) -> dict[str, Look]:
    """Return a look for each name, the same in all figures of the course.

    Raises
    ------
    CourseError
        If there are more names than looks.
    """
    wanted = list(dict.fromkeys(str(name) for name in names))
    if len(wanted) > len(LOOKS):
        raise CourseError(
            f"{len(wanted)} groups are too many to tell apart. Take {len(LOOKS)} at most."
        )
    try:
        return palette.looks(wanted, _meanings())
    except ValueError as error:
        raise CourseError(f"{error}. Give one of them another name.") from None


def look_of(words: str) -> Look:
    """Return the look of the meaning with which words begin, or of what is pointed out."""
    meanings = _meanings()
    found = [name for name in meanings if words.startswith(name)]
    return LOOKS[meanings[max(found, key=len)][0]] if found else LOOKS["s2"]


def fitted(text: object, points: float) -> str:
    """Return a text in lines that are at most so many points wide, by the mean of its letters."""
    return fill(str(text), max(8, int(points / _LETTER)))


def beside(share: float, words: object, points: float) -> tuple[bool, str]:
    """Return how words stand at a mark: whether they go on to the right, and their lines.

    Parameters
    ----------
    share : float
        Where the mark is: 0 at the left end of the axis, 1 at the right.
    words : object
        They go to the right where they fit there, and else to the side with more room.
    points : float
        How wide the axis is.
    """
    right, left = (1 - share) * points, share * points
    after = len(str(words)) * _LETTER <= right or right >= left
    return after, fitted(words, max(right, left))


def write(
    axes: Axes, words: str, at: Any, by: tuple[float, float], *, va: str = "center", **look: Any
) -> None:
    """Write words so many points across and up from a place, which is in units of the axes."""
    axes.annotate(words, at, xytext=by, textcoords="offset points", va=va, **look)


def names_of(rows: Iterable[object]) -> list[str]:
    """Return the names of rows, in several lines where a narrow figure has no room for one."""
    return [fitted(name, _NAME) if narrow() else str(name) for name in rows]


def names_above(names: Sequence[object]) -> bool:
    """Tell whether the names of rows stand above them, as there is no room beside them."""
    longest = max((len(str(name)) for name in names), default=0)
    return narrow() and longest > (_LONG_NAME if len(names) <= _MANY_ROWS else _LONGEST_NAME)


def across_only(axes: Axes) -> None:
    """Draw no upright axis, and a line of the grid for each tick of the other."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows of a figure at its left side, with a line of the grid for each tick."""
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(LINE)
    axes.grid(axis="x")


def ticks(most: int, *, whole: bool = True) -> MaxNLocator:
    """Return a locator for an axis across; a narrow figure has room for fewer ticks."""
    return MaxNLocator(min(most, 4) if narrow() else most, integer=whole)


def square(axes: Axes, x: float, y: float, side: float, **look: Any) -> None:
    """Draw a square about its middle; its side is in units of the axes."""
    axes.add_patch(Rectangle((x - side / 2, y - side / 2), side, side, **look))


def mark(look: Look, words: str) -> Line2D:
    """Return the mark of a look and its words, for a legend."""
    return Line2D([], [], linestyle="", marker=look.marker, color=look.colour, label=words)


def legend_height(words: Sequence[object], most: int = 4) -> float:
    """Return the height of a legend with these words, in inches."""
    return 0.1 + 0.21 * -(-len(words) // _columns(words, most))


def _columns(words: Sequence[object], most: int) -> int:
    """Return how many columns a legend with these words has room for."""
    longest = max((len(str(word)) for word in words), default=1)
    return max(1, min(most, len(words), int(width() // (longest * _LETTER + 34))))


def legend(figure: Figure, handles: Sequence[Any], most: int = 4, **more: Any) -> None:
    """Set a legend below the figure, in as many columns as it has room for."""
    words = [str(handle.get_label()) for handle in handles]
    figure.legend(
        handles=list(handles),
        loc="outside lower left",
        ncols=_columns(words, most),
        **{"handletextpad": 0.4, "columnspacing": 1.4, **more},
    )

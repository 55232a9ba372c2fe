"""Two readers side by side: where they agree, and where not."""

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pfp_course.errors import CourseError
from pfp_course.figures.style import INK, LINE, PAPER, SERIES, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["matrix"]

_ROW = 0.62  # inches


def matrix(table: "pd.DataFrame", *, title: str, rows: str, columns: str) -> tuple[Figure, Axes]:
    """Draw a cross table of two readers: the larger a square, the more cases.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts. Index and columns hold the same words in the same order.
    title : str
        The question that the figure answers.
    rows, columns : str
        Who stands in the rows, and who in the columns.
    """
    if list(table.index) != list(table.columns):
        raise CourseError(
            "The rows and columns of the table differ. Put both into one order: "
            "table.reindex(index=words, columns=words, fill_value=0)"
        )
    most = int(table.to_numpy().max()) if table.size else 0
    if not most:
        raise CourseError("There are no cases to compare. Look at your filter.")
    figure, axes = new(title, height=1.9 + _ROW * len(table))
    with mpl.rc_context(house_style):
        for row, counts in enumerate(table.to_numpy()):
            for column, count in enumerate(counts):
                axes.add_patch(
                    Rectangle(
                        (column - 0.46, row - 0.46),
                        0.92,
                        0.92,
                        facecolor="none",
                        edgecolor=SERIES[0] if row == column else LINE,
                        linewidth=2 if row == column else 0.8,
                    )
                )
                if not count:
                    continue
                side = 0.42 + 0.42 * (int(count) / most) ** 0.5
                axes.add_patch(
                    Rectangle(
                        (column - side / 2, row - side / 2),
                        side,
                        side,
                        facecolor=SERIES[0] if row == column else SERIES[1],
                        edgecolor="none",
                    )
                )
                axes.text(
                    column, row, str(int(count)), ha="center", va="center", color=PAPER, fontsize=10
                )
        axes.set_xlim(-0.6, len(table) - 0.4)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_aspect("equal")
        axes.set_xticks(range(len(table)), [str(word) for word in table.columns])
        axes.set_yticks(range(len(table)), [str(word) for word in table.index])
        axes.tick_params(length=0, colors=INK)
        axes.xaxis.set_ticks_position("top")
        axes.set_xlabel(columns)
        axes.xaxis.set_label_position("top")
        axes.set_ylabel(rows)
        for side_name in ("left", "bottom"):
            axes.spines[side_name].set_visible(False)
        for label in axes.get_xticklabels():
            label.set_rotation(30)
            label.set_horizontalalignment("left")
    return figure, axes

"""Pictures of pages for those who share a link: 1200 × 630 pixels, in the look of the house."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from pfp_course import typeface
from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.sphinx_ext.theme import subtitle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SIZE", "draw", "file_name", "spoken", "write"]

SIZE = (1200, 630)  # pixels: what the networks ask for

_DPI = 100
_MARGIN = 80  # pixels
# The sign of the course, as on its logo: one way in and three ways on.
_STEM = (760, 448)
_WAYS = {"s1": -58, "s3": 0, "s2": 58}


def file_name(chapter: Chapter | None) -> str:
    """Return the file of a chapter's picture, or of the course's."""
    return f"previews/{chapter.number if chapter else 'course'}.png"


def spoken(chapter: Chapter | None, course: Course) -> str:
    """Return the words of a picture, for those who do not see it."""
    if chapter is None:
        return f"Title: {course.title}."
    return f"Title: {course.short_title}. {chapter.part}. Chapter {chapter.heading}."


def write(folder: Path, chapters: Iterable[Chapter], course: Course) -> None:
    """Draw the picture of the course and one for each chapter."""
    (folder / "previews").mkdir(parents=True, exist_ok=True)
    held = list(chapters)
    minutes = sum(chapter.minutes for chapter in held)
    below = f"{len(held)} chapters · {minutes // 60} hours · free to read, run and teach"
    colours = course.palette("light")
    draw(folder / file_name(None), "", course.short_title, subtitle(course), below, colours)
    for chapter in held:
        number = f"Chapter {int(chapter.number)}"
        draw(
            folder / file_name(chapter),
            chapter.part,
            chapter.title,
            f"{number} · about {chapter.minutes} minutes",
            course.title,
            colours,
        )


def draw(
    target: Path, over: str, title: str, under: str, foot: str, colours: Mapping[str, str]
) -> None:
    """Draw one picture.

    Parameters
    ----------
    target : pathlib.Path
        The PNG file.
    over, title, under, foot : str
        The lines, from the top; the title may be broken into three.
    colours
        A light scheme, by the names of `pfp_course.palette`.
    """
    # Here, because most builds draw none: loading Matplotlib takes longer than a page.
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    typeface.register()
    width, height = SIZE
    with mpl.rc_context({"font.family": typeface.FAMILY, "text.parse_math": False}):
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=colours["paper"])

        def place(x: float, y: float) -> tuple[float, float]:
            return x / width, 1 - y / height

        def bar(y: float, thickness: float, colour: str, length: float) -> None:
            corner = place(_MARGIN, y + thickness)
            figure.add_artist(
                Rectangle(corner, length / width, thickness / height, color=colour, linewidth=0)
            )

        # A strong and a fine rule, as over the parts of the book; the accent as on its logo.
        bar(70, 8, colours["ink"], width - 2 * _MARGIN)
        bar(84, 2, colours["ink"], width - 2 * _MARGIN)
        figure.text(*place(_MARGIN, 152), over, size=20, color=colours["s2"])
        lines = wrap(title, 26)[:3]
        size = 50 if len(lines) < 3 else 43
        step = size * 1.75
        for number, line in enumerate(lines):
            figure.text(*place(_MARGIN, 250 + number * step), line, size=size, color=colours["ink"])
        after = 250 + (len(lines) - 1) * step + 68
        figure.text(*place(_MARGIN, after), under, size=22, color=colours["ink-soft"])
        _sign(figure, colours)
        bar(532, 2, colours["line"], width - 2 * _MARGIN)
        figure.text(*place(_MARGIN, 578), foot, size=18, color=colours["accent"])
        _save(figure, target)


def _sign(figure: "Figure", colours: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Curve

    width, height = SIZE
    x, y = _STEM
    for colour, rise in _WAYS.items():
        points = [(x, y), (x + 80, y), (x + 180, y), (x + 165, y + rise), (x + 270, y + rise)]
        points.append((width - _MARGIN, y + rise))
        kinds = [Curve.MOVETO, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.LINETO]
        curve = Curve([(px / width, 1 - py / height) for px, py in points], kinds)
        patch = PathPatch(curve, facecolor="none", edgecolor=colours[colour], linewidth=9)
        figure.add_artist(patch)
    point = Line2D([x / width], [1 - y / height], marker="o", markersize=20, color=colours["ink"])
    figure.add_artist(point)


def _save(figure: "Figure", target: Path) -> None:
    from PIL import Image

    whole = BytesIO()
    figure.savefig(whole, format="png", dpi=_DPI)
    # Few colours: a table of 32 keeps the letters smooth at a third of the size.
    picture = Image.open(whole).convert("RGB").quantize(32, dither=Image.Dither.NONE)
    picture.save(target, format="PNG", optimize=True)

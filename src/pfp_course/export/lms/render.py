"""What a question says and shows, as learning management systems take it: HTML and pictures."""

import base64
import hashlib
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import combinations

from pfp_course.export.lms.model import Item
from pfp_course.palette import LIGHT, printed
from pfp_course.questions.interactions import Pick
from pfp_course.questions.kinds.hotspot import Drawing
from pfp_course.questions.texts import FormulaError, Token, as_mathml, as_plain, tokens
from pfp_course.vector import places

__all__ = [
    *("Circle", "Picture", "Polygon", "Texts", "outlines", "picture", "plain_line", "right_areas"),
]

_DATA = re.compile(r"data:image/(?P<kind>png|jpeg|gif|webp);base64,(?P<data>[A-Za-z0-9+/=]+)")


def plain_line(text: str) -> str:
    """Return a text without its marks, in one line."""
    return " ".join(as_plain(text).split())


@dataclass
class Texts:
    """Writes texts as HTML that is well-formed XML, without style or script.

    ``address`` gives that of a picture for the name of its file; without one a picture stays in the
    text as data. Formulas stay ``latex`` between brackets with a stroke, or are MathML. The
    ``pictures`` of all texts that were written have the names of their files, which are made from
    what they hold.
    """

    address: Callable[[str], str] | None = None
    latex: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)

    def html(self, text: str) -> str:
        """Return a text as HTML for the inside of a paragraph; everything but marks is escaped."""
        return "".join(map(self._part, tokens(text)))

    def block(self, text: str) -> str:
        """Return a text as a paragraph, or as nothing where it is empty."""
        return f"<div>{self.html(text)}</div>" if text else ""

    def reason(self, item: Item) -> str:
        """Return why an answer is right, and the sources, as blocks."""
        sources = "; ".join(
            f'<a href="{escape(one.url)}">{escape(one.label)}</a>'
            if one.url.startswith(("https://", "http://"))
            else escape(one.label)
            for one in item.form.sources
        )
        line = f'<div class="pfp-sources">Sources: {sources}</div>' if sources else ""
        return self.block(item.form.because) + line

    def rubric(self, item: Item) -> str:
        """Return the rubric of an essay, and what a good answer holds, for the marker."""
        asks = item.asks
        rows = "".join(
            f"<li>{self.html(one.text)}<ol>{self._list(one.levels)}</ol></li>"
            for one in getattr(asks, "rubric", ())
        )
        rows += self._list(getattr(asks, "known", ()))
        return (f"<ul>{rows}</ul>" if rows else "") + self.reason(item)

    def _list(self, texts: Iterable[str]) -> str:
        return "".join(f"<li>{self.html(text)}</li>" for text in texts)

    def _part(self, part: Token) -> str:
        match part.kind:
            case "code":
                return f"<code>{escape(part.content)}</code>"
            case "block":
                return f"<pre>{escape(part.content)}</pre>"
            case "emphasis":
                return f"<em>{self.html(part.content)}</em>"
            case "formula" | "display":
                return self._formula(part.content, display=part.kind == "display")
            case "image":
                return self._picture(part)
            case "br":
                return "<br/>"
        return escape(part.content, quote=False)

    def _formula(self, latex: str, *, display: bool) -> str:
        if self.latex:
            return escape(f"\\[{latex}\\]" if display else f"\\({latex}\\)")
        try:
            return as_mathml(latex, display=display)
        except FormulaError:
            return f"<code>{escape(latex)}</code>"

    def _picture(self, part: Token) -> str:
        found = _DATA.fullmatch(part.content)
        if found is None:
            return escape(f"[{part.alt}]")
        source = part.content
        if self.address is not None:
            source = self.address(self.store(base64.b64decode(found["data"]), found["kind"]))
        return f'<img src="{escape(source)}" alt="{escape(part.alt)}"/>'

    def store(self, content: bytes, kind: str = "png") -> str:
        """Keep a picture as a file, and return its name."""
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{'jpg' if kind == 'jpeg' else kind}"
        self.pictures[name] = content
        return name


_PRINTED = printed(LIGHT)
_RADIUS = 14.0  # pixels about a point of a chart that count as the point, at the most
_MAP_WORDS = "A map. The countries that can be chosen are darker than the others."
_CHART_WORDS = "A chart with a point for each thing that can be chosen"
Point = tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """A PNG, its size in pixels, and what it shows in words."""

    content: bytes
    width: int
    height: int
    words: str

    def as_text(self) -> str:
        """Return it as a text of a bank that holds it."""
        return f"![{self.words}](data:image/png;base64,{base64.b64encode(self.content).decode()})"


@dataclass(frozen=True)
class Polygon:
    """An area of a picture: the position of its option, and its corners in pixels."""

    choice: int
    corners: tuple[Point, ...]

    @property
    def size(self) -> float:
        """Its area in square pixels."""
        after = (*self.corners[1:], self.corners[0])
        pairs = zip(self.corners, after, strict=True)
        return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


@dataclass(frozen=True)
class Circle:
    """An area about a point of a picture: the position of its option, centre and radius."""

    choice: int
    x: int
    y: int
    radius: int

    @property
    def size(self) -> float:
        """Its area in square pixels."""
        return math.pi * self.radius**2


def outlines(drawing: Drawing) -> Iterator[Polygon | Circle]:
    """Yield the areas of a drawing that can be picked; an option may have several."""
    for area in drawing.areas:
        if area.choice is not None:
            for ring in _rings(area.d):
                yield Polygon(area.choice, tuple(ring))
    centres = [(mark.x, mark.y) for mark in drawing.marks]
    nearest = min((math.dist(*pair) for pair in combinations(centres, 2)), default=_RADIUS)
    radius = max(1, int(min(_RADIUS, nearest / 2)))
    for mark in drawing.marks:
        yield Circle(mark.choice, mark.x, mark.y, radius)


def right_areas(asks: Pick) -> list[Polygon | Circle]:
    """Return the areas of the right option, the largest first."""
    right = next(number for number, one in enumerate(asks.options) if one.is_right)
    areas = (area for area in outlines(asks.drawing) if area.choice == right)
    return sorted(areas, key=lambda area: area.size, reverse=True)


def _rings(data: str) -> Iterator[list[Point]]:
    """Yield the closed rings of a path in relative steps."""
    points, start = places(data), 0
    for piece in data.split("z"):
        count = len(places(piece))
        if count:
            yield points[start : start + count]
        start += count


@lru_cache(maxsize=64)
def picture(drawing: Drawing, scale: float = 1.0) -> Picture:
    """Return a drawing as a picture, of ``scale`` pixels for each of its units."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = drawing.width, drawing.height
    figure = Figure(
        figsize=(width / 100, height / 100), dpi=100 * scale, facecolor=_PRINTED["paper"]
    )
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for area in drawing.areas:
        chosen = area.choice is not None
        for ring in _rings(area.d):
            across, down = zip(*ring, strict=True)
            axes.fill(
                across,
                down,
                facecolor=_PRINTED["s6"] if chosen else _PRINTED["paper-raised"],
                edgecolor=_PRINTED["paper"] if chosen else _PRINTED["line"],
                linewidth=0.7,
            )
    if drawing.frame:
        for line in _frame(drawing.frame):
            axes.plot(*zip(*line, strict=True), color=_PRINTED["line"], linewidth=1)
    for mark in drawing.marks:
        axes.plot(mark.x, mark.y, "o", color=_PRINTED["s1"], markersize=8)
    at = {"start": "left", "middle": "center", "end": "right"}
    for word in drawing.words:
        axes.text(
            word.x, word.y, word.text, ha=at[word.at], va="baseline", fontsize=10,
            color=_PRINTED["ink"], parse_math=False,
        )  # fmt: skip
    file = io.BytesIO()
    # Neither the time nor the version of the library stands in it.
    FigureCanvasAgg(figure)
    figure.savefig(file, format="png", metadata={"Software": None})
    size = round(width * scale), round(height * scale)
    return Picture(file.getvalue(), *size, _words(drawing))


def _frame(data: str) -> list[list[Point]]:
    """Return the lines of a chart's axes, ``M… …V…H…``, as `hotspot` writes them."""
    start, rest = data.removeprefix("M").split("V")
    low, right = map(float, rest.split("H"))
    left, high = map(float, start.split())
    return [[(left, high), (left, low), (right, low)]]


def _words(drawing: Drawing) -> str:
    if not drawing.marks:
        return _MAP_WORDS
    titles = [word.text for word in drawing.words[:2]]
    shown = " and ".join(title.replace("[", "(").replace("]", ")") for title in titles)
    return f"{_CHART_WORDS}. Axes: {shown}." if shown else f"{_CHART_WORDS}."

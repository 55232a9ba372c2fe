"""Show a figure: as SVG that follows light and dark, with caption, source and words for it."""

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pfp_course.content import on_static_page
from pfp_course.data import package
from pfp_course.data import source as find_source
from pfp_course.errors import CourseError
from pfp_course.figures.style import house_style
from pfp_course.palette import LIGHT, notebook_rules
from pfp_course.vector import compact

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Shown", "show", "svg"]

_SHORTEST_ALT = 40
_ID = re.compile(r'(?<= id=")[^"]+(?=")|(?<=:href="#)[^"]+(?=")|(?<=url\(#)[^)]+(?=\))')
_PATH = re.compile(r'(?<= d=")[^"]+(?=")')
_HATCHING = re.compile(
    r'(<pattern[^>]*?) width="72" height="72">(\s*<rect[^>]*/>\s*<path) d="([^"]+)"', re.DOTALL
)
_PLACE = re.compile(r' (?:x|y|transform)="[^"]+"')
_GROUP = re.compile(r"<(/?)g( [^>]*)?>")
_UNSEEN = re.compile(r'<path[^>]* style="fill: none"/>|<defs>\s*</defs>')
_UPRIGHT = re.compile(r' transform="rotate\(-?0 [^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+")
_UNUSED = re.compile(
    r' id="(?:figure|axes|patch|line2d|text|matplotlib|xtick|ytick|legend|PolyColl'
    r'ection|PathCollection|LineCollection|FillBetween\w*)[\w.]*"'
)
_RULES = """
.pfp-figure { margin: 1em 0; max-width: 44rem; }
.pfp-figure { color: var(--pfp-ink); background: var(--pfp-paper); }
.pfp-figure-scroll { overflow-x: auto; }
.pfp-figure svg { display: block; width: 100%; min-width: 26rem; height: auto; }
.pfp-figure figcaption { font-size: .9em; }
.pfp-figure a { color: var(--pfp-accent); }
"""


def show(
    figure: Figure | Axes,
    *,
    alt: str,
    caption: str,
    source: str | list[str],
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
    source : str or list of str
        Keys of sources. A cell of the column ``source`` can be given as it is. A figure that
        counts the rows of one of our own tables names it, as ``data:lessons``; one that shows
        a judgement of ours says ``ours``.
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
    given = [source] if isinstance(source, str) else source
    keys = dict.fromkeys(key.strip() for text in given for key in text.split(";") if key.strip())
    if not keys:
        raise CourseError("The figure has no source. Name the key of one, for example 'wiki_pfp'.")
    labels = [_label(key) for key in keys]
    # A label that ends with "n.d." brings its own point.
    named = "; ".join(dict.fromkeys(labels)).removesuffix(".")
    return Shown(svg(whole, alt), alt, caption, named, table)


def _label(key: str) -> str:
    if key == "ours":
        return "our own judgement"
    if key.startswith("data:"):
        name = package().table(key.removeprefix("data:")).name
        return f"our table {name}, whose rows name their sources"
    return find_source(key).short


@dataclass(frozen=True)
class Shown:
    """A figure as it is shown: its picture and its words."""

    picture: str
    alt: str
    caption: str
    sources: str
    table: "pd.DataFrame | None" = None

    def __str__(self) -> str:
        return f"[Figure: {self.alt}]\n{self.caption}\nSource: {self.sources}."

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # The book has these rules in its own sheet.
        rules = "" if on_static_page() else notebook_rules(".pfp-figure") + _RULES
        style = f"<style>{rules}</style>" if rules else ""
        return (
            f'<figure class="pfp-figure">{style}'
            f"{_scroller('Figure')}{self.picture}</div><figcaption>{escape(self.caption)} "
            f'<span class="pfp-figure-source">Source: {escape(self.sources)}.</span></figcaption>'
            f"{self._table()}</figure>"
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
            "<details><summary>The data of this figure</summary>"
            f"{_scroller('Data')}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
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


def svg(figure: Figure, alt: str) -> str:
    """Return a figure as an SVG element whose colours are the page's.

    The same figure gives the same text; two different figures share no id.
    """
    out = StringIO()
    with mpl.rc_context(house_style):
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = _UNUSED.sub("", text)
    # Its one rule, for every element of the page, becomes two attributes of the picture.
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    text = _HATCHING.sub(_small_tile, text)
    text = _PATH.sub(lambda path: compact(path[0]), text)
    text = _PLACE.sub(lambda place: _NUMBER.sub(_rounded, place[0]), text)
    text = _UPRIGHT.sub("", text)
    text = _flattened(_UNSEEN.sub("", text))
    # Sizes in the type of the page: the reader's own font, set larger with the page.
    text = re.sub(r"'DejaVu Sans'[^;\"]*", "var(--pfp-sans, system-ui, sans-serif)", text)
    for name, colour in reversed(LIGHT.items()):
        if name not in ("accent", "accent-ink", "bad", "focus"):  # each has a twin
            text = text.replace(f"{colour};", f"var(--pfp-{name}, {colour});")
            text = text.replace(f'{colour}"', f'var(--pfp-{name}, {colour})"')
    mark = "f" + sha256((text + alt).encode()).hexdigest()[:8]
    text = _ID.sub(lambda found: f"{mark}-{found[0]}", text)
    view = re.search(r'viewBox="[^"]+"', text)
    assert view is not None, "Matplotlib always writes a viewBox"
    head = (
        f'<svg {view[0]} role="img" aria-labelledby="{mark}-title" '
        'stroke-linejoin="round" stroke-linecap="butt" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{mark}-title">{escape(" ".join(alt.split()))}</title>'
    )
    text = re.sub(r"^<svg[^>]*>", lambda _: head, text)
    return re.sub(r">\s+<", "><", text).replace("\n", " ").strip()


def _small_tile(pattern: re.Match[str]) -> str:
    """Cut a tile of hatching to a ninth: all of Matplotlib's repeat after a third of its side."""
    side, edge = 24.0, 2.0
    kept = []
    for piece in re.findall(r"M[^M]+", pattern[3]):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", piece)]
        ranges = ((min(numbers[axis::2]), max(numbers[axis::2])) for axis in (0, 1))
        if all(low <= side + edge and high >= -edge for low, high in ranges):
            kept.append(piece)
    inside = pattern[2].replace('"73"', '"25"')
    return f'{pattern[1]} width="24" height="24">{inside} d="{"".join(kept)}"'


def _flattened(text: str) -> str:
    """Leave out the groups that say nothing: a browser would keep a node for each."""
    opened: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[1]:
            return tag[0] if opened.pop() else ""
        opened.append(bool(tag[2]))
        return tag[0] if tag[2] else ""

    return _GROUP.sub(kept, text)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")

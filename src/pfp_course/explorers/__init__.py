"""Explorers: figures that a reader can use, in a notebook and on a page without a kernel.

An explorer is a still picture with its words, and the same picture live. What it computes in the
page is computed here, too: both languages pass the same vectors.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pfp_course import palette
from pfp_course.course import Course, default_course, on_static_page
from pfp_course.errors import CourseError
from pfp_course.questions.frontend import classic, joined, short

if TYPE_CHECKING:  # the page needs the front end of an explorer, and not Matplotlib
    from pfp_course.figures import Shown

__all__ = [
    "FOLDER",
    "Explorer",
    "drawn_places",
    "kappa",
    "page_script",
    "periods",
    "shown",
    "stylesheet",
    "widget_module",
    "widget_stylesheet",
]

FOLDER = Path(__file__).with_name("frontend")


@dataclass(frozen=True)
class Explorer:
    """A figure that follows its controls.

    Attributes
    ----------
    still : Shown
        The picture of one state, for print and for pages without scripts.
    words : str
        The numbers of the still picture in a sentence or two.
    data : mapping
        What the front end draws, as JSON-ready data of the course's tables.
    state : mapping of str to str
        The first state: a text for each control of the front end.
    printed : mapping of str to str
        Where the still picture shows another state than the first: what is different.
    module : Path
        The front end: a module that exports an explorer by the name of the file; see `shown`.
    """

    still: "Shown"
    words: str
    data: Mapping[str, Any]
    state: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    module: Path = Path()

    @property
    def name(self) -> str:
        """How the explorer is called in addresses and files."""
        return self.module.stem

    @property
    def spec(self) -> dict[str, Any]:
        """What the front end is given."""
        return {
            "name": self.name,
            "data": dict(self.data),
            "state": dict(self.state),
            "caption": self.still.caption,
            "sources": self.still.sources,
        }

    def __str__(self) -> str:
        return f"{self.still}\n{self.words}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return it for a page: the still picture and its words, and the data for the script."""
        # `</script>` and `<!--` inside a string would end or swallow the element.
        data = json.dumps(self.spec, ensure_ascii=False, separators=(",", ":"))
        data = data.replace("<", "\\u003c")
        return (
            f'<div class="pfp-explorer" data-explorer="{self.name}" id="explore-{self.name}">'
            f'<script type="application/json" class="pfp-explorer-data">{data}</script>'
            f'<div class="pfp-explorer-still">{self.still._repr_html_()}'
            f"<p>{escape(self.words)}</p></div></div>"
        )


def shown(make: Callable[[Course], Explorer]) -> Callable[[], Any]:
    """Return a name of the notebook: it shows the explorer that a function makes for a course.

    Parameters
    ----------
    make : callable
        The front end lies beside its module, under the same name. The first state of what it
        makes must have a word for each control, or the front end has none.
    """
    front_end = Path(str(sys.modules[make.__module__].__file__)).with_suffix(".js")

    def show() -> Any:
        made = replace(make(default_course()), module=front_end)
        if not made.state:
            raise CourseError(f"The explorer {made.name!r} has no first state. Give it one.")
        return made if on_static_page() else _widget_class(made.name, made.module)(made)

    show.__name__, show.__doc__ = make.__name__, make.__doc__
    return show


@cache
def _widget_class(name: str, module: Path) -> Any:
    """Return the class of a widget: its libraries are loaded when it is first shown."""
    import anywidget
    import traitlets

    class LiveExplorer(anywidget.AnyWidget):
        """An explorer in a live notebook; ``state`` is what the reader has chosen."""

        _esm = widget_module(name, module)
        _css = widget_stylesheet()
        spec = traitlets.Dict().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

        def __init__(self, explorer: Explorer) -> None:
            self._explorer = explorer
            super().__init__(spec=explorer.spec, state=dict(explorer.state))

        def __repr__(self) -> str:
            return str(self._explorer)

        def _repr_mimebundle_(self, **options: Any) -> Any:
            bundle: Any = super()._repr_mimebundle_(**options)
            data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
            # What GitHub, a terminal or a printer shows.
            words = {"text/html": self._explorer._repr_html_(), "text/plain": str(self._explorer)}
            return {**data, **words}, metadata

    return LiveExplorer


def _registered(names: Mapping[str, Path]) -> str:
    """Return the code that tells the frame the explorers: each module exports one by its name."""
    return f"Object.assign(EXPLORERS, {{ {', '.join(names)} }});\n" if names else ""


def page_script(modules: Mapping[str, Path]) -> str:
    """Return a script that makes every explorer of a page live, from the disk too.

    ``modules`` are the explorers by name, with the module of each.
    """
    begin = f"{_registered(modules)}startExplorers();\n"
    return classic(*modules.values(), FOLDER / "page.js", after=begin)


@cache
def widget_module(name: str, module: Path) -> str:
    """Return the front-end module of one explorer for anywidget: its default export renders.

    The other exports are for tests, which hold both languages to the same vectors.
    """
    tested = "drawnPlaces, kappaOf, periodsOf, quantileOf, slotsOf, survivalOf"
    return (
        joined(module, FOLDER / "statistics.js", FOLDER / "explore.js")
        + _registered({name: module})
        + f"export default {{ render: renderExplorer }};\nexport {{ EXPLORERS, {tested} }};\n"
    )


@cache
def stylesheet() -> str:
    """Return the rules of an explorer; the page gives the colours."""
    return short((FOLDER / "explorer.css").read_text(encoding="utf-8"))


@cache
def widget_stylesheet() -> str:
    """Return the rules of an explorer with its colours, light and dark, for a notebook."""
    return palette.notebook_rules(".pfp-live") + stylesheet()


# The constants of Numerical Recipes, as D3's randomLcg has them.
_FACTOR, _STEP, _SIZE = 1664525, 1013904223, 2**32


def drawn_places(size: int, draws: int, seed: int) -> list[list[int]]:
    """Return draws by lot with replacement, as the places that each draw takes.

    There are ``size`` places, and as many are drawn each time. The ``seed``, a whole number from
    1, is where the linear congruential generator begins.
    """
    state = seed % _SIZE
    rows = []
    for _ in range(draws):
        row = []
        for _ in range(size):
            state = (_FACTOR * state + _STEP) % _SIZE
            row.append(int(state / _SIZE * size))
        rows.append(row)
    return rows


def periods(years: Sequence[int], start: int, width: int) -> list[tuple[int, int, int]]:
    """Return how many of one or more years fall into each period: first year, last year, count.

    In the year ``start`` a period begins; each has ``width`` years.
    """
    begins = [start + (year - start) // width * width for year in years]
    return [
        (first, first + width - 1, begins.count(first))
        for first in range(min(begins), max(begins) + 1, width)
    ]


def kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Return Cohen's kappa of two readers, by the verdicts of each in the same order.

    Source: Cohen, J. (1960), A coefficient of agreement for nominal scales.
    """
    if not one or len(one) != len(other):
        raise CourseError("Two readers need the same number of verdicts, one or more.")
    agreement = sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
    counts, others = Counter(one), Counter(other)
    luck = sum(counts[word] * others[word] for word in counts) / len(one) ** 2
    if luck == 1:
        raise CourseError("Both readers used one word only, so that kappa has no value.")
    return (agreement - luck) / (1 - luck)

"""An explorer: a still picture with its words, and the same picture live in notebook and page."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.errors import CourseError

if TYPE_CHECKING:  # the page needs the front end of an explorer, and not Matplotlib
    from pfp_course.figures import Shown

__all__ = ["Explorer", "shown"]


@dataclass(frozen=True)
class Explorer:
    """A figure that follows its controls.

    Attributes
    ----------
    module : Path
        The front end: a module that exports an explorer by the name of the file.
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
    """

    module: Path
    still: "Shown"
    words: str
    data: Mapping[str, Any]
    state: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)

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
        The first state of what it makes must have a word for each control, or the front end has
        none.
    """

    def show() -> Any:
        made = make(default_course())
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

    from pfp_course.explorers.frontend import widget_module, widget_stylesheet

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

"""What the table of signatories says of a state of your choice, in a live notebook."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.data import load, source

__all__ = ["Explorer", "explore_country"]


class Explorer(widgets.VBox):  # type: ignore[misc]
    """A control above a picture that follows it."""

    def __init__(self, control: Any, picture: Callable[[Any], str], words: str) -> None:
        self._words = words
        shown = widgets.HTML(picture(control.value))
        control.observe(
            lambda change: setattr(shown, "value", picture(change["new"])), names="value"
        )
        super().__init__([control, shown])

    def __repr__(self) -> str:
        return self._words

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": self._words}, metadata


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


def country_card(iso3: str, course: Course) -> str:
    """Return as HTML what the table of signatories says of a state, with its sources."""
    table = load("signatories", course)
    row = table[table["iso3"] == iso3].iloc[0]
    # The book has a class for it: a server may allow no style inside a page.
    left = 'class="pfp-left"' if on_static_page() else 'style="text-align:left"'
    cells = "".join(
        f'<tr><th scope="row" {left}>{words}</th>'
        f"<td {left}>{escape(_spoken(row[column]))}</td></tr>"
        for words, column in _ROWS
        if not _is_missing(row[column])
    )
    labels = "; ".join(dict.fromkeys(source(key, course).short for key in row["source"].split(";")))
    name = escape(str(row["country"]))
    return (
        f'<div class="pfp-country"><table><caption>{name}</caption><tbody>{cells}</tbody></table>'
        f"<p>Source: {escape(labels)}.</p></div>"
    )


def _is_missing(value: Any) -> bool:
    return value is None or value != value or str(value) in ("NaT", "<NA>")


def _spoken(value: Any) -> str:
    if hasattr(value, "strftime"):
        return f"{value.day} {value:%B %Y}"
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


def country_explorer(course: Course) -> Explorer:
    """Return a list of the signatories above what the table says of the chosen one."""
    table = load("signatories", course).sort_values("country")
    chooser = widgets.Dropdown(
        options=list(zip(table["country"], table["iso3"], strict=True)),
        value="KAZ",
        description="State",
    )
    return Explorer(
        chooser,
        lambda iso3: country_card(iso3, course),
        "A list of the signatories, and what the table says of each. Run the cell in JupyterLab.",
    )


@dataclass(frozen=True)
class Still:
    """What a page shows in the place of an explorer."""

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
    if not on_static_page():
        return country_explorer(course)
    return Still(country_card("KAZ", course), "What the table of signatories says of Kazakhstan.")

"""Explorers: pictures that answer to a slider or a list in a live notebook."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from pfp_course.data import load, source
from pfp_course.figures.maps import MAP_NOTE, signature_map
from pfp_course.figures.showing import Shown, show

__all__ = ["Explorer", "country_card", "country_explorer", "map_explorer", "map_still"]


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


def map_still(year: int) -> Shown:
    """Return the map of all who had signed by the end of a year."""
    table = load("signatories")
    done = table[table["signed"] <= f"{year}-12-31"]
    names = ", ".join(done["country"])
    figure, _ = signature_map(
        until=f"{year}-12-31", title=f"By the end of {year}, {len(done)} states had signed"
    )
    return show(
        figure,
        alt=f"Map of Europe and Central Asia. By the end of {year} these had signed: {names}.",
        caption=MAP_NOTE,
        source=["wiki_pfp", "wh_pfp_1994", "natural_earth"],
    )


def map_explorer() -> Explorer:
    """Return the map with a slider for the year."""
    years = load("signatories")["signed"].dt.year
    slider = widgets.IntSlider(
        value=int(years.min()),
        min=int(years.min()),
        max=int(years.max()),
        step=1,
        description="Year",
        continuous_update=False,
    )
    return Explorer(
        slider,
        lambda year: map_still(year)._repr_html_(),
        "A map with a slider for the year: who had signed by its end. Run the cell in JupyterLab.",
    )


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


def country_card(iso3: str) -> str:
    """Return as HTML what the table of signatories says of a state, with its sources."""
    table = load("signatories")
    row = table[table["iso3"] == iso3].iloc[0]
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{words}</th>'
        f'<td style="text-align:left">{escape(_spoken(row[column]))}</td></tr>'
        for words, column in _ROWS
        if not _is_missing(row[column])
    )
    labels = "; ".join(dict.fromkeys(source(key).short for key in row["source"].split(";")))
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


def country_explorer() -> Explorer:
    """Return a list of the signatories above what the table says of the chosen one."""
    table = load("signatories").sort_values("country")
    chooser = widgets.Dropdown(
        options=list(zip(table["country"], table["iso3"], strict=True)),
        value="KAZ",
        description="State",
    )
    return Explorer(
        chooser,
        country_card,
        "A list of the signatories, and what the table says of each. Run the cell in JupyterLab.",
    )

"""Tables as pandas shows them, made fit for a page: regions that scroll, heads, numbers, gaps."""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

__all__ = ["tidy_frame"]

# A sentence in a cell is set in lines; a name or a date stays on one.
_SENTENCE = 40  # characters
_STROKES = re.compile(r"(?<=\w)(?=_)|(?<=;)(?=\w)")
# Browsers break an address after a stroke by themselves, but not before a number.
_STROKES_OF_ADDRESS = re.compile(rf"{_STROKES.pattern}|(?<=/)(?=\d)")
_NUMBER = re.compile(r"[-\u2212+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?%?", re.IGNORECASE)
_MISSING = {"<NA>", "NaN", "NaT", "None", "nan"}
_NO_VALUE = (
    "\u2013: no value. In the tables of the course an empty cell means that no source which we "
    "read confirms one."
)


def tidy_frame(html: str) -> str:
    """Return pandas' HTML with a scrolling region, and heads that tell what they head.

    Numbers stand under each other, a missing value is a dash with a word on it below the table,
    and where a column counts the rows from 1, pandas' own count of them is left out.
    """
    if "dataframe" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    tables = soup.select("table.dataframe")
    if not tables:
        return html
    for style in soup.select("style[scoped]"):
        style.decompose()
    for table in tables:
        table.attrs = {"class": "dataframe"}
        region = table.wrap(soup.new_tag("div", attrs={"class": "pfp-scroll"}))
        for styled in table.select("[style]"):
            del styled["style"]
        for cell in table.select("th, td"):
            _tidy_cell(cell, soup)
        rows = [row.find_all(["th", "td"], recursive=False) for row in table.select("tbody tr")]
        _align_numbers(table, rows)
        if _mark_missing(table, soup):
            note = soup.new_tag("p", attrs={"class": "pfp-table-note"})
            note.string = _NO_VALUE
            region.insert_after(note)
        _drop_count(table, rows)
    return soup.decode(formatter="minimal")


def _tidy_cell(cell: Tag, soup: BeautifulSoup) -> None:
    # A name of a column or of a source may be broken at its strokes, and nowhere else.
    text = cell.get_text()
    first, *rest = (_STROKES_OF_ADDRESS if "://" in text else _STROKES).split(text)
    if rest:
        cell.clear()
        cell.append(first)
        for part in rest:
            cell.extend([soup.new_tag("wbr"), part])
    if cell.name == "th" and cell.contents:
        cell["scope"] = "col" if cell.find_parent("thead") else "row"
        return
    cell.name = "td"
    if len(cell.get_text()) > _SENTENCE:
        cell["class"] = "pfp-sentence"


def _align_numbers(table: Tag, rows: Sequence[Sequence[Tag]]) -> None:
    """Mark the cells and the heads of the columns that hold numbers alone."""
    heads = [row.find_all(["th", "td"], recursive=False) for row in table.select("thead tr")]
    if not rows or len({len(row) for row in rows}) > 1:
        return  # cells over several rows or columns
    for place, column in enumerate(zip(*rows, strict=True)):
        given = [text for cell in column if (text := cell.get_text().strip()) not in _MISSING]
        if not given or not all(_NUMBER.fullmatch(text) for text in given):
            continue
        named = [row[place] for row in heads if len(row) == len(rows[0])]
        for cell in [*column, *named]:
            if cell.name == "td" or cell in named:
                cell["class"] = "pfp-number"


def _mark_missing(table: Tag, soup: BeautifulSoup) -> bool:
    """Set a dash in the place of each missing value; tell whether there is one."""
    missing = [cell for cell in table.select("tbody td") if cell.get_text().strip() in _MISSING]
    for cell in missing:
        dash = soup.new_tag("span", attrs={"aria-hidden": "true"})
        dash.string = "\u2013"
        words = soup.new_tag("span", attrs={"class": "pfp-hidden"})
        words.string = "no value"
        cell.clear()
        cell.extend([dash, words])
    return bool(missing)


def _drop_count(table: Tag, rows: Sequence[Sequence[Tag]]) -> None:
    """Leave out pandas' numbers of the rows where a column counts them from 1 already."""
    if len(rows) < 2 or not all(row and row[0].name == "th" for row in rows):
        return
    heads = [row.find(["th", "td"]) for row in table.select("thead tr")]
    named = any(cell.get_text().strip() for cell in heads if cell)
    numbers = [row[0].get_text().strip() for row in rows]
    places = [str(place) for place in range(1, len(rows) + 1)]
    ranked = any(
        [row[column].get_text().strip() for row in rows] == places
        for column in range(1, min(map(len, rows)))
    )
    if named or not ranked or not all(number.isdigit() for number in numbers):
        return
    for row in table.select("tr"):
        if first := row.find(["th", "td"]):
            first.decompose()

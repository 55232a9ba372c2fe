"""Tables that are wider than a page of paper or of an e-reader, set row by row."""

from bs4 import BeautifulSoup, Tag

__all__ = ["PAPER", "READER", "stack_wide_tables"]

# Characters of a table's type that stand beside each other: on A4, and on a small e-reader.
PAPER, READER = 110, 52
_GAP = 1  # characters between two columns


def stack_wide_tables(body: Tag, room: int) -> None:
    """Replace each table that has no room by lists, one for each row, of its columns and cells.

    A word is never broken, so a table needs its columns' longest words beside each other. Cells
    that are empty are left out. A table with spans, or without a row of heads, stays as it is.

    Parameters
    ----------
    body : bs4.Tag
        What a page says; it is changed.
    room : int
        How many characters stand beside each other.
    """
    for table in body.select("table"):
        rows = [[*row.find_all(["th", "td"], recursive=False)] for row in table.select("tr")]
        if len(rows) < 2 or not _is_plain(table, rows) or _width(rows) <= room:
            continue
        heads = [" ".join(cell.get_text(" ").split()) for cell in rows[0]]
        soup = BeautifulSoup("", "html.parser")
        stack = soup.new_tag("div", attrs={"class": "pfp-stacked"})
        for row in rows[1:]:
            stack.append(_listed(soup, heads, row))
        table.replace_with(stack)


def _is_plain(table: Tag, rows: list[list[Tag]]) -> bool:
    spans = table.select("[colspan], [rowspan]")
    all_heads = all(cell.name == "th" or not cell.get_text(strip=True) for cell in rows[0])
    return not spans and all_heads and len({len(row) for row in rows}) == 1


def _width(rows: list[list[Tag]]) -> int:
    words = (
        max(len(word) for cell in column for word in [*cell.get_text(" ").split(), ""])
        for column in zip(*rows, strict=True)
    )
    return sum(longest + _GAP for longest in words)


def _listed(soup: BeautifulSoup, heads: list[str], row: list[Tag]) -> Tag:
    listing = soup.new_tag("ul")
    for head, cell in zip(heads, row, strict=True):
        if not cell.get_text(strip=True) and cell.find(["img", "svg"]) is None:
            continue
        item = soup.new_tag("li")
        if cell.get("id"):
            item["id"] = cell["id"]
        if head:
            name = soup.new_tag("b")
            name.string = f"{head}:"
            item.append(name)
            item.append(" ")
        for part in list(cell.contents):
            item.append(part.extract())
        listing.append(item)
    return listing

"""A table that has no room is set row by row, and loses no cell."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.export.book_pages import PAPER, READER, stack_wide_tables

CELLS = st.text("abcdefg 12", max_size=14)


def table(heads: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str], name: str) -> str:
        return "<tr>" + "".join(f"<{name}>{cell}</{name}>" for cell in cells) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table><thead>{line(heads, 'th')}</thead><tbody>{body}</tbody></table>"


@given(data=st.data(), columns=st.integers(1, 16), room=st.sampled_from([PAPER, READER]))
def test_a_table_stays_or_becomes_lists_with_all_its_cells(
    data: st.DataObject, columns: int, room: int
) -> None:
    row = st.lists(CELLS, min_size=columns, max_size=columns)
    heads = [f"column{number}" for number in range(columns)]
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    body = BeautifulSoup(f"<div>{table(heads, rows)}</div>", "html.parser")
    stack_wide_tables(body, room)
    longest = [
        max(map(len, (head, *" ".join(cells).split())))
        for head, *cells in zip(heads, *rows, strict=True)
    ]
    if sum(longest) + columns <= room:
        assert body.select_one("table")
        return
    assert body.select_one("table") is None
    listed = [[" ".join(item.get_text().split()) for item in ul.select("li")] for ul in body("ul")]
    assert listed == [
        [
            f"{head}: {' '.join(cell.split())}"
            for head, cell in zip(heads, cells, strict=True)
            if cell.strip()
        ]
        for cells in rows
    ]


def test_links_and_marks_in_cells_are_kept_and_spans_left_alone() -> None:
    wide = ["w" * 20] * 7
    cells = ['<a href="#x">x</a>', "<code>y</code>", *wide[2:]]
    body = BeautifulSoup(table(wide, [cells]), "html.parser")
    stack_wide_tables(body, PAPER)
    assert body.select_one('li > a[href="#x"]')
    assert body.select_one("li > code")
    spanned = table(wide, [cells]).replace("<th>", '<th colspan="2">', 1)
    body = BeautifulSoup(spanned, "html.parser")
    stack_wide_tables(body, PAPER)
    assert body.select_one("table"), "a head over two columns has no place in a list"

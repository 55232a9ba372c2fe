"""Pages of the book become pages of one document, and their links still lead somewhere."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.export.book_pages import (
    PAPER,
    READER,
    BookPage,
    _draw_hatches,
    address_within,
    page_list,
    read_page,
    relinked,
    stack_wide_tables,
)

PAGES = [
    {"name": "notebooks/01-one", "title": "1. One", "part": "Part I", "chapter": "01"},
    {"name": "book/glossary", "title": "Glossary", "part": "The course", "chapter": ""},
]
ONE = """<main><article><h1>1. One<a class="headerlink" href="#one">¶</a></h1>
<script>alert(1)</script><details><summary>Code</summary>hidden</details>
<details open><summary>Data</summary><p id="shown">shown</p></details>
<p>See <a href="../book/glossary.html#term-ally">ally</a>, <a href="#shown">below</a>,
<a href="../book/absent.html">elsewhere</a>, <a href="https://example.org/">out</a> &amp; so<br></p>
<svg viewBox="0 0 9 9"><linearGradient id="g"/></svg></article></main>"""
GLOSSARY = '<article><dl><dt id="term-ally">ally</dt><dd>A state.</dd></dl></article>'


@pytest.fixture
def html(tmp_path: Path) -> Path:
    for name, text in {
        "pages.json": json.dumps(PAGES),
        "notebooks/01-one.html": ONE,
        "book/glossary.html": GLOSSARY,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def together(html: Path, base: str = "") -> str:
    pages = [read_page(html, page) for page in page_list(html)]
    address = address_within(pages, base)
    return "".join(relinked(page, address).decode(formatter="minimal") for page in pages)


def test_pages_come_in_the_order_of_the_book_with_their_parts(html: Path) -> None:
    assert page_list(html) == [
        BookPage("notebooks/01-one", "1. One", "Part I", "01"),
        BookPage("book/glossary", "Glossary", "The course"),
    ]


def test_a_folder_without_a_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="pfp build"):
        page_list(tmp_path)


def test_what_is_of_use_on_a_screen_alone_is_taken_off(html: Path) -> None:
    text = together(html)
    assert "alert" not in text
    assert "hidden" not in text
    assert "headerlink" not in text
    assert "shown" in text


def test_links_lead_into_the_document_where_it_holds_the_place(html: Path) -> None:
    text = together(html)
    assert 'href="#glossary--term-ally"' in text
    assert 'href="#01-one--shown"' in text
    assert 'href="https://example.org/"' in text
    assert "elsewhere" in text
    assert "absent" not in text, "a link to a page that is not here becomes words"


def test_other_links_lead_to_the_published_book_if_it_has_an_address(html: Path) -> None:
    assert 'href="https://example.org/pfp/book/absent.html"' in together(
        html, "https://example.org/pfp/"
    )


def test_a_page_is_well_formed_and_its_pictures_keep_their_names(html: Path) -> None:
    text = together(html)
    ElementTree.fromstring(f"<body>{text}</body>")
    assert 'viewBox="0 0 9 9"' in text
    assert '<linearGradient id="g"/>' in text, "the ids of a picture are its own already"


HATCHED = (
    '<svg><defs><pattern id="h" patternUnits="userSpaceOnUse" x="0" y="0" width="72" height="72">'
    '<path d="m0 72 72-72"/></pattern></defs>'
    '<path d="m10 10 90 0 0 10-90 0z" clip-path="url(#c)" '
    'fill="url(#h)" stroke="red"/></svg>'
)


def picture(text: str) -> Tag:
    svg = BeautifulSoup(text, "html.parser").svg
    assert svg is not None
    return svg


def test_a_hatch_is_drawn_as_lines_cut_to_its_area() -> None:
    svg = picture(HATCHED)
    _draw_hatches(svg)
    drawn = str(svg)
    ElementTree.fromstring(drawn)
    assert "pattern" not in drawn
    assert 'fill="url' not in drawn
    uses = re.findall(r'<use href="#h-tile" x="(\d+)" y="(\d+)"/>', drawn)
    assert uses == [("0", "0"), ("72", "0")], "two tiles cover 10 to 100"
    assert drawn.count('clip-path="url(#c)"') == 1, "the axes still cut the whole"


def test_a_picture_without_hatches_stays_as_it_is() -> None:
    svg = picture('<svg><path d="m0 0 1 1" fill="url(#other)"></path></svg>')
    before = str(svg)
    _draw_hatches(svg)
    assert str(svg) == before


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

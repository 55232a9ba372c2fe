"""Pages of the book become leaves of one document, and their links still lead somewhere."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pfp_course.errors import CourseError
from pfp_course.publishing.hatches import drawn_hatches
from pfp_course.publishing.leaves import contents, linked, read_leaf, slug

INDEX = """<nav class="pfp-nav"><p class="caption"><span>Part I</span></p>
<ul><li><a href="notebooks/01-one.html">1. One<span class="mark"> 3 of 9</span></a></li></ul>
<p class="caption"><span>The course</span></p>
<ul><li><a href="book/glossary.html">Glossary</a></li></ul></nav>"""
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
        "index.html": INDEX,
        "notebooks/01-one.html": ONE,
        "book/glossary.html": GLOSSARY,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def together(html: Path, base: str = "") -> str:
    leaves = [read_leaf(html, *page) for page in contents(html)]
    sections = "".join(f'<section id="{slug(one.name)}">{one.html}</section>' for one in leaves)
    return linked(sections, [one.name for one in leaves], base)


def test_pages_come_in_the_order_of_the_menu_with_their_parts(html: Path) -> None:
    assert contents(html) == [
        ("notebooks/01-one", "1. One", "Part I"),
        ("book/glossary", "Glossary", "The course"),
    ]


def test_a_folder_without_a_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="pfp build"):
        contents(tmp_path)


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


def test_a_leaf_is_well_formed_and_its_pictures_are_untouched(html: Path) -> None:
    text = together(html)
    ElementTree.fromstring(f"<body>{text}</body>")
    assert 'viewBox="0 0 9 9"' in text
    assert "linearGradient" in text


HATCHED = (
    '<svg><defs><pattern id="h" patternUnits="userSpaceOnUse" x="0" y="0" width="72" height="72">'
    '<path d="m0 72 72-72"/></pattern></defs>'
    '<path d="m10 10 90 0 0 10-90 0z" clip-path="url(#c)" '
    'style="fill: url(#h); stroke: red"/></svg>'
)


def test_a_hatch_is_drawn_as_lines_cut_to_its_area() -> None:
    drawn = drawn_hatches(HATCHED)
    ElementTree.fromstring(drawn)
    assert "pattern" not in drawn
    assert "fill: url" not in drawn
    uses = re.findall(r'<use href="#h-tile" x="(\d+)" y="(\d+)"/>', drawn)
    assert uses == [("0", "0"), ("72", "0")], "two tiles cover 10 to 100"
    assert drawn.count('clip-path="url(#c)"') == 1, "the axes still cut the whole"


def test_a_picture_without_hatches_stays_as_it_is() -> None:
    assert drawn_hatches("<svg><path/></svg>") == "<svg><path/></svg>"

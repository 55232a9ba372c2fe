"""The marks of a text: blocks of code, formulas and pictures, the same in Python and JavaScript."""

import base64
import struct
import zlib
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from courses import COURSE
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.questions import check_bank, read_bank
from pfp_course.questions.authoring import answer_key, preview_page
from pfp_course.questions.kinds import form_of
from pfp_course.questions.spec import as_page, as_text, public
from pfp_course.questions.texts import (
    FormulaError,
    as_html,
    as_mathml,
    as_plain,
    fill,
    literal,
    tokens,
    tree,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIGNS = st.text("\\`*![](){}<>&\"'\n ax1é", max_size=40)


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("2*3*4", "2*3*4", "2*3*4"),
        ("*x* a*b *y z*", "<em>x</em> a*b <em>y z</em>", "x a*b y z"),
        (r"\*x\* \`y\` \\", "*x* `y` \\", "*x* `y` \\"),
        ("`a*b*` ``a`b``", "<code>a*b*</code> <code>a`b</code>", "a*b* a`b"),
        ("*see `x*y`*", "*see <code>x*y</code>*", "*see x*y*"),
        ("a\nb", "a<br/>b", "a\nb"),
        (
            "x\n```python\nif a < b:\n\n    c = {}\n```\ny",
            'x<code class="pfp-q-code">if a &lt; b:&#10;&#10;    c = {}</code>y',
            "x\nif a < b:\n\n    c = {}\ny",
        ),
        ("a ``` b", "a ``` b", "a ``` b"),
        ("![map](map.png)", "[map]", "map"),
        ("$5 and $6", "$5 and $6", "$5 and $6"),
        (r"\(", r"\(", r"\("),
        (r"\\(a\\)", r"\(a\)", r"\(a\)"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;", "<b onclick=x>"),
    ],
)
def test_marks(text: str, html: str, plain: str) -> None:
    assert as_html(text) == html
    assert as_plain(text) == plain


@settings(max_examples=500)
@given(SIGNS)
def test_a_text_taken_as_it_is_is_shown_as_it_is(text: str) -> None:
    shown = as_html(literal(text)).replace("<br/>", "\n")
    assert "<" not in shown
    assert unescape(shown) == text
    assert all(part.kind in ("text", "br") for part in tokens(literal(text)))


@settings(max_examples=300)
@given(SIGNS)
def test_parts_cover_a_text_in_their_order(text: str) -> None:
    end = 0
    for part in tokens(text):
        assert end <= part.start < part.end <= len(text)
        assert text[end : part.start].strip("\n") == ""
        end = part.end


def test_javascript_reads_the_same_parts(in_javascript: Any) -> None:
    @settings(max_examples=60)
    @given(st.lists(SIGNS | st.text(max_size=20), min_size=20, max_size=20))
    def agree(texts: list[str]) -> None:
        found = in_javascript(
            """(texts) => texts.map((text) => ({
                parts: course.partsOf(text).map((part) => [part.kind, part.text, part.alt ?? ""]),
                plain: course.unmarked(text),
                literal: course.literal(text),
            }))""",
            texts,
        )
        for text, other in zip(texts, found, strict=True):
            parts = [[part.kind, part.content, part.alt] for part in tokens(text)]
            assert other["parts"] == parts, text
            assert other["literal"] == literal(text)

    agree()


def test_braces_of_a_formula_are_not_filled() -> None:
    text = r"\(\frac{1}{2}\) of {n}, *\(x_{i}\)*, {{}} and \[{n}\]"
    assert fill(text, {"n": 3}) == r"\(\frac{1}{2}\) of 3, *\(x_{i}\)*, {} and \[{n}\]"
    assert as_plain(fill("{x}", {"x": "2*3* `a` *b*"})) == "2*3* `a` *b*"


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{2}",
        "x^2_{i}",
        r"\sqrt[3]{x}",
        r"\mathbb{R}",
        r"a < b",
        r"\text{if } x",
        r"\sum_i",
    ],
)
def test_a_formula_is_drawn_without_a_script(latex: str) -> None:
    html = as_mathml(latex)
    root = ElementTree.fromstring(html)
    assert root.get("alttext") == latex
    assert "\\" not in "".join(root.itertext())
    assert tree(latex)[0] == "math"


@pytest.mark.parametrize("latex", [r"\frac{", r"\nosuch{x}", "x" * 700, r"\left(", "{" * 200])
def test_a_formula_that_is_not_understood_says_so(latex: str) -> None:
    with pytest.raises(FormulaError, match="is not understood"):
        tree(latex)
    assert "<code>" in as_html(rf"\({latex}\)") or latex.startswith("{")


@settings(max_examples=300)
@given(
    st.text("\\{}^_abx12&<>\"'=()[] ", max_size=30).map(lambda text: rf"\href{{{text}}} " + text)
)
def test_a_formula_holds_no_link_and_no_style(latex: str) -> None:
    try:
        html = as_mathml(latex)
    except FormulaError:
        return
    for element in ElementTree.fromstring(html).iter():
        assert not {"href", "style", "onclick", "src"} & set(element.attrib)
        assert element.tag.split("}")[-1] not in ("a", "script", "maction", "annotation-xml")


def test_a_drawing_from_elsewhere_holds_no_handler(chromium: "Browser", tmp_path: Path) -> None:
    spec = {
        "id": "09.x",
        "kind": "open",
        "points": 1,
        "attempts": 0,
        "ask": "\\(x\\)",
        "hints": [],
        "because": "x",
        "sources": [],
        "words": 1,
        "rubric": [{"text": "a", "levels": ["b", "c"]}],
        "fingerprint": "f",
        "objective": "O",
        "confidence": False,
    }
    hostile = ["math", {"onclick": "x=1"}, ["script", {"href": "javascript:1"}, "window.hacked=1"]]
    quiz = {"id": "09", "title": "x", "course": "0", "seed": "", "questions": [spec]}
    path = tmp_path / "page.html"
    path.write_text(preview_page(quiz | {"questions": [{**spec, "math": {"x": hostile}}]}), "utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("math", state="attached")
    drawn = page.locator("math").first.evaluate("(node) => node.outerHTML")
    assert "onclick" not in drawn
    assert "script" not in drawn.replace("javascript", "")
    assert page.evaluate("window.hacked") is None
    page.close()


def png(width: int = 2) -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", width, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" + b"\xff\0\0" * width)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


BANK = r"""
version: 1
chapter: "09"
title: Pictures
part: Mine
minutes: 10
objectives: {O9.1: See.}
questions:
  - id: 09.look
    objective: O9.1
    kind: single
    ask: "What is ![a red line](TARGET)? \\(x^2\\)"
    choices:
      - {text: "```\nfor i in x:\n    i\n```", right: true}
      - {text: "*blue*", say: "No, \\(\\frac{1}{2}\\)."}
    because: It is red.
    source: [background]
"""


def bank_with(folder: Path, target: str) -> Path:
    path = folder / "09.yml"
    path.write_text(BANK.replace("TARGET", target), encoding="utf-8")
    return path


def test_a_picture_travels_within_the_question(tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(png())
    path = bank_with(tmp_path, "red.png")
    assert check_bank(path, COURSE) == []
    [question] = read_bank(path, COURSE).questions
    spec = public(question)
    data = base64.b64encode(png()).decode()
    assert f"![a red line](data:image/png;base64,{data})" in spec["ask"]
    quiz = {"id": "09", "title": "x", "course": "0", "seed": "", "questions": [spec]}
    picture = f'<img class="pfp-q-picture" src="data:image/png;base64,{data}" alt="a red line"/>'
    for page in (as_page(quiz), preview_page(quiz), answer_key([read_bank(path, COURSE)])):
        assert picture in page
        assert '<code class="pfp-q-code">for i in x:&#10;    i</code>' in page
        assert "<msup>" in page
    assert "\n\n" not in as_page(quiz)
    assert "What is a red line? x^2" in as_text(quiz)
    shown = form_of(spec).release().as_json()
    assert data in shown["ask"]
    assert list(shown["math"]) == ["x^2"]
    before = spec["fingerprint"]
    (tmp_path / "red.png").write_bytes(png(3))
    assert public(question)["fingerprint"] != before


@pytest.mark.parametrize(
    ("target", "content", "words"),
    [
        ("none.png", None, "is not beside the bank"),
        ("a.svg", b"<svg onload='x'/>", "no PNG, JPEG, GIF or WebP"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(300_000), "300 kB; at most 200"),
        ("../a.png", None, "Save it there, and give its name alone"),
        ("/etc/passwd", None, "give its name alone"),
        ("https://example.org/a.png", None, "give its name alone"),
        ("data:image/png;base64,AAAA", None, "a picture is a file beside the bank"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_why(
    tmp_path: Path, target: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / target).write_bytes(content)
    [problem] = check_bank(bank_with(tmp_path, target), COURSE)
    assert words in problem.text
    assert "question 09.look" in problem.text
    with pytest.raises(CourseError):
        public(read_bank(tmp_path / "09.yml", COURSE).questions[0])


class Images(HTMLParser):
    """The pictures of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


@settings(max_examples=300)
@given(st.text("data:image/png;base64,AB=()\"' <>x\\", max_size=40))
def test_a_picture_is_data_or_its_words(target: str) -> None:
    images = Images()
    images.feed(as_html(f"![w]({target})"))
    for image in images.found:
        assert image["src"].startswith("data:image/")
        assert set(image) == {"class", "src", "alt"}

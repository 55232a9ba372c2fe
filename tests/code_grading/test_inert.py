"""What a student wrote is made inert, stays readable, and nothing else is touched."""

import re
import time
import warnings
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from code_grading.payloads import ACT, HTML, MARKDOWN, bundles
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from pfp_course.code_grading.inert import file_name, make_inert
from pfp_course.code_grading.markup import JOINER, active_parts, is_harmless_link, safe_markdown

FORBIDDEN = [
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "meta",
    "link",
    "style",
    "svg",
    "math",
    "video",
    "audio",
    "template",
    "textarea",
    "button",
    "select",
    "noscript",
    "details",
    "x",
    "body",
    "html",
    "head",
    "frame",
    "frameset",
]
PIECES = [
    *MARKDOWN,
    "`",
    "``",
    "```",
    "$",
    "$$",
    "\\",
    "<",
    ">",
    "]",
    "(",
    "\n",
    "\n\n",
    "> ",
    "    ",
]


def rendered(text: str) -> str:
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(text))


def shown(notebook: Any) -> str:
    """Return all that the formgrader would put into its page as it stands."""
    texts = [rendered(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts += [data.get("text/html", ""), rendered(data.get("text/markdown", ""))]
    return "\n".join(texts)


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what acts in it."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN or any(name.startswith("on") for name, _ in attrs):
            self.acting.append(f"{tag} {attrs}")
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            harmless = (
                "http",
                "mailto:",
                "#",
                "data:image/",
            )
            if name in ("href", "src", "action") and not address.startswith(harmless):
                self.acting.append(f"{tag} {name}={value}")
            if name in ("srcset", "style", "name", "data-link") and "text-align" not in address:
                self.acting.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.acting.append("a comment")


def is_quiet(text: str) -> bool:
    """Tell whether nothing in a page acts."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    return not reader.acting


@pytest.mark.parametrize("text", MARKDOWN)
def test_markdown_is_inert_and_can_be_read(text: str) -> None:
    assert is_quiet(rendered(safe_markdown(text, {}, ["essay", "test-one"])))
    plain = safe_markdown(text, {}).replace(JOINER, "")
    for word in ("onerror", "javascript", "script"):
        assert plain.count(word) == text.count(word) or "&#" in plain


@pytest.mark.parametrize("bundle", bundles(), ids=str)
def test_an_output_is_inert(bundle: dict[str, Any]) -> None:
    output = {"output_type": "display_data", "data": bundle, "metadata": {"isolated": True}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
    notebook.cells[0].outputs = [nbformat.from_dict(output)]
    make_inert(notebook)
    (kept,) = notebook.cells[0].outputs
    kinds = {"text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg"}
    assert set(kept.data) <= kinds
    assert kept.metadata == {}
    assert is_quiet(shown(notebook))
    nbformat.validate(notebook)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6))
def test_no_mixture_of_payloads_acts(parts: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = rendered(safe_markdown("".join(parts), {}))
    assert is_quiet(text), text


@pytest.mark.parametrize(
    "text",
    [
        '**Bold**, *italic*, `code`, ~~gone~~ and [a link](https://nato.int/docu "title").',
        "# A heading\n\n- one\n- two\n\n1. first\n2. second\n\n> quoted",
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        "```python\nprint('x')\n```",
        "$x^2 + y^2$ and\n\n$$\\frac{a}{b}$$",
        "Write to <br>me: [mail](mailto:ada@example.org), or see https://example.org/a?b=c#d",
        "Қазақстан, Հայաստան, საქართველო, 🙂",
    ],
)
def test_an_honest_answer_is_left_as_it_is(text: str) -> None:
    assert safe_markdown(text, {}, ["essay"]) == text
    assert active_parts(text) == []


def test_comparisons_look_as_they_were_written() -> None:
    text = "a<b, a < b and `if a<b:` and x <3"
    assert safe_markdown(text, {}).replace(JOINER, "") == text


@pytest.mark.parametrize(
    ("address", "harmless"),
    [
        ("https://nato.int/a_(b)?c=d#e", True),
        ("http://xn--80aqecdr1a.xn--p1ai/", True),
        ("https://medium.com/@somebody/x", True),
        ("mailto:ada@example.org", True),
        ("http://localhost:8888/formgrader", False),
        ("http://jupyter.local/", False),
        ("http://127.1/", False),
        ("http://2130706433/", False),
        ("http://[::1]:8888/", False),
        ("http://0x7f.0.0.1/", False),
        ("http://nato.int@127.0.0.1/", False),
        ("http:\\\\127.0.0.1/", False),
        ("//example.org/", False),
        ("/formgrader?path=/tmp", False),
        ("evil.html", False),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("http://example.org:99999/", False),
    ],
)
def test_links_lead_out_of_this_computer(address: str, harmless: bool) -> None:
    assert is_harmless_link(address) is harmless


@pytest.mark.parametrize(
    ("name", "laid_down"),
    [
        ("data/mine.csv", "data/mine.csv"),
        ("A.PNG", "A.PNG"),
        ("evil.html", "evil.html.txt"),
        ("evil.svg", "evil.svg.txt"),
        ("evil.xhtml", "evil.xhtml.txt"),
        ("sub/other.ipynb", "sub/other.ipynb.txt"),
        ("evil.csv.html", "evil.csv.html.txt"),
        ("noending", "noending.txt"),
        (".htaccess", ".htaccess.txt"),
    ],
)
def test_files_that_a_browser_could_run_get_another_ending(name: str, laid_down: str) -> None:
    assert file_name(name) == laid_down


def test_own_texts_and_graded_cells_stay_as_they_are() -> None:
    own = '<details><summary>More</summary><img src="figure.png"></details>'
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(own), nbformat.v4.new_code_cell("x <y")]
    )
    notebook.cells[1].metadata["nbgrader"] = {"grade_id": "a", "solution": True}
    assert make_inert(notebook, [0]) == []
    assert notebook.cells[0].source == own
    assert notebook.cells[1].source == "x <y"
    assert notebook.cells[1].metadata == {"nbgrader": {"grade_id": "a", "solution": True}}


def test_a_table_of_pandas_is_still_a_table() -> None:
    pandas = pytest.importorskip("pandas")
    html = pandas.DataFrame({"a<b": [1, 2], "c": ["<i>", "&"]})._repr_html_()
    output = nbformat.v4.new_output(
        "execute_result", {"text/html": html, "text/plain": "x"}, execution_count=1
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("t", outputs=[output])])
    assert make_inert(notebook) == []
    kept = notebook.cells[0].outputs[0].data["text/html"]
    assert kept.count("<tr") == 3
    assert "&lt;i&gt;" in kept
    assert "<style" not in kept


def test_what_was_made_inert_is_named() -> None:
    assert active_parts(HTML[0]) == ["<img onerror>"]
    assert active_parts("[x](javascript:alert(1))") == ["a link to a script"]
    assert active_parts(f"text <script>{ACT}</script>")[0] == "<script>"
    assert active_parts("<b>bold</b> and <i>so</i>") == []


def test_long_texts_become_plain_text_in_no_time() -> None:
    for part in ("\\\\(a ", "\\begin{a}", "[", HTML[0], "![", "> "):
        text = part * (200_000 // len(part))
        started = time.monotonic()
        safe = safe_markdown(text, {})
        assert is_quiet(rendered(safe[:20_000]))
        assert time.monotonic() - started < 20


def test_deep_and_long_outputs_are_borne() -> None:
    many = " ".join(f"a{number}" for number in range(40_000))
    deep = ("<b>" * 100_000, "<div>" * 50_000, "<table><tr><td>" * 20_000, "<a" * 100_000)
    for html in (*deep, f"<p {many}>x</p>", "<p>x</p></b>" * 20_000, "&#60;b" * 40_000):
        output = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "x"})
        cells = [nbformat.v4.new_code_cell("t", outputs=[output])]
        notebook = nbformat.v4.new_notebook(cells=cells)
        started = time.monotonic()
        make_inert(notebook)
        assert time.monotonic() - started < 20
        assert notebook.cells[0].outputs[0].data["text/plain"] == "x"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml"])
def test_a_drawing_becomes_a_picture_in_which_nothing_runs(kind: str) -> None:
    drawing = f'<svg width="9"><script>{ACT}</script><path d="M0 0"/>&nbsp;</svg>'
    html = f"{drawing}<p title='{drawing}'>x</p>" if kind == "text/html" else drawing
    output = nbformat.v4.new_output("display_data", {kind: html, "text/plain": "x"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("t", outputs=[output])])
    assert make_inert(notebook)[0] == "<script> in the output of cell 1"
    kept = notebook.cells[0].outputs[0].data["text/html"]
    assert kept.startswith('<img alt="drawing" src="data:image/svg+xml;base64,')
    assert is_quiet(kept)


def test_figures_of_the_course_are_no_news() -> None:
    line = f'<path d="M0 0{" L1 1" * 999}"/>'
    html = f'<figure><svg viewBox="0 0 1 1"><title>t</title>{line}</svg></figure>'
    output = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "x"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("t", outputs=[output])])
    assert make_inert(notebook) == []
    assert "data:image/svg+xml" in notebook.cells[0].outputs[0].data["text/html"]

"""The parts of a page: its head, its opener, the sources it cites, its one script."""

import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from courses import COURSE
from typer.testing import CliRunner

from pfp_course.chapters import chapter as chapter_of
from pfp_course.chapters import chapters
from pfp_course.cli import app
from pfp_course.data import sources, standing
from pfp_course.errors import CourseError
from pfp_course.questions import course_outline
from pfp_course.sphinx_ext.assets import outline, script, stylesheet
from pfp_course.sphinx_ext.chapter_pages import docname, parts
from pfp_course.sphinx_ext.execution import SLIDE, deck
from pfp_course.sphinx_ext.page_output import HEAD_END
from pfp_course.sphinx_ext.references import unlisted

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_chapter_begins_with_its_promise_and_its_scene_before_its_opener(book: Path) -> None:
    for chapter in chapters(COURSE):
        page = (book / f"{docname(chapter)}.html").read_text(encoding="utf-8")
        article = page[page.index("<article>") :]
        promise = '<p class="pfp-promise"><em>'
        parts = ["pfp-kicker", "<h1>", promise, '"pfp-opener"', "<details", '"pfp-toc"']
        told = article[article.index("<h1>") : article.index(promise)]
        parts.insert(2, "<p>") if "<p>" in told else parts.insert(3, "<h2>")
        places = [article.index(part) for part in parts]
        assert places == sorted(places), (chapter.number, places)
        assert article.count('<p class="pfp-kicker">') == 1
        assert HEAD_END not in page


def test_the_contents_of_another_page_stand_under_its_title(book: Path) -> None:
    page = (book / "book" / "data.html").read_text(encoding="utf-8")
    article = page[page.index("</h1>") :].removeprefix("</h1>").lstrip()
    assert article.startswith('<nav class="pfp-toc"')


def test_a_page_lists_what_it_cites_once_and_not_again() -> None:
    cited = ["wiki_pfp", "article_2014", "wiki_pfp"]
    assert unlisted(cited, []) == ("wiki_pfp", "article_2014")
    assert unlisted(cited, ["wiki_pfp"]) == ("article_2014",)
    assert unlisted([], ["wiki_pfp"]) == ()


def test_a_list_of_sources_says_in_the_book_how_many_rows_rest_on_each(book: Path) -> None:
    page = (book / "notebooks" / "03-three-paths.html").read_text(encoding="utf-8")
    listed = re.findall(r'<li data-source="([^"]+)">(.*?)</li>', page, flags=re.DOTALL)
    anchors = {source.anchor: key for key, source in sources(COURSE).items()}
    assert listed
    for anchor, text in listed:
        assert standing(anchors[anchor], COURSE) in unescape(text), anchor
    facts = (book / "book" / "facts.html").read_text(encoding="utf-8")
    assert facts.count('<section id="sources-of-this-page">') == 1


def test_the_marks_know_every_question_by_its_points_and_wordings() -> None:
    short = outline(COURSE)
    for chapter in course_outline(COURSE):
        known = {f"{chapter['chapter']}.{one[0]}": one[1:] for one in short[chapter["chapter"]]}
        for question in chapter["questions"]:
            points, *wordings = known.pop(question["id"])
            assert points == question["points"]
            assert len(wordings) == len(set(question["fingerprints"]))
            for full, beginning in zip(question["fingerprints"], wordings, strict=True):
                assert full.startswith(str(beginning))
        assert not known


def test_every_chapter_stands_in_one_part() -> None:
    held = [chapter for _, of_part in parts(chapters(COURSE)) for chapter in of_part]
    assert held == list(chapters(COURSE))
    assert [name.partition(":")[0] for name, _ in parts(chapters(COURSE))][:2] == [
        "Part I",
        "Part II",
    ]


def test_the_style_sheet_has_no_comments_and_every_brace_its_pair() -> None:
    text = stylesheet(COURSE)
    assert "/*" not in text
    assert text.count("{") == text.count("}")
    assert "data:image/svg+xml,%3Csvg xmlns=" in text


def test_the_script_of_the_pages_is_one_that_a_browser_can_read(chromium: "Browser") -> None:
    text = script({"menu.js": "setUpMenu", "marks.js": "setUpMarks"}, "const outline = {};")
    assert not re.search(r"^(?:import|export)\b", text, flags=re.MULTILINE)
    assert text.rstrip().endswith("setUpMenu();\nsetUpMarks();\n})();")
    page = chromium.new_page()
    page.evaluate("(text) => { new Function(text); }", text)  # read, and not run
    page.close()


def _slides(cells: list[dict[str, Any]]) -> set[str]:
    """Return the cells that belong on slides: a figure, or what says its numbers in its place."""
    found = set()
    for place, cell in enumerate(cells):
        text = "".join(cell["source"])
        if place == 0 or "opener(" in text or text.startswith("## Summary"):
            found.add(cell["id"])
        elif "figures.show(" in text:
            after = cells[place + 1] if place + 1 < len(cells) else cell
            # A figure too tall for a screen at the end of a room is told in words there.
            told = "say(" in "".join(after["source"]) and SLIDE in after["metadata"].get("tags", [])
            found.add(after["id"] if told else cell["id"])
    return found


@pytest.mark.parametrize("number", [one.number for one in chapters(COURSE)])
def test_the_opening_each_figure_and_the_summary_have_the_tag(number: str) -> None:
    cells = json.loads(chapter_of(number, COURSE).notebook.read_text(encoding="utf-8"))["cells"]
    tagged = {cell["id"] for cell in cells if SLIDE in cell["metadata"].get("tags", [])}
    assert tagged == _slides(cells)


def test_an_unknown_chapter_has_no_deck(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["slides", "99", "--to", str(tmp_path)])
    assert isinstance(result.exception, CourseError | SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_the_sentences_of_the_summary_are_the_key_points() -> None:
    page = deck(chapter_of("01", COURSE), COURSE)
    assert "Key points" in page
    assert page.count("<section") >= 6

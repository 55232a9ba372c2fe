"""The parts of a page: its head, its opener, the sources it cites, its one script."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pfp_course.book.assets import outline, script, stylesheet
from pfp_course.book.chapters import parts
from pfp_course.book.cited import unlisted
from pfp_course.book.theme import parted
from pfp_course.chapters import chapters
from pfp_course.questions import course_outline

OPENER = (
    '<div class="cell tag_hide-input docutils container">\n<details class="hide"><summary>Show'
    '</summary><pre>opener("02")</pre></details>\n<div class="cell_output docutils container">\n'
    '<div class="output text_html"><div class="pfp-opener"><dl></dl><ul><li>O</li></ul>'
    "</div></div></div>\n</div>"
)


def test_the_opener_of_a_chapter_comes_before_its_code() -> None:
    head, rest = parted(f'<section id="x">\n<h1>2. X</h1>\n<p><em>So.</em></p>\n{OPENER}\n<p>Text')
    assert head.index("pfp-opener") < head.index("<details")
    assert head.count("<div") == head.count("</div>")
    assert rest.strip() == "<p>Text"


def test_a_page_without_an_opener_is_parted_under_its_title() -> None:
    first = '<div class="cell"><details></details><div class="cell_output"></div></div>'
    head, rest = parted(f"<section><h1>X</h1>{first}<section>{OPENER}")
    assert head == "<section><h1>X</h1>"
    assert rest == f"{first}<section>{OPENER}"
    assert parted("<p>No title") == ("", "<p>No title")


def test_a_page_lists_what_it_cites_once_and_not_again() -> None:
    def link(anchor: str) -> str:
        return f'<a href="references.html#cite-1-{anchor}">x</a>'

    body = link("wiki-pfp") + link("article-2014") + link("wiki-pfp")
    assert unlisted(body) == ("wiki_pfp", "article_2014")
    assert unlisted(body + '<li data-source="wiki-pfp">') == ("article_2014",)
    assert unlisted("<p>Nothing") == ()


def test_the_marks_know_every_question_by_its_points_and_wordings() -> None:
    short = outline()
    for chapter in course_outline():
        known = {f"{chapter['chapter']}.{one[0]}": one[1:] for one in short[chapter["chapter"]]}
        for question in chapter["questions"]:
            points, *wordings = known.pop(question["id"])
            assert points == question["points"]
            assert len(wordings) == len(set(question["fingerprints"]))
            for full, beginning in zip(question["fingerprints"], wordings, strict=True):
                assert full.startswith(str(beginning))
        assert not known


def test_every_chapter_stands_in_one_part() -> None:
    held = [chapter for _, of_part in parts() for chapter in of_part]
    assert held == list(chapters())
    assert [name.partition(":")[0] for name, _ in parts()][:2] == ["Part I", "Part II"]


def test_the_style_sheet_has_no_comments_and_every_brace_its_pair() -> None:
    text = stylesheet()
    assert "/*" not in text
    assert text.count("{") == text.count("}")
    assert "data:image/svg+xml,%3Csvg xmlns=" in text


def test_the_script_of_the_pages_is_one_that_a_browser_can_read(tmp_path: Path) -> None:
    text = script({"menu.js": "setUpMenu", "marks.js": "setUpMarks"}, "const outline = {};")
    assert not re.search(r"^(?:import|export)\b", text, flags=re.MULTILINE)
    assert text.rstrip().endswith("setUpMenu();\nsetUpMarks();\n})();")
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed: the script's grammar is tested in the browser only")
    (tmp_path / "script.js").write_text(text)
    subprocess.run([node, "--check", str(tmp_path / "script.js")], check=True)

"""The statement on accessibility and speed says what was measured, of these pages."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from environment import ROOT
from sphinx.errors import ExtensionError

from pfp_course.book.measured import conformance, read
from pfp_course.chapters import chapters


def marked() -> set[str]:
    """Return the sentences of the checks in the browser tests."""
    found = set()
    for path in (ROOT / "tests" / "browser").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.accessibility"):
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_the_results_are_of_the_checks_that_there_are_and_all_passed() -> None:
    found = read(ROOT, "accessibility")
    assert {one["check"] for one in found["checks"]} == marked(), "run: make accessibility"
    assert {one["result"] for one in found["checks"]} == {"passed"}


def test_the_landing_page_and_every_chapter_have_full_scores() -> None:
    rows = {row["page"]: row for row in read(ROOT, "lighthouse")["pages"]}
    of_chapters = {f"notebooks/{chapter.notebook.stem}.html" for chapter in chapters()}
    assert set(rows) == {"index.html", *of_chapters}, "run: make lighthouse"
    for name, row in rows.items():
        for score in ("performance", "accessibility", "best-practices", "seo"):
            assert row[score] == 100, (name, score)


def test_the_statement_shows_every_result_with_its_date(book: Path) -> None:
    page = (book / "book" / "accessibility.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )
    found = read(ROOT, "accessibility")
    assert text.count(" Passed. ") == len(found["checks"])
    for one in found["checks"]:
        assert one["check"] in text
    assert f"{found['pages']} pages, with {found['browser']} and {found['axe']}" in text
    assert len(re.findall(r"<tr", page)) == 1 + len(read(ROOT, "lighthouse")["pages"])


def result(word: str) -> dict[str, Any]:
    return {"checks": [{"check": "Every page.", "result": word}]}


def test_a_check_that_failed_is_not_passed_over() -> None:
    assert "The checks that failed" in conformance(result("failed"))
    assert "Every check below was passed" in conformance(result("passed"))
    assert "The checks that failed" in conformance({"checks": []})


def test_missing_results_name_the_command_that_writes_them(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match="make accessibility"):
        read(tmp_path, "accessibility")
    (tmp_path / "book" / "measured").mkdir(parents=True)
    (tmp_path / "book" / "measured" / "lighthouse.json").write_text(json.dumps({})[:1])
    with pytest.raises(ExtensionError, match="make lighthouse"):
        read(tmp_path, "lighthouse")

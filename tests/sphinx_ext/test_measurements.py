"""The statement on accessibility and speed says what was measured, of these pages."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import lighthouse
import pytest
from courses import COURSE
from environment import ROOT
from sphinx.errors import ExtensionError

from pfp_course.chapters import chapters
from pfp_course.sphinx_ext.measurements import conformance, read, scores


def marked() -> set[str]:
    """Return the sentences of the checks in the browser tests."""
    found = set()
    for path in (ROOT / "tests" / "browser").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.accessibility"):
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_the_results_are_of_the_checks_that_there_are() -> None:
    checks = read(ROOT, "accessibility")["checks"]
    assert {check["check"] for check in checks} == marked(), "run: make accessibility"


def test_the_landing_page_and_every_chapter_were_measured() -> None:
    measured = {row["page"] for row in read(ROOT, "lighthouse")["pages"]}
    of_chapters = {f"notebooks/{chapter.notebook.stem}.html" for chapter in chapters(COURSE)}
    assert measured == {"index.html", *of_chapters}, "run: make lighthouse"


def test_a_score_below_full_is_shown_as_it_was_measured() -> None:
    row = {
        "page": "notebooks/07-seven.html",
        "performance": 87,
        "accessibility": 100,
        "best-practices": 96,
        "seo": 91,
        "largest_paint_ms": 2460,
        "bytes": 250_999,
    }
    assert scores(row) == ["Chapter 7", "87", "100", "96", "91", "2.5 s", "250 KB"]
    assert scores({**row, "page": "index.html"})[0] == "Landing page"
    assert scores({**row, "page": "book/data.html"})[0] == "data"


def test_measuring_fails_where_a_page_is_below_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def report(program: Path, address: str) -> dict[str, Any]:
        audits: dict[str, Any] = {
            audit: {"numericValue": 1} for audit in lighthouse._METRICS.values()
        }
        audits["network-requests"] = {"details": {"items": []}}
        score = 0.99 if "data" in address else 1
        return {
            "categories": {name: {"score": score} for name in lighthouse.CATEGORIES},
            "audits": audits,
            "lighthouseVersion": "12",
            "environment": {"hostUserAgent": "Chrome/140 x"},
        }

    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("")
    monkeypatch.setattr(lighthouse, "HTML", tmp_path / "html")
    monkeypatch.setattr(lighthouse, "ROOT", tmp_path)
    monkeypatch.setattr(lighthouse, "RESULTS", tmp_path / "lighthouse.json")
    monkeypatch.setattr(lighthouse, "lighthouse", lambda: tmp_path)
    monkeypatch.setattr(lighthouse, "once", report)
    assert lighthouse.main(["index.html"]) == 0
    assert lighthouse.main(["data.html"]) == 1


def test_the_statement_shows_every_result_with_its_date(book: Path) -> None:
    page = (book / "book" / "accessibility.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )
    found = read(ROOT, "accessibility")
    for check in found["checks"]:
        assert f"{check['result'].capitalize()}. {check['check']}" in text
    for row in read(ROOT, "lighthouse")["pages"]:
        assert " ".join(scores(row)) in text
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

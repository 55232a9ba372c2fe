"""Where the course names addresses, and what is told of them."""

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from courses import COURSE
from environment import ROOT

from pfp_course.data import sources
from pfp_course.linkcheck.asking import Answer, Verdict
from pfp_course.linkcheck.results import (
    Memory,
    Mention,
    addresses_in,
    as_csv,
    as_markdown,
    collect,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See <https://nato.int/a>.", ["https://nato.int/a"]),
        ("[a](https://nato.int/a), b", ["https://nato.int/a"]),
        ("https://nato.int/a_(b)", ["https://nato.int/a_(b)"]),
        ("(https://nato.int/a_(b))", ["https://nato.int/a_(b)"]),
        ("https://a.int/x;https://b.int/y", ["https://a.int/x", "https://b.int/y"]),
        ("*https://a.int/x*, `http://b.int`", ["https://a.int/x", "http://b.int"]),
        ("no address: http:// here", []),
        ("https://a.int/?q=1&r=2#s.", ["https://a.int/?q=1&r=2#s"]),
    ],
)
def test_an_address_is_told_from_the_signs_around_it(text: str, found: list[str]) -> None:
    assert list(addresses_in(text)) == found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that names addresses in every kind of file."""
    for name in ("book", "data", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "index.md").write_text("# One\n\nhttps://a.int/1 and https://example.org/no\n")
    (tmp_path / "book" / "two.md").write_text("http://127.0.0.1:8000/ https://a.int/1\n")
    table = 'key,note,url\nk1,"two\nlines",https://a.int/1\nk2,,https://b.int/2\n'
    (tmp_path / "data" / "sources.csv").write_text(f"{table}k3,FALSE: made up,https://c.int/3\n")
    cells = [{"source": ["x\n"]}, {"source": ["[b](https://b.int/2)"]}]
    (tmp_path / "notebooks" / "01-a.ipynb").write_text(json.dumps({"cells": cells}))
    return tmp_path


def test_every_mention_names_file_line_and_row(project: Path) -> None:
    assert {address: list(map(str, places)) for address, places in collect(project).items()} == {
        "https://a.int/1": [
            "index.md:3",
            "book/two.md:1",
            "data/sources.csv:2 (row k1, column url)",
        ],
        "https://b.int/2": [
            "data/sources.csv:4 (row k2, column url)",
            "notebooks/01-a.ipynb:2 (cell 2)",
        ],
    }


def test_every_source_of_the_course_is_asked_for() -> None:
    found = collect(ROOT)
    for source in sources(COURSE).values():
        if source.url and not source.note.startswith("FALSE"):
            assert source.url.rstrip("?") in found, source.key


ANSWERS = {
    answer.address: answer
    for answer in (
        Answer("https://a.int/1", Verdict.dead, 404, reason="gone"),
        Answer("https://b.int/2", Verdict.moved, 200, "https://b.int/3", "moved for good"),
        Answer("https://c.int/", Verdict.works, 200),
    )
}
MENTIONS = {
    "https://a.int/1": [Mention("data/sources.csv", 3, "=1+1"), Mention("index.md", 1)],
    "https://b.int/2": [Mention("book/two.md", 2)],
    "https://c.int/": [Mention("book/two.md", 3)],
}


def test_the_report_says_first_what_is_dead_and_who_names_it() -> None:
    text = as_markdown(ANSWERS, MENTIONS, date(2027, 1, 31))
    assert "3 addresses: 1 works, 1 moved, 1 dead, 0 uncertain." in text
    assert text.index("## Dead") < text.index("## Moved")
    assert "- <https://b.int/2> → <https://b.int/3>" in text
    assert "  - `index.md:1`" in text
    assert "c.int" not in text


def test_no_cell_of_the_table_is_a_formula() -> None:
    rows = list(csv.DictReader(StringIO(as_csv(ANSWERS, MENTIONS))))
    assert [row["verdict"] for row in rows] == ["dead", "dead", "moved", "works"]
    assert rows[0]["what"] == "'=1+1"
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_what_works_is_remembered_and_what_does_not_is_asked_again(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "answers.json", age=1)
    for answer in ANSWERS.values():
        memory.add(answer)
    memory.save()
    again = Memory(tmp_path / "answers.json", age=1)
    assert again.get("https://b.int/2") == ANSWERS["https://b.int/2"]
    assert again.get("https://c.int/") is not None
    assert again.get("https://a.int/1") is None
    assert Memory(tmp_path / "answers.json", age=0).get("https://c.int/") is None


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"asked": "now"}]', '{"a": 1}'])
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.json").write_text(text)
    assert Memory(tmp_path / "answers.json", age=1).known == {}

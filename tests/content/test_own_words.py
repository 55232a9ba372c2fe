"""The course says in its own words what it takes from the article of 2014.

Six words in a row are compared with the article by digests (``tools/word_runs.py``), so that the
article need not be in the repository. Only its abstract and the first paragraphs of its
introduction were at hand: copying from its later sections is not found here until somebody who
has the whole text makes the digests anew. Quotations of the table ``documents`` have their ground
in law, and titles are names: both are left out.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from courses import COURSE
from word_runs import ARTICLE, digest, digests, read, runs, written

from pfp_course.course import default_course
from pfp_course.data import package

ROOT = Path(__file__).parents[2]
# Columns that hold words or names of others.
NOT_OURS = {
    "documents": {"quotation", "translation", "title", "speaker"},
    "sources": {"title", "publisher", "author", "url"},
    "further_reading": {"title", "author", "venue", "doi_or_url"},
}
MADE_UP = (
    "The ferry crossed the grey strait slowly, and nobody on its deck was sure whether the "
    "harbour would still be open when they came."
)


def own_texts() -> Iterator[tuple[str, str]]:
    """Return each text of the course with its place: the file and the cell, row or page."""
    course = default_course()
    for path in sorted(course.notebooks.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield f"{path.name}: {cell['id']}", "".join(cell["source"])
    for path in sorted((course.data / "questions").glob("*.yml")):
        bank = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        yield from ((path.name, text) for text in _strings(bank))
    described = json.loads((course.data / "datapackage.json").read_text(encoding="utf-8"))
    yield from (("datapackage.json", text) for text in _strings(described))
    for name, table in package(COURSE).tables.items():
        if table.path.suffix == ".csv":
            yield from _cells(table.path, NOT_OURS.get(name, set()))
    pages = [*(ROOT / "book").glob("*.md"), *ROOT.glob("*.md")]
    for path in sorted([*pages, *(ROOT / "src" / "pfp_course" / "pfp").rglob("*.py")]):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _cells(path: Path, left_out: set[str]) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            for column, cell in row.items():
                if column not in left_out and cell:
                    yield f"{path.name}: row {number}, {column}", cell


def copied(texts: Iterable[tuple[str, str]], known: set[str]) -> list[str]:
    """Return the place and the words of each run whose digest is known."""
    return [
        f"{place}: {run}" for place, text in texts for run in runs(text) if digest(run) in known
    ]


def test_no_six_words_in_a_row_are_those_of_the_article() -> None:
    known = read(ARTICLE)
    assert len(known) > 200
    assert copied(own_texts(), known) == [], "say this in words of our own"


def test_every_kind_of_text_is_read() -> None:
    places = {place.split(":")[0] for place, _ in own_texts()}
    for name in ("01.yml", "claims.csv", "datapackage.json", "book/facts.md", "README.md"):
        assert name in places
    assert len([place for place in places if place.endswith(".ipynb")]) == len(
        list(default_course().notebooks.glob("*.ipynb"))
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Then nobody on its deck was sure of it.", ["here: nobody on its deck was sure"]),
        ("**Nobody on [@key] its** deck\nwas *sure*!", ["here: nobody on its deck was sure"]),
        ("Nobody on its deck was quite sure.", []),
    ],
)
def test_words_of_a_made_up_text_are_found_with_their_place(text: str, found: list[str]) -> None:
    assert copied([("here", text)], digests(MADE_UP)) == found


def test_the_file_holds_digests_and_says_which_parts_were_at_hand(tmp_path: Path) -> None:
    (tmp_path / "made-up.txt").write_text(written(MADE_UP, "all of it"), encoding="utf-8")
    assert read(tmp_path / "made-up.txt") == digests(MADE_UP)
    text = ARTICLE.read_text(encoding="utf-8")
    assert "# Parts that were at hand: " in text
    assert all(len(one) == len(digest("")) for one in read(ARTICLE))

"""The three memos of the last chapter are of one length, and what is said of them is true."""

import ast
import re
from collections.abc import Iterator

import nbformat
import pytest
from courses import COURSE

from pfp_course.questions import read_bank

[NOTEBOOK] = COURSE.notebooks.glob("14-*.ipynb")
CELLS = {cell["id"]: cell["source"] for cell in nbformat.read(NOTEBOOK, as_version=4).cells}
PAGE = (COURSE.root / "book" / "marked-answers.md").read_text(encoding="utf-8")
LETTERS = "ABC"


def memo(letter: str) -> str:
    """Return the words of a memo: what is quoted below its heading, without table and figure."""
    cells = [source for source in CELLS.values() if f"### Memo {letter}" in source]
    if letter == "C":
        cells.append(CELLS["memo-strong-end"])
    lines = [line[1:] for cell in cells for line in cell.splitlines() if line.startswith(">")]
    return " ".join(" ".join(lines).split())


def judgements(text: str, emphasis: str) -> Iterator[tuple[str, str]]:
    """Yield the letter of each memo that a text judges, and what it says of it."""
    parts = re.split(rf"^{emphasis}Memo ([ABC])\b\.?{emphasis}", text, flags=re.MULTILINE)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def our_points() -> dict[str, list[int]]:
    """Return the points that the chapter gives each memo, line by line."""
    for call in ast.walk(ast.parse(CELLS["draw-judge"])):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pd.DataFrame":
            points: dict[str, list[int]] = ast.literal_eval(call.args[0])
            return points
    raise AssertionError("the cell draw-judge has no table of points")


@pytest.mark.parametrize("letter", LETTERS)
def test_the_length_of_a_memo_does_not_tell_how_good_it_is(letter: str) -> None:
    assert 650 <= len(memo(letter).split()) <= 750
    assert memo(letter).count("**") >= 10, "each has headings"


@pytest.mark.parametrize(
    ("judged", "emphasis"),
    [(CELLS["our-judgement"], r"\*\*"), (PAGE, r"\*")],
    ids=["chapter", "page"],
)
def test_what_a_judgement_quotes_stands_in_the_memo(judged: str, emphasis: str) -> None:
    told = dict(judgements(judged, emphasis))
    assert list(told) == list(LETTERS)
    for letter, text in told.items():
        for quoted in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text):
            assert quoted.lower() in memo(letter).lower(), (letter, quoted)


def test_the_chapter_judges_the_weaker_memos_by_each_line_of_the_rubric() -> None:
    questions = read_bank(COURSE.bank("14"), COURSE).questions
    [question] = [question for question in questions if question.id == "14.memo"]
    lines = [line.text for line in question.rubric]  # type: ignore[attr-defined]
    told = dict(judgements(CELLS["our-judgement"], r"\*\*"))
    for letter in "AB":
        assert re.findall(r"^- \*\*(.+?)\.\*\*", told[letter], re.MULTILINE) == lines


def test_the_page_of_marked_answers_gives_the_points_of_the_chapter() -> None:
    points = our_points()
    for letter, text in judgements(PAGE, r"\*"):
        [marks] = re.findall(r"^ ([\d, ]+): ", text, re.MULTILINE)[:1]
        assert [int(mark) for mark in marks.split(", ")] == points[letter]

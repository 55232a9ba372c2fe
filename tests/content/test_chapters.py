"""Promises of the chapters to their readers."""

import csv
import re
import statistics
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import COURSE
from nbclient import NotebookClient

from pfp_course.chapters import chapter, pace_report
from pfp_course.chapters.checks import check_notebook
from pfp_course.course import default_course
from pfp_course.questions import bank_cues, check_bank, read_bank

BANKS = sorted((COURSE.data / "questions").glob("*.yml"))


def read_notebook(path: Path, as_version: int) -> Any:
    import nbformat

    return nbformat.read(path, as_version)


def markdown(notebook: Any) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def outputs(executed: Any) -> list[Any]:
    return [
        (cell, output)
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def html_outputs(executed: Any) -> list[str]:
    return [
        output.data["text/html"]
        for _, output in outputs(executed)
        if "text/html" in output.get("data", {})
    ]


def test_the_form_the_citations_and_the_questions_are_in_order(notebook: Path) -> None:
    assert check_notebook(notebook, COURSE.bank(notebook.name[:2]), COURSE) == []


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.stem)
def test_every_question_can_be_asked_and_answered(bank: Path) -> None:
    assert [str(problem) for problem in check_bank(bank, COURSE)] == []


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.stem)
def test_every_objective_has_a_question_and_every_kind_is_asked(bank: Path) -> None:
    read = read_bank(bank, COURSE)
    tasks = [*read.questions, *read.exercises]
    assert {task.objective for task in tasks} == set(read.objectives)
    assert 12 <= len(read.questions) <= 15
    assert 2 <= len(read.exercises) <= 3
    kinds = [question.kind for question in read.questions]
    assert {"single", "multiple", "numeric", "text"} <= set(kinds)
    assert len(set(kinds)) >= 6, "mix the kinds: ordering, matching, dates and the others"


def test_a_chapter_runs_from_top_to_bottom_in_a_clean_kernel(executed: Any) -> None:
    shown = [output.output_type for _, output in outputs(executed)]
    assert "error" not in shown
    assert shown


def test_the_code_that_the_book_shows_answers_each_exercise(notebook: Path, executed: Any) -> None:
    bank = read_bank(COURSE.bank(notebook.name[:2]), COURSE)
    said = [html for html in html_outputs(executed) if "pfp-verdict" in html]
    for exercise, html in zip(bank.exercises, said, strict=True):
        assert f"Right: exercise {exercise.id}" in html


def test_nothing_shown_is_an_object_address(executed: Any) -> None:
    for cell, output in outputs(executed):
        plain = output.get("data", {}).get("text/plain", output.get("text", ""))
        assert "object at 0x" not in plain, cell.id
        assert not re.match(r"<[\w.]+>$", plain), (cell.id, plain)


def test_no_text_in_a_table_is_cut(executed: Any) -> None:
    for cell, output in outputs(executed):
        html = output.get("data", {}).get("text/html", "")
        assert "...</td>" not in html, f"{cell.id}: set the option display.max_colwidth"


def test_nothing_is_written_to_standard_error(executed: Any) -> None:
    for cell, output in outputs(executed):
        assert output.get("name") != "stderr", (cell.id, output.get("text"))


def test_every_figure_has_a_text_alternative_a_title_and_a_source(executed: Any) -> None:
    figures = [html for html in html_outputs(executed) if "pfp-figure" in html]
    assert len(figures) >= 3
    for html in figures:
        title = re.search(r"<title[^>]*>(.+?)</title>", html, re.DOTALL)
        assert title is not None
        assert len(title[1]) >= 40
        assert "Source" in html


def test_no_picture_goes_round_the_figures_room(executed: Any) -> None:
    for cell, output in outputs(executed):
        assert "image/png" not in output.get("data", {}), (
            f"{cell.id}: show the figure with figures.show(), which asks for alt text and source"
        )


def test_a_sentence_is_short_enough_for_a_second_language(notebook: Path) -> None:
    text = markdown(read_notebook(notebook, as_version=4))
    text = re.sub(r"```.*?```|`[^`]*`|\[@[^\]]*\]|\|.*\|", "", text, flags=re.DOTALL)
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "- **O"))]
    sentences = [
        sentence.split()
        for sentence in re.split(r"(?<=[.!?:])\s+", " ".join(lines))
        if len(sentence.split()) > 2
    ]
    assert statistics.median(map(len, sentences)) <= 18
    assert sorted(map(len, sentences))[int(len(sentences) * 0.95)] <= 35


def test_a_chapter_is_found_in_the_catalogue_with_its_promise(notebook: Path) -> None:
    found = chapter(notebook.name[:2], COURSE)
    assert found.promise.endswith((".", "?"))
    assert 45 <= found.minutes <= 90
    assert found.heading in notebook.read_text(encoding="utf-8")


def test_every_chapter_fits_its_minutes() -> None:
    assert len(pace_report(COURSE)) == 1, "and no chapter is named"


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.stem)
def test_the_form_of_a_bank_gives_no_answer_away(bank: Path) -> None:
    assert bank_cues(bank, COURSE) == []


def test_every_new_term_of_a_chapter_is_in_the_text_in_bold(notebook: Path) -> None:
    number = notebook.name[:2]
    bold = {
        term.strip().lower()
        for term in re.findall(
            r"\*\*(.+?)\*\*",
            markdown(read_notebook(notebook, as_version=4)),
            re.DOTALL,
        )
    }
    with (COURSE.data / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [row for row in csv.DictReader(file) if row["chapter"] == number]
    absent = [
        row["term"]
        for row in terms
        if not {row["term"].lower(), row["acronym"].lower()} & bold
        and not any(row["term"].lower() in text for text in bold)
    ]
    assert terms
    assert not absent, "write these in bold where they first occur, or move them in the glossary"


_COUNT = re.compile(
    r"^(One|Two|Three|Four|Five|Six|Each)\b.*"
    r"\b(right|left over|has one|fits (a|one|once)|(belong|belongs) to (each|none)"
    r"|(answers|fits) none|of the (three|four|five|six))\b"
)


@pytest.mark.parametrize("number", [bank.stem for bank in BANKS])
def test_no_hint_says_how_many_answers_are_right(number: str) -> None:
    bank = read_bank(COURSE.bank(number), COURSE)
    told = {
        question.id: hint
        for question in bank.questions
        for hint in question.hints
        if _COUNT.search(hint)
    }
    assert not told, "a hint leads to the answer by its content, and not by a number"


PAGE = (COURSE.root / "book" / "marked-answers.md").read_text(encoding="utf-8")
# `01.judge` and all text up to the next question or chapter.
PARTS = re.findall(r"^`(\d\d\.\w+)`(.*?)(?=^`\d\d\.|^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
MARKS = re.compile(r"\* ([\d, ]+): (\d+) of (\d+)\.")


def test_every_open_question_has_answers_whose_marks_fit_its_rubric() -> None:
    rubrics = {
        question.id: [len(line.levels) - 1 for line in question.rubric]  # type: ignore[attr-defined]
        for path in sorted((COURSE.data / "questions").glob("*.yml"))
        for question in read_bank(path, COURSE).questions
        if question.kind == "open"
    }
    assert [name for name, _ in PARTS] == list(rubrics)
    for name, text in PARTS:
        marked = MARKS.findall(text)
        assert marked, name
        for listed, total, most in marked:
            marks = [int(mark) for mark in listed.split(", ")]
            assert len(marks) == len(rubrics[name]), name
            assert all(mark <= best for mark, best in zip(marks, rubrics[name], strict=True)), name
            assert (sum(marks), sum(rubrics[name])) == (int(total), int(most)), name


TEMPLATES = sorted((default_course().notebooks / "templates").glob("*.ipynb"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_runs_before_anything_is_filled_in(template: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(template, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )
    assert "1 claims, three or more are needed" in printed
    assert "There is no source" not in printed
    assert any("[" in cell.source for cell in notebook.cells if cell.cell_type == "markdown")

"""The page of marked answers follows the rubrics of the banks."""

import re

from courses import COURSE

from pfp_course.questions import read_bank

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

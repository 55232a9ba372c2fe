"""Names that are no text break no batch."""

import os
from pathlib import Path

from code_grading.conftest import LIMITS, answered, hand_in

from pfp_course.code_grading.batch import grade_notebooks
from pfp_course.code_grading.nbgrader_course import open_course


def test_names_that_are_no_text_are_told_and_stop_nobody(walls: None, course: Path) -> None:
    hand_in(course, "ada", answered(course, "answer = 6", "answer = [3, 2, 1]"))
    strange = hand_in(course, os.fsdecode(b"b\xff"), answered(course, "answer = 6", "answer = 1"))
    (strange.parent / os.fsdecode(b"n\xff.ipynb")).write_text("{}", encoding="utf-8")
    (strange.parent / os.fsdecode(b"f\xff.csv")).write_text("a", encoding="utf-8")
    hand_in(course, "=1+1", answered(course, "answer = 6", "answer = [3, 2, 1]"))
    grade_notebooks(open_course(course), [], course / "out", limits=LIMITS)
    table = (course / "out" / "gradebook.csv").read_text(encoding="utf-8")
    assert "ada,,,,3,0,3,3,graded" in table
    assert "'=1+1,,,,3,0,3,3,graded" in table
    report = (course / "out" / "report.csv").read_text(encoding="utf-8")
    assert "b?,,the name of its folder is no text" in report

"""Exercises in a receipt: judged anew and shown to the teacher, and never part of the points."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from classes import DUE, make_key
from courses import COURSE

from pfp_course.assignments.receipt import receipt_text
from pfp_course.grading import Settings, grade
from pfp_course.grading.marks import Marker
from pfp_course.grading.teacher_tables import TRIALS
from pfp_course.questions import read_bank
from pfp_course.questions.comparison import portable
from pfp_course.questions.record_model import Trial

KEY = make_key("02")
EXERCISE = read_bank(COURSE.bank("02"), COURSE).exercises[0].resolved()
AT = "2027-02-14T10:00:00.000Z"


def trial(value: str, *, right: bool, fingerprint: str = EXERCISE.fingerprint) -> Trial:
    return Trial(fingerprint=fingerprint, attempts=3, right=right, value=value, at=AT)


RIGHT = portable(EXERCISE.key, "number")


@pytest.mark.parametrize(
    ("given", "result"),
    [
        (trial(RIGHT, right=True), "right"),
        (trial(RIGHT, right=False), "right"),
        (trial(portable(-7, "number"), right=True), "not right"),
        (trial("", right=True), "right, as the student's computer said"),
        (trial(RIGHT, right=True, fingerprint="other"), "of another version"),
        (trial("{", right=True), "its value cannot be read"),
        (trial("[" * 4000, right=True), "its value cannot be read"),
        (trial('{"frame": {"index": [[1]], "names": [null]}}', right=True), "cannot be read"),
        ({"attempts": "many"}, "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_result_is_judged_anew_and_damage_is_told(given: Any, result: str) -> None:
    raw = given.model_dump() if isinstance(given, Trial) else given
    ((name, _, said, _),) = json.loads(Marker(KEY, COURSE).trials({"02.e1": raw}))
    assert name == "02.e1"
    assert result in said


def test_exercises_of_other_chapters_are_left_out() -> None:
    assert Marker(KEY, COURSE).trials({"03.e1": {}, "../x.e1": {}, "": {}}) == ""


def receipt(student: str, exercises: dict[str, Trial]) -> str:
    return receipt_text(
        student=student,
        seed=KEY.seed,
        assignment=KEY.id,
        made=AT,
        banks=KEY.banks,
        answers={},
        exercises=exercises,
    )


def test_the_teacher_gets_a_table_and_the_points_stay_the_same(tmp_path: Path) -> None:
    source = tmp_path / "receipts"
    source.mkdir()
    formula = trial(json.dumps({"one": "=HYPERLINK(1)"}), right=True)
    (source / "a.json").write_text(receipt("Aigerim", {"02.e1": trial(RIGHT, right=True)}))
    (source / "b.json").write_text(receipt("Berik", {"02.e1": formula}))
    (source / "c.json").write_text(receipt("Dina", {}))
    settings = Settings(key=KEY)
    outcome = grade(source, tmp_path / "grades", settings, COURSE)
    assert outcome.students == 3
    with (tmp_path / "grades" / TRIALS).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["attempts"], row["result"]) for row in rows] == [
        ("Aigerim", "3", "right"),
        ("Berik", "3", "not right"),
    ]
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    report = (tmp_path / "grades" / "report.html").read_text(encoding="utf-8")
    assert "2 students handed in what they tried at exercises" in report
    assert DUE


def test_without_exercises_there_is_no_such_table(tmp_path: Path) -> None:
    source = tmp_path / "receipts"
    source.mkdir()
    (source / "c.json").write_text(receipt("Dina", {}))
    grade(source, tmp_path / "grades", Settings(key=KEY), COURSE)
    assert not (tmp_path / "grades" / TRIALS).exists()

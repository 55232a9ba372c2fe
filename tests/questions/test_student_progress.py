"""Objectives met, and a record that moves between the book and a notebook."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses import answered

from pfp_course import progress
from pfp_course.course import default_course
from pfp_course.errors import CourseError
from pfp_course.questions import course_outline, mark, read_bank
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.spec import variants

COURSE = default_course()

OBJECTIVE = "O1.2"
QUESTIONS = [
    one for one in read_bank(COURSE.bank("01"), COURSE).questions if one.objective == OBJECTIVE
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def respond(spec: dict[str, Any], *, right: bool) -> Any:
    if spec["kind"] == "open":
        rubric = spec["rubric"]
        levels = [len(one["levels"]) - 1 if right else 0 for one in rubric]
        return {"text": "word " * spec["words"], "levels": levels}
    if spec["kind"] == "text":
        return spec["answer"] if right else "nothing of the kind"
    places = [place for place, one in enumerate(spec["choices"]) if one["right"] == right]
    return places if spec["kind"] == "multiple" else places[0]


def record(*, right: bool, at: str = "2026-01-01T00:00:00.000Z", **more: Any) -> dict[str, Any]:
    answers = {}
    for question in QUESTIONS:
        spec = variants(question)[0]
        response = respond(spec, right=right)
        points = {"score": 99 * mark(spec, response).share, "points": question.points}
        known = {**points, "at": at, **more}
        answers[question.id] = answered(spec["fingerprint"], response, **known)
    return {"format": "pfp-course/progress", "version": 1, "course": "0", "answers": answers}


def met() -> set[str]:
    return {one.objective for one in progress().reached if one.met}


def test_an_objective_is_met_when_all_its_questions_are_right() -> None:
    assert met() == set()
    Path(FILE_NAME).write_text(json.dumps(record(right=True)), encoding="utf-8")
    assert met() == {OBJECTIVE}
    assert f"met {OBJECTIVE}" in str(progress())
    assert "✓ met" in progress()._repr_html_()


def test_how_sure_is_set_beside_how_right() -> None:
    assert progress().sure == ()
    Path(FILE_NAME).write_text(json.dumps(record(right=True, confidence=2)), encoding="utf-8")
    number = len(QUESTIONS)
    assert f"certain: {number} of {number} right at the first try" in str(progress())
    again = record(right=True, confidence=2, attempts=2, at="2026-01-02T00:00:00.000Z")
    Path(FILE_NAME).write_text(json.dumps(again), encoding="utf-8")
    assert f"certain: 0 of {number} right at the first try" in progress()._repr_html_()
    assert "I guess: 0 of 0" in str(progress())


@pytest.mark.parametrize(
    "kept",
    [record(right=False), record(right=True, shown=True), record(right=True, fingerprint="x")],
    ids=["wrong", "shown", "changed"],
)
def test_a_wrong_a_shown_and_an_outdated_answer_meet_nothing(kept: dict[str, Any]) -> None:
    Path(FILE_NAME).write_text(json.dumps(kept), encoding="utf-8")
    assert met() == set()


def test_a_record_from_the_browser_is_merged_and_the_newer_answer_stays() -> None:
    later = "2026-02-01T00:00:00.000Z"
    Path(FILE_NAME).write_text(json.dumps(record(right=False)), encoding="utf-8")
    Path("download.json").write_text(json.dumps(record(right=True, at=later)), encoding="utf-8")
    progress(load="download.json")
    assert met() == {OBJECTIVE}
    Path("old.json").write_text(json.dumps(record(right=False)), encoding="utf-8")
    progress(load="old.json")
    assert met() == {OBJECTIVE}


@pytest.mark.parametrize("content", ["", "{}", '{"format": "pfp-course/progress", "version": 9}'])
def test_a_foreign_file_is_refused_and_changes_nothing(content: str) -> None:
    Path(FILE_NAME).write_text(json.dumps(record(right=True)), encoding="utf-8")
    Path("other.json").write_text(content)
    with pytest.raises(CourseError, match="no record of this course"):
        progress(load="other.json")
    with pytest.raises(CourseError, match="cannot be read"):
        progress(load="none.json")
    assert met() == {OBJECTIVE}


def test_the_outline_knows_every_question_and_variant() -> None:
    for chapter in course_outline(COURSE):
        questions = read_bank(COURSE.bank(chapter["chapter"]), COURSE).questions
        assert [one["id"] for one in chapter["questions"]] == [one.id for one in questions]
        for one, question in zip(chapter["questions"], questions, strict=True):
            assert len(one["fingerprints"]) == len(variants(question))


def test_what_was_tried_at_an_exercise_is_kept_and_shown() -> None:
    from pfp_course import check

    exercise = read_bank(COURSE.bank("01"), COURSE).exercises[0]
    key = exercise.resolved().key
    assert "Hint" in str(check("01.e1", key + 1))
    assert "Exercise 01.e1: not yet right, 1 attempt" in str(progress())
    check("01.e1", key + 1)  # the same value again, as when all cells are run
    check("01.e1", key + 2)
    assert "not yet right, 2 attempts" in str(progress())
    assert check("01.e1", key).state == "right"
    shown = progress()
    assert "Exercise 01.e1: right, 3 attempts" in shown._repr_html_()
    (of_objective,) = [one for one in shown.reached if one.objective == exercise.objective]
    assert of_objective.in_code.startswith("1 of ")
    kept = json.loads(Path(FILE_NAME).read_text(encoding="utf-8"))["exercises"]["01.e1"]
    assert (kept["attempts"], kept["right"]) == (3, True)
    check("01.e1", ...)
    assert "right, 3 attempts" in str(progress())


def test_each_wrong_attempt_brings_the_next_hint_also_after_a_restart() -> None:
    from pfp_course import check
    from pfp_course.questions import record

    says = []
    for value in (-1, -1, -2, -3):
        record._store.cache_clear()  # as a new kernel begins
        says.append(check("02.e1", value).says[-1])
    hints = [
        f"Hint: {one}" for one in read_bank(COURSE.bank("02"), COURSE).exercises[0].resolved().hints
    ]
    assert says[:3] == [hints[0], hints[0], hints[1]]


def test_an_attempt_that_cannot_be_kept_is_told() -> None:
    from pfp_course import check

    Path(FILE_NAME).mkdir()
    verdict = check("01.e1", 1)
    assert "not kept on disk" in str(verdict)
    assert "not kept on disk" in verdict._repr_html_()
    assert "Exercise 01.e1: not yet right" in str(progress())
    Path(FILE_NAME).rmdir()
    assert "not kept" not in str(check("01.e1", 2))

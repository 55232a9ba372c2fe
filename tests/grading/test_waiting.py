"""Whose receipts count, what waits for the teacher, and what becomes of the teacher's word."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classes import Work, make_key, work, write_key
from hostile import resealed
from schools import School, rows
from typer.testing import CliRunner

from pfp_course.assignments.assignment import Key
from pfp_course.cli import app
from pfp_course.errors import CourseError

FIRST, SECOND = "2027-02-14T10:00:00.000Z", "2027-02-14T18:00:00.000Z"
WAITS = "a receipt waits for your decision"


def part(one: Work, chapters: str, made: str, **changes: Any) -> str:
    """Return the part of a student's work that belongs to a chapter."""
    answers = json.loads(one.text)["answers"]
    kept = {name: answer for name, answer in answers.items() if name.startswith(chapters)}
    return resealed(one.text, answers=kept, made=made, **changes)


# Which counts -----------------------------------------------------------------


def test_a_chapter_in_each_of_two_receipts_is_counted_together(school: School) -> None:
    one = work(school.key, "Two Folders", skill=1.0)
    school.put("a.json", part(one, "03", FIRST))
    school.put("b.json", part(one, "07", SECOND))
    school.grade()
    (row,) = school.book.values()
    assert row["status"] == "graded"
    assert float(row["points"]) == pytest.approx(one.total, abs=0.01)
    assert [what for what, _ in school.report] == ["Parts of the work in several receipts"]


@pytest.mark.parametrize("kept", ["none of it", "03", "07"])
def test_a_later_receipt_that_lacks_answers_waits_and_loses_nothing(
    school: School, kept: str
) -> None:
    one = work(school.key, "Em Pty", skill=1.0)
    school.put("full.json", resealed(one.text, made=FIRST))
    school.put("less.json", part(one, kept, SECOND))
    done = school.grade()
    (row,) = school.book.values()
    assert row["status"] == WAITS
    assert float(row["points"]) == pytest.approx(one.total, abs=0.01)
    assert [row[school.key.title] for row in rows(school.out / "canvas.csv")][1:] == [""]
    assert [row[school.key.title] for row in rows(school.out / "moodle.csv")] == [""]
    assert school.report == [("A later receipt lacks answers of an earlier one", "full.json")]
    assert done.decisions == 2
    school.grade(decisions=school.decided({"full.json": "yes"}))
    (row,) = school.book.values()
    assert row["status"] == "graded"
    assert float(row["points"]) == pytest.approx(one.total, abs=0.01)


def test_the_teacher_may_count_the_lesser_receipt_or_both(school: School) -> None:
    one = work(school.key, "Em Pty", skill=1.0)
    school.put("full.json", resealed(one.text, made=FIRST))
    less = part(one, "03", SECOND)
    school.put("less.json", less)
    school.grade()
    share = sum(p or 0 for name, p in one.worth.items() if name.startswith("03"))
    for words, points in (
        ({"full.json": "no"}, share),
        ({"less.json": "Yes"}, share),
        ({"full.json": "да", "less.json": "да"}, one.total),
    ):
        table = school.decided(words)
        waiting, school.number = school.number, school.number + 5
        school.grade(decisions=table)
        (row,) = school.book.values()
        assert row["status"] == "graded", words
        assert float(row["points"]) == pytest.approx(points, abs=0.01), words
        school.number = waiting


def test_a_new_file_in_the_place_of_one_that_was_decided_waits_again(school: School) -> None:
    one = work(school.key, "Em Pty", skill=1.0)
    school.put("full.json", resealed(one.text, made=FIRST))
    school.put("less.json", part(one, "03", SECOND))
    school.grade()
    table = school.decided({"less.json": "yes"})
    school.put("less.json", part(one, "07", SECOND))
    school.grade(decisions=table)
    (row,) = school.book.values()
    assert row["status"] == WAITS
    assert ("A decision of yours that no longer fits", "less.json") in school.report
    (school.folder / "r" / "less.json").unlink()
    school.grade(decisions=table)
    assert ("A decision of yours that no longer fits", "less.json") in school.report
    (row,) = school.book.values()
    assert row["status"] == "graded"


def test_nobody_replaces_the_work_of_another_by_signing_with_the_name(school: School) -> None:
    victim = work(school.key, "Vic Tim", number=1, skill=1.0)
    school.put("victim.json", victim)
    school.put("sabotage.json", work(school.key, "Vic Tim", number=2, skill=0.0, made=SECOND))
    school.grade()
    (row,) = school.book.values()
    assert row["status"] == WAITS
    assert float(row["points"]) == pytest.approx(victim.total, abs=0.01)


def test_two_accounts_that_sign_for_one_student_wait(school: School) -> None:
    school.put("Participant_1_assignsubmission_file_/r.json", work(school.key, "Vic Tim", number=1))
    school.put("Participant_2_assignsubmission_file_/r.json", work(school.key, "Vic Tim", number=2))
    school.grade("name,id\nVic Tim,S1\n")
    assert school.book["S1"]["status"] == WAITS
    assert {what for what, _ in school.report} >= {"Several accounts for one student"}


def test_an_account_may_begin_anew_in_another_folder(school: School) -> None:
    """The system knows who it was, so the later and complete receipt counts."""
    where = "Ann Lee_1_assignsubmission_file_/{}.json"
    school.put(where.format("a"), work(school.key, "Ann Lee", number=1, skill=1.0))
    later = work(school.key, "Ann Lee", number=2, skill=1.0, made=SECOND)
    school.put(where.format("b"), later)
    school.grade()
    (row,) = school.book.values()
    assert (row["status"], row["made"][:16]) == ("graded", SECOND[:16])


def test_a_date_that_cannot_be_is_counted_as_the_teacher_says(school: School) -> None:
    one = work(school.key, "Dead Battery", skill=1.0, made="2020-01-01T00:00:00.000Z")
    school.put("a.json", one)
    school.grade(late="penalty", penalty=20.0)
    for days, points in (("0", one.total), ("", one.total), ("2", 0.6 * one.total)):
        table = school.decided({"a.json": "yes"}, {"a.json": days})
        waiting, school.number = school.number, school.number + 5
        school.grade(decisions=table, late="penalty", penalty=20.0)
        (row,) = school.book.values()
        assert row["status"] == "graded"
        assert float(row["points"]) == pytest.approx(points, abs=0.01)
        school.number = waiting


def test_a_clock_that_was_reset_between_two_receipts_loses_neither(school: School) -> None:
    for where, skill, made in (("a", 0.0, FIRST), ("b", 1.0, "2026-12-01T00:00:00.000Z")):
        one = work(school.key, "Dead Battery", number=3, skill=skill)
        school.put(f"{where}.json", resealed(one.text, made=made))
    school.grade()
    (row,) = school.book.values()
    assert row["status"] == WAITS
    assert float(row["points"]) == pytest.approx(one.total, abs=0.01)


@pytest.mark.parametrize("roster", ["", "name,id,login,email\nAnn Lee,S9,ann,ann@example.org\n"])
def test_variants_shopped_with_several_forms_of_a_name_are_told(
    tmp_path: Path, roster: str
) -> None:
    school = School(make_key("02", "03", seed_by="student", manual=False), tmp_path)
    forms = ("Ann Lee", "Lee Ann", "S9", "ann", "ann@example.org", "ANN  LEE.")
    for number, form in enumerate(forms):
        made = f"2027-02-14T1{number}:00:00.000Z"
        one = work(school.key, form, number=4, skill=1.0, made=made)
        school.put(f"Ann Lee_7_assignsubmission_file_/{number}.json", one)
    school.grade(roster)
    found = [row for row in rows(school.out / "report.csv") if "variants of its own" in row["what"]]
    (line,) = found
    assert "6 receipts under 6 names" in line["found"]
    assert all(form.split()[0] in line["found"] for form in forms)


# What lies beside -------------------------------------------------------------

BESIDE = {
    **{f"hw/notebooks/{n}.ipynb": "{}" for n in range(30)},
    "hw/pfp-progress.json": '{"format": "pfp-course/progress"}',
    "hw/assignment.json": '{"format": "pfp-course/assignment"}',
    "hw/data/meta.json": "{}",
    "hw/data/signatories.csv": "a,b",
    "hw/README.txt": "hello",
    "hw/.ipynb_checkpoints/receipt-checkpoint.json": "{}",
}


@pytest.mark.parametrize("where", ["Zip Whole_5_assignsubmission_file_/all.zip", "all.zip", ""])
@pytest.mark.parametrize("handed", [True, False])
def test_a_whole_working_folder_is_one_line(school: School, where: str, handed: bool) -> None:
    files = dict(BESIDE)
    if handed:
        files["hw/receipt-x.json"] = work(school.key, "Zip Whole").text
    if where:
        (school.folder / "r" / where).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(school.folder / "r" / where, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        for name, text in files.items():
            school.put(name, text)
    school.put("other.json", work(school.key, "Other Student", number=8))
    school.put("broken.json", "{")
    school.grade()
    lines = [what for what, file in school.report if file != "broken.json"]
    assert lines == [
        "Other files beside the receipt"
        if handed
        else "The record of answers was handed in, not the receipt"
    ]
    statuses = {row["name"]: row["status"] for row in school.book.values()}
    assert statuses.get("Zip Whole", "look at the report") == (
        "graded" if handed else "look at the report"
    )


def test_a_broken_receipt_beside_a_whole_one_is_not_kept_quiet(school: School) -> None:
    where = "Ann Lee_5_assignsubmission_file_/"
    school.put(f"{where}receipt-1.json", work(school.key, "Ann Lee"))
    school.put(f"{where}receipt-2.json", '{"format": "pfp-course/receipt"')
    school.grade()
    (line,) = rows(school.out / "report.csv")
    assert "receipt-2.json" in line["found"]


# The command ------------------------------------------------------------------


def test_the_command_tells_what_waits_and_takes_the_decisions(key: Key, tmp_path: Path) -> None:
    school = School(key, tmp_path)
    one = work(key, "Em Pty", skill=1.0)
    school.put("full.json", resealed(one.text, made=FIRST))
    school.put("less.json", part(one, "03", SECOND))
    path = write_key(key, tmp_path / "k.key.json")
    run = ["grade", str(tmp_path / "r"), "--assignment", str(path), "--out", str(tmp_path / "g0")]
    said = CliRunner().invoke(app, run).output
    assert "2 receipts to be decided by you" in said
    table = school.decided({"full.json": "yes"})
    said = CliRunner().invoke(app, [*run, "--regrade", "--decisions", str(table)]).output
    assert "1 student: 1 graded." in said
    assert "decided by you" not in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a.json,{content},Bob,", "no student 'Bob'"),
        ("a.json,{content},yes,soon", "'soon' is no number of days"),
        ("a.json,{content},yes,\na.json,{content},no,", "another line decides"),
    ],
)
def test_a_decision_that_cannot_be_is_named_with_its_line(
    school: School, row: str, words: str
) -> None:
    school.put("a.json", work(school.key, "Ann Lee", made="1970-01-01T00:00:00.000Z"))
    school.grade()
    content = rows(school.out / "to-decide.csv")[0]["content"]
    table = school.folder / "d.csv"
    table.write_text("file,content,decision,days late\n" + row.format(content=content) + "\n")
    with pytest.raises(CourseError, match=rf"d\.csv:\d: .*{words}"):
        school.grade(decisions=table)


@pytest.mark.parametrize("response", ["no answers", None])
def test_a_receipt_without_an_answer_is_no_0_until_the_teacher_says_so(
    school: School, response: str | None
) -> None:
    text = work(school.key, "Em Pty", skill=1.0).text
    answers = json.loads(text)["answers"]
    empty = {} if response else {name: {**one, "response": None} for name, one in answers.items()}
    school.put("a.json", resealed(text, answers=empty))
    school.grade()
    (row,) = school.book.values()
    assert row["status"] == WAITS
    assert [what for what, _ in school.report] == ["A receipt without an answer"]
    school.grade(decisions=school.decided({"a.json": "yes"}))
    (row,) = school.book.values()
    assert (row["status"], row["points"]) == ("graded", "0")


def test_a_number_that_cannot_be_read_waits_in_an_exam(tmp_path: Path) -> None:
    school = School(make_key("03", mode="exam", manual=False), tmp_path)
    one = work(school.key, "Ann Lee", skill=1.0)
    answers = json.loads(one.text)["answers"]
    names = [question.id for question in school.key.questions if question.kind == "numeric"]
    for name in names:
        answers[name]["response"] = "about four"
    school.put("a.json", resealed(one.text, answers=answers))
    assert school.grade().held == len(names) > 0
    (row,) = school.book.values()
    assert row["status"] == "some answers wait for you"


@pytest.mark.parametrize("name", ["\u3164", "\u2800\u2800", "\u115f \u1160", "\u200b\u2060"])
def test_a_name_that_is_drawn_as_nothing_is_none(school: School, name: str) -> None:
    school.put("a.json", work(school.key, name))
    school.grade()
    assert [what for what, _ in school.report] == ["Not signed"]

"""Whose receipt counts, and what an instructor decides about it."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classes import DUE, Work, make_key, work, write_key
from courses import COURSE
from hostile import resealed
from typer.testing import CliRunner

from pfp_course.assignments.assignment import Key
from pfp_course.cli import app
from pfp_course.errors import CourseError
from pfp_course.grading import Outcome, Settings, grade

EARLY, ON_TIME = "2027-02-10T10:00:00.000Z", "2027-02-15T23:50:00.000Z"
GRACE, LATE, LATER = (
    "2027-02-16T00:10:00.000Z",
    "2027-02-16T09:00:00.000Z",
    "2027-02-18T09:00:00.000Z",
)


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", manual=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def hand_in(folder: Path, **works: Work | str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, one in works.items():
        text = one if isinstance(one, str) else one.text
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def graded(key: Key, tmp: Path, roster: str = "", **settings: Any) -> Outcome:
    listing = None
    if roster:
        listing = tmp / "students.csv"
        listing.write_text(roster, encoding="utf-8")
    return grade(tmp / "r", tmp / "g", Settings(key=key, **settings), COURSE, roster=listing)


def kinds(tmp: Path) -> list[str]:
    return [row["what"] for row in rows(tmp / "g" / "report.csv")]


def book(tmp: Path) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in rows(tmp / "g" / "gradebook.csv")}


def test_the_latest_receipt_before_the_deadline_counts(key: Key, tmp_path: Path) -> None:
    """A student who goes on with the same work, and presses the button several times."""
    whole = work(key, "Ann Lee", number=1, skill=0.7)
    answers = list(json.loads(whole.text)["answers"].items())
    works = {
        name: resealed(whole.text, answers=dict(answers[:count]), made=made)
        for name, count, made in (
            ("a", 4, EARLY),
            ("b", len(answers) - 1, ON_TIME),
            ("c", len(answers), LATE),
            ("d", 7, EARLY),
        )
    }
    hand_in(tmp_path / "r", **works, copy=works["b"])
    graded(key, tmp_path)
    row = book(tmp_path)["Ann Lee"]
    assert row["made"] == "2027-02-15T23:50:00Z"
    assert row["status"] == "graded"
    total = whole.total - (whole.worth[answers[-1][0]] or 0)
    assert float(row["points"]) == pytest.approx(total, abs=0.01)
    assert sorted(kinds(tmp_path)) == ["A further receipt"] * 3 + ["The same receipt again"]


@pytest.mark.parametrize(
    ("late", "made", "share", "status"),
    [
        ("accept", LATE, 1.0, "graded"),
        ("penalty", GRACE, 1.0, "graded"),
        ("penalty", LATE, 0.8, "graded"),
        ("penalty", LATER, 0.4, "graded"),
        ("penalty", "2027-05-01T09:00:00.000Z", 0.0, "graded"),
        ("refuse", LATE, None, "late, not accepted"),
        ("refuse", GRACE, 1.0, "graded"),
    ],
)
def test_late_work_is_treated_as_the_instructor_decided(
    key: Key, tmp_path: Path, late: str, made: str, share: float | None, status: str
) -> None:
    one = work(key, "Ann Lee", number=3, made=made)
    hand_in(tmp_path / "r", a=one)
    graded(key, tmp_path, late=late, penalty=20.0)
    row = book(tmp_path)["Ann Lee"]
    assert row["status"] == status
    if share is None:
        assert row["points"] == ""
    else:
        assert float(row["points"]) == pytest.approx(one.total * share, abs=0.01)


def test_a_student_with_more_time_is_not_late(key: Key, tmp_path: Path) -> None:
    hand_in(tmp_path / "r")
    name = "leeann_LATE_345_6789_receipt.json"
    (tmp_path / "r" / name).write_text(work(key, "Ann Lee", made=LATE).text)
    graded(key, tmp_path, "name,id,due\nAnn Lee,1,2027-02-17\n", late="refuse")
    assert book(tmp_path)["Ann Lee"]["status"] == "graded"
    assert kinds(tmp_path) == []


def test_what_canvas_calls_late_is_late(key: Key, tmp_path: Path) -> None:
    hand_in(tmp_path / "r")
    name = "leeann_LATE_345_6789_receipt.json"
    (tmp_path / "r" / name).write_text(work(key, "Ann Lee", made=EARLY).text)
    graded(key, tmp_path)
    assert kinds(tmp_path) == ["Late"]
    assert "Canvas calls it late" in rows(tmp_path / "g" / "report.csv")[0]["found"]


def test_an_account_decides_whose_it_is_and_a_foreign_signature_is_held(
    key: Key, tmp_path: Path
) -> None:
    for account, typed in (
        ("Ann Lee_11", "Bob Ray"),
        ("Bob Ray_12", "bobby"),
        ("Cy Poe_13", "CY  poe"),
    ):
        folder = tmp_path / "r" / f"{account}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "receipt.json").write_text(work(key, typed, number=len(typed)).text)
    graded(key, tmp_path, "name;id\nAnn Lee;1\nBob Ray;2\nCy Poe;3\nDi Orr;4\n")
    status = {name: row["status"] for name, row in book(tmp_path).items()}
    assert status == {
        "Ann Lee": "look at the report",
        "Bob Ray": "graded",
        "Cy Poe": "graded",
        "Di Orr": "nothing handed in",
    }
    assert kinds(tmp_path) == [
        "Handed in by one student, signed by another",
        "Signed with another name than on your list",
    ]


def test_a_zip_of_a_class_that_is_marked_blindly_stays_blind(key: Key, tmp_path: Path) -> None:
    works = {number: work(key, f"Student {number}", number=number) for number in range(4)}
    with zipfile.ZipFile(tmp_path / "PfP-Week_3_5-12.zip", "w") as archive:
        for number, one in works.items():
            name = f"Participant_{50 + number}_assignsubmission_file_/receipt.json"
            archive.writestr(name, one.text)
    grade(tmp_path / "PfP-Week_3_5-12.zip", tmp_path / "g", Settings(key=key), COURSE)
    for number, one in works.items():
        row = book(tmp_path)[f"Participant {50 + number}"]
        assert float(row["points"]) == pytest.approx(one.total, abs=0.01)
    back = {row["Identifier"] for row in rows(tmp_path / "g" / "moodle-worksheet.csv")}
    assert back == {f"Participant {50 + number}" for number in works}


def test_the_column_also_settles_who_it_is(key: Key, tmp_path: Path) -> None:
    hand_in(tmp_path / "r", a=work(key, "annie", number=1), b=work(key, "nobody", number=2))
    graded(key, tmp_path, "name,id,also\nAnn Lee,1,Annie; A. Lee\n")
    assert book(tmp_path)["Ann Lee"]["status"] == "graded"
    assert book(tmp_path)["nobody"]["status"] == "not on your list; graded"
    assert len(rows(tmp_path / "g" / "moodle.csv")) == 1
    assert kinds(tmp_path) == ["Signed with a name that is not on your list"]


def test_two_students_of_one_name_are_not_mixed_up(key: Key, tmp_path: Path) -> None:
    hand_in(tmp_path / "r", a=work(key, "Ann Lee"), b=work(key, "S2", number=2))
    graded(key, tmp_path, "name,id\nAnn Lee,S1\nAnn Lee,S2\n")
    found = {row["student"]: row["status"] for row in rows(tmp_path / "g" / "gradebook.csv")}
    assert found == {"S1": "nothing handed in", "S2": "graded"}
    assert kinds(tmp_path) == ["Two students have this name"]


def test_the_same_answers_from_two_students_are_listed(key: Key, tmp_path: Path) -> None:
    one = work(key, "Ann Lee", number=1)
    hand_in(tmp_path / "r", a=one, b=resealed(one.text, student="Bob Ray"), c=work(key, "Cy Poe"))
    graded(key, tmp_path)
    assert kinds(tmp_path) == ["The same answers from two students"] * 2
    assert {row["status"] for row in book(tmp_path).values()} == {"graded"}


def test_tables_of_moodle_and_canvas_are_read_as_the_list_and_written_back(
    key: Key, tmp_path: Path
) -> None:
    one = work(key, "s7@example.org", number=4)
    hand_in(tmp_path / "r", a=one)
    worksheet = (
        'Identifier,"Full name","Email address",Status,Grade\n'
        '"Participant 77","Ann Lee",s7@example.org,"Submitted",\n'
    )
    graded(key, tmp_path, worksheet)
    (back,) = rows(tmp_path / "g" / "moodle-worksheet.csv")
    assert back["Identifier"] == "Participant 77"
    assert float(back["Grade"]) == pytest.approx(one.total, abs=0.01)
    assert {"Last modified (grade)", "Maximum Grade", "Feedback comments"} <= back.keys()

    canvas = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (12)\n"
        '"    Points Possible",,,,,5\n"Lee, Ann",345,S7,s7@example.org,A,\n'
        '"Student, Test",999,,abc,A,\n'
    )
    (tmp_path / "students.csv").write_text(canvas)
    grade(
        tmp_path / "r",
        tmp_path / "g2",
        Settings(key=key),
        COURSE,
        roster=tmp_path / "students.csv",
    )
    points, row = rows(tmp_path / "g2" / "canvas.csv")
    assert points["Student"].strip() == "Points Possible"
    assert (row["Student"], row["ID"], row["SIS User ID"]) == ("Lee, Ann", "345", "S7")
    assert float(row[key.title]) == pytest.approx(one.total, abs=0.01)


def test_an_answer_to_another_variant_is_held_until_somebody_decides(tmp_path: Path) -> None:
    key = make_key("03", "10", seed_by="student", manual=False)
    mine, other = work(key, "Ann Lee", skill=1.0), work(key, "Zed", skill=1.0)
    varied = [one.id for one in key.questions if len(one.variants) > 1]
    own, foreign = (json.loads(one.text)["answers"] for one in (mine, other))
    shopped = [name for name in varied if own[name]["fingerprint"] != foreign[name]["fingerprint"]]
    assert shopped, "the two names draw different variants"
    answers = {**own, **{name: foreign[name] for name in shopped}}
    hand_in(tmp_path / "r", a=resealed(mine.text, answers=answers))
    graded(key, tmp_path)
    held = {row["question"]: row for row in rows(tmp_path / "g" / "to-mark.csv")}
    assert set(shopped) <= held.keys()
    row = book(tmp_path)["Ann Lee"]
    lost = sum(mine.worth[name] or 0 for name in shopped)
    assert float(row["points"]) == pytest.approx(mine.total - lost, abs=0.01)
    assert kinds(tmp_path) == ["Answers to another variant than the student's own"]
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key, variants="count"), COURSE, regrade=True)
    assert float(book(tmp_path)["Ann Lee"]["points"]) == pytest.approx(mine.total, abs=0.01)


def test_work_that_was_begun_under_a_misspelt_name_is_explained(tmp_path: Path) -> None:
    key = make_key("03", "10", seed_by="student", manual=False)
    one = work(key, "An Lee", skill=1.0)
    hand_in(tmp_path / "r", a=resealed(one.text, student="Ann Lee"))
    graded(key, tmp_path)
    assert kinds(tmp_path) == [
        "Answers to another variant than the student's own",
        "Begun under another name than it is signed with",
    ]
    held = {row["question"]: row for row in rows(tmp_path / "g" / "to-mark.csv")}
    total = float(book(tmp_path)["Ann Lee"]["points"])
    total += sum(float(row["would earn"]) for row in held.values())
    assert total == pytest.approx(one.total, abs=0.01)


def test_another_version_of_a_question_waits_and_costs_nothing_else(
    key: Key, tmp_path: Path
) -> None:
    one = work(key, "Ann Lee", skill=1.0)
    answers = json.loads(one.text)["answers"]
    first = next(iter(answers))
    answers[first]["fingerprint"] = "0" * 16
    text = resealed(one.text, answers=answers, banks={"03": "0" * 16})
    hand_in(tmp_path / "r", a=text)
    graded(key, tmp_path)
    expected = one.total - (one.worth[first] or 0)
    assert float(book(tmp_path)["Ann Lee"]["points"]) == pytest.approx(expected, abs=0.01)
    assert kinds(tmp_path) == [
        "Answered with another version of the questions",
        "Answers to questions that have changed",
    ]


def test_open_answers_wait_for_a_mark_and_take_it(tmp_path: Path) -> None:
    key = make_key("07")
    one = work(key, "Ann Lee", skill=1.0)
    hand_in(tmp_path / "r", a=one)
    held = sum(question.manual for question in key.questions)
    assert graded(key, tmp_path).held == held >= 1
    assert book(tmp_path)["Ann Lee"]["status"] == "some answers wait for you"
    assert rows(tmp_path / "g" / "moodle.csv")[0][key.title] == ""
    table = tmp_path / "g" / "to-mark.csv"
    lines = rows(table)
    for line in lines:
        line["mark"] = "2,5" if line is lines[0] else "0"
    filled = tmp_path / "filled.csv"
    with filled.open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    done = grade(
        tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, marks=filled, regrade=True
    )
    assert (done.held, done.changed) == (0, 1)
    row = book(tmp_path)["Ann Lee"]
    assert float(row["points"]) == pytest.approx(one.total + 2.5, abs=0.01)
    assert row["status"] == "graded"
    why = {row["what"]: row["why"] for row in rows(tmp_path / "g" / "changes.csv")}
    assert why[lines[0]["question"]] == "marked by a person"
    assert rows(tmp_path / "g" / "moodle.csv")[0][key.title] != ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Ann Lee,03.flow,9", "no number from 0 to"),
        ("Ann Lee,03.flow,nan", "no number from 0 to"),
        ("Ann Lee,03.flows,1", "no question '03.flows'"),
        ("Bob,03.flow,1", "no student 'Bob'"),
        ("Ann Lee,03.flow,1\nAnn Lee,03.flow,1", "marks the same answer"),
    ],
)
def test_a_mark_that_cannot_be_is_named_with_its_line(
    key: Key, tmp_path: Path, line: str, words: str
) -> None:
    hand_in(tmp_path / "r", a=work(key, "Ann Lee"))
    table = tmp_path / "marks.csv"
    table.write_text(f"student,question,mark\n{line}\n")
    with pytest.raises(CourseError, match=rf"marks\.csv:\d: .*{words}"):
        grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, marks=table)
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("", "holds no students"),
        ("id\n5\n", "there is no name"),
        ("name,id\nAnn,1\nBob,1\n", "stands twice"),
        ("name,id,due\nAnn,1,soon\n", "is no day"),
    ],
)
def test_a_list_of_students_that_cannot_be_used_is_refused(
    key: Key, tmp_path: Path, roster: str, words: str
) -> None:
    hand_in(tmp_path / "r", a=work(key, "Ann Lee"))
    path = tmp_path / "students.csv"
    path.write_text(roster)
    with pytest.raises(CourseError, match=words):
        grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    assert not (tmp_path / "g").exists()


def test_an_exam_is_marked_by_the_key_and_its_feedback_gives_nothing_away(tmp_path: Path) -> None:
    key = make_key("03", "07", mode="exam", seed_by="student")
    works = [work(key, f"Student {number}", number=number) for number in range(30)]
    hand_in(tmp_path / "r", **{f"r{number}": one for number, one in enumerate(works)})
    graded(key, tmp_path, reveal=False)
    found = book(tmp_path)
    for one in works:
        assert float(found[one.student]["points"]) == pytest.approx(one.total, abs=0.01)
    page = next((tmp_path / "g" / "feedback").iterdir()).read_text("utf-8")
    assert "<dt>Right</dt>" not in page
    assert "<dt>Because</dt>" not in page


def test_the_command_says_what_it_did(key: Key, tmp_path: Path) -> None:
    hand_in(tmp_path / "r", a=work(key, "Ann Lee"))
    path = write_key(key, tmp_path / "week-3.key.json")
    run = [*("grade", str(tmp_path / "r"), "--assignment", str(path)), "--out", str(tmp_path / "g")]
    result = CliRunner().invoke(app, run)
    assert "1 student: 1 graded." in result.output
    again = CliRunner().invoke(app, run)
    assert isinstance(again.exception, CourseError)
    assert "--regrade" in str(again.exception)
    for options, words in (
        (["--drop", "03.flows"], "no question '03.flows'"),
        (["--assignment", "other.key.json"], "have one key"),
        (["--key-mended", str(tmp_path / "r" / "a.json")], "is no key"),
    ):
        wrong = CliRunner().invoke(app, [*run, "--regrade", *options])
        assert words in str(wrong.exception)
    assert DUE in (tmp_path / "g" / "report.html").read_text("utf-8")


def test_notebooks_are_graded_by_their_own_command_and_never_unguarded_by_mistake(
    tmp_path: Path,
) -> None:
    run = ["grade", str(tmp_path), "--notebooks", "--assignment", "a", "--unsandboxed", "yes"]
    result = CliRunner().invoke(app, run)
    assert isinstance(result.exception, CourseError)
    assert "I trust this code" in str(result.exception)

"""Repairs, claims, hand-ins and tables, without a kernel."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from code_grading.conftest import ASSIGNMENT, NOTEBOOK, answered, hand_in, source

from pfp_course.code_grading.execution import claims
from pfp_course.code_grading.marking import Plan, Planner, write_table
from pfp_course.code_grading.nbgrader_course import open_course
from pfp_course.code_grading.release import release_of
from pfp_course.code_grading.repair import repaired
from pfp_course.code_grading.sandbox import Limits
from pfp_course.code_grading.submissions import read_notebook
from pfp_course.errors import CourseError


def plan_of(course: Path, student: str) -> Plan:
    opened = open_course(course)
    planner = Planner(opened, ASSIGNMENT, Limits(), bare=False)
    (found,) = [one for one in opened.submissions(ASSIGNMENT) if one.student == student]
    return planner.plan(found)


def names(text: str) -> list[str]:
    return [
        cell.metadata["nbgrader"]["grade_id"]
        for cell in nbformat.reads(text, as_version=4).cells
        if "nbgrader" in cell.metadata
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "no notebook"),
        (b'{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no notebook"),
        (
            b'{"cells": [{"cell_type": 7}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "no",
        ),
        (b'{"cells": ' + b"[" * 100_000, "deeply"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b'{"nbformat": 99, "cells": []}', "no notebook"),
    ],
)
def test_what_is_no_notebook_is_told(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_notebook(content)


def test_a_notebook_reads_the_same_each_time(course: Path) -> None:
    notebook = answered(course, "answer = 6", "answer = 7")
    notebook.cells += [nbformat.from_dict(dict(notebook.cells[2]))]
    content = nbformat.writes(notebook).encode()
    assert nbformat.writes(read_notebook(content)) == nbformat.writes(read_notebook(content))


def test_a_lost_test_comes_back_after_its_answer_with_its_hidden_part(course: Path) -> None:
    notebook = answered(course, "answer = 6", "answer = 7")
    notebook.cells = [
        cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    hand_in(course, "ada", notebook)
    (work,) = plan_of(course, "ada").works
    assert work.job is not None
    assert names(work.job.notebook) == ["answer-one", "test-one", "answer-two", "test-two"]
    assert work.job.notebook.count("assert differs") == 2
    assert len(work.notes) == 2


def test_a_changed_test_is_the_teachers_again(course: Path) -> None:
    notebook = answered(course, "answer = 1", "answer = 1")
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "pass"
            cell.metadata["nbgrader"].update(points=99, grade=False, locked=False)
    hand_in(course, "ada", notebook)
    (work,) = plan_of(course, "ada").works
    assert work.job is not None
    cells = nbformat.reads(work.job.notebook, as_version=4).cells
    tests = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.metadata["nbgrader"]["points"] for cell in tests] == [1, 2]
    assert all("assert differs" in cell.source for cell in tests)


@pytest.mark.parametrize("held", [7, None, [], {"grade_id": 5}, {"grade_id": "unknown"}, {}])
def test_metadata_of_any_kind_is_borne(course: Path, held: Any) -> None:
    notebook = answered(course, "answer = 6", "answer = 7")
    raw = json.loads(nbformat.writes(notebook))
    raw["cells"][1]["metadata"]["nbgrader"] = held
    hand_in(course, "ada", json.dumps(raw))
    (work,) = plan_of(course, "ada").works
    assert work.job is not None


def test_all_copies_of_a_cell_are_known() -> None:
    notebook = source()
    notebook.cells += [nbformat.from_dict(dict(cell)) for cell in notebook.cells]
    assert repaired(notebook, release_of([])).doubled == set()


def test_links_and_devices_of_a_hand_in_are_not_followed(course: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("abc", encoding="utf-8")
    folder = hand_in(course, "ada", answered(course, "answer = 6", "answer = 7")).parent
    (folder / "link.txt").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "mine.csv").write_text("a,b", encoding="utf-8")
    os.mkfifo(folder / "pipe")
    hand_in(course, "bob", "").parent.rename(tmp_path / "elsewhere")
    (course / "submitted" / "bob" / ASSIGNMENT).symlink_to(tmp_path / "elsewhere")

    ada, bob = open_course(course).submissions(ASSIGNMENT)
    assert list(ada.files) == ["mine.csv"]
    assert list(ada.notebooks) == [NOTEBOOK]
    assert len(ada.problems) == 3
    assert not bob.notebooks
    assert "not followed" in bob.problems[0][1]


def test_a_timestamp_that_is_none_is_told(course: Path) -> None:
    folder = hand_in(course, "ada", answered(course, "answer = 6", "answer = 7")).parent
    (folder / "timestamp.txt").write_text("soon", encoding="utf-8")
    (ada,) = open_course(course).submissions(ASSIGNMENT)
    assert ada.timestamp is None
    assert "no moment" in ada.problems[0][1]


def test_a_file_too_large_is_left_out(course: Path) -> None:
    path = hand_in(course, "ada", "")
    with path.open("wb") as file:
        file.truncate(60_000_000)
    (ada,) = open_course(course).submissions(ASSIGNMENT)
    assert not ada.notebooks
    assert "larger than 50 MB" in ada.problems[0][1]


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ('assert differs(answer, 6, "number", 0.5) is None, "no"', 1),
        ("assert answer == 6", 0),
        ("assert differs(answer, key, 'number', 0.5) is None", 0),
        ("assert differs(answer, 6, 'magic', 0.5) is None", 0),
        ("not python(", 0),
    ],
)
def test_only_tests_of_our_form_are_repeated(test: str, count: int) -> None:
    assert len(claims(test)) == count


@pytest.mark.parametrize(
    "reply",
    [
        None,
        {},
        {"data": {}},
        {"data": {"text/plain": 5}},
        {"data": {"text/plain": "'{\"one\": 5}'"}},
        {"data": {"text/plain": "(" * 5000}},
        {"data": {"text/plain": "'" + "[" * 5000 + "'"}},
        {"data": {"text/plain": "'{\"frame\": 3}'"}},
        {"data": {"text/plain": "open('/etc/passwd')"}},
    ],
)
def test_a_reply_of_any_kind_is_borne_and_not_believed(reply: Any) -> None:
    (claim,) = claims('assert differs(answer, 6, "number", 0.5) is None')
    assert not claim.holds(reply)


def test_a_table_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "a\n=1"]
    write_table(path, ["name", "score"], [{"name": one, "score": -1.5} for one in evil])
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row["name"].startswith("'") or row["name"] == "a =1" for row in rows)
    assert {row["score"] for row in rows} == {"-1.5"}


def test_a_folder_that_is_no_course_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no course of nbgrader"):
        open_course(tmp_path)


def test_an_unknown_assignment_is_told(course: Path) -> None:
    with pytest.raises(CourseError, match="generate_assignment other"):
        open_course(course).assignments(["other"])

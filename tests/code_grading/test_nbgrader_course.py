"""A source assignment that nbgrader itself accepts, from chapter to grade."""

from pathlib import Path

import nbformat
import pytest
from code_grading.conftest import nbgrader
from courses import COURSE
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator

from pfp_course.chapters import chapters
from pfp_course.code_grading.execution import claims
from pfp_course.code_grading.nbgrader_course import notebook_for_nbgrader, source_name, write_source
from pfp_course.errors import CourseError
from pfp_course.questions import read_bank
from pfp_course.questions.comparison import differs, portable, received

ALL = [one.number for one in chapters(COURSE)]


@pytest.mark.parametrize("number", ALL)
def test_every_exercise_has_an_answer_a_test_and_its_points(number: str) -> None:
    which = next(one for one in chapters(COURSE) if one.number == number)
    notebook = notebook_for_nbgrader(which, COURSE)
    MetadataValidator().validate_nb(notebook)
    held = {
        cell.metadata.nbgrader["grade_id"]: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    for exercise in read_bank(COURSE.bank(number), COURSE).exercises:
        name = exercise.id.replace(".", "-")
        test = held[f"test-{name}"]
        assert test.metadata.nbgrader["points"] == exercise.points
        assert test.metadata.nbgrader["locked"]
        assert held[f"answer-{name}"].metadata.nbgrader["solution"]
        (claim,) = claims(test.source)
        resolved = exercise.resolved()
        assert (claim.key, claim.compare) == (resolved.key, exercise.compare)


@pytest.mark.parametrize("number", ALL)
def test_a_value_that_is_sent_over_is_judged_as_the_value_itself(number: str) -> None:
    for exercise in read_bank(COURSE.bank(number), COURSE).exercises:
        resolved = exercise.resolved()
        wrong = [value for value, _ in resolved.traps]
        key = resolved.key
        if exercise.compare == "frame":
            import pandas as pd

            key = pd.DataFrame(key["rows"], columns=key["columns"])
        for value in [key, *wrong, None, "?", [], 3.5]:
            over = received(portable(value, exercise.compare))
            here = differs(value, resolved.key, exercise.compare, resolved.tolerance)
            there = differs(over, resolved.key, exercise.compare, resolved.tolerance)
            assert (here is None) == (there is None), (exercise.id, value)


def test_the_same_call_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write_source(["3"], tmp_path / "a", "week", COURSE)
    other = write_source(["03"], tmp_path / "b", "week", COURSE)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_a_changed_source_is_not_written_over(tmp_path: Path) -> None:
    (path,) = write_source(["3"], tmp_path, "week", COURSE)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="exists and differs"):
        write_source(["3"], tmp_path, "week", COURSE)
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["../up", "a+b", "", ".hidden", "a/b"])
def test_a_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(CourseError, match="no name"):
        write_source(["3"], tmp_path, name, COURSE)


def test_the_name_says_which_chapters() -> None:
    assert source_name(["3", "07"], COURSE) == "chapters-03-07"


@pytest.mark.slow
def test_nbgrader_validates_releases_and_grades_a_chapter(tmp_path: Path) -> None:
    (source,) = write_source(["3"], tmp_path, "week", COURSE)
    assert "Success" in nbgrader("validate", str(source), cwd=tmp_path)

    nbgrader("generate_assignment", "week", cwd=tmp_path)
    released = tmp_path / "release" / "week" / source.name
    text = released.read_text(encoding="utf-8")
    for kept in ("HIDDEN", "SOLUTION", "differs"):
        assert kept not in text

    handed = nbformat.read(released, as_version=4)
    right = {
        cell.metadata.nbgrader["grade_id"]: cell.source
        for cell in nbformat.read(source, as_version=4).cells
        if "nbgrader" in cell.metadata
    }
    for cell in handed.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ("answer-03-e1", "answer-03-e2"):
            cell.source = right[cell.metadata.nbgrader["grade_id"]]
    folder = tmp_path / "submitted" / "ada" / "week"
    folder.mkdir(parents=True)
    nbformat.write(handed, folder / source.name)
    nbgrader("autograde", "week", cwd=tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "") as gradebook:
        assert gradebook.find_submission("week", "ada").score == 2

"""The same class on a Dask cluster, with two worker processes on this machine."""

import csv
from functools import partial
from pathlib import Path
from subprocess import getoutput

import pytest
from code_grading.conftest import LIMITS, answered, hand_in

from pfp_course.code_grading import pools
from pfp_course.code_grading.batch import grade_notebooks
from pfp_course.code_grading.nbgrader_course import open_course
from pfp_course.errors import CourseError


@pytest.mark.slow
def test_a_cluster_gives_the_same_grades(walls: str, course: Path) -> None:
    from distributed import LocalCluster

    students = {
        "ada": ("answer = 6", "answer = [3, 2, 1]"),
        "ben": ("answer = 6", "answer = 0"),
        "cho": ("answer = 6", "import os; os._exit(1)"),
        "dan": ("import time\nwhile True: time.sleep(1)", "answer = [3, 2, 1]"),
    }
    for student, answers in students.items():
        hand_in(course, student, answered(course, *answers))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        summary = grade_notebooks(
            open_course(course),
            [],
            course / "out",
            limits=LIMITS,
            scheduler=cluster.scheduler_address,
        )
    assert summary.run == 4
    with (course / "out" / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert scores == {"ada": "3", "ben": "1", "cho": "", "dan": ""}


@pytest.mark.needs("bubblewrap")
def test_a_cluster_that_does_not_answer_is_told(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_ANSWER", 1)
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        grade_notebooks(
            open_course(course), [], course / "out", limits=LIMITS, scheduler="tcp://127.0.0.1:9"
        )


def test_a_process_that_is_ended_while_it_is_asked_is_asked_again(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    kills_once = f"test -e {begun} && echo ok || {{ touch {begun}; kill -9 $PPID; }}"
    with pools.pool(1, None) as processes:
        assert "".join(processes.everywhere(partial(getoutput, kills_once))) == "ok"  # type: ignore[arg-type]
    with (
        pools.pool(1, None) as processes,
        pytest.raises(CourseError, match="ended 3 times"),
    ):
        processes.everywhere(partial(getoutput, "kill -9 $PPID"))  # type: ignore[arg-type]

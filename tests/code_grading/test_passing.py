"""A test that passes, passes; what fails, fails, whatever the student's code puts out."""

from typing import Any

import nbformat
import pytest
from code_grading.conftest import LIMITS, metadata, shown
from nbgrader.utils import determine_grade

from pfp_course.code_grading.execution import Job, Outcome, run

TEST = "assert add(2, 3) == 5"
NOISE = {
    "a print to stderr": "import sys\nprint('debug', file=sys.stderr)",
    "a bar of progress": "import sys\nfor n in range(9): sys.stderr.write(f'\\r{n}/9')",
    "a warning": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "a log": "import logging\nlogging.getLogger('x').error('Traceback (most recent call last)')",
    "a traceback that was handled": "import traceback\ntry:\n    1/0\nexcept Exception:\n"
    "    traceback.print_exc()",
    "words on stdout": "print('Traceback (most recent call last): Error, FAILED')",
    "faulthandler": "import faulthandler\nfaulthandler.enable()\nfaulthandler.dump_traceback()",
    "HTML": "from IPython.display import HTML, display\ndisplay(HTML('<b>error</b>'))",
    "a thread": "import sys, threading\nthreading.Thread(target=lambda: print('x', "
    "file=sys.stderr)).start()",
    "an error of a thread": "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\n"
    "thread.start()\nthread.join()",
}


def graded(function: str, test: str = TEST, **more: Any) -> tuple[Outcome, float | None]:
    """Run an answer and its test, and return how it went and nbgrader's own verdict."""
    answer = nbformat.v4.new_code_cell(function, metadata=metadata("fn", solution=True))
    check = nbformat.v4.new_code_cell(test, metadata=metadata("test", grade=True, points=3))
    check.metadata.update(more)
    notebook = nbformat.v4.new_notebook(cells=[answer, check])
    outcome = run(Job(nbformat.writes(notebook), {}, LIMITS))
    assert not outcome.fault, outcome.fault
    return outcome, determine_grade(nbformat.reads(outcome.notebook, as_version=4).cells[-1])[0]


def noisy(code: str, result: str) -> str:
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    return f"def add(a, b):\n{lines}\n    return {result}"


@pytest.mark.parametrize("what", NOISE)
def test_a_right_answer_may_say_what_it_likes(walls: None, what: str) -> None:
    outcome, score = graded(noisy(NOISE[what], "a + b"))
    assert (score, outcome.doubts, outcome.stopped) == (3, {}, "")
    told = ["debug", "/9", "old", "Traceback", "ZeroDivisionError", "x"]
    if outcome.printed:
        assert any(word in outcome.printed["test"] for word in told)
        assert outcome.printed["test"].split()[0][:9] in shown(outcome)


@pytest.mark.parametrize("what", NOISE)
def test_a_wrong_answer_gains_nothing_by_it(walls: None, what: str) -> None:
    assert graded(noisy(NOISE[what], "0"))[1] == 0


@pytest.mark.parametrize(
    "code",
    [
        "get_ipython().displayhook(3.0)",
        "import sys\nsys.displayhook(3.0)",
        "from IPython.display import clear_output\nclear_output()",
    ],
)
def test_a_failed_test_has_no_result_beside_its_error(walls: None, code: str) -> None:
    assert graded(noisy(code, "0"))[1] == 0


def test_two_results_are_doubted(walls: None) -> None:
    code = noisy("get_ipython().displayhook(3.0)", "a + b")
    outcome, _ = graded(code, f"{TEST}\n1.5")
    assert "more than one result" in outcome.doubts["test"]


def test_part_of_the_points_is_left_as_it_is(walls: None) -> None:
    outcome, score = graded(noisy(NOISE["a warning"], "a + b"), f"{TEST}\n1.5")
    assert (score, outcome.doubts) == (1.5, {})


@pytest.mark.parametrize(
    "line",
    [
        "name = input()",
        "open('data-of-mine.csv')",
        "import no_such_package",
        "%no_such_magic",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_what_is_not_here_is_no_fault_of_the_answer(walls: None, line: str) -> None:
    outcome, _ = graded(f"{line}\ndef add(a, b): return a + b")
    assert "could not run here" in outcome.doubts["test"]
    outcome, _ = graded(f"def add(a, b):\n    {line.lstrip('%')}\n    return a + b")
    if not line.startswith("%"):
        assert "could not run here" in outcome.doubts["test"]


def test_an_ordinary_mistake_is_one(walls: None) -> None:
    outcome, score = graded("def add(a, b): return a + c")
    assert (score, outcome.doubts) == (0, {})


@pytest.mark.parametrize("call", ["exit()", "quit ( )", "import os; os._exit(0)"])
def test_what_ends_python_is_named(walls: None, call: str) -> None:
    answer = nbformat.v4.new_code_cell(call, metadata=metadata("fn", solution=True))
    wait = nbformat.v4.new_code_cell("import time; time.sleep(2)")
    check = nbformat.v4.new_code_cell("pass", metadata=metadata("test", grade=True, points=1))
    notebook = nbformat.v4.new_notebook(cells=[answer, wait, check])
    outcome = run(Job(nbformat.writes(notebook), {}, LIMITS))
    assert "which ends Python" in outcome.stopped
    assert outcome.unrun == ["test"]

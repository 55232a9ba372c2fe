"""A test that passes, passes; what fails, fails, whatever the student's code puts out.

Answers that do not disturb each other run in one notebook, each with a function of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import nbformat
import pytest
from code_grading.conftest import LIMITS, metadata, shown_by_cell
from nbgrader.utils import determine_grade

from pfp_course.code_grading.execution import Job, Outcome, run

ADD, TEST = "def add(a, b): return a + b", "assert add(2, 3) == 5"
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


MISHAPS = {
    "displayhook": "get_ipython().displayhook(3.0)",
    "the system's displayhook": "import sys\nsys.displayhook(3.0)",
    "cleared": "from IPython.display import clear_output\nclear_output()",
}
ABSENT = [
    "name = input()",
    "open('data-of-mine.csv')",
    "import no_such_package",
    "%no_such_magic",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
]


@dataclass(frozen=True)
class Graded:
    """Answers after their run: how it went, nbgrader's own verdicts, and what was put out."""

    outcome: Outcome
    scores: Mapping[str, float | None]
    shown: Mapping[str, str]


def graded(answers: Mapping[str, tuple[str, str]]) -> Graded:
    """Run answers, each with the test that follows it, in one notebook."""
    cells = []
    for number, (name, pair) in enumerate(answers.items()):
        # Where an answer failed, its test must not find the function of another.
        answer, test = (text.replace("add(", f"add_{number}(") for text in pair)
        cells += [
            nbformat.v4.new_code_cell(answer, metadata=metadata(f"fn-{number}", solution=True)),
            nbformat.v4.new_code_cell(test, metadata=metadata(name, grade=True, points=3)),
        ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    outcome = run(Job(nbformat.writes(notebook), {}, replace(LIMITS, notebook=120)))
    assert not outcome.fault, outcome.fault
    ran = nbformat.reads(outcome.notebook, as_version=4).cells[1::2]
    return Graded(
        outcome,
        {name: determine_grade(cell)[0] for name, cell in zip(answers, ran, strict=True)},
        dict(zip(answers, shown_by_cell(outcome)[1::2], strict=True)),
    )


def noisy(code: str, result: str) -> str:
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    return f"def add(a, b):\n{lines}\n    return {result}"


@pytest.fixture(scope="module")
def right(walls: str) -> Graded:
    return graded({what: (noisy(code, "a + b"), TEST) for what, code in NOISE.items()})


@pytest.fixture(scope="module")
def wrong(walls: str) -> Graded:
    noise = NOISE | MISHAPS
    return graded({what: (noisy(code, "0"), TEST) for what, code in noise.items()})


@pytest.fixture(scope="module")
def odd(walls: str) -> Graded:
    """Answers with more than one result, with a mistake, and with what is not there."""
    inside = [line for line in ABSENT if not line.startswith("%")]
    return graded(
        {
            "two results": (noisy(MISHAPS["displayhook"], "a + b"), f"{TEST}\n1.5"),
            "a part": (noisy(NOISE["a warning"], "a + b"), f"{TEST}\n1.5"),
            "a mistake": ("def add(a, b): return a + c", TEST),
            **{f"before: {line}": (f"{line}\n{ADD}", TEST) for line in ABSENT},
            **{f"inside: {line}": (noisy(line, "a + b"), TEST) for line in inside},
        }
    )


@pytest.mark.parametrize("what", NOISE)
def test_a_right_answer_may_say_what_it_likes(right: Graded, what: str) -> None:
    outcome = right.outcome
    assert (right.scores[what], outcome.doubts, outcome.stopped) == (3, {}, "")
    told = ["debug", "/9", "old", "Traceback", "ZeroDivisionError", "x"]
    if what in outcome.printed:
        assert any(word in outcome.printed[what] for word in told)
        assert outcome.printed[what].split()[0][:9] in right.shown[what]


@pytest.mark.parametrize("what", NOISE)
def test_a_wrong_answer_gains_nothing_by_it(wrong: Graded, what: str) -> None:
    assert wrong.scores[what] == 0


@pytest.mark.parametrize("what", MISHAPS)
def test_a_failed_test_has_no_result_beside_its_error(wrong: Graded, what: str) -> None:
    assert wrong.scores[what] == 0


def test_two_results_are_doubted(odd: Graded) -> None:
    assert "more than one result" in odd.outcome.doubts["two results"]


def test_part_of_the_points_is_left_as_it_is(odd: Graded) -> None:
    assert odd.scores["a part"] == 1.5
    assert "a part" not in odd.outcome.doubts


@pytest.mark.parametrize("line", ABSENT)
def test_what_is_not_here_is_no_fault_of_the_answer(odd: Graded, line: str) -> None:
    for what in [name for name in odd.scores if name.endswith(f": {line}")]:
        assert "could not run here" in odd.outcome.doubts[what]


def test_an_ordinary_mistake_is_one(odd: Graded) -> None:
    assert odd.scores["a mistake"] == 0
    assert "a mistake" not in odd.outcome.doubts


@pytest.mark.parametrize("call", ["exit()", "quit ( )", "import os; os._exit(0)"])
def test_what_ends_python_is_named(walls: str, call: str) -> None:
    answer = nbformat.v4.new_code_cell(call, metadata=metadata("fn", solution=True))
    wait = nbformat.v4.new_code_cell("import time; time.sleep(2)")
    check = nbformat.v4.new_code_cell("pass", metadata=metadata("test", grade=True, points=1))
    notebook = nbformat.v4.new_notebook(cells=[answer, wait, check])
    outcome = run(Job(nbformat.writes(notebook), {}, LIMITS))
    assert "which ends Python" in outcome.stopped
    assert outcome.unrun == ["test"]

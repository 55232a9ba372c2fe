"""A new kind of question is a Python module, a JavaScript module and vectors, and nothing else."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from courses import COURSE

from pfp_course.questions import check_bank, frontend, mark, read_bank
from pfp_course.questions.authoring import answer_key, bank_schema, printed_answers
from pfp_course.questions.bank import Bank, read_released, release
from pfp_course.questions.kinds import KINDS, form_of
from pfp_course.questions.spec import as_page, as_text, public

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).with_name("new_kind")
VECTORS = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
BANK = """\
version: 1
chapter: "98"
title: A bank with a new kind
part: Tests
minutes: 10
objectives: {O98.1: Read a scale.}
questions:
  - id: 98.scale
    objective: O98.1
    kind: scale
    ask: How many Baltic states signed?
    key: {count: signatories, where: 'region == "Baltic"'}
    high: 5
    otherwise: Count again.
    because: There are {key} of them.
    source: [wh_pfp_1994]
"""


@pytest.fixture(autouse=True)
def scale() -> Iterator[None]:
    """Import the module of the new kind, which makes itself known, and forget it afterwards."""
    found = importlib.util.spec_from_file_location("new_kind_scale", FOLDER / "scale.py")
    assert found is not None
    assert found.loader is not None
    found.loader.exec_module(importlib.util.module_from_spec(found))
    Bank.model_rebuild(force=True)
    yield
    del KINDS["scale"]
    Bank.model_rebuild(force=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "98.yml"
    path.write_text(BANK, encoding="utf-8")
    return path


def test_a_bank_may_ask_it_and_its_problems_are_told_with_their_line(path: Path) -> None:
    assert check_bank(path, COURSE) == []
    path.write_text(BANK.replace("high: 5", "high: 2"), encoding="utf-8")
    [problem] = check_bank(path, COURSE)
    assert "the key 3 is not on the scale" in str(problem)
    path.write_text(BANK.replace("high: 5", "high: 0"), encoding="utf-8")
    assert ":13: question 98.scale: the scale ends before" in str(check_bank(path, COURSE)[0])
    path.write_text(BANK.replace("high: 5", "high: 5\n    hihg: 5"), encoding="utf-8")
    assert "hihg" in str(check_bank(path, COURSE)[0])
    assert "Scale" in bank_schema()["$defs"]


@pytest.mark.parametrize("group", VECTORS)
def test_python_marks_it_as_its_vectors_say(group: Any) -> None:
    for response, state, share, says in group["cases"]:
        found = mark(group["spec"], response).as_dict()
        assert found == {"state": state, "share": share, "says": says}


def test_it_is_released_restored_described_corrected_and_printed(path: Path) -> None:
    bank = read_bank(path, COURSE)
    spec = public(bank.questions[0])
    assert (spec["key"], spec["because"]) == (3, "There are 3 of them.")
    form = form_of(spec)
    file = path.with_name("exam.json")
    file.write_text(release(bank), encoding="utf-8")
    [released] = read_released(file)["questions"][0]["variants"]
    assert set(released) & {"key", "otherwise", "because"} == set()
    assert mark(released, 3).state == "saved"
    assert mark(released, 9).says == ("Choose a number from 1 to 5.",)
    assert form.mark(form.restore(3)).state == "right"
    assert (form.describe(3), form.solution()) == ("3", ["3"])
    assert form.corrected(form.model_copy(update={"key": 4})).mark(4).state == "right"
    quiz = {"id": "98", "title": "T", "seed": "", "questions": [spec]}
    assert "( ) 5" in as_text(quiz)
    assert "How many Baltic states signed?" in as_page(quiz)
    assert "<li>3</li>" in printed_answers(bank)
    assert "<li>3</li>" in answer_key([bank])


@pytest.fixture
def joined_anew() -> Iterator[None]:
    """Join the front end again while the kind is known, and once more when it is not."""
    made = (frontend.widget_module, frontend.page_script)
    for function in made:
        function.cache_clear()
    yield
    for function in made:
        function.cache_clear()


@pytest.mark.usefixtures("joined_anew")
def test_javascript_marks_it_as_its_vectors_say(chromium: "Browser") -> None:
    page = chromium.new_page()
    found = page.evaluate(
        """async ([text, groups]) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            const { mark } = await import(url);
            return groups.map(({spec, cases}) => cases.map(([response]) => mark(spec, response)));
        }""",
        [frontend.widget_module(), VECTORS],
    )
    page.close()
    for group, marks in zip(VECTORS, found, strict=True):
        assert marks == [
            {"state": state, "share": share, "says": says}
            for _, state, share, says in group["cases"]
        ]


@pytest.mark.usefixtures("joined_anew")
def test_a_page_asks_it(open_question: Any, path: Path) -> None:
    page = open_question(public(read_bank(path, COURSE).questions[0]))
    page.get_by_role("slider", name="How many Baltic states signed?").fill("3")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("There are 3 of them.").wait_for()

"""A bank released for an exam holds no key, and answers to it can still be marked."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE, answered
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.errors import CourseError
from pfp_course.questions import mark, quiz, read_bank
from pfp_course.questions.bank import read_released, release
from pfp_course.questions.kinds import form_of
from pfp_course.questions.spec import public
from pfp_course.questions.widget import QuizWidget

SAMPLE = Path(__file__).with_name("sample.yml")
SPECS: dict[str, Any] = {
    question.kind: public(question) for question in read_bank(SAMPLE, COURSE).questions
}

# A right and a wrong response to each question, as the question itself counts positions.
RIGHT: dict[str, Any] = {
    "single": 0,
    "multiple": [0, 1, 2],
    "numeric": "67.6",
    "text": "Tajikistan",
    "date": SPECS["date"]["answer"],
    "order": [0, 1, 2, 3],
    "match": [item["right"] for item in SPECS["match"]["items"]],
    "classify": [0, 1, 2],
    "gaps": ["Romania", "23", "27 May 1994", 0],
    "place": next(i for i, one in enumerate(SPECS["place"]["choices"]) if one["right"]),
    "point": next(i for i, one in enumerate(SPECS["point"]["choices"]) if one["right"]),
}


def words_of(value: Any) -> set[str]:
    """All names of fields, at every depth."""
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in words_of(one)}
    return {name for one in value for name in words_of(one)} if isinstance(value, list) else set()


def test_the_file_for_students_names_nothing_of_a_key() -> None:
    file = json.loads(release(read_bank(SAMPLE, COURSE)))
    secret = "right say key because hints traps otherwise accept answer tolerance rubric sources"
    assert words_of(file) & set(secret.split()) == set()
    text = json.dumps(file)
    for words in ("It signed on", "Three states are called Baltic", "Filter by region", "67.6"):
        assert words not in text


CHANGES = {
    "multiple": ("{text: Estonia, right: true}", "{text: Estonia, say: No.}"),
    "text": (
        "key: {last: signatories, column: country",
        "key: {first: signatories, column: country",
    ),
    "place": ("key: KGZ", "key: UZB"),
    "order": ("by: signed, where: 'order_signed <= 4'", "by: country, where: 'order_signed <= 4'"),
    "classify": ("with: suspended", "with: partner"),
    "numeric": ("abs: 0.5", "abs: 5.0"),
    "gaps": ("{text: Poland, share: 0.5, say: Nearly.}", "{text: Latvia, say: No.}"),
    "gap's choice": (
        '{text: "`len`", right: true}\n          - {text: "`sum`", say: It adds.}',
        '{text: "`len`", say: It counts.}\n          - {text: "`sum`", right: true}',
    ),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_two_banks_that_differ_in_their_key_alone_give_the_same_file(
    tmp_path: Path, old: str, new: str
) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "99.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert release(read_bank(path, COURSE)) == release(read_bank(SAMPLE, COURSE))


@pytest.mark.parametrize("kind", RIGHT)
def test_an_answer_to_the_released_question_is_marked_by_the_question_itself(kind: str) -> None:
    spec, shown = SPECS[kind], form_of(SPECS[kind]).release().as_json()
    response = RIGHT[kind]
    if kind in ("single", "multiple"):
        texts = [one["text"] for one in shown["choices"]]
        wanted = [spec["choices"][one]["text"] for one in (response if kind == "multiple" else [0])]
        places = [texts.index(text) for text in wanted]
        given = places if kind == "multiple" else places[0]
    elif kind == "order":
        given = [shown["items"].index(spec["items"][one]) for one in response]
    else:
        given = response
    assert mark(shown, given).as_dict() == {"state": "saved", "share": 0.0, "says": []}
    assert mark(spec, form_of(spec).restore(given)).state == "right"


@pytest.mark.parametrize(
    ("kind", "response", "words"),
    [
        ("numeric", "1,234", "in two ways"),
        ("date", "May 1994", "Give the day"),
        ("single", None, "Choose an answer"),
        ("multiple", [], "at least one"),
        ("text", " ", "Write an answer"),
        ("match", [0, None], "every line"),
        ("gaps", ["Romania", "", "27 May 1994", 0], "Gap 2: Write a number first."),
        ("order", None, "Put the items in order first."),
        ("open", {"text": "too short"}, "at least 5 words"),
    ],
)
def test_what_cannot_be_read_is_told_in_an_exam_too(kind: str, response: Any, words: str) -> None:
    found = form_of(SPECS[kind]).release().mark(response)
    assert found.state == "unread"
    assert words in found.says[0]


def test_javascript_saves_as_python_does(in_javascript: Any) -> None:
    others: list[Any] = [
        None,
        0,
        [0],
        "",
        "x",
        "1,234",
        "1994",
        {"text": "one two three four five"},
    ]
    pairs = [
        [form_of(spec).release().as_json(), response]
        for kind, spec in SPECS.items()
        for response in [*others, RIGHT.get(kind)]
    ]
    code = "(pairs) => pairs.map(([spec, response]) => course.mark(spec, response))"
    found = in_javascript(code, pairs)
    for (spec, response), other in zip(pairs, found, strict=True):
        assert mark(spec, response).as_dict() == other, (spec["kind"], response)


def test_a_student_asks_the_file_and_the_record_holds_answers_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["questions", "release", str(SAMPLE), "--to", "exam.json"])
    assert "It holds no key." in result.output
    widget = quiz("exam.json", seed="student-7")
    assert isinstance(widget, QuizWidget)
    spec = widget.spec["questions"][0]
    widget.answers = {spec["id"]: answered(spec["fingerprint"], 1, score=1, attempts=0)}
    kept = json.loads(Path("pfp-progress.json").read_text(encoding="utf-8"))["answers"]
    assert (kept[spec["id"]]["response"], kept[spec["id"]]["score"]) == (1, 0)
    assert re.search(r"\( \) Romania", repr(widget))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x", "questions": []}'])
def test_a_file_that_is_not_released_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "exam.json"
    path.write_text(content)
    with pytest.raises(CourseError, match="no file of released questions"):
        read_released(path)
    with pytest.raises(CourseError, match="cannot be read"):
        read_released(tmp_path / "none.json")

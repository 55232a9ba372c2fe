"""Authors: a bank begun, described to an editor, looked at, and taken over from other tools."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.questions import check_bank, read_bank
from pfp_course.questions.authoring import (
    answer_key,
    bank_schema,
    bank_text,
    new_bank,
    preview_page,
    read_gift,
    read_jupyterquiz,
    right_answers,
)
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.kinds import KINDS
from pfp_course.questions.public import public, variants
from pfp_course.questions.reading import read_document
from pfp_course.questions.texts import as_html

SAMPLE = Path(__file__).with_name("sample.yml")

GIFT = r"""
// a comment
$CATEGORY: tests

::First:: Which state signed first? {
=Romania
~Lithuania#One day later.
~Poland#It was third.
}

Mark the Baltic states. {~%50%Estonia ~%50%Latvia ~%-100%Malta#An island.}

Kazakhstan signed in 1995. {F#It signed in 1994.}

How many states signed in 1994? {#23:0}

The number {#3.1..3.2} is between the two.

Which council met in 1991? {=NACC =North Atlantic Cooperation Council}

Match the codes. {=Latvia -> LVA =Lithuania -> LTU = -> LIE}

Why are \{braces\} and \= escaped? {}

A description without an answer.
"""


def written(questions: list[dict[str, Any]], folder: Path) -> Path:
    path = folder / "08.yml"
    path.write_text(bank_text(new_bank("08", "Imported", questions), path.name), encoding="utf-8")
    return path


def test_a_new_bank_is_in_order_and_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "07.yml"
    fields = new_bank("07", "The Black Sea")
    path.write_text(bank_text(fields, path.name), encoding="utf-8")
    assert check_bank(path) == []
    assert read_document(path).value == fields


@given(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=12), max_size=4))
def test_any_text_is_written_so_that_it_stays_text(fields: dict[str, str]) -> None:
    import tempfile

    printable = {name: "".join(c for c in text if c.isprintable()) for name, text in fields.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "07.yml"
        path.write_text(bank_text(printable, path.name), encoding="utf-8")
        assert read_document(path).value == printable


def test_questions_of_moodle_are_taken_over(tmp_path: Path) -> None:
    questions, left = read_gift(GIFT)
    assert left == ["block 10: it has no answer in braces. Write it anew."]
    path = written(questions, tmp_path)
    read = {question.id: question for question in read_bank(path).questions}
    kinds = ["single", "multiple", "single", "numeric", "numeric", "text", "match", "open"]
    assert [question.kind for question in read.values()] == kinds
    specs = [public(question) for question in read.values()]
    assert [choice["right"] for choice in specs[0]["choices"]] == [True, False, False]
    assert [choice["right"] for choice in specs[1]["choices"]] == [True, True, False]
    assert specs[2]["choices"][1] == {"text": "False", "right": True, "say": ""}
    assert (specs[3]["key"], specs[3]["tolerance"]) == (23, 0)
    assert specs[4]["key"] == pytest.approx(3.15)
    assert specs[4]["ask"] == "The number … is between the two."
    assert specs[5]["accept"] == ["nacc", "north atlantic cooperation council"]
    assert specs[6]["options"] == ["LIE", "LTU", "LVA"]
    assert specs[7]["ask"] == "Why are {braces} and = escaped?"


def test_what_an_import_leaves_unwritten_is_found(tmp_path: Path) -> None:
    questions, _ = read_gift(GIFT)
    problems = [problem.text for problem in check_bank(written(questions, tmp_path))]
    assert len([text for text in problems if UNWRITTEN in text]) == len(questions)


def test_what_is_wrong_within_and_what_is_unwritten_are_listed_together(tmp_path: Path) -> None:
    questions, _ = read_gift("It is so. {T}")
    problems = [problem.text for problem in check_bank(written(questions, tmp_path))]
    assert len(problems) == 3
    assert [text for text in problems if UNWRITTEN in text]
    assert [text for text in problems if "says nothing" in text]
    assert [text for text in problems if "is not written" in text]


def test_questions_of_jupyterquiz_are_taken_over(tmp_path: Path) -> None:
    items = [
        {
            "question": "Which first?",
            "type": "multiple_choice",
            "answers": [
                {"answer": "Romania", "correct": True, "feedback": "Yes."},
                {"code": "x = 1", "correct": False, "feedback": "No."},
            ],
        },
        {
            "question": "Which two?",
            "type": "many_choice",
            "answers": [{"answer": a, "correct": a < "c", "feedback": a} for a in "abc"],
        },
        {
            "question": "How many?",
            "type": "numeric",
            "answers": [
                {"type": "range", "range": [20, 26], "correct": True},
                {"type": "value", "value": 34, "correct": False, "feedback": "All of them."},
                {"type": "default", "feedback": "Count."},
            ],
        },
        {
            "question": "Which council?",
            "type": "string",
            "answers": [{"answer": "NACC", "correct": True}],
        },
        {"question": "Odd", "type": "drawing", "answers": []},
        7,
    ]
    questions, left = read_jupyterquiz(json.dumps(items))
    assert [line.split(":")[0] for line in left] == ["question 5", "question 6"]
    specs = [public(question) for question in read_bank(written(questions, tmp_path)).questions]
    assert [spec["kind"] for spec in specs] == ["single", "multiple", "numeric", "text"]
    assert specs[0]["choices"][1]["text"] == "`x = 1`"
    assert (specs[2]["key"], specs[2]["tolerance"]) == (23, 3)
    assert specs[2]["traps"] == [{"value": 34, "say": "All of them."}]


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', "[" * 100_000])
def test_a_file_that_is_no_quiz_is_refused(text: str) -> None:
    with pytest.raises(CourseError):
        read_jupyterquiz(text)


@settings(max_examples=400)
@given(st.text("{}=~#%\\:->/ \nab1.", max_size=60))
def test_any_text_is_gift_or_refused(text: str) -> None:
    try:
        questions, left = read_gift(text)
    except CourseError:
        return
    assert questions or left or text.strip().startswith("$CATEGORY")


def test_the_schema_knows_every_kind_and_the_course_s_banks_fit_it() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the extra book")
    schema = bank_schema()
    assert set(schema["properties"]["questions"]["items"]["discriminator"]["mapping"]) == set(KINDS)
    from pfp_course.content import questions_dir

    for path in [SAMPLE, *questions_dir().glob("*.yml")]:
        jsonschema.validate(read_document(path).value, schema)
    broken = read_document(SAMPLE).value
    broken["questions"][0]["hint"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_a_preview_is_one_file_that_asks_nothing_of_the_network() -> None:
    questions = [public(question) for question in read_bank(SAMPLE).questions]
    spec = {"id": "99", "title": "A <b>", "course": "0", "seed": "", "questions": questions}
    page = preview_page(spec)
    assert "<title>A &lt;b&gt;</title>" in page
    assert 'src="' not in page.split("<body>")[0]
    assert "<link" not in page


def test_the_answer_key_names_every_right_answer_and_no_markup_of_an_author() -> None:
    bank = read_bank(SAMPLE)
    page = answer_key([bank])
    assert "<script>" not in page
    assert "<img" not in page
    for question in bank.questions:
        for spec in variants(question):
            answers = right_answers(spec)
            assert answers
            if spec["kind"] in ("single", "place", "point"):
                assert len(answers) == 1
            for text in answers:
                assert as_html(text) in page

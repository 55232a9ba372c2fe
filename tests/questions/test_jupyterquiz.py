"""jupyterquiz: a question is taken over as it is, or named with its line and reason."""

import json
from typing import Any

import pytest
from courses import COURSE
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import earned, only, specs_of

from pfp_course.errors import CourseError
from pfp_course.questions.authoring import Taken, read_jupyterquiz
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.texts import as_html, as_plain


def read(*items: Any) -> Taken:
    return read_jupyterquiz(json.dumps(items, ensure_ascii=False), COURSE)


def one(item: dict[str, Any]) -> dict[str, Any]:
    return only(read(item))


def choosing(*answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"question": "Which?", "type": "multiple_choice", "answers": list(answers), **more}


def number(*answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"question": "How many?", "type": "numeric", "answers": list(answers), **more}


def right(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "value", "value": value, "correct": True, **more}


def wrong(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "value", "value": value, "correct": False, **more}


def span(low: float, high: float, *, correct: bool, **more: Any) -> dict[str, Any]:
    return {"type": "range", "range": [low, high], "correct": correct, **more}


def test_choices_are_taken_over_as_they_are() -> None:
    spec = one(
        choosing(
            {"answer": 0, "correct": True, "feedback": "Yes."},
            {"answer": "2*3*4 {x} `y`", "correct": False},
            {"code": "import pandas", "correct": "false"},
            {"code": "import Pandas", "correct": False},
            {"answer": "both", "code": "for i in {}:\n    pass", "correct": False},
        )
    )
    shown = [as_plain(choice["text"]) for choice in spec["choices"]]
    assert shown[:4] == ["0", "2*3*4 {x} `y`", "import pandas", "import Pandas"]
    assert 'both<code class="pfp-q-code">for i in {}:&#10;    pass</code>' in as_html(
        spec["choices"][4]["text"]
    )
    assert [choice["right"] for choice in spec["choices"]] == [True] + [False] * 4
    assert [choice["say"] for choice in spec["choices"]] == ["Yes."] + [UNWRITTEN] * 4


def test_a_program_of_a_question_keeps_its_lines() -> None:
    code = "total = {}\nfor n in range(3):\n\n    total[n] = '<b>'  # *x*"
    spec = one(
        choosing({"answer": "a", "correct": True}, {"answer": "b", "correct": False}, code=code)
    )
    assert spec["ask"] == f"Which?\n```\n{code}\n```"
    assert "&#10;&#10;    total[n] = &#x27;&lt;b&gt;&#x27;" in as_html(spec["ask"])


def test_two_right_choices_are_a_multiple_choice() -> None:
    answers = [{"answer": letter, "correct": letter < "c"} for letter in "abc"]
    assert one(choosing(*answers))["kind"] == "multiple"
    several = {**choosing(*answers), "type": "many_choice"}
    assert earned(one(several), [0, 1]) == 1


@pytest.mark.parametrize(
    ("item", "cases"),
    [
        (number(right(2), right(-2)), [("2", 1), ("-2", 1), ("0", 0)]),
        (number(right("0.5")), [("0.5", 1), ("1/2", 1), ("0.6", 0)]),
        (number(right(0.3333), precision=2), [("1/3", 1), ("0.326", 1), ("0.34", 0), ("0.32", 0)]),
        (number(right(1e-7)), [("1e-7", 1), ("0", 0)]),
        (number(span(1.5, 2.5, correct=True)), [("1.5", 1), ("2.4", 1), ("2.5", 0), ("1.4", 0)]),
        (number(span(0, 1, correct=False), right(2)), [("2", 1), ("0.5", 0)]),
        (
            number(right(3.14159), span(3.0, 3.1, correct=False), precision=3),
            [("3.14", 1), ("3.05", 0)],
        ),
        (number(right(0), precision=2), [("0", 1), ("0.1", 0)]),
    ],
)
def test_numbers(item: dict[str, Any], cases: list[tuple[str, float]]) -> None:
    spec = one(item)
    for response, share in cases:
        assert earned(spec, response) == share, response


def test_wrong_numbers_have_their_replies() -> None:
    spec = one(
        number(
            right(3.14159, feedback="Yes"),
            span(3.0, 3.1, correct=False, feedback="too low"),
            span(-1e6, 0, correct=False, feedback="positive!"),
            wrong(4, feedback="four"),
            {"type": "default", "feedback": "Use 22/7."},
            precision=3,
        )
    )
    from pfp_course.questions import mark

    said = {text: mark(spec, text).says for text in ("3.14", "3.05", "-1", "0.001", "4", "9")}
    assert said == {
        "3.14": ("Yes",),
        "3.05": ("too low",),
        "-1": ("positive!",),
        "0.001": ("Use 22/7.",),
        "4": ("four",),
        "9": ("Use 22/7.",),
    }


def text(*answers: dict[str, Any]) -> dict[str, Any]:
    return {"question": "Capital?", "type": "string", "answers": list(answers)}


def test_texts_heed_what_the_author_said() -> None:
    spec = one(text({"answer": "Astana", "correct": True, "match_case": True, "feedback": "ok"}))
    assert (earned(spec, "Astana"), earned(spec, "astana")) == (1, 0)
    spec = one(
        text(
            {"answer": "x+1", "correct": True},
            {"answer": "x-1", "correct": False, "feedback": "minus"},
            {"type": "default", "feedback": "Look."},
        )
    )
    assert (earned(spec, "X+1"), earned(spec, "x-1"), spec["otherwise"]) == (1, 0, "Look.")
    assert spec["traps"] == [{"text": "x-1", "say": "minus"}]


def test_pairs_are_taken_over() -> None:
    pairs = [{"label": "A {", "answer": "1"}, {"label": "B", "answer": "2*3"}]
    spec = one(
        {"question": "Match.", "type": "match", "pairs": pairs, "options": ["1", "2*3", "{9}"]}
    )
    assert spec["options"] == ["1", "2*3", "{9}"]
    assert earned(spec, [0, 1]) == 1


def test_html_and_formulas_are_read_as_the_page_showed_them() -> None:
    item = choosing({"answer": "$\\infty$", "correct": True}, {"answer": "$5", "correct": False})
    spec = one({**item, "question": "<b>x</b> &amp; $\\frac{a}{b}$, not <i>2</i>?<br>{}"})
    assert spec["ask"] == "*x* & \\(\\frac{a}{b}\\), not *2*?\n{}"
    assert set(spec["math"]) == {"\\frac{a}{b}", "\\infty"}
    assert [as_plain(choice["text"]) for choice in spec["choices"]] == ["\\infty", "$5"]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"question": "x", "type": "drawing", "answers": []}, "'drawing' is unknown"),
        (7, "no question"),
        ({"type": "numeric", "answers": []}, "the field 'question' is missing"),
        (choosing({"answer": "a", "correct": "maybe"}), "neither true nor false"),
        (
            choosing({"answer": "a", "correct": False}, {"answer": "b", "correct": False}),
            "no choice",
        ),
        (choosing({"correct": True}, {"answer": "b", "correct": False}), "is empty"),
        (number(right("ten")), "'ten' is no number"),
        (number(wrong(3)), "no number of it is right"),
        (number(span(0, 9, correct=False), right(3)), "stands before the right number"),
        (text({"answer": "x", "correct": False}), "no right answer"),
        (choosing({"answer": {"a": 1}, "correct": True}), "where a text is shown"),
    ],
)
def test_what_cannot_be_taken_over_is_named(item: Any, words: str) -> None:
    lines = (
        '[\n{"question": "Q", "type": "string", "answers": [{"answer": "a", "correct": true}]},\n'
    )
    taken = read_jupyterquiz(lines + json.dumps(item) + "\n]", COURSE)
    [note] = taken.left
    assert words in note.text, note.text
    assert (note.line, note.name) == (3, "question 2")
    assert len(taken.questions) == 1


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            choosing({"answer": "a", "correct": True}, {"answer": "b", "correct": False}, hide=1),
            "hide",
        ),
        (text({"answer": "abc", "correct": True, "fuzzy_threshold": 0.8}), "fuzzy_threshold"),
        (number(right(3, note="x")), "'note'"),
        (number(right(3), wrong(3)), "covers"),
    ],
)
def test_what_is_lost_is_named(item: Any, words: str) -> None:
    taken = read(item)
    assert not taken.left
    assert [note for note in taken.lost if words in note.text], taken.lost


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[" * 100_000])
def test_a_file_that_is_no_quiz_is_refused(content: str) -> None:
    with pytest.raises(CourseError):
        read_jupyterquiz(content, COURSE)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = ["question", "type", "answers", "code", "precision", "hint", "pairs", "options"]
OF_ANSWERS = [
    "answer",
    "code",
    "correct",
    "feedback",
    "type",
    "value",
    "range",
    "match_case",
    "fuzzy_threshold",
]
ANSWERS = st.lists(
    st.dictionaries(st.sampled_from(OF_ANSWERS), VALUES | st.just([1, 2]), max_size=5), max_size=3
)
KINDS = st.sampled_from(["multiple_choice", "many_choice", "numeric", "string", "match"])


@settings(max_examples=400)
@given(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6),
    st.none() | ANSWERS,
    st.none() | KINDS,
)
def test_any_question_is_taken_over_or_named(item: dict[str, Any], answers: Any, kind: Any) -> None:
    item = {"question": "x", **item}
    item |= {"answers": answers} if answers is not None else {}
    item |= {"type": kind} if kind else {}
    taken = read(item)
    assert len(taken.questions) + len(taken.left) == 1
    specs_of(taken)


ENDS = st.integers(-40, 40).map(lambda end: end / 4)
MODEL = st.tuples(ENDS, st.sampled_from([0.0, 0.5, 1.0, 5.0]), st.booleans())


@settings(max_examples=200)
@given(st.lists(MODEL, min_size=1, max_size=4), st.lists(ENDS, max_size=8))
def test_numbers_mark_as_their_model(model: list[Any], responses: list[float]) -> None:
    answers = [
        span(low, low + size, correct=correct)
        if size
        else {"type": "value", "value": low, "correct": correct}
        for low, size, correct in model
    ]
    taken = read(number(*answers))
    if taken.left:
        assert "before" in taken.left[0].text or "no number" in taken.left[0].text
        return
    [spec] = specs_of(taken)
    for response in [*responses, *(low + size for low, size, _ in model)]:
        fits = [
            correct
            for low, size, correct in model
            if (low <= response < low + size if size else response == low)
        ]
        assert earned(spec, str(response)) == (fits[:1] == [True]), response

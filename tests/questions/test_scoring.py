"""Python and JavaScript mark the same: shared vectors, and random answers to both."""

import json
from typing import Any

import pytest
from environment import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.questions import mark

VECTORS = json.loads((ROOT / "tests" / "vectors" / "scoring.json").read_text(encoding="utf-8"))
CASES = [
    (group["spec"], response, {"state": state, "share": share, "says": says})
    for group in VECTORS
    for response, state, share, says in group["cases"]
]


@pytest.mark.parametrize(("spec", "response", "expected"), CASES)
def test_python_marks_as_the_vectors_say(spec: Any, response: Any, expected: Any) -> None:
    assert mark(spec, response).as_dict() == expected


@pytest.fixture(scope="module")
def mark_in_browser(in_javascript: Any) -> Any:
    code = "(pairs) => pairs.map(([spec, response]) => course.mark(spec, response))"
    return lambda pairs: in_javascript(code, pairs)


def test_javascript_marks_as_the_vectors_say(mark_in_browser: Any) -> None:
    marks = mark_in_browser([[spec, response] for spec, response, _ in CASES])
    for (spec, response, expected), found in zip(CASES, marks, strict=True):
        assert found == expected, (spec["kind"], response)


DATE_PARTS = "27 5 may мая мамыр 1994 27th of г. , 31 june 2000 . / - 02 29"
words = st.sampled_from(DATE_PARTS.split(" "))
typed = st.one_of(
    st.text(alphabet="0123456789 .,-+%km/eE\u2212\u00a0", max_size=12),
    st.lists(words, max_size=5).map(" ".join),
    st.lists(words, max_size=5).map("".join),
    st.text(alphabet="TtAaJjIiKkSsNnӘәЁё.- \u0301", max_size=14),
    # Newer letters are known to one Unicode version and not yet to another.
    st.text(st.characters(max_codepoint=0x4FF, exclude_categories=["C"]), max_size=8),
)
levels = st.lists(st.one_of(st.none(), st.integers(-1, 3)), max_size=3)
responses = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.lists(st.integers(-1, 6), max_size=6),
    st.permutations(range(4)),
    st.permutations(range(3)),
    typed,
    st.fixed_dictionaries({"text": typed, "levels": levels}),
    st.lists(st.one_of(st.none(), st.integers(-1, 3), typed), min_size=4, max_size=4),
)


@settings(max_examples=25)
@given(st.lists(responses, min_size=40, max_size=40))
def test_both_mark_random_answers_the_same(mark_in_browser: Any, answers: list[Any]) -> None:
    pairs = [[group["spec"], answer] for group in VECTORS for answer in answers]
    found = mark_in_browser(pairs)
    for (spec, answer), other in zip(pairs, found, strict=True):
        assert mark(spec, answer).as_dict() == other, (spec["kind"], answer)

"""The answer that a student is shown is right when it is typed back, in Python and JavaScript."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from courses import COURSE
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.questions import mark, read_bank
from pfp_course.questions.kinds import form_of
from pfp_course.questions.kinds.date import Day
from pfp_course.questions.kinds.gaps import Gaps
from pfp_course.questions.kinds.numeric import Numeric
from pfp_course.questions.kinds.text import ShortText
from pfp_course.questions.spec import public, variants
from pfp_course.questions.texts import as_html, as_plain

COMMON = {
    "id": "09.q",
    "objective": "O9.1",
    "ask": "x",
    "because": "It is {key}.",
    "otherwise": "No.",
    "source": ["background"],
}
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, max_value=1e99),
    st.decimals(-100, 100, places=4).map(float),
    st.sampled_from([0.0046, 1e-7, 6.62607015e-34, 0.1 + 0.2, 1234.5678, 999.995, -0.004, 0.0]),
)
TOLERANCES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.floats(0, 100).map(lambda value: {"abs": value}),
    st.floats(0, 0.5).map(lambda value: {"rel": value}),
    st.integers(1, 6).map(lambda value: {"digits": value}),
)
UNITS = st.sampled_from(["", "%", "km", "m²", "USD", "states", "Mio. €", "per 100 000", "J s", "e"])
TEXTS = st.text("abcXYZ áé-+*_`\\{}().,:12", min_size=1, max_size=14)


def numeric(key: float, tolerance: dict[str, Any], unit: str) -> dict[str, Any] | None:
    fields = {**COMMON, "kind": "numeric", "key": key, "tolerance": tolerance, "unit": unit}
    try:
        return public(Numeric.model_validate(fields, context={"course": COURSE}))
    except CourseError:
        return None


@settings(max_examples=300, deadline=None)
@given(NUMBERS, TOLERANCES, UNITS)
def test_a_number_shown_is_right(key: float, tolerance: dict[str, Any], unit: str) -> None:
    spec = numeric(key, tolerance, unit)
    if spec is None:
        assert abs(key) > 1e98 or abs(key) < 1e-98
        return
    assert mark(spec, spec["answer"]).state == "right"
    # What the reason names is the same number.
    assert spec["because"] == f"It is {spec['answer'].removesuffix(unit).strip()}."
    assert as_plain(form_of(spec).solution()[0]).startswith(spec["answer"])


def text_question(key: str, accept: list[str], **strict: bool) -> dict[str, Any] | None:
    fields = {**COMMON, "because": "x", "kind": "text", "key": key, "accept": accept, **strict}
    try:
        return public(ShortText.model_validate(fields, context={"course": COURSE}))
    except CourseError:
        return None


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=2), st.booleans(), st.booleans())
def test_a_text_shown_is_right(key: str, accept: list[str], case: bool, signs: bool) -> None:
    spec = text_question(key, accept, case=case, signs=signs)
    if spec is None:
        assert not signs or not all(text.strip() for text in (key, *accept))
        return
    for form in (spec["answer"], as_plain(form_of(spec).solution()[0]), key, *accept):
        assert mark(spec, form).state == "right", form


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_date_shown_is_right(day: date, size: int) -> None:
    fields = {**COMMON, "kind": "date", "key": day.isoformat()[:size]}
    spec = public(Day.model_validate(fields, context={"course": COURSE}))
    assert mark(spec, spec["answer"]).state == "right", spec["answer"]


def gaps_of(number: float, text: str, day: date) -> dict[str, Any] | None:
    gaps = [
        {"kind": "numeric", "key": number, "unit": "km"},
        {"kind": "text", "key": text, "signs": True},
        {"kind": "date", "key": day.isoformat()},
        {"kind": "single", "choices": [{"text": "b", "right": True}, {"text": "a"}]},
    ]
    fields = {**COMMON, "because": "x", "kind": "gaps", "gaps": gaps}
    try:
        return public(
            Gaps.model_validate(
                {**fields, "ask": "[[1]] [[2]] [[3]] [[4]]"}, context={"course": COURSE}
            )
        )
    except CourseError:
        return None


def answers_of(spec: dict[str, Any]) -> list[Any]:
    """The answers to gaps as they are shown; of a list, the position of what is shown."""
    return [
        [choice["right"] for choice in gap["choices"]].index(True)
        if "choices" in gap
        else gap["answer"]
        for gap in spec["gaps"]
    ]


@settings(max_examples=200, deadline=None)
@given(NUMBERS, TEXTS, st.dates(date(1, 1, 1)))
def test_gaps_shown_are_right(number: float, text: str, day: date) -> None:
    spec = gaps_of(number, text, day)
    if spec is not None:
        assert mark(spec, answers_of(spec)).state == "right"


def course_specs() -> Iterator[dict[str, Any]]:
    for path in sorted(COURSE.questions.glob("*.yml")):
        for question in read_bank(path, COURSE).questions:
            yield from variants(question)


def test_every_answer_of_the_course_is_right_as_it_is_shown() -> None:
    typed = [spec for spec in course_specs() if spec["kind"] in ("numeric", "text", "date")]
    assert len(typed) > 30
    for spec in typed:
        assert mark(spec, spec["answer"]).state == "right", spec["id"]


def test_javascript_takes_what_is_shown(in_javascript: Any) -> None:
    drawn = st.tuples(NUMBERS, TOLERANCES, UNITS, TEXTS, st.dates(date(1, 1, 1)), st.booleans())

    @settings(max_examples=20, deadline=None)
    @given(st.lists(drawn, min_size=20, max_size=20))
    def agree(rows: list[Any]) -> None:
        pairs = []
        for number, tolerance, unit, text, day, strict in rows:
            specs = [numeric(number, tolerance, unit), text_question(text, [], signs=strict)]
            pairs += [(spec, spec["answer"]) for spec in specs if spec]
            if spec := gaps_of(number, text, day):
                pairs.append((spec, answers_of(spec)))
        states = in_javascript(
            "(pairs) => pairs.map(([spec, answer]) => course.mark(spec, answer).state)", pairs
        )
        for (spec, answer), state in zip(pairs, states, strict=True):
            assert state == "right", (spec["kind"], answer)

    agree()


def test_a_typed_answer_is_no_markup() -> None:
    spec = text_question("*x* `y`", [])
    assert spec is not None
    assert as_html(form_of(spec).solution()[0]) == "*x* `y`"

"""Keys are computed from the data, by a language that can do nothing else."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE

from pfp_course.course import read_course
from pfp_course.data import load
from pfp_course.questions.expressions import (
    ConditionError,
    ExpressionError,
    check_shape,
    evaluate,
    matches,
    parse,
)
from pfp_course.questions.texts import TextError, as_html, fill, spoken


def ask(expression: Any, **names: Any) -> Any:
    return evaluate(check_shape(expression, COURSE), COURSE, names)


def test_expressions_agree_with_pandas() -> None:
    table = load("signatories")
    early = table[table["signed"] <= "1994-12-31"]
    where = 'signed <= "1994-12-31"'
    assert ask({"count": "signatories", "where": where}) == len(early)
    assert ask({"set": "signatories", "column": "region", "where": where}) == sorted(
        early["region"].unique()
    )
    assert ask({"min": "signatories", "column": "signed"}) == "1994-01-26"
    assert ask({"most": "signatories", "column": "region"}) == table["region"].mode()[0]
    assert ask({"tally": "signatories", "column": "region"}) == dict(
        table["region"].value_counts().sort_index()
    )
    assert ask({"count": "signatories", "where": "withdrew is not None"}) == (
        table["withdrew"].notna().sum()
    )
    value = {"value": "signatories", "column": "order_signed", "where": 'iso3 == "KAZ"'}
    assert ask(value) == table.set_index("iso3")["order_signed"]["KAZ"]
    joined = table.dropna(subset=["nato_accession"])
    waits = (joined["nato_accession"] - joined["signed"]).dt.days / 365.25
    assert ask({"call": "waiting_years", "with": {"country": "LTU"}}) == pytest.approx(
        float(waits[joined["iso3"] == "LTU"].iloc[0])
    )


def test_expressions_nest_and_use_names() -> None:
    part = {"count": "signatories", "where": "signed <= end"}
    assert ask({"minus": [{"count": "signatories"}, part]}, end="1994-12-31") == 11
    assert ask({"year": {"first": "signatories", "column": "signed", "by": "signed"}}) == 1994


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"count": "nowhere"}, "nowhere"),
        ({"sum": "signatories", "column": "signed_on"}, "Did you mean 'signed'?"),
        ({"value": "signatories", "column": "iso3"}, "34 rows match"),
        ({"first": "signatories", "column": "iso3", "where": 'iso3 == "USA"'}, "no row"),
        ({"over": [1, 0]}, "cannot be computed"),
        ({"sum": "signatories", "column": "iso3"}, "cannot be computed"),
        ({"count": "signatories", "where": "signed < 1994"}, "Put dates and text in quotes"),
    ],
)
def test_a_question_that_the_data_cannot_answer_says_why(expression: Any, words: str) -> None:
    with pytest.raises(Exception, match=words) as caught:
        ask(expression)
    assert caught.type.__mro__[1].__name__ in ("CourseError", "ExpressionError", "Exception")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "signed.__class__",
        "f(signed)",
        "signed[0]",
        "(lambda: 1)()",
        "signed + 1 > 2",
        "[x for x in signed]",
        "signed == b'x'",
        "signed := 1",
        "signed ==",
        "(" * 150 + "signed" + ")" * 150 + " == 1 and " * 20,
        "",
        "a" * 500,
    ],
)
def test_a_condition_can_only_compare(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_missing_values_meet_no_comparison() -> None:
    row = {"year": None, "place": "Riga"}
    assert not matches(parse("year < 5"), row)
    assert not matches(parse("year != 5"), row)
    assert matches(parse("year is None and not place == 'Oslo'"), row)
    assert matches(parse("place in ('Riga', 'Oslo') or year > 1"), row)
    assert matches(parse("'A' < place < 'Z'"), row)


def test_values_are_spoken() -> None:
    assert spoken("1994-05-27") == "27 May 1994"
    assert spoken(["Latvia", "Estonia", "Malta"]) == "Latvia, Estonia and Malta"
    assert spoken(9.130) == "9.13"
    assert spoken(3.0) == "3"
    assert fill("{share:.0%} of {all}", {"share": 0.676, "all": 34}) == "68% of 34"


@pytest.mark.parametrize("text", ["{x.__class__}", "{x[0]}", "{x!r}", "{x:>999999999}", "{", "{y}"])
def test_a_text_reaches_into_nothing(text: str) -> None:
    with pytest.raises(TextError):
        fill(text, {"x": 1})


def test_markup_is_two_marks_and_nothing_else() -> None:
    assert as_html("`a<b` *and* <b>x</b> 2*3*4") == (
        "<code>a&lt;b</code> <em>and</em> &lt;b&gt;x&lt;/b&gt; 2*3*4"
    )


def test_the_shape_of_an_expression_is_checked() -> None:
    for wrong in (
        {},
        {"count": "signatories", "column": "iso3"},
        {"sum": "signatories"},
        {"minus": [1]},
        {"call": "eval"},
        {"call": "waiting_years", "with": [1]},
        {"sum": "signatories", "column": 3},
        [[1]],
    ):
        with pytest.raises(ValueError):  # noqa: PT011 (each has words of its own)
            check_shape(wrong, COURSE)
    assert issubclass(ExpressionError, Exception)


def test_a_function_is_given_the_values_of_variants() -> None:
    call = {"call": "waiting_years", "with": {"country": "{code}"}}
    assert evaluate(call, COURSE, {"code": "POL"}) == evaluate(
        {"call": "waiting_years", "with": {"country": "POL"}}, COURSE
    )
    with pytest.raises(ExpressionError, match=r"nothing has the name \{code\}; known are: day"):
        evaluate(call, COURSE, {"day": "2014"})


def test_a_function_asks_the_course_whose_key_it_is(tmp_path: Path) -> None:
    shutil.copytree(COURSE.data, tmp_path / "data", ignore=shutil.ignore_patterns("questions"))
    shutil.copy(COURSE.root / "course.toml", tmp_path)
    requests = tmp_path / "data" / "applications.csv"
    head, first, *_ = requests.read_text("utf-8").splitlines(keepends=True)
    requests.write_text(head + first, "utf-8")
    asked = check_shape({"call": "states_that_asked"}, COURSE)
    assert evaluate(asked, COURSE) > 1
    assert evaluate(asked, read_course(tmp_path)) == 1


def test_a_table_without_rows_counts_none_and_names_its_columns(tmp_path: Path) -> None:
    sample = Path(__file__).parents[1] / "sample_course"
    shutil.copytree(sample, tmp_path / "course")
    table = tmp_path / "course" / "data" / "levels.csv"
    table.write_text(table.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    course = read_course(tmp_path / "course")
    assert evaluate({"count": "levels"}, course) == 0
    assert evaluate({"count": "levels", "where": "year > 2018"}, course) == 0
    with pytest.raises(ExpressionError, match="no row of 'levels' matches"):
        evaluate({"max": "levels", "column": "level_m"}, course)
    with pytest.raises(ExpressionError, match=r"no column 'levle_m'.*level_m"):
        evaluate({"max": "levels", "column": "levle_m"}, course)

"""Exercises answered in code: right, or what to look at again; never the solution at once."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from courses import COURSE

from pfp_course.data import load
from pfp_course.questions import read_bank
from pfp_course.questions.comparison import differs

EXERCISES = {
    exercise.id: exercise.resolved()
    for exercise in read_bank(Path(__file__).with_name("sample.yml"), COURSE).exercises
}


def judge(name: str, value: Any, tries: int = 0) -> Any:
    return EXERCISES[name].judge(value, tries)


def test_a_right_number_in_any_of_its_types() -> None:
    table = load("signatories")
    for value in (34, 34.0, np.int64(34), len(table), table["iso3"].count(), pd.Series([34])):
        assert judge("99.e1", value).state == "right", value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (13, "Those are the columns."),
        (33, "Use `len`."),
        (-34, "the sign is not"),
        ("34", "Write it without quotes."),
        (load("signatories"), "len(...) counts its rows."),
        (None, "Your answer is empty"),
        (float("nan"), "NaN"),
        (True, "true or false"),
        ([34, 35], "a list"),
        (object(), "of the type object"),
    ],
)
def test_a_wrong_number_is_told_what_to_look_at(value: Any, words: str) -> None:
    verdict = judge("99.e1", value)
    assert verdict.state == "again"
    assert words in " ".join(verdict.says)
    assert "34" not in " ".join(verdict.says).replace("'34'", "")


def test_hints_come_one_after_the_other_and_stay_at_the_last() -> None:
    says = [judge("99.e1", 1, tries).says[-1] for tries in range(4)]
    assert says == ["Hint: The function is len.", *["Hint: Write len(table)."] * 3]


def test_a_set_may_come_in_any_order_and_container() -> None:
    table = load("signatories")
    column = table[table["region"] == "Central Asia"]["country"]
    for value in (column, list(column), set(column), column.to_numpy(), tuple(column[::-1])):
        assert judge("99.e2", value).state == "right"
    assert "1 missing" in str(judge("99.e2", column[1:]))
    assert "1 too many" in str(judge("99.e2", [*column, "Russia"]))
    assert "Choose the column" in str(judge("99.e2", table))
    assert "a text" in str(judge("99.e2", "Kazakhstan"))


def test_a_table_of_counts_compares_names_and_numbers_in_any_order() -> None:
    counts = load("signatories")["region"].value_counts()
    for value in (counts, counts.sort_index(), dict(counts), counts.to_frame()):
        assert judge("99.e3", value).state == "right"
    assert judge("99.e3", pd.concat([counts, pd.Series({"Nowhere": 0})])).state == "right"
    assert "differs" in str(judge("99.e3", counts.replace(3, 4)))
    assert "1 missing" in str(judge("99.e3", counts[1:]))
    assert "value for each name" in str(judge("99.e3", 5))


def test_lists_heed_their_order() -> None:
    key = ["Romania", "Lithuania", "Poland"]
    assert differs(key, key, "list", 0) is None
    assert "order" in str(differs(key[::-1], key, "list", 0))
    assert "3 are asked for" in str(differs(key[:2], key, "list", 0))
    assert "Place 2" in str(differs(["Romania", "Latvia", "Poland"], key, "list", 0))
    dates = pd.Series(pd.to_datetime(["1994-01-26", "1994-01-27"]))
    assert differs(dates, ["1994-01-26", "1994-01-27"], "list", 0) is None


def test_texts_compare_as_a_patient_reader_does() -> None:
    assert differs(" kazakhstan", "Kazakhstan", "text", 0) is None
    assert differs(pd.Series(["Kazakhstan"]), "Kazakhstan", "text", 0) is None
    assert "spelling" in str(differs("Kazahkstan", "Kazakhstan", "text", 0))
    assert "quotes" in str(differs(5, "Kazakhstan", "text", 0))


def test_a_verdict_is_readable_and_escaped() -> None:
    verdict = judge("99.e1", 33)
    assert str(verdict).startswith("Not yet: exercise 99.e1\nUse len.")
    assert "<code>len</code>" in verdict._repr_html_()
    assert EXERCISES["99.e1"].task().says == ("Count the rows of `signatories`.",)
    assert "three dots" in str(EXERCISES["99.e1"].unanswered())


def test_a_table_is_compared_by_its_columns_and_rows() -> None:
    table = load("signatories")
    asia = table[table["region"] == "Central Asia"]
    right = asia.sort_values("signed")[["country", "signed"]]
    text = right.assign(signed=right["signed"].dt.strftime("%Y-%m-%d"))
    for value in (
        right,
        right[["signed", "country"]],
        right.reset_index(drop=True),
        right.set_index("country"),
        text,
    ):
        assert judge("99.e4", value).state == "right", value
    wrong: list[tuple[Any, str]] = [
        (right["country"], "A table is asked for, but your answer is a column."),
        (right[["country"]], "The column 'signed' is missing."),
        (asia.sort_values("signed")[["country", "signed", "region"]], "a column too many"),
        (right[:4], "Your table has 4 rows; 5 are asked for."),
        (right[::-1], "The rows are right, their order is not."),
        (right.replace("Kazakhstan", "Russia"), "Row 2 is the first that differs."),
    ]
    for value, words in wrong:
        assert words in str(judge("99.e4", value)), words


def test_rows_without_an_order_may_come_in_any() -> None:
    key = {"columns": ["a"], "rows": [[1], [2], [2], [None]], "ordered": False}
    assert differs(pd.DataFrame({"a": [2, None, 1, 2]}), key, "frame", 0) is None
    assert "not all rows" in str(differs(pd.DataFrame({"a": [1, 1, 2, None]}), key, "frame", 0))
    assert differs(pd.DataFrame({"a": [2.001, None, 1, 2]}), key, "frame", 0.01) is None


def test_a_year_whose_value_differs_is_named_as_a_year() -> None:
    from pfp_course.questions.comparison import differs

    assert differs({2008: 1.0}, {2008: 2.0}, "table", 0.1) == (
        "The value of 2008 differs. Look at it again."
    )

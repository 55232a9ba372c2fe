"""Whatever a student gives to `check`, a sentence comes back; the same holds for every name."""

import datetime
import decimal
import fractions
import itertools
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.data import load
from pfp_course.errors import described
from pfp_course.questions.comparison import Compare, differs, portable, received

KEYS: dict[Compare, Any] = {
    "number": 34,
    "text": "Kazakhstan",
    "set": ["Kazakhstan", "Uzbekistan"],
    "list": [3, 2, 1],
    "table": {"Kazakhstan": 1.0, "2008": 2.0},
    "frame": {"columns": ["a", "b"], "rows": [[1, "x"], [2, None]], "ordered": True},
}


class Wild:
    """An object that refuses everything that it is asked."""

    def _refuse(self, *args: object) -> Any:
        raise RuntimeError("refused")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __bool__ = __iter__ = _refuse
    __float__ = __int__ = __index__ = __getitem__ = __array__ = __lt__ = _refuse
    __hash__ = __contains__ = _refuse

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("refused")


class WildClass(Wild):
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError("refused")

    columns = iloc = item = to_dict = isoformat = property(Wild._refuse)


def endless() -> Any:
    while True:
        yield 1


def recursive() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


TABLE = load("signatories")
COMMON: dict[str, Any] = {
    "a column of truth values": TABLE["region"] == "Central Asia",
    "a whole table": TABLE,
    "a column": TABLE["country"],
    "a function that is not called": TABLE["country"].nunique,
    "a function of Python": len,
    "a text of a number": "34",
    "nothing": None,
    "three dots": ...,
    "three dots in a list": [...],
    "a generator": (one for one in [3, 2, 1]),
    "a generator without end": endless(),
    "a count without end": itertools.count(),
    "not a number": float("nan"),
    "a missing value": pd.NA,
    "a missing date": pd.NaT,
    "a date": pd.Timestamp("1994-01-26"),
    "a date of NumPy": np.datetime64("1994-01-26", "ns"),
    "a length of time": pd.Timedelta(days=3),
    "a set of lists": [[1], [2]],
    "a grouping": TABLE.groupby("region"),
    "a grouped column": TABLE.groupby("region")["country"],
    "a type": pd.DataFrame,
    "a library": pd,
    "an error": ValueError("x"),
    "infinity": float("inf"),
    "a number that no float holds": 10**400,
    "a complex number": 1j,
    "an array of two": np.zeros((2, 2)),
    "an empty column": pd.Series(dtype="float"),
    "an empty table": pd.DataFrame(),
    "two columns of one name": pd.DataFrame([[1, "x", 2]], columns=["a", "b", "a"]),
    "an index that is a column, too": pd.DataFrame({"a": [1], "b": ["x"]}).set_index(
        "a", drop=False
    ),
    "columns on two levels": pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_product([["a"], ["b", "c"]])
    ),
    "a category": pd.Series(["x"], dtype="category"),
    "a column of lists": pd.Series([[1], [2]]),
    "a dictionary of lists": {"Kazakhstan": [1], "2008": np.zeros(2)},
    "an interval": pd.Interval(0, 1),
    "a half character": "\ud800",
    "a very long text": "x" * 1_000_000,
    "bytes": b"34",
    "an open file": open,
    "a thing that refuses": Wild(),
    "a thing that refuses its class": WildClass(),
    "a list of things that refuse": [Wild(), WildClass()],
    "a recursive list": recursive(),
}


def said(value: Any, compare: Compare) -> str | None:
    found = differs(value, KEYS[compare], compare, 0.0)
    assert found is None or isinstance(found, str)
    text = portable(value, compare)
    assert isinstance(text, str)
    json.loads(text)
    return found


@pytest.mark.parametrize("compare", KEYS)
@pytest.mark.parametrize("name", COMMON)
def test_a_common_error_gets_a_sentence(name: str, compare: Compare) -> None:
    found = said(COMMON[name], compare)
    assert found is not None or name == "a generator"
    assert described(COMMON[name])


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=4)
    | st.complex_numbers()
    | st.decimals()
    | st.fractions()
    | st.datetimes()
    | st.dates()
    | st.timedeltas()
    | st.sampled_from([pd.NA, pd.NaT, ..., np.int64(3), np.bool_(True), np.float32(1)])
    | st.sampled_from([len, int, np, itertools.count(), pd.Timestamp("1994")])
    | st.none().map(lambda _: Wild())
)
HASHABLE = st.integers(-9, 9) | st.text(max_size=3) | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.sets(HASHABLE, max_size=4)
        | st.lists(inner, max_size=4).map(lambda items: pd.Series(items, dtype=object))
        | st.lists(inner, max_size=3).map(
            lambda items: pd.DataFrame({"a": pd.Series(items, dtype=object)})
        )
        | st.lists(st.integers(0, 9), max_size=4).map(np.array)
        | st.lists(inner, max_size=3).map(iter)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(VALUES)
def test_any_value_gets_a_sentence(value: Any) -> None:
    for compare in KEYS:
        said(value, compare)


@pytest.mark.parametrize("compare", KEYS)
def test_what_is_sent_elsewhere_is_judged_alike(compare: Compare) -> None:
    for name, value in COMMON.items():
        if "refuse" in name or "end" in name or "generator" in name or "recursive" in name:
            continue
        here = differs(value, KEYS[compare], compare, 0.0)
        try:
            there = differs(received(portable(value, compare)), KEYS[compare], compare, 0.0)
        except ValueError:
            there = "not sent"
        assert (here is None) == (there is None), name


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (COMMON["a column of truth values"], ".sum() counts the rows"),
        (COMMON["a function that is not called"], "its name needs brackets"),
        (COMMON["a generator"], "put list(...) around it"),
        (COMMON["a date"], "a date"),
        (COMMON["a grouping"], "say what to do with the groups"),
        (COMMON["a missing value"], "a missing value"),
    ],
)
def test_the_sentence_names_the_mend(value: Any, words: str) -> None:
    assert words in str(differs(value, 34, "number", 0.0))


def test_numbers_of_all_kinds_are_numbers() -> None:
    for value in (
        34,
        34.0,
        np.int8(34),
        np.float32(34),
        decimal.Decimal(34),
        fractions.Fraction(34),
    ):
        assert differs(value, 34, "number", 0.0) is None
    for column in (pd.Series([34]), np.array([34]), np.array(34), np.array([[34]])):
        assert differs(column, 34, "number", 0.0) is None
    assert differs(datetime.date(1994, 1, 26), 34, "number", 0.0) is not None

"""A bank's every field with every wrong type: file, line, question, what is expected, no jargon."""

import copy
import re
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml
from courses import COURSE

from pfp_course.questions import check_bank
from pfp_course.questions.authoring import new_bank_text
from pfp_course.questions.reading import read_document

SAMPLE = Path(__file__).with_name("sample.yml")
WRONG: list[Any] = [None, True, -7, 2.5, "", "zzz", [], ["zzz"], [[1]], {}, {"zzz": 1}]
JARGON = re.compile(
    r"instance|Input should|type=|pydantic|\bdict\b|\bstr\b|\bint\b|\bNoneType\b|\bobject\b"
    r"|Traceback|tagged-union|literal_error|value_error|validation|operand|format code",
    re.IGNORECASE,
)


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field and item of a bank."""
    if place:
        yield place
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*place, number))


def changed(bank: Any, place: tuple[Any, ...], value: Any) -> Any:
    copied = copy.deepcopy(bank)
    reduce(getitem, place[:-1], copied)[place[-1]] = value
    return copied


def without(bank: Any, place: tuple[Any, ...]) -> Any:
    copied = copy.deepcopy(bank)
    del reduce(getitem, place[:-1], copied)[place[-1]]
    return copied


def banks() -> list[Any]:
    new = yaml.safe_load(new_bank_text("99", "A new bank", "99.yml"))
    return [read_document(SAMPLE).value, new]


def assert_clear(path: Path, bank: Any, place: tuple[Any, ...]) -> None:
    if len(place) > 1 and place[0] in ("questions", "exercises"):
        # The others are as they were, and take their time.
        alone = {"questions": [], "exercises": [], place[0]: [bank[place[0]][place[1]]]}
        bank = {**bank, **alone}
    path.write_text(yaml.safe_dump(bank, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for problem in check_bank(path, COURSE):
        text = str(problem)
        assert text.startswith(f"{path}:{problem.line}: "), text
        assert not JARGON.search(problem.text), (place, problem.text)
        assert len(problem.text) < 700, problem.text
        if len(place) > 2 and place[0] in ("questions", "exercises") and place[2] != "id":
            items = bank[place[0]]
            identifiers = [item.get("id") for item in items if isinstance(item, dict)]
            named = [one for one in identifiers if one and f"{one}" in problem.text]
            assert named or "nothing asks" in problem.text, (place, problem.text)


@pytest.mark.parametrize("number", [0, 1])
def test_every_field_with_every_wrong_value_says_what_is_wrong(tmp_path: Path, number: int) -> None:
    bank = banks()[number]
    path = tmp_path / "99.yml"
    tried = 0
    for place in places(bank):
        # Of many alike, such as the choices of a question, the first one is tried.
        if any(isinstance(step, int) and step > 0 for step in place[2:]):
            continue
        # Another wrong value each time, so that all of them meet every sort of field.
        assert_clear(path, changed(bank, place, WRONG[tried % len(WRONG)]), place)
        tried += 1
        if isinstance(place[-1], str) and tried % 3 == 0:
            assert_clear(path, without(bank, place), place)
    assert tried > 150


UNSURE = (
    *("No", "yes", "ON", "off", "y", "N", "NULL", "None", "0x1F", "007", "0b11", "12:30"),
    *("1_000", "+5", ".5", "5.", "1e3", "-.inf", ".NaN", "True", "~"),
)


@pytest.mark.parametrize("value", UNSURE)
def test_a_key_that_readers_of_yaml_take_for_different_things_is_refused(
    tmp_path: Path, value: str
) -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace("key: KGZ", f"key: {value}")
    path = tmp_path / "99.yml"
    path.write_text(text, encoding="utf-8")
    [problem] = [problem for problem in check_bank(path, COURSE) if "99.place" in problem.text]
    line = text.split(f"key: {value}")[0].count("\n") + 1
    assert problem.line == line
    if value != "~":
        assert f"write '{value}' in quotes" in problem.text


@pytest.mark.parametrize("value", ["'No'", '"12:30"', "'0.5'", "Nothing", "1994-05-27", "NO WAY"])
def test_a_key_in_quotes_stays_text(tmp_path: Path, value: str) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    old = "{last: signatories, column: country, by: signed, where: 'region == \"Central Asia\"'}"
    assert old in text
    path = tmp_path / "99.yml"
    path.write_text(text.replace(f"key: {old}", f"key: {value}", 1), encoding="utf-8")
    assert not [problem for problem in check_bank(path, COURSE) if "99.last" in problem.text]

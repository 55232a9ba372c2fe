"""Whatever a file holds, the readers raise nothing but their own errors."""

import contextlib
import json
import os
import string
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from courses import COURSE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.questions import BankError, check_bank, read_bank
from pfp_course.questions.expressions import (
    ConditionError,
    check_shape,
    evaluate,
    matches,
    names_in,
    parse,
)
from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.record_model import Answer
from pfp_course.questions.texts import TextError, as_html, fill

SAMPLE = Path(__file__).with_name("sample.yml").read_text(encoding="utf-8")
LINES = SAMPLE.splitlines(keepends=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(string.ascii_lowercase, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def bank_says(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "99.yml"
        path.write_bytes(content)
        for problem in check_bank(path, COURSE):
            assert str(problem).startswith(f"{path}:{problem.line}: ")
        with contextlib.suppress(BankError):
            read_bank(path, COURSE)


@SLOW
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_a_bank_or_a_bank_error(content: bytes) -> None:
    bank_says(content)


@SLOW
@given(VALUES)
def test_any_yaml_is_a_bank_or_a_bank_error(value: Any) -> None:
    bank_says(yaml.safe_dump(value, allow_unicode=True).encode())


@SLOW
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["drop", "double", "indent", "value"]),
    st.text(max_size=12) | VALUES.map(lambda value: json.dumps(value, ensure_ascii=False)),
)
def test_a_bank_broken_in_one_line_is_a_bank_or_a_bank_error(
    line: int, how: str, text: str
) -> None:
    lines = list(LINES)
    if how == "drop":
        del lines[line]
    elif how == "double":
        lines.insert(line, lines[line])
    elif how == "indent":
        lines[line] = "  " + lines[line]
    else:
        name = lines[line].split(":", 1)[0]
        lines[line] = f"{name}: {text}\n"
    bank_says("".join(lines).encode("utf-8", "replace"))


@SLOW
@given(st.text(string.ascii_letters + "().<>=!'\"[]{} 0123456789+*~,:_", max_size=60))
def test_any_condition_is_understood_or_refused(text: str) -> None:
    try:
        condition = parse(text)
        matches(condition, dict.fromkeys(names_in(condition), 1))
    except ConditionError:
        pass


@SLOW
@given(VALUES)
def test_any_expression_is_evaluated_or_refused(value: Any) -> None:
    with contextlib.suppress(ValueError, CourseError):
        evaluate(check_shape(value, COURSE), COURSE)


@SLOW
@given(st.text(max_size=60) | st.text("\\`*![](){}<>/&\"'\n ax1^_$", max_size=40))
def test_any_text_is_filled_or_refused_and_escaped(text: str) -> None:
    try:
        filled = fill(text, {"key": 1, "name": "x"})
    except TextError:
        return
    html = as_html(filled)
    seen = Seen()
    seen.feed(html)
    seen.close()
    assert seen.tags <= {"code", "em", "br", "img"} | MATHML, html
    assert seen.attributes <= {"class", "src", "alt", "xmlns", "display", "alttext"} | DRAWING, html
    assert "\n" not in html


MATHML = frozenset(
    word
    for words in (
        "math mrow mi mn mo mtext mspace ms msup msub msubsup mfrac msqrt mroot munder mover",
        "munderover mtable mtr mtd mstyle mpadded mphantom menclose",
    )
    for word in words.split(" ")
)
DRAWING = {"stretchy", "fence", "separator", "form", "accent", "mathvariant", "displaystyle"}
DRAWING |= {"scriptlevel", "width", "lspace", "rspace", "linethickness", "columnalign"}


class Seen(HTMLParser):
    """The tags and attributes that a browser would make of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


RECORDS = st.fixed_dictionaries(
    {"format": st.just("pfp-course/progress"), "version": st.just(1) | VALUES},
    optional={
        "answers": st.dictionaries(st.text(max_size=8), VALUES, max_size=3) | VALUES,
        "seed": VALUES,
    },
)


@SLOW
@given(st.binary(max_size=200) | (VALUES | RECORDS).map(lambda value: json.dumps(value).encode()))
def test_any_record_is_read_or_set_aside_and_never_lost(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / FILE_NAME).write_bytes(content)
        store = Store(folder)
        before = set(store.answers())
        answer = Answer(fingerprint="f", response=1, attempts=1, at="2099-01-01T00:00:00.000Z")
        store.save({"02.a": answer})
        assert set(Store(folder).answers()) == before | {"02.a"}
        kept = [path.read_bytes() for path in folder.iterdir() if path.name != FILE_NAME]
        assert kept in ([], [content])
        assert len(os.listdir(folder)) == 1 + len(kept)  # noqa: PTH208

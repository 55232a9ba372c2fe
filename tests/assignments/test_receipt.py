"""A receipt is the same from Python and from JavaScript, and damage to it is found."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from environment import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course import __version__
from pfp_course.assignments.receipt import (
    LARGEST,
    ReceiptError,
    read_receipt,
    receipt_name,
    receipt_text,
)
from pfp_course.questions.record_model import Answer
from pfp_course.questions.seeds import normal, seed_of

VECTORS = json.loads((ROOT / "tests" / "vectors" / "receipts.json").read_text(encoding="utf-8"))
RECEIPTS: list[dict[str, Any]] = VECTORS["receipts"]
NAMES: list[list[str]] = VECTORS["names"]

InBrowser = Callable[..., Any]


def by_python(given: dict[str, Any]) -> str:
    answers = {name: Answer.model_validate(one) for name, one in given["answers"].items()}
    return receipt_text(**{**given, "answers": answers})


@pytest.mark.parametrize("case", RECEIPTS, ids=lambda case: case["promise"])
def test_python_writes_the_receipt_of_the_vectors(case: dict[str, Any]) -> None:
    made = json.loads(by_python(case["given"]))
    assert made == {**case["receipt"], "course": __version__, "checksum": made["checksum"]}
    receipt = read_receipt(by_python(case["given"]).encode())
    assert receipt.student == case["receipt"]["student"]


@pytest.mark.parametrize(("name", "seed", "file"), NAMES)
def test_python_reads_a_name_as_the_vectors_say(name: str, seed: str, file: str) -> None:
    assert seed_of(name) == seed
    assert receipt_name("a-1", name) == file


def test_javascript_writes_the_receipt_of_the_vectors(in_browser: InBrowser) -> None:
    given = [{**case["given"], "course": __version__} for case in RECEIPTS]
    found = in_browser("receipt.js", "return value.map(m.receiptText);", given)
    for case, text in zip(RECEIPTS, found, strict=True):
        # Python's own text: the checksum is computed anew for this version of the course.
        assert json.loads(text) == json.loads(by_python(case["given"])), case["promise"]
        assert read_receipt(text.encode()).seed == case["receipt"]["seed"]


def test_javascript_reads_a_name_as_the_vectors_say(in_browser: InBrowser) -> None:
    names = [name for name, _, _ in NAMES]
    seeds = in_browser("randomness.js", "return value.map(m.seedOf);", names)
    files = in_browser("receipt.js", "return value.map((n) => m.receiptName('a-1', n));", names)
    assert [list(row) for row in zip(names, seeds, files, strict=True)] == NAMES


# Letters that both sides' versions of Unicode know.
letters = st.characters(max_codepoint=0x1FFF, exclude_categories=["Cn", "Cs"])


@settings(max_examples=20)
@given(names=st.lists(st.text(letters, max_size=20), min_size=40, max_size=40))
def test_both_read_any_name_the_same(in_browser: InBrowser, names: list[str]) -> None:
    assert in_browser("randomness.js", "return value.map(m.seedOf);", names) == list(
        map(seed_of, names)
    )


responses = st.one_of(
    st.none(),
    st.integers(0, 50),
    st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=5),
    st.text(max_size=20),
    st.fixed_dictionaries({"text": st.text(max_size=20), "levels": st.lists(st.integers(0, 3))}),
)
receipts = st.fixed_dictionaries(
    {
        "student": st.text(min_size=1, max_size=20),
        "seed": st.text(max_size=10),
        "assignment": st.text(max_size=10),
        "made": st.just("2027-02-15T09:30:00.000Z"),
        "banks": st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=4),
        "answers": st.dictionaries(
            st.text(max_size=12).filter(lambda name: name != "__proto__"),
            st.fixed_dictionaries(
                {
                    "fingerprint": st.text(max_size=16),
                    "response": responses,
                    "attempts": st.integers(0, 9),
                    "hints": st.integers(0, 4),
                    "shown": st.booleans(),
                    "confidence": st.one_of(st.none(), st.integers(0, 2)),
                    "seconds": st.integers(0, 9999),
                    "at": st.just("2027-02-15T09:30:00.000Z"),
                }
            ),
            max_size=4,
        ),
    }
)


@settings(max_examples=20)
@given(given=st.lists(receipts, min_size=10, max_size=10))
def test_both_write_any_receipt_the_same(
    in_browser: InBrowser, given: list[dict[str, Any]]
) -> None:
    asked = [{**one, "course": __version__} for one in given]
    found = in_browser("receipt.js", "return value.map(m.receiptText);", asked)
    for one, text in zip(given, found, strict=True):
        assert json.loads(text) == json.loads(by_python(one))


def test_a_name_is_compared_without_its_case_form_and_spaces() -> None:
    name = "Айгерім  Йылдыз"
    assert normal(unicodedata.normalize("NFD", name).upper() + " ") == normal(name)
    assert len(seed_of("ﷺ" * 200)) <= 100


def test_every_change_is_found() -> None:
    text = by_python(RECEIPTS[0]["given"])
    content = json.loads(text)
    answer = next(iter(content["answers"].values()))
    answer["attempts"] += 1
    for damaged in (text[:-40], text.replace("2027", "2026", 1), json.dumps(content)):
        with pytest.raises(ReceiptError):
            read_receipt(damaged.encode())
    # A file that an editor saved anew, in another order and encoding, means the same.
    mixed = json.dumps(dict(reversed(json.loads(text).items())), ensure_ascii=True)
    assert read_receipt(mixed.encode("utf-16")) == read_receipt(text.encode())


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xff" * 9, "no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"{}", "no receipt"),
        (b'{"format": "pfp-course/receipt", "version": 2}', "newer version"),
        (b'{"format": "pfp-course/receipt", "version": NaN}', "NaN is no number"),
        (b" " * (LARGEST + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_receipt_is_named(raw: bytes, words: str) -> None:
    with pytest.raises(ReceiptError, match=words):
        read_receipt(raw)

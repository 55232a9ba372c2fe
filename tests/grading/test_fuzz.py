"""Whatever is handed in, a line comes of it, and never an error."""

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classes import make_key, work
from courses import answered
from hostile import resealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfp_course.course import default_course
from pfp_course.grading.collect import collect
from pfp_course.grading.marks import Settings, decoded, encoded
from pfp_course.grading.rows import StudentWork
from pfp_course.grading.submitted_files import SubmittedFile
from pfp_course.grading.workers import Worker

KEYS = {mode: make_key("03", "04", "05", mode=mode) for mode in ("practice", "exam")}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=4),
)
# What comes near to a response, so that it gets past the first doors.
NEAR = (
    st.integers(-2, 12)
    | st.lists(st.integers(-1, 9) | st.none(), max_size=9)
    | st.text(max_size=12)
    | st.fixed_dictionaries({"text": st.text(), "levels": st.lists(st.integers(-1, 4), max_size=6)})
)


def finished(worker: Worker, raw: bytes) -> str:
    """Return the kind of a file; its page is written if it is a receipt."""
    ((read, content),) = worker.read([(1, SubmittedFile("a", None, "file", raw))])
    if read.kind == "receipt":
        responses = content.responses
        assert encoded(decoded(responses)) == responses
        student = StudentWork(1, "k", "Ann", "graded", 0, read.made, "a", responses, page="a.html")
        assert worker.finish([student]).students == 1
    return read.kind


@pytest.mark.parametrize("mode", ["practice", "exam"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(response=NEAR | ANYTHING)
def test_any_response_is_marked_and_shown(mode: str, response: Any, tmp_path: Path) -> None:
    key = KEYS[mode]
    worker = Worker(Settings(key=key), default_course(), tmp_path)
    answers = {
        question.id: {
            name: value
            for name, value in answered(question.variants[0].fingerprint, response).items()
            if name not in ("score", "points")
        }
        for question in key.questions
    }
    text = resealed(work(key, "Ann").text, answers=answers)
    # A receipt that holds something outside of Unicode or of JSON is damaged; nothing else is.
    assert finished(worker, text.encode("utf-8", "replace")) in ("receipt", "damaged")


@given(
    raw=st.binary(max_size=300) | ANYTHING.map(lambda value: repr(value).encode("utf-8", "replace"))
)
def test_any_bytes_are_a_receipt_or_a_line(raw: bytes) -> None:
    worker = Worker(Settings(key=KEYS["practice"]), default_course(), Path())
    assert finished(worker, raw) in ("damaged", "progress", "key")


def test_any_damage_to_a_zip_is_a_line_and_no_error(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/receipt.json", work(KEYS["practice"], "Ann").text)
        archive.writestr("b.zip", b"PK")
        archive.writestr("c.txt", "x")
    whole, chance = out.getvalue(), random.Random(4)
    path = tmp_path / "x.zip"
    kinds = set()
    for _ in range(1500):
        raw = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5, 30])):
            # The list of files at the end is where most of the trouble is.
            at = max(0, len(raw) - 1 - int(chance.expovariate(1 / 120)))
            raw[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        path.write_bytes(raw)
        kinds |= {one.kind for one in collect(path)}
    assert {"file", "zip", "damaged"} <= kinds

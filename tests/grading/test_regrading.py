"""Grading again: what changed is listed, what was is kept, and nothing is ever half."""

import csv
import errno
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from classes import class_of, make_key, work, write_key
from courses import COURSE
from schools import has_ended

from pfp_course.assignments.assignment import Key, read_key
from pfp_course.errors import CourseError
from pfp_course.grading import Settings, grade
from pfp_course.grading import output_folder as swapping
from pfp_course.grading.output_folder import RECORD

KILLS = 10


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", manual=False)


@pytest.fixture
def receipts(key: Key, tmp_path: Path) -> Path:
    folder = tmp_path / "r"
    folder.mkdir()
    for number, one in enumerate(class_of(key, 40)):
        (folder / f"{number}.json").write_text(one.text, encoding="utf-8")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def with_key(key: Key, name: str, change: Any) -> Key:
    content = key.model_dump()
    for question in content["questions"]:
        if question["id"] == name:
            for variant in question["variants"]:
                change(variant["spec"])
    return Key.model_validate(content)


def test_a_dropped_question_is_logged_and_earlier_grades_are_kept(
    key: Key, receipts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "g"
    grade(receipts, out, Settings(key=key), COURSE)
    before, earlier = snapshot(out), rows(out / "gradebook.csv")
    done = grade(
        receipts, out, Settings(key=key, drop=frozenset({"03.flow"})), COURSE, regrade=True
    )
    (kept,) = (tmp_path / "g-earlier").iterdir()
    assert snapshot(kept) == before
    log = rows(out / "changes.csv")
    dropped = {row["name"]: row for row in log if row["what"] == "03.flow"}
    for old, new in zip(earlier, rows(out / "gradebook.csv"), strict=True):
        assert float(new["of"]) == float(old["of"]) - 1
        lost = float(old["03.flow"] or 0)
        assert float(new["points"]) == pytest.approx(float(old["points"]) - lost, abs=0.001)
        if old["03.flow"]:
            assert dropped[old["name"]]["why"] == "the question was dropped"
            assert float(dropped[old["name"]]["from"]) == lost
            assert dropped[old["name"]]["to"] == ""
    assert done.changed == len({row["student"] for row in log})
    assert "What changed" in (out / "changes.html").read_text("utf-8")
    with pytest.raises(CourseError, match="--regrade"):
        grade(receipts, out, Settings(key=key), COURSE)


def test_a_mended_key_is_logged_for_whom_it_changes(
    key: Key, receipts: Path, tmp_path: Path
) -> None:
    """The right answer of a question was the wrong one; its choices moved, too."""
    name = next(one.id for one in key.questions if one.kind == "single")

    def mend(spec: dict[str, Any]) -> None:
        right = next(n for n, one in enumerate(spec["choices"]) if one["right"])
        other = (right + 1) % len(spec["choices"])
        spec["choices"][right]["right"], spec["choices"][other]["right"] = False, True
        spec["choices"].reverse()

    out = tmp_path / "g"
    grade(receipts, out, Settings(key=key), COURSE)
    earlier = {row["name"]: row for row in rows(out / "gradebook.csv")}
    mended = with_key(key, name, mend)
    grade(receipts, out, Settings(key=key, mended=mended), COURSE, regrade=True)
    log = {row["name"]: row for row in rows(out / "changes.csv") if row["what"] == name}
    assert log
    assert {row["why"] for row in log.values()} == {"the key was mended"}
    question = next(one for one in key.questions if one.id == name)
    spec = question.variants[0].spec
    right = next(n for n, one in enumerate(spec["choices"]) if one["right"])
    wanted = (right + 1) % len(spec["choices"])
    for row in rows(out / "gradebook.csv"):
        receipt = next(r for r in receipts.iterdir() if r.name == row["file"])
        answer = json.loads(receipt.read_text("utf-8"))["answers"].get(name)
        expected = None if answer is None else float(answer["response"] == wanted)
        found = float(row[name]) if row[name] else None
        assert found == (None if expected is None else expected * question.points)
        old = earlier[row["name"]][name]
        assert (row["name"] in log) == (old != row[name])


def test_a_mended_order_is_marked_by_its_items(tmp_path: Path) -> None:
    key = make_key("04")
    name = next(one.id for one in key.questions if one.kind == "order")
    mended = with_key(key, name, lambda spec: spec["items"].reverse())
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "a.json").write_text(work(key, "Ann Lee", skill=1.0).text)
    grade(folder, tmp_path / "g", Settings(key=key, mended=mended), COURSE)
    (row,) = rows(tmp_path / "g" / "gradebook.csv")
    assert row[name] == "0"
    other = {one.id for one in key.questions if one.kind not in ("open", "order")}
    assert all(float(row[one]) > 0 for one in other)


def test_a_mended_key_of_other_questions_is_refused(key: Key, tmp_path: Path) -> None:
    name = next(one.id for one in key.questions if one.kind == "single")
    mended = with_key(key, name, lambda spec: spec["choices"].pop())
    with pytest.raises(CourseError, match=f"--drop {name}"):
        grade(tmp_path / "r", tmp_path / "g", Settings(key=key, mended=mended), COURSE)


def test_the_same_receipts_give_the_same_bytes(key: Key, receipts: Path, tmp_path: Path) -> None:
    grade(receipts, tmp_path / "a", Settings(key=key), COURSE, processes=1)
    other = tmp_path / "other"
    other.mkdir()
    for path in sorted(receipts.iterdir(), reverse=True):
        (other / path.name).write_bytes(path.read_bytes())
    grade(other, tmp_path / "b", Settings(key=key), COURSE, processes=1)
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")


@pytest.fixture
def many(key: Key, tmp_path: Path) -> Path:
    """So many receipts that a second process is begun."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number, one in enumerate(class_of(key, 320)):
        (folder / f"{number}.json").write_text(one.text, encoding="utf-8")
    return folder


def test_two_processes_find_what_one_finds(key: Key, many: Path, tmp_path: Path) -> None:
    grade(many, tmp_path / "one", Settings(key=key), COURSE, processes=1)
    grade(many, tmp_path / "two", Settings(key=key), COURSE, processes=2)
    first, second = snapshot(tmp_path / "one"), snapshot(tmp_path / "two")
    # Sums of fractions may differ in their last digit, which the picture may round.
    rounded = {"items.html", "items.svg", "items.png"}
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= rounded


@pytest.mark.parametrize(
    "what",
    ["multiprocessing.synchronize.SemLock.__init__", "multiprocessing.process.BaseProcess.start"],
)
def test_where_no_second_process_can_be_had_one_grades(
    what: str, key: Key, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **named: object) -> None:
        refused.append(given)
        raise OSError(errno.ENOSYS, "Function not implemented")

    try:
        multiprocessing.Lock()
    except OSError as error:
        pytest.skip(f"here no second process can be had anyway: {error}")
    refused: list[object] = []
    grade(many, tmp_path / "one", Settings(key=key), COURSE, processes=1)
    monkeypatch.setattr(what, refuse)
    grade(many, tmp_path / "two", Settings(key=key), COURSE, processes=2)
    assert refused
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSYS, "Function not implemented"), "The system stopped the grading"),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x cannot be written"),
    ],
)
def test_an_error_of_the_system_is_told_with_its_cause(
    error: OSError, said: str, tmp_path: Path
) -> None:
    with (
        pytest.raises(CourseError, match=said) as told,
        swapping.fresh_folder(tmp_path / "grades", regrade=False),
    ):
        raise error
    assert str(error.strerror) in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_never_replaced(key: Key, receipts: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "mine"
    thesis.mkdir()
    (thesis / "thesis.docx").write_text("years of work")
    for regrade in (False, True):
        with pytest.raises(CourseError, match="holds other things"):
            grade(receipts, thesis, Settings(key=key), COURSE, regrade=regrade)
    for inside in (receipts, receipts / "grades"):
        with pytest.raises(CourseError, match="would lie among the receipts"):
            grade(receipts, inside, Settings(key=key), COURSE, regrade=True)
    assert (thesis / "thesis.docx").read_text() == "years of work"


def test_grades_are_swapped_where_the_system_cannot_exchange_folders(
    key: Key, receipts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "_exchanged", lambda first, second: False)
    grade(receipts, tmp_path / "g", Settings(key=key), COURSE)
    first = snapshot(tmp_path / "g")
    grade(
        receipts,
        tmp_path / "g",
        Settings(key=key, drop=frozenset({"03.flow"})),
        COURSE,
        regrade=True,
    )
    (kept,) = (tmp_path / "g-earlier").iterdir()
    assert snapshot(kept) == first
    assert snapshot(tmp_path / "g") != first


def test_what_a_killed_run_left_is_put_in_order(key: Key, receipts: Path, tmp_path: Path) -> None:
    out, beside = tmp_path / "g", tmp_path / ".g.new"
    grade(receipts, out, Settings(key=key), COURSE)
    first = snapshot(out)
    # Killed while it wrote: a part of a folder lies beside.
    (beside / "feedback").mkdir(parents=True)
    swapping.mended(out)
    assert not beside.exists()
    assert snapshot(out) == first
    # Killed between the two steps of a swap: the old folder is away, the new one not yet there.
    out.rename(beside)
    swapping.mended(out)
    assert snapshot(out) == first
    # Killed after the exchange: what lies beside is the older of two whole folders.
    grade(receipts, tmp_path / "other", Settings(key=key), COURSE)
    out.rename(beside)
    (tmp_path / "other").rename(out)
    swapping.mended(out)
    assert not beside.exists()
    assert [snapshot(one) for one in (tmp_path / "g-earlier").iterdir()] == [first]


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_grades_or_the_new(tmp_path: Path) -> None:
    """Ten times, at random moments; the last run must find everything in order."""
    key = make_key("03", "07")
    path = write_key(key, tmp_path / "week.key.json")
    folder = tmp_path / "r"
    folder.mkdir()
    for number, one in enumerate(class_of(key, 400)):
        (folder / f"{number}.json").write_text(one.text, encoding="utf-8")
    out = tmp_path / "g"
    settings = Settings(key=read_key(path))
    grade(folder, out, settings, COURSE)
    whole = snapshot(out).keys()
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()"]
    command += ["grade", str(folder), "--assignment", str(path), "--out", str(out), "--regrade"]
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    longest = time.monotonic() - begun
    chance = random.Random(5)
    for _ in range(KILLS):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(longest * chance.uniform(0.3, 1.05))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        found = snapshot(out)
        assert found.keys() - {"changes.csv", "changes.html"} == whole
        assert len(found[RECORD].splitlines()) == 401
    assert has_ended(folder), "a process stayed behind"
    grade(folder, out, settings, COURSE, regrade=True)
    for kept in [*(tmp_path / "g-earlier").iterdir(), out]:
        assert snapshot(kept).keys() - {"changes.csv", "changes.html"} == whole
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"g", "g-earlier", "r", "week.key.json"}

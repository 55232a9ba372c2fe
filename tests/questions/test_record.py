"""The record of answers: nothing is lost, whatever the file or the disk does."""

import errno
import json
import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE, answered

from pfp_course.questions import read_bank
from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.record_model import Answer
from pfp_course.questions.spec import public
from pfp_course.questions.student_progress import valid_answers

SAMPLE = Path(__file__).with_name("sample.yml")


def answer(response: Any = 0, at: str = "2026-01-01T00:00:00.000Z", **more: Any) -> Answer:
    return Answer(fingerprint="f", response=response, attempts=1, at=at, **more)


def set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob("pfp-progress.set-aside-*.json"))


def test_answers_come_back(tmp_path: Path) -> None:
    Store(tmp_path).save({"02.a": answer(1), "02.b": answer([0, 2]), "02.c": answer("27")})
    back = Store(tmp_path).answers()
    assert [back[name].response for name in ("02.a", "02.b", "02.c")] == [1, [0, 2], "27"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME]


def test_of_two_answers_the_newer_stays(tmp_path: Path) -> None:
    Store(tmp_path).save({"02.a": answer(1, "2026-01-02T00:00:00.000Z")})
    Store(tmp_path).save({"02.a": answer(2, "2026-01-01T00:00:00.000Z")})
    assert Store(tmp_path).answers()["02.a"].response == 1


def test_answers_of_other_chapters_stay(tmp_path: Path) -> None:
    one, other = Store(tmp_path), Store(tmp_path)
    one.save({"01.a": answer()})
    other.save({"02.a": answer()})
    one.save({"01.b": answer()})
    assert set(Store(tmp_path).answers()) == {"01.a", "01.b", "02.a"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"format": "something else"}',
        b'{"format": "pfp-course/progress", "version": 99, "answers": {}}',
        b'{"format": "pfp-course/progress", "version": 1, "answers": {"a": {"at": "now"}}}',
        b'{"format": "pfp-course/progress", "version": 1, "answers": []}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_or_foreign_record_is_set_aside_and_never_lost(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    store = Store(tmp_path)
    assert store.answers() == {}
    store.save({"02.a": answer()})
    [aside] = set_aside(tmp_path)
    assert aside.read_bytes() == content
    assert aside.name in store.notice
    assert "02.a" in Store(tmp_path).answers()


def test_what_a_later_version_adds_is_kept(tmp_path: Path) -> None:
    record = {
        "format": "pfp-course/progress",
        "version": 1,
        "answers": {"02.a": {**answer().model_dump(), "mood": 3}},
        "name": "Aigerim",
    }
    (tmp_path / FILE_NAME).write_text(json.dumps(record))
    Store(tmp_path).save({"02.b": answer()})
    kept = json.loads((tmp_path / FILE_NAME).read_text())
    assert kept["name"] == "Aigerim"
    assert kept["answers"]["02.a"]["mood"] == 3


def failing(error: OSError) -> Any:
    def fail(*args: Any, **options: Any) -> Any:
        raise error

    return fail


def test_on_a_full_disk_the_old_record_stays_whole_and_the_new_answer_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.save({"02.a": answer()})
    before = (tmp_path / FILE_NAME).read_bytes()
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", failing(OSError(errno.ENOSPC, "No space left on device")))
        store.save({"02.b": answer()})
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert "No space left on device" in store.notice
    assert set(store.answers()) == {"02.a", "02.b"}
    store.save({"02.c": answer()})
    assert store.notice == ""
    assert set(Store(tmp_path).answers()) == {"02.a", "02.b", "02.c"}


def _save_as_nobody(folder: str, results: Any) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)  # the administrator may write everywhere
    store = Store(Path(folder))
    store.save({"02.a": answer()})
    results.put((store.notice, list(store.answers())))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders of this kind")
def test_in_a_read_only_folder_answers_are_kept_in_memory() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        # A process of its own, made from this one, whose rights can be given away.
        context = get_context("fork")
        results = context.SimpleQueue()
        child = context.Process(target=_save_as_nobody, args=(folder, results))
        child.start()
        child.join(60)
        notice, kept = results.get()
        assert "could not be written (Permission denied)" in notice
        assert kept == ["02.a"]
        assert list(Path(folder).iterdir()) == []
        Path(folder).chmod(0o755)


def test_a_folder_that_refuses_new_files_is_told_and_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    refuse = failing(PermissionError(errno.EACCES, "Permission denied"))
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    store.save({"02.a": answer()})
    assert "Permission denied" in store.notice
    assert "02.a" in store.answers()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_record_that_cannot_be_moved_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE_NAME).write_text("{")
    refuse = failing(PermissionError(errno.EACCES, "Permission denied"))
    monkeypatch.setattr(Path, "rename", refuse)
    store = Store(tmp_path)
    assert store.answers() == {}
    store.save({"02.a": answer()})
    assert (tmp_path / FILE_NAME).read_text() == "{"
    assert "could not be moved" in store.notice
    assert "02.a" in store.answers()


def _save_many(folder: str, chapter: str) -> None:
    store = Store(Path(folder))
    for number in range(20):
        store.save({f"{chapter}.q{number}": answer()})


def test_two_notebooks_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    context = get_context("spawn")
    workers = [
        context.Process(target=_save_many, args=(str(tmp_path), chapter))
        for chapter in ("01", "02", "03")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(Store(tmp_path).answers()) == 60


def test_marks_are_computed_anew_and_never_believed() -> None:
    specs = [public(question) for question in read_bank(SAMPLE, COURSE).questions]
    first, baltic = specs[0], specs[1]
    sent = {
        first["id"]: answered(first["fingerprint"], 1, score=1, points=50),
        baltic["id"]: answered("another", [0, 1, 2], score=3, points=3),
        "99.count": "nonsense",
        "99.unknown": {},
    }
    found = valid_answers(specs, sent)
    assert set(found) == {first["id"]}
    assert (found[first["id"]].score, found[first["id"]].points) == (0, 1)
    sent[first["id"]]["response"] = 0  # type: ignore[index]
    assert valid_answers(specs, sent)[first["id"]].score == 1
    sent[first["id"]]["shown"] = True  # type: ignore[index]
    assert valid_answers(specs, sent)[first["id"]].score == 0

"""Whatever a disk, a scanner or a sync program does at any step: no answer is lost, no lie told.

Each step that a save takes is made to fail with each error, for a moment or for good, over a record
in each state. After it, what was answered is in the file, in a file beside it, or in memory; and
``saved`` is true only where a fresh reader finds it in the file.
"""

import asyncio
import errno
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME, is_sync_copy, whole_objects
from pfp_course.questions.record_model import Answer, Record, Trial

AT = "2026-01-01T00:00:00.000Z"
EARLIER = {f"01.q{number:02}" for number in range(20)}
ERRORS = [
    *(errno.EACCES, errno.EPERM, errno.EIO, errno.EBUSY, errno.EAGAIN, errno.EINTR),
    *(errno.ETIMEDOUT, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.EDEADLK),
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENOENT, errno.EINVAL),
]


@pytest.fixture(autouse=True)
def _a_sync_of_the_disk_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def answer(response: Any = 0) -> Answer:
    return Answer(fingerprint="f", response=response, attempts=1, at=AT)


def earlier_record() -> bytes:
    return Record.empty().merged({name: answer() for name in EARLIER}).as_bytes()


# In which state the file is found, and which of its answers a reader must still know.
STATES: dict[str, tuple[bytes | None, set[str]]] = {
    "absent": (None, set()),
    "whole": (earlier_record(), EARLIER),
    "with a byte order mark": (b"\xef\xbb\xbf" + earlier_record(), EARLIER),
    "in UTF-16": (earlier_record().decode().encode("utf-16"), EARLIER),
    "cut in the middle": (earlier_record()[: len(earlier_record()) // 2], set()),
    "empty": (b"", set()),
    "zeros": (b"\0" * 4096, set()),
    "zeros at its end": (earlier_record() + b"\0" * 512, EARLIER),
    "one damaged answer": (earlier_record().replace(b'"f"', b"7", 1), EARLIER - {"01.q00"}),
}


class Fault:
    """Makes one step of a save fail, a number of times."""

    def __init__(self, step: str, number: int, times: int) -> None:
        self.step, self.number, self.left = step, number, times

    def check(self, step: str, *names: object) -> None:
        if step == self.step and self.left > 0 and any("pfp-" in str(name) for name in names):
            self.left -= 1
            raise OSError(self.number, os.strerror(self.number))


STEPS = ("stat", "read", "list", "lock", "make", "write", "sync", "replace", "move")


@contextmanager
def failing(fault: Fault) -> Iterator[None]:
    """Stand in for the calls that a save makes, and let one of them fail."""

    def before(step: str, action: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*args: Any, **options: Any) -> Any:
            of_record = "pfp-" if step in ("list", "lock") else ""
            fault.check(step, of_record, *args, *options.values())
            return action(*args, **options)

        return tried

    def open_then_fail(handle: int, *args: Any, **options: Any) -> Any:
        file = real_open(handle, *args, **options)
        if fault.step == "write" and fault.left > 0:
            fault.left -= 1

            def half(content: bytes) -> int:
                real_write(content[: len(content) // 2])
                raise OSError(fault.number, os.strerror(fault.number))

            real_write = file.raw.write
            return _Half(file, half)
        return file

    real_open, real_sync = os.fdopen, os.fsync

    def sync(handle: int) -> None:
        fault.check("sync", "pfp-")
        real_sync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "stat", before("stat", Path.stat))
        patch.setattr(Path, "read_bytes", before("read", Path.read_bytes))
        patch.setattr(os, "scandir", before("list", os.scandir))
        patch.setattr(FileLock, "acquire", before("lock", FileLock.acquire))
        patch.setattr(tempfile, "mkstemp", before("make", tempfile.mkstemp))
        patch.setattr(os, "fdopen", open_then_fail)
        patch.setattr(os, "fsync", sync)
        patch.setattr(Path, "replace", before("replace", Path.replace))
        patch.setattr(Path, "rename", before("move", Path.rename))
        yield


class _Half:
    """A file that takes half of what is written to it."""

    def __init__(self, file: Any, write: Callable[[bytes], int]) -> None:
        self._file, self.write = file, write

    def __enter__(self) -> "_Half":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def on_disk(folder: Path) -> set[str]:
    """Return the answers that are whole in any file of the folder."""
    return {
        name
        for path in folder.iterdir()
        if path.is_file()
        for name, value in whole_objects(path.read_bytes())
        if value.get("fingerprint") == "f"
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_no_step_that_fails_costs_an_answer_or_lies(state: str, step: str, tmp_path: Path) -> None:
    content, known = STATES[state]
    for place, number in enumerate(ERRORS):
        for times in (1, 10_000):
            folder = tmp_path / f"{place}-{times}"
            folder.mkdir()
            if content is not None:
                (folder / FILE_NAME).write_bytes(content)
            before = on_disk(folder)
            store = Store(folder, patience=0.001)
            with failing(Fault(step, number, times)):
                store.save({"02.new": answer()})
                told, saved, remembered = store.notice, store.saved, set(store.answers())
            there = on_disk(folder)
            what = (state, step, errno.errorcode[number], times, told)
            assert before | known | {"02.new"} <= there | remembered, what
            assert saved == ("02.new" in Store(folder).answers()), what
            assert saved != ("not kept on disk" in told), what
            assert not list(folder.glob(".pfp-*")), what
            assert store.retry(), what
            kept = set(Store(folder).answers())
            assert known | {"02.new"} <= kept, what
            assert before <= on_disk(folder), what
            assert "not kept" not in store.notice


@pytest.mark.parametrize("step", ["stat", "read"])
def test_twenty_answers_and_a_moment_without_reading_are_twenty_one_answers(
    step: str, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).write_bytes(earlier_record())
    store = Store(tmp_path, patience=0.01)
    with failing(Fault(step, errno.EACCES, 10_000)):
        assert store.answers() == {}
        assert "cannot be read" in store.notice
        assert "Nothing is written over them" in store.notice
        store.save({"02.new": answer()})
        assert not store.saved
        assert "could not be read (Permission denied)" in store.notice
        assert (tmp_path / FILE_NAME).open("rb").read() == earlier_record()
    store.save({"02.next": answer()})
    assert store.saved
    assert store.notice == ""
    assert set(Store(tmp_path).answers()) == {*EARLIER, "02.new", "02.next"}


def test_a_scanner_that_lets_go_is_waited_for_and_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(earlier_record())
    for step in ("stat", "read", "make", "replace"):
        store = Store(tmp_path)
        with failing(Fault(step, errno.EACCES, 3)):
            store.save({f"02.{step}": answer()})
            assert store.saved
            assert store.notice == ""
    assert len(Store(tmp_path).answers()) == 24


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "something").write_text("of the student's", encoding="utf-8")


IN_THE_WAY: dict[str, Callable[[Path], Any]] = {
    "a folder": make_folder,
    "a link to nowhere": lambda path: path.symlink_to("nowhere.json"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe": lambda path: os.mkfifo(path),
    "a file in iCloud": lambda path: path.with_name(f".{FILE_NAME}.icloud").write_bytes(b"x"),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links and pipes")
@pytest.mark.parametrize("what", IN_THE_WAY)
def test_what_stands_in_the_place_of_the_record_is_left_and_named(
    what: str, tmp_path: Path
) -> None:
    IN_THE_WAY[what](tmp_path / FILE_NAME)
    before = sorted(tmp_path.iterdir())
    store = Store(tmp_path, patience=0.01)
    store.save({"02.new": answer()})
    assert not store.saved
    assert set(store.answers()) == {"02.new"}
    assert "could not be read" in store.notice
    assert sorted(tmp_path.iterdir()) == before


def test_a_record_that_vanishes_or_is_put_back_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(earlier_record())
    store = Store(tmp_path)
    store.save({"02.new": answer()}, None)
    store.save({}, trials={"02.e1": Trial(fingerprint="x", attempts=2, right=True, at=AT)})
    path.unlink()
    store.save({"02.a": answer()})
    assert set(Store(tmp_path).answers()) == {*EARLIER, "02.new", "02.a"}
    path.write_bytes(earlier_record())  # a sync program brings an old state
    store.save({"02.b": answer()})
    assert set(Store(tmp_path).answers()) == {*EARLIER, "02.new", "02.a", "02.b"}
    assert Store(tmp_path).trials()["02.e1"].attempts == 2


def test_what_a_sync_program_writes_between_reading_and_writing_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(earlier_record())
    arrived = Record.empty().merged({"03.elsewhere": answer()}).as_bytes()
    read = Path.read_bytes

    def then_sync(self: Path) -> bytes:
        content = read(self)
        if self == path and content == earlier_record():
            path.write_bytes(arrived)
        return content

    monkeypatch.setattr(Path, "read_bytes", then_sync)
    store = Store(tmp_path)
    store.save({"02.new": answer()})
    assert set(Store(tmp_path).answers()) == {*EARLIER, "02.new", "03.elsewhere"}


def test_a_record_that_is_still_arriving_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pfp_course.questions.record._HALF_WRITTEN", 1000.0)
    path = tmp_path / FILE_NAME
    path.write_bytes(earlier_record()[:300])

    def arrive(seconds: float) -> None:
        path.write_bytes(earlier_record())

    monkeypatch.setattr("pfp_course.questions.record.time.sleep", arrive)
    store = Store(tmp_path)
    assert set(store.answers()) == EARLIER
    assert store.notice == ""


def test_a_damaged_record_gives_back_what_is_whole_and_says_where_the_rest_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(earlier_record()[:-900])
    whole = {name for name in EARLIER if name in set(Store(tmp_path).answers())}
    assert 10 < len(whole) < 20
    store = Store(tmp_path)
    store.save({"02.new": answer()})
    (aside,) = tmp_path.glob("pfp-progress.set-aside-*.json")
    assert f"It was kept as {aside.name}" in store.notice
    assert f"with the {len(whole)} answers that could be read in it" in store.notice
    assert set(Store(tmp_path).answers()) == {*whole, "02.new"}


@pytest.mark.parametrize(
    "name",
    [
        "pfp-progress (1).json",
        "pfp-progress-DESKTOP-AB12.json",
        "pfp-progress (Aigerim's conflicted copy 2026-11-29).json",
        "pfp-progress (conflicted copy from LAB (2) 2026-11-29).json",
        "pfp-progress.sync-conflict-20261129-101010-ABCDEFG.json",
        "pfp-progress (Case Conflict).json",
        "pfp-progress 2.json",
        "Copy of pfp-progress.json",
        "pfp-progress-Annas-MacBook-Pro.json",
    ],
)
def test_a_copy_that_a_sync_program_made_is_taken_in_and_told(name: str, tmp_path: Path) -> None:
    assert is_sync_copy(name)
    (tmp_path / FILE_NAME).write_bytes(Record.empty().merged({"02.a": answer()}).as_bytes())
    (tmp_path / name).write_bytes(earlier_record())
    store = Store(tmp_path)
    assert set(store.answers()) == {*EARLIER, "02.a"}
    assert name in store.notice
    store.save({"02.b": answer()})
    written = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert set(written["answers"]) == {*EARLIER, "02.a", "02.b"}
    assert (tmp_path / name).read_bytes() == earlier_record()
    assert Store(tmp_path).notice == ""  # it holds nothing more


@pytest.mark.parametrize(
    ("name", "student"), [("pfp-progress-old.json", ""), ("pfp-progress (1).json", "Berik")]
)
def test_another_record_is_named_and_not_taken_in(name: str, student: str, tmp_path: Path) -> None:
    mine = Record.empty().merged({"02.a": answer()}).model_copy(update={"student": "Aigerim"})
    (tmp_path / FILE_NAME).write_bytes(mine.as_bytes())
    other = json.loads(earlier_record()) | {"student": student}
    (tmp_path / name).write_text(json.dumps(other), encoding="utf-8")
    store = Store(tmp_path)
    assert set(store.answers()) == {"02.a"}
    assert f'progress(load="{name}")' in store.notice


def test_what_a_notebook_could_not_save_is_saved_later_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pfp_course.questions.record._LATER", (0.01, 0.05))
    (tmp_path / FILE_NAME).write_bytes(earlier_record())
    told: list[bool] = []

    async def notebook() -> None:
        store = Store(tmp_path, patience=0.001)
        store.listeners.append(lambda: told.append(store.saved))
        with failing(Fault("read", errno.EBUSY, 10_000)):
            store.save({"02.new": answer()})
            await asyncio.sleep(0.05)
            assert not store.saved
        for _ in range(200):
            await asyncio.sleep(0.02)
            if store.saved:
                break

    asyncio.run(notebook())
    assert (told[0], told[-1], told.count(True)) == (False, True, 1)
    assert set(Store(tmp_path).answers()) == {*EARLIER, "02.new"}


def test_a_name_that_could_not_be_written_is_written_with_the_next_answer(tmp_path: Path) -> None:
    store = Store(tmp_path, patience=0.001)
    with failing(Fault("sync", errno.ENOSPC, 10_000)):
        store.sign("Aigerim", "aigerim")
        assert store.student == "Aigerim"
    store.save({"02.a": answer()})
    fresh = Store(tmp_path)
    assert (fresh.student, fresh.seed) == ("Aigerim", "aigerim")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.integers(0, len(earlier_record())).map(lambda end: earlier_record()[:end])
    | st.text(max_size=60).map(lambda text: json.dumps({"answers": {text: {}}}).encode())
)
def test_bytes_of_any_kind_are_a_record_or_set_aside_whole(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / FILE_NAME).write_bytes(content)
        store = Store(folder)
        store.save({"02.new": answer("\ud800 half a character")})
        assert store.saved, store.notice
        assert "02.new" in Store(folder).answers()
        aside = list(folder.glob("pfp-progress.set-aside-*.json"))
        assert [path.read_bytes() for path in aside] in ([content], [])
        assert aside or "was kept as" not in store.notice

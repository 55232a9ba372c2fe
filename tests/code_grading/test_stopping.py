"""Ctrl+C and a full disk: one message, the old grades whole, and nothing that goes on."""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from code_grading.conftest import ASSIGNMENT, answered, hand_in
from schools import processes_left
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.code_grading.kernels import sweep
from pfp_course.code_grading.pools import no_room, uninterrupted, walls_hold

COUNT = 5
PFP = "from pfp_course.cli import app; app()"


@pytest.fixture(scope="module")
def first(walls: str, pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course whose first student was graded, and that has more by now."""
    course = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("first") / "course"))
    hand_in(course, "ada", answered(course, "answer = 6", "answer = [3, 2, 1]"))
    ends_well(course)
    for number in range(COUNT):
        # Not two alike: what is alike is run once.
        answer = f"# {number}\nimport time; time.sleep(0.2)\nanswer = 6"
        hand_in(course, f"student-{number}", answered(course, answer, "answer = []"))
    return course


@pytest.fixture
def begun(first: Path, tmp_path: Path) -> Path:
    """Return a copy of this course for one test."""
    return Path(shutil.copytree(first, tmp_path / "course"))


def grading(course: Path) -> list[str]:
    """Return what is typed after ``pfp``."""
    limits = ["--seconds", "5", "--memory", "700"]
    return ["grade", "--notebooks", str(course), "--out", str(course / "out"), *limits]


def ends_well(course: Path) -> None:
    """Grade in this process, which has imported all."""
    done = CliRunner().invoke(app, grading(course))
    assert done.exit_code == 0, done.output


def start(course: Path, tmp: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PFP, *grading(course)],
        env={**os.environ, "TMPDIR": str(tmp)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def own_tmp() -> Iterator[Path]:
    """Give a folder for temporary files that no other grader uses; its path is short.

    The path of a socket has at most 107 characters.
    """
    with tempfile.TemporaryDirectory(prefix="g-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def scores(course: Path) -> dict[str, str]:
    with (course / "out" / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2, 3, 5])
def test_ctrl_c_at_any_moment(begun: Path, own_tmp: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = (begun / "out" / "gradebook.csv").read_bytes()
    process = start(begun, own_tmp)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first.startswith("Sandbox"), first + process.stdout.read()
    time.sleep(chance.uniform(0, 3))
    for _ in range(chance.choice((1, 1, 3))):  # some press it again and again
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    told, _ = process.communicate(timeout=60)
    assert "Traceback" not in told, told
    assert process.returncode == 130, told
    assert told.count("Stopped.") == 1, told
    assert (begun / "out" / "gradebook.csv").read_bytes() == before
    assert [path.name for path in (begun / "out").iterdir() if path.suffix == ".part"] == []
    assert processes_left(f"pfp-run-{process.pid}") == []
    assert list(own_tmp.glob("pfp-run-*")) == []
    ends_well(begun)
    students = {f"student-{number}": "1" for number in range(COUNT)}
    assert scores(begun) == {"ada": "3", **students}


def test_two_graders_that_clear_away_the_same_folder_do_not_stop_each_other(
    monkeypatch: pytest.MonkeyPatch, own_tmp: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(own_tmp))
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = own_tmp / f"pfp-run-{gone.pid}-left"
    theirs = own_tmp / f"pfp-run-{os.getpid()}-in-use"
    for folder in (left, theirs):
        folder.mkdir()

    def owner_after_the_other(path: Path, owner: Callable[[Path], str] = Path.owner) -> str:
        if path == left:
            path.rmdir()  # the other grader is quicker
        return owner(path)

    monkeypatch.setattr(Path, "owner", owner_after_the_other)
    sweep()
    assert list(own_tmp.iterdir()) == [theirs]


def test_a_path_too_long_for_a_socket_is_told_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, own_tmp: Path
) -> None:
    long = own_tmp / ("n" * 80)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    (problem,) = walls_hold("gradebook.db")
    assert str(long) in problem
    assert "export TMPDIR=/tmp" in problem
    assert not list(long.glob("pfp-run-*"))


def test_ctrl_c_waits_for_a_submission_that_is_being_saved() -> None:
    saved = []

    def save() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
            saved.append(True)

    with pytest.raises(KeyboardInterrupt):
        save()
    assert saved
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_are_not_touched() -> None:
    def work() -> None:
        with uninterrupted():
            pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _small_disk(megabytes: int) -> tuple[list[str], str]:
    """Return what gives a command a disk of its own at a path, and why it cannot, if so."""
    folder = tempfile.mkdtemp(prefix="small-")
    program = shutil.which("bwrap") or "bwrap"
    words = [program, "--dev-bind", "/", "/", "--size", str(megabytes * 2**20), "--tmpfs", folder]
    if os.geteuid() != 0:
        return words, "a disk inside a disk needs root: the sandbox is made inside it once more"
    tried = subprocess.run([*words, "true"], capture_output=True, text=True, check=False)
    return words, tried.stderr


@pytest.mark.slow
@pytest.mark.parametrize("what", ["course", "temporary files"])
def test_a_full_disk_is_told_once_and_the_old_tables_stay(begun: Path, what: str) -> None:
    words, reason = _small_disk(2)
    if reason:
        pytest.skip(reason)
    small = Path(words[-1])
    # A file fills the disk, and leaves it a few kilobytes.
    fill = f'head -c 9000000 /dev/zero > "{small}/fill" 2>/dev/null; truncate -s -%s "{small}/fill"'
    if what == "course":
        inside = f'cp -r "{begun}" "{small}/course"; {fill % 40960}'
        run, tmp = f"{small}/course", ""
    else:
        inside = fill % 4096
        run, tmp = str(begun), f'TMPDIR="{small}" '
    command = (
        f"{inside}; "
        f'{tmp}"{sys.executable}" -c "{PFP}" grade --notebooks "{run}" --out "{run}/out"; '
        f'echo "ended with $?"; cat "{run}/out/gradebook.csv"; ls -A "{run}/out"'
    )
    done = subprocess.run(
        [*words, "sh", "-c", command], capture_output=True, text=True, check=False, timeout=200
    )
    told = done.stdout + done.stderr
    assert "Traceback" not in told, told
    assert told.count("The disk is full") == 1, told
    assert "ended with 1" in told
    assert "student-0" not in (begun / "out" / "gradebook.csv").read_text(encoding="utf-8")
    assert f"{ASSIGNMENT},,,ada," in told, told
    assert ".part" not in told


@pytest.mark.parametrize(
    "words",
    [
        "[Errno 28] No space left on device: '/tmp/x'",
        "OSError: [Errno 28] No space left on device",
        "(sqlite3.OperationalError) database or disk is full",
        "[Errno 122] Disk quota exceeded",
    ],
)
def test_a_full_disk_is_known_by_its_words(words: str) -> None:
    assert "Make room" in str(no_room(words))
    assert no_room("[Errno 13] Permission denied") is None

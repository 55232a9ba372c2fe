"""Ctrl-C and a full disk: one message, the old grades whole, and nothing left behind."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from classes import class_of, make_key, write_key
from courses import COURSE
from schools import processes_left
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.grading import Settings, grade
from pfp_course.grading.pages import KINDS

resource = pytest.importorskip("resource", reason="this system knows no limits of files")

MESSAGE = "Stopped. Nothing was written: grades that were there before are unchanged."
COMMAND = [sys.executable, "-c", "from pfp_course.cli import app; app()"]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("stopping")
    key = make_key("03", manual=False)
    write_key(key, base / "k.key.json")
    (base / "r").mkdir()
    # As many as make it begin a second process.
    for number, one in enumerate(class_of(key, 310)):
        (base / "r" / f"{number}.json").write_text(one.text, encoding="utf-8")
    grade(base / "r", base / "g", Settings(key=key), COURSE)
    return base


def command(school: Path) -> list[str]:
    key, out = str(school / "k.key.json"), str(school / "g")
    return [*COMMAND, "grade", str(school / "r"), "--assignment", key, "--out", out, "--regrade"]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def as_in_a_terminal() -> None:
    # A test may run in the background, where Ctrl-C is not heard.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def begun(run: "subprocess.Popen[str]") -> None:
    """Wait until it begins another process to grade; its first watches over what is shared."""
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while run.poll() is None and len(children.read_text().split()) < 2:
        pass  # what comes next takes a millisecond


def stopped(school: Path, moment: Callable[["subprocess.Popen[str]"], object]) -> tuple[int, str]:
    """Press Ctrl-C after a moment: a terminal sends it to all processes of the command."""
    run = subprocess.Popen(
        command(school),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )
    moment(run)
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGINT)
    said, _ = run.communicate(timeout=120)
    return run.returncode, said


def after(seconds: float) -> Callable[["subprocess.Popen[str]"], None]:
    def moment(run: "subprocess.Popen[str]") -> None:
        with suppress(subprocess.TimeoutExpired):
            run.wait(seconds)

    return moment


def check_a_stop(school: Path, moment: Callable[["subprocess.Popen[str]"], object]) -> bool:
    """Stop a run, check what is left, and tell whether it was stopped before its end."""
    before = snapshot(school / "g")
    code, said = stopped(school, moment)
    assert "Traceback" not in said
    assert "Exception" not in said
    if code == 0:
        return False
    assert code in (130, -signal.SIGINT), said
    if code == 130:
        assert said.strip() in (MESSAGE, "Stopped.")
        assert snapshot(school / "g") == before
    assert processes_left(str(school)) == []
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
@pytest.mark.parametrize("share", [0.3, 0.6, 0.85])
def test_ctrl_c_says_one_thing_and_leaves_the_old_grades(school: Path, share: float) -> None:
    before = time.monotonic()
    subprocess.run(command(school), check=True, capture_output=True)
    check_a_stop(school, after(share * (time.monotonic() - before)))


@pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(),
    reason="this system does not tell the children of a process",
)
def test_ctrl_c_while_another_process_begins_says_one_thing(school: Path) -> None:
    assert all(check_a_stop(school, begun) for _ in range(3))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_ctrl_c_at_twenty_moments(school: Path) -> None:
    before = time.monotonic()
    subprocess.run(command(school), check=True, capture_output=True)
    longest = time.monotonic() - before
    chance = random.Random(11)
    # The first moments are those in which Python itself begins, and says what it likes.
    stops = 0
    for _ in range(20):
        before = time.monotonic()
        if check_a_stop(school, after(longest * chance.uniform(0.1, 0.95))):
            stops += 1
        else:
            longest = time.monotonic() - before  # the machine has become faster
    assert stops > 5
    subprocess.run(command(school), check=True, capture_output=True)
    assert not (school / ".g.new").exists()


@pytest.mark.parametrize("most", [1_000, 20_000, 60_000])
def test_a_full_disk_is_one_message_and_the_old_grades_stay(school: Path, most: int) -> None:
    """The system refuses every byte of a file beyond a limit, as a full disk does."""
    before = snapshot(school / "g")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    run = subprocess.run(
        command(school), capture_output=True, text=True, preexec_fn=limited, check=False
    )
    said = (run.stdout + run.stderr).strip()
    assert run.returncode == 1
    assert re.fullmatch(r"Error: \S+ cannot be written \([^)]+\)\. Make room, [^\n]+", said), said
    assert "Grades that were there before are unchanged." in said
    assert snapshot(school / "g") == before
    assert not (school / ".g.new").exists()


def test_every_option_that_a_report_names_is_one_of_the_command() -> None:
    help_text = CliRunner().invoke(app, ["grade", "--help"], env={"COLUMNS": "200"}).output
    options = set(re.findall(r"--[a-z][a-z-]+", help_text))
    named = {
        option for texts in KINDS.values() for option in re.findall(r"--[a-z][a-z-]+", str(texts))
    }
    assert "--key-mended" in named
    assert named <= options

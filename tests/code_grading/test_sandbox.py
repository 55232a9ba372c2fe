"""What a notebook can do in the sandbox, and what it cannot."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from code_grading.conftest import LIMITS, run_cells, selftest, shown, shown_by_cell
from courses import COURSE
from environment import ROOT

from pfp_course.code_grading import execution, sandbox
from pfp_course.code_grading import pools as trying
from pfp_course.code_grading import sandbox as walling
from pfp_course.code_grading.execution import Job, Outcome, run
from pfp_course.code_grading.kernels import sweep
from pfp_course.code_grading.pools import walls_hold
from pfp_course.code_grading.sandbox import Limits, content_of
from pfp_course.course import read_course
from pfp_course.data import load
from pfp_course.errors import CourseError


def only(**caps: float) -> Limits:
    return Limits(**{**LIMITS.as_dict(), **caps})


REFUSED = {
    "import os; os.memfd_create('x')": "PermissionError",
    "import os; os.unshare(os.CLONE_NEWUSER)": "PermissionError",
    "import socket; socket.socket(socket.AF_VSOCK)": "OSError",
    "import socket; socket.create_connection(('127.0.0.1', 80), 2)": "Error",
    "bytearray(10 * 2**30)": "MemoryError",
    "open('/usr/x', 'w')": "OSError",
    "open('/dev/x', 'w')": "Error",
    "open('big', 'wb').write(bytes(64 * 2**20))": "OSError",
    "import os; os.setuid(0)": "Error",
    "import resource as r; r.setrlimit(r.RLIMIT_AS, (-1, -1))": "ValueError",
}


@pytest.fixture(scope="module")
def refused(walls: str) -> Outcome:
    """A notebook that has tried each of these in a cell of its own."""
    if sys.version_info >= (3, 12):
        return run_cells(*REFUSED)
    unshare = (
        "__import__('ctypes').CDLL(None, use_errno=True).unshare(0x10000000) "
        "and (_ for _ in ()).throw(PermissionError)"
    )
    return run_cells(*(code.replace("os.unshare(os.CLONE_NEWUSER)", unshare) for code in REFUSED))


@pytest.mark.parametrize("code", REFUSED)
def test_it_is_refused(refused: Outcome, code: str) -> None:
    assert REFUSED[code] in shown_by_cell(refused)[list(REFUSED).index(code)]
    assert (refused.stopped, refused.unrun) == ("", [])


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os\nwhile True:\n    os.fork()", "processes"),
        (
            "import os, time\nfor _ in range(4):\n    if not os.fork():\n"
            "        held = bytearray(300 * 2**20)\n        time.sleep(9)\ntime.sleep(2.5)",
            "memory",
        ),
        ("while True:\n    print('x' * 1000)", "output"),
        ("print('x' * 3_000_000)", "output"),
        ("import os; os.kill(os.getpid(), 9)", "os.kill()"),
        ("import ctypes; ctypes.string_at(0)", "crash"),
        (
            "from IPython.display import display\nfor _ in range(99):\n    display('x' * 99_999)",
            "output",
        ),
    ],
)
def test_it_is_stopped_and_the_reason_told(walls: str, code: str, why: str) -> None:
    outcome = run_cells(code)
    assert why in outcome.stopped
    assert outcome.unrun == ["last"]


def test_all_cells_together_have_a_limit(walls: str) -> None:
    outcome = run_cells(*["import time; time.sleep(1)"] * 4, limits=only(cell=3, notebook=2))
    assert outcome.unrun == ["last"]
    assert outcome.stopped == "all cells together took over 2 seconds"


def test_an_interrupted_cell_does_not_end_the_notebook(walls: str) -> None:
    outcome = run_cells("while True: pass", "print('went on')", limits=only(cell=1))
    assert "went on" in shown(outcome)
    assert "Timeout" in shown(outcome)


def test_a_long_output_is_cut_and_costs_nothing(walls: str) -> None:
    outcome = run_cells("print('x' * 1_500_000)")
    assert outcome.stopped == ""
    assert "cut off here" in shown(outcome)
    assert len(outcome.notebook) < 300_000


def test_outputs_that_no_notebook_can_hold_are_not_believed(walls: str) -> None:
    outcome = run_cells(
        "kernel = get_ipython().kernel\n"
        "kernel.session.send(kernel.iopub_socket, 'display_data', {'data': 7, 'metadata': 'x'},"
        " parent=kernel.get_parent())"
    )
    assert outcome.stopped
    assert outcome.unrun == ["last"]


def test_a_notebook_sees_the_course_and_its_own_files(walls: str) -> None:
    outcome = run_cells(
        "import os\nfrom pfp_course import load\n"
        "print(len(load('signatories')), os.getcwd(), os.environ.get('HOME'))",
        # On a busy machine pandas alone takes long to load.
        limits=only(cell=60, notebook=120),
    )
    assert "34 /tmp/work /tmp/home" in shown(outcome)


def test_a_notebook_sees_the_course_of_its_teacher_and_no_other(walls: str, tmp_path: Path) -> None:
    own = shutil.copytree(ROOT / "tests" / "sample_course", tmp_path / "two-lakes")
    # As a teacher's umask leaves it; what lies beside the course's own files stays outside.
    (own / "secret.txt").write_text("key", encoding="utf-8")
    content = content_of(read_course(own))
    outcome = run_cells(
        "from pathlib import Path\nfrom pfp_course import load, tables\n"
        "print(len(load('lakes')), list(tables()['table']))\n"
        f"print(Path({str(own)!r}, 'secret.txt').exists(), Path({str(ROOT)!r}, 'data').exists())",
        "open('/tmp/data/lakes.csv', 'a')",
        limits=only(cell=60, notebook=120),
        content=content,
    )
    said = shown(outcome)
    assert f"{len(load('lakes', read_course(own)))} ['lakes', 'levels'" in said
    assert said.count("False") == 2
    assert "Read-only" in said or "PermissionError" in said
    assert walls_hold("/nowhere", content) == []


def test_a_course_that_is_not_on_this_machine_is_named(tmp_path: Path) -> None:
    assert content_of(COURSE) is None
    with pytest.raises(CourseError, match="There is no course in"):
        walling.visible(tmp_path)


def test_the_environment_of_the_teacher_stays_outside(
    walls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEACHERS_TOKEN", "abc")
    assert "TEACHERS_TOKEN" not in shown(run_cells("import os\nprint(dict(os.environ))"))


def test_the_sandbox_tries_itself(walls: str) -> None:
    assert walls == ""


def test_a_sandbox_with_a_hole_is_found_out(walls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(job: Job) -> Outcome:
        return run(replace(job, bare=True))

    monkeypatch.setattr(trying, "run", bare)
    problems = selftest()
    assert "a notebook can open a connection" in problems
    assert "a notebook can read files of this machine" in problems


def test_the_namespaces_of_an_ordinary_user_hold_too(
    walls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = replace(walling.sandbox(), as_root=False)
    monkeypatch.setattr(execution, "sandbox", lambda content, *, bare: ordinary)
    assert selftest() == []


def test_an_ordinary_user_can_grade(walls: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already, so every other test shows it")
    nobody = 65534
    code = (
        "from pfp_course.code_grading.pools import nothing_stays, walls_hold\n"
        "print(walls_hold('/nowhere') or nothing_stays())"
    )
    with tempfile.TemporaryDirectory(prefix="nobody-") as home:
        os.chown(home, nobody, nobody)
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                user=nobody,
                group=nobody,
                extra_groups=[],
                env={**os.environ, "HOME": home, "MPLCONFIGDIR": home},
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
            )
        except PermissionError:
            pytest.skip(f"{sys.executable} lies where an ordinary user cannot run it")
    assert done.stdout.strip() == "[]", done.stdout + done.stderr[-2000:]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_sandbox_whose_grader_was_killed_as_it_began_starts_no_kernel(is_there: bool) -> None:
    reading, writing = os.pipe()
    if not is_there:
        os.close(writing)
    done = subprocess.run(
        [sys.executable, "-I", str(sandbox.LAUNCHER), "no settings"],
        stdin=reading,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(reading)
    if is_there:
        os.close(writing)
    assert done.returncode == 1
    assert ("JSONDecodeError" in done.stderr) == is_there, "it reads its settings, or has ended"


def test_rooms_of_a_killed_grader_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for pid in (ended.pid, os.getpid()):
        (tmp_path / f"pfp-run-{pid}-x" / "files").mkdir(parents=True)
    sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"pfp-run-{os.getpid()}-x"]


def test_the_filter_of_system_calls_knows_its_machines() -> None:
    for machine in ("x86_64", "aarch64"):
        assert len(sandbox.program(machine)) % 8 == 0
    assert sandbox.program("vax") == b""


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
def test_without_bubblewrap_it_says_what_to_do(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("platform.system", lambda: system)
    with pytest.raises(CourseError, match="apt install bubblewrap"):
        walling.sandbox()


def test_a_system_without_namespaces_is_named_with_its_mend() -> None:
    refused = "the kernel did not start: bwrap: setting up uid map: Permission denied"
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in walling.how_to_allow(refused)
    assert walling.how_to_allow("a notebook can open a connection") == ""

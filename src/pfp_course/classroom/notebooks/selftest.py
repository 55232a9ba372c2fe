"""Try the sandbox with a known notebook before students' notebooks are run in it."""

import json
import os
import socket
import tempfile
import time
from pathlib import Path

import nbformat

from pfp_course.classroom.notebooks.execution import Job, Outcome, run
from pfp_course.classroom.notebooks.limits import Limits

__all__ = ["nothing_stays", "selftest", "walls_hold"]

_LIMITS = Limits(cell=10, notebook=20, memory=600, output=1, disk=16, processes=6, tasks=64)
_PROBES = """
import json, os, socket

def tried(action):
    try:
        return bool(action())
    except BaseException as error:
        return type(error).__name__

def connect():
    return socket.create_connection(("127.0.0.1", PORT), 2)

def fill():
    with open("filled", "wb") as file:
        for _ in range(64):
            file.write(bytes(2**20))
    return True

found = {
    "computes": tried(lambda: 6 * 7 == 42),
    "writes": tried(lambda: open("note.txt", "w").write("x")),
    "reads the course": tried(
        lambda: any(__import__("pfp_course.content").content.data_dir().glob("*.csv"))
    ),
    "network": tried(connect),
    "secret": tried(lambda: open(SECRET, "rb").read(1)),
    "gradebook": tried(lambda: open(GRADEBOOK, "rb").read(1)),
    "root": os.getuid() == 0,
    "grader": tried(lambda: os.kill(GRADER, 0) or True),
    "memory": tried(lambda: len(bytearray(2**31))),
    "disk": tried(fill),
    "system": tried(lambda: open("/usr/.pfp", "w")),
}
print("FOUND" + json.dumps(found))
"""
_MEANT = {
    "computes": "ordinary Python does not run in it",
    "writes": "a notebook cannot write a file into its own folder",
    "reads the course": "a notebook cannot load the tables of the course",
}
_FORBIDDEN = {
    "network": "a notebook can open a connection",
    "secret": "a notebook can read files of this machine",
    "gradebook": "a notebook can read the gradebook",
    "root": "a notebook runs as root",
    "memory": "a notebook can take more memory than it may",
    "disk": "a notebook can write more than it may",
    "system": "a notebook can write into the system",
}


def selftest(gradebook: str) -> list[str]:
    """Return what does not hold in the sandbox; nothing if all does. See `walls_hold`."""
    return walls_hold(gradebook) or nothing_stays()


def walls_hold(gradebook: str) -> list[str]:
    """Return what a notebook can reach that it must not, or cannot do that it must.

    Parameters
    ----------
    gradebook : str
        A path that a notebook must not be able to read.
    """
    with tempfile.NamedTemporaryFile(prefix="pfp-secret-") as secret, socket.socket() as server:
        secret.write(b"key")
        secret.flush()
        server.bind(("127.0.0.1", 0))
        server.listen()
        # The same on another machine: what is there to be read must be readable but for the walls.
        Path(secret.name).chmod(0o644)
        probes = (
            f"PORT = {server.getsockname()[1]}\nSECRET = {secret.name!r}\n"
            f"GRADEBOOK = {gradebook!r}\nGRADER = {os.getpid()}\n{_PROBES}"
        )
        outcome = _run(probes)
    problems = [outcome.fault or outcome.stopped] if outcome.fault or outcome.stopped else []
    return problems or _judged(outcome)


def nothing_stays() -> list[str]:
    """Start processes without end in a notebook, and return what is wrong if any stays."""
    name = f"pfp-bomb-{os.getpid()}-{time.monotonic_ns()}"
    outcome = _run(
        "import os, sys, subprocess\n"
        "while True:\n"
        f"    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', {name!r}])"
    )
    if outcome.fault:
        return [outcome.fault]
    if not outcome.stopped:
        return ["a notebook can start processes without end"]
    deadline = time.monotonic() + 5
    while _lives(name):
        if time.monotonic() > deadline:
            return ["processes of a notebook go on after its end"]
        time.sleep(0.05)
    return []


def _run(*sources: str) -> Outcome:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return run(Job(nbformat.writes(notebook), {}, _LIMITS))


def _judged(outcome: Outcome) -> list[str]:
    outputs = nbformat.reads(outcome.notebook, as_version=4).cells[0].outputs
    told = "".join(one.get("text", "") for one in outputs)
    if "FOUND" not in told:
        return [f"the known notebook did not say what it found: {str(outputs)[:300]}"]
    found = json.loads(told.partition("FOUND")[2])
    lacking = [f"{why} ({found[name]})" for name, why in _MEANT.items() if found[name] is not True]
    return lacking + [why for name, why in _FORBIDDEN.items() if found[name] is True]


def _lives(name: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if name.encode() in path.read_bytes():
                return True
        except OSError:
            continue
    return False

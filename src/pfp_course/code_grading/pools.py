"""Where notebooks are run: processes of this machine, or the workers of a Dask cluster.

The sandbox is tried there with a known notebook before students' notebooks are run in it.
"""

import ctypes
import json
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import nbformat

from pfp_course import __version__
from pfp_course.code_grading.execution import Job, Outcome, run
from pfp_course.code_grading.kernels import sweep
from pfp_course.code_grading.sandbox import Limits
from pfp_course.errors import CourseError

__all__ = [
    *("Pool", "no_room", "nothing_stays", "pool", "uninterrupted", "walls_hold"),
]

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_ANSWER = 20  # seconds that a scheduler has to answer
_TRIES = 3


class _Processes:
    """Processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        # Forked at once, while nothing else runs in this process: they need not import anew.
        try:
            # Ctrl+C reaches them too, and they must not answer it while they begin.
            with uninterrupted():
                self._executor = self._made("fork")
                self._executor.submit(_version).result()
        except (OSError, ImportError, NotImplementedError) as error:
            raise CourseError(
                f"No process could be begun beside this one ({error}), so no notebook was run. "
                "Processes need shared memory in /dev/shm: mount it with `sudo mount -t tmpfs -o "
                "mode=1777 tmpfs /dev/shm`. In a container, start it with `--shm-size=256m`."
            ) from None

    def _made(self, how: Literal["fork", "forkserver"]) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(how)
        return ProcessPoolExecutor(self.workers, context, initializer=_end_with_parent)

    def submit(self, job: Job) -> "Future[Outcome]":
        """Run a job; the future never waits for ever."""
        try:
            return self._executor.submit(run, job)
        except BrokenProcessPool:
            # A worker was killed, perhaps for want of memory. Its notebook is told of by its
            # future; the others go on in a new pool.
            self._executor = self._made("forkserver")
            return self._executor.submit(run, job)

    def everywhere(self, *asks: Callable[[], list[str]]) -> list[str]:
        """Ask questions of each machine, and return all answers."""
        for _ in range(_TRIES):
            try:
                asked = [self._executor.submit(ask) for ask in asks]
                return [answer for future in asked for answer in future.result()]
            except BrokenProcessPool:
                # A worker that was ended, for want of memory or by an assertion of libzmq (fq.cpp,
                # seen twice), says nothing of the sandbox: it is asked again.
                self._executor = self._made("forkserver")
        raise CourseError(
            f"A process beside this one was ended {_TRIES} times before it could answer, so no "
            "notebook was run. Look whether the memory is full, and run the same command again."
        )

    def close(self) -> None:
        with uninterrupted():
            self._executor.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()
                process.join(_ANSWER)
            sweep()


class _Cluster:
    """The workers of a Dask cluster; each method does what that of `_Processes` does."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "Dask is not installed. Install it: pip install 'pfp-course[classroom,dask]'."
            ) from None
        try:
            self._client = Client(address, timeout=_ANSWER)
        except (OSError, ValueError) as error:
            raise CourseError(
                f"No Dask scheduler answers at {address} ({error}). Start one with "
                "`dask scheduler`, and workers with `dask worker ADDRESS`."
            ) from None
        self._executor = self._client.get_executor(pure=False, retries=0)
        threads = self._client.nthreads()
        self.workers = sum(threads.values())
        if not self.workers:
            self._client.close()
            raise CourseError(f"{address} has no worker. Start one with `dask worker {address}`.")
        versions = set(self._client.run(_version).values())
        if versions != {__version__}:
            self._client.close()
            raise CourseError(
                f"The workers have version {', '.join(sorted(versions))} of the course, and you "
                f"have {__version__}. Install the same on all."
            )

    def submit(self, job: Job) -> "Future[Outcome]":
        future: Future[Outcome] = self._executor.submit(run, job)
        return future

    def everywhere(self, *asks: Callable[[], list[str]]) -> list[str]:
        asked = [
            (worker, self._client.submit(ask, workers=[worker], pure=False))
            for worker in self._client.nthreads()
            for ask in asks
        ]
        return [f"{worker}: {one}" for worker, told in asked for one in told.result()]

    def close(self) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()


Pool = _Processes | _Cluster


def pool(workers: int, scheduler: str | None) -> "closing[Pool]":
    """Give a pool of processes, or the cluster at an address such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    CourseError
        If there is no cluster that can be used, or no process can be begun here.
    """
    return closing(_Cluster(scheduler) if scheduler else _Processes(workers))


def _version() -> str:
    return __version__


def _end_with_parent() -> None:
    # Whatever ends the grader, kill -9 too, ends its workers, and each worker's end its sandbox.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "fork"):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


Broken = (BrokenProcessPool, CancelledError)
_FULL = ("No space left on device", "Disk quota exceeded", "database or disk is full")


def no_room(error: BaseException | str) -> CourseError | None:
    """Return one message if an error says that a disk is full, and nothing else."""
    told = str(error)
    if not any(words in told for words in _FULL):
        return None
    where = getattr(error, "filename", None)
    return CourseError(
        f"The disk is full{f' ({where})' if where else ''}, so grading has stopped. The tables of "
        "the last run are as they were, and what is graded is kept. Make room, in the folder for "
        "temporary files too, and run the same command: it goes on where it was."
    )


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl+C wait until a submission is in the gradebook as a whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


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
        lambda: any(__import__("pfp_course.course").course.default_course().data.glob("*.csv"))
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


def walls_hold(gradebook: str, content: Path | None = None) -> list[str]:
    """Return what a notebook can reach that it must not, or cannot do that it must.

    It must not read the file ``gradebook``, and must read the course of ``content`` (what
    `sandbox.content_of` returns for it).
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
        outcome = _run(probes, content)
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


def _run(source: str, content: Path | None = None) -> Outcome:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    return run(Job(nbformat.writes(notebook), {}, _LIMITS, content=content))


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

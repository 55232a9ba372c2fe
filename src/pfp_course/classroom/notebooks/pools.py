"""Where notebooks are run: processes of this machine, or the workers of a Dask cluster."""

import concurrent.futures
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Literal, Protocol

from pfp_course._version import __version__
from pfp_course.classroom.notebooks.execution import Job, Outcome, run
from pfp_course.errors import CourseError

__all__ = ["Pool", "pool"]

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_ANSWER = 20  # seconds that a scheduler has to answer


class Pool(Protocol):
    """What runs jobs."""

    workers: int

    def submit(self, job: Job) -> "Future[Outcome]":
        """Run a job; the future never waits for ever."""

    def everywhere(self, *asks: Callable[[], list[str]]) -> list[str]:
        """Ask questions of each machine, and return all answers."""


class _Processes:
    def __init__(self, workers: int) -> None:
        self.workers = workers
        # Forked at once, while nothing else runs in this process: they need not import anew.
        self._executor = self._made("fork")
        self._executor.submit(_version).result()

    def _made(self, how: Literal["fork", "forkserver"]) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(how)
        return ProcessPoolExecutor(self.workers, context, initializer=_end_with_parent)

    def submit(self, job: Job) -> "Future[Outcome]":
        try:
            return self._executor.submit(run, job)
        except BrokenProcessPool:
            # A worker was killed, perhaps for want of memory. Its notebook is told of by its
            # future; the others go on in a new pool.
            self._executor = self._made("forkserver")
            return self._executor.submit(run, job)

    def everywhere(self, *asks: Callable[[], list[str]]) -> list[str]:
        asked = [self._executor.submit(ask) for ask in asks]
        return [one for told in asked for one in told.result()]

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.kill()


class _Cluster:
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


@contextmanager
def pool(workers: int, scheduler: str | None) -> Iterator[Pool]:
    """Give a pool of processes, or the cluster at an address such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    CourseError
        If there is no cluster that can be used.
    """
    made: Any = _Cluster(scheduler) if scheduler else _Processes(workers)
    try:
        yield made
    finally:
        made.close()


def _version() -> str:
    return __version__


def _end_with_parent() -> None:
    # Whatever ends the grader, kill -9 too, ends its workers, and each worker's end its sandbox.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "fork"):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


Broken = (BrokenProcessPool, concurrent.futures.CancelledError)

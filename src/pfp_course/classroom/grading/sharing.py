"""Two processes at one task: this one, and one beside it where there is enough to do."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

from pfp_course.errors import CourseError

__all__ = ["Share", "batches", "sharing"]

_One = TypeVar("_One")
_AHEAD = 2  # batches that lie ready for the other process
Share = Callable[[str, Iterable[list[Any]]], Iterator[Any]]

_worker: Any = None


def batches(things: Iterable[_One], size: int) -> Iterator[list[_One]]:
    """Yield things in lists of a size."""
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


def _begin(make: Callable[..., Any], values: tuple[Any, ...]) -> None:
    global _worker
    _worker = make(*values)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    """End with the parent, even if it was killed and could say nothing."""
    wait_for([sentinel])
    os._exit(1)


def _do(name: str, batch: list[Any]) -> Any:
    return getattr(_worker, name)(batch)


@contextmanager
def sharing(
    make: Callable[..., Any], values: tuple[Any, ...], *, processes: int
) -> Iterator[Share]:
    """Give a function that does a task of a worker for batches, and yields what comes back.

    Parameters
    ----------
    make, values
        Makes the worker, once in each process.
    processes : int
        One or two.
    """
    mine = make(*values)
    if processes < 2:
        yield lambda name, parts: (getattr(mine, name)(part) for part in parts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin, (make, values)) as pool:
        yield lambda name, parts: _shared(pool, mine, name, parts)


def _shared(
    pool: ProcessPoolExecutor, mine: Any, name: str, parts: Iterable[list[Any]]
) -> Iterator[Any]:
    ahead: deque[Future[Any]] = deque()
    try:
        for part in parts:
            while ahead and ahead[0].done():
                yield ahead.popleft().result()
            if len(ahead) < _AHEAD:
                ahead.append(pool.submit(_do, name, part))
            else:
                yield getattr(mine, name)(part)
        while ahead:
            wait([ahead[0]], return_when=FIRST_COMPLETED)
            yield ahead.popleft().result()
    except BrokenProcessPool:
        raise CourseError(
            "The second process was ended from outside, perhaps because memory ran out. "
            "Nothing was changed. Try again with --workers 1."
        ) from None

"""The work on batches is shared by as many processes as are asked for."""

import multiprocessing
from importlib import import_module

import pytest

from pfp_course.grading.workers import batches, sharing


@pytest.mark.parametrize("processes", [1, 3])
def test_as_many_processes_work_as_are_asked_for(processes: int) -> None:
    before = len(multiprocessing.active_children())
    with sharing(import_module, ("math",), processes=processes) as share:
        sums = list(share("fsum", batches(range(1000), 10)))
        assert len(multiprocessing.active_children()) - before == processes - 1
    assert len(sums) == 100
    assert sum(sums) == sum(range(1000))

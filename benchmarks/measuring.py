"""What the benchmarks share: an environment to compare with, turns, costs, results in a file."""

import ctypes
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import psutil

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "book" / "measured"
ROOM = ROOT / "_build" / "benchmarks"
# The classes, the browser and the paths that the tests use, too.
sys.path.append(str(ROOT / "tests"))

T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, seconds of processors, megabytes of all its processes."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str | Path], cwd: Path, **variables: str) -> Cost:
    """Run a command to its end and return what it took.

    Raises
    ------
    SystemExit
        If it fails; its last lines are shown.
    """
    _adopt_orphans()
    before = _processors()
    started = time.perf_counter()
    with (ROOM / "output.txt").open("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={**os.environ, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak = _Peak(process.pid)
        process.wait()
        wall = time.perf_counter() - started
        memory = peak.end()
        _wait_for_orphans()
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output.read()[-4000:]}")
    return Cost(wall, _processors() - before, memory)


def _processors() -> float:
    """Return the seconds of processors of all children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _adopt_orphans() -> None:
    """Become the parent of processes whose own parent ends before it has waited for them.

    Their time would be counted nowhere else. Linux alone can do this.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _wait_for_orphans() -> None:
    for _ in range(50):
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.1)
        except ChildProcessError:
            return


class _Peak:
    """The most memory that a process and its descendants hold at one time, looked at often."""

    def __init__(self, pid: int) -> None:
        self._process, self._most, self._ended = psutil.Process(pid), 0, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            with suppress(psutil.Error):
                members = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(map(_share, members)))

    def end(self) -> float:
        """Return the megabytes."""
        self._ended.set()
        self._thread.join()
        return self._most / 1e6


def _share(process: psutil.Process) -> int:
    """Return the bytes of a process; of what several share, its part."""
    with suppress(psutil.Error):
        return int(getattr(process.memory_full_info(), "pss", process.memory_info().rss))
    return 0


def in_turns(sides: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Measure each side once a round, in another order each time.

    What else the machine does then falls on all alike.
    """
    results: dict[str, list[T]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(sides)[::-1]
        for name in names:
            load = os.getloadavg()[0]
            result = sides[name]()
            results[name].append(result)
            print(f"  round {number + 1}, {name}: {_told(result)}; load {load:.1f}", flush=True)
    return results


def _told(result: object) -> str:
    if isinstance(result, Cost):
        return f"{result.wall:.1f} s, {result.cpu:.1f} s of processors, {result.memory:.0f} MB"
    if isinstance(result, dict):
        return ", ".join(f"{name} {_told(value)}" for name, value in result.items())
    return f"{result:.2f}" if isinstance(result, float) else str(result)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Return the ratios of the rounds: ``median``, ``low`` and ``high``."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return {
        "median": round(statistics.median(ratios), 3),
        "low": round(min(ratios), 3),
        "high": round(max(ratios), 3),
    }


def verdict(found: Mapping[str, float], goal: float) -> str:
    """Return a ratio with its spread and whether it reaches its goal, in words."""
    words = "reached" if found["median"] <= goal else "NOT reached"
    return (
        f"{found['median']:.2f} times ({found['low']:.2f} to {found['high']:.2f}); "
        f"goal: at most {goal:g}, {words}"
    )


def environment(name: str) -> Path:
    """Return the Python of an environment with the packages of ``requirements/NAME.txt``.

    It is made once, with uv or else with pip, below ``_build/benchmarks``. The versions of what the
    file does not pin are those of requirements.lock, so that both sides run the same libraries.
    """
    folder = ROOM / f"env-{name}"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = Path(__file__).parent / "requirements" / f"{name}.txt"
    pinned = {line.split("==")[0].lower() for line in wanted.read_text().split() if "==" in line}
    locked = re.findall(
        r"^([a-z0-9.-]+)(==[^\\\n]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    limits = "".join(f"{one}{version.rstrip()}\n" for one, version in locked if one not in pinned)
    stamp, text = folder / "made-from.txt", wanted.read_text() + limits
    if stamp.is_file() and stamp.read_text() == text:
        return python
    print(f"Making the environment {name} in {folder.relative_to(ROOT)}…", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    constraints = ROOM / f"{name}-constraints.txt"
    constraints.write_text(limits)
    words = ["-r", str(wanted), "-c", str(constraints)]
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv:
        _quietly([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        _quietly([uv, "pip", "install", "--quiet", "--python", str(python), *words])
    else:
        _quietly([sys.executable, "-m", "venv", str(folder)])
        _quietly([str(python), "-m", "pip", "install", "--quiet", *words])
    stamp.write_text(text)
    return python


def _quietly(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit(f"{' '.join(command)} failed. Its message is above.")


def ratio_chart(title: str, ratios: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return a chart of ratios with their spread; its alternative text tells every number."""
    words = "; ".join(
        f"{name}: {found['median']:.2f}, from {found['low']:.2f} to {found['high']:.2f}"
        for name, found in ratios.items()
    )
    return {
        "title": title,
        "unit": "times as much as the other side",
        "alt": f"{title} Median ratios of the rounds, with the lowest and the highest. {words}.",
        "caption": "A mark is the median of the rounds; its line goes from lowest to highest.",
        "rows": [
            {"name": name, "value": found["median"], "low": found["low"], "high": found["high"]}
            for name, found in ratios.items()
        ],
    }


def spread(found: Mapping[str, float]) -> str:
    """Return a ratio with its spread, for a table."""
    return f"{found['median']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def machine() -> dict[str, Any]:
    """Return what a reader of a result must know of the machine."""
    return {
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def save(name: str, result: Mapping[str, Any], shown: Mapping[str, Any], *, short: bool) -> None:
    """Write a result where the book shows it; that of a short run is printed alone.

    Parameters
    ----------
    shown
        What the page shows: ``said``, a sentence; ``columns`` and ``rows`` of a table; ``chart``,
        as `pfp_course.sphinx_ext.measurements.figure` takes it.
    """
    from pfp_course import __version__

    whole = {
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "machine": machine(),
        "shown": shown,
        **result,
    }
    if short:
        print("A short run: the results of the book stay as they are.")
        return
    path = RESULTS / f"bench-{name}.json"
    path.write_text(json.dumps(whole, indent=1, default=_plain) + "\n", encoding="utf-8")
    print(f"The result is in {path.relative_to(ROOT)}; the page benchmarks of the book shows it.")


def _plain(value: Any) -> Any:
    if isinstance(value, Cost):
        return {name: round(number, 2) for name, number in asdict(value).items()}
    raise TypeError(type(value).__name__)


def ready_room() -> Path:
    """Return a new empty folder for one run of a benchmark."""
    room = ROOM / "run"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    return room

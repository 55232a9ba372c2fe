"""How fast a class's notebooks are graded: in the sandbox, bare, and by nbgrader alone.

    python benchmarks/notebooks.py [--students 18] [--rounds 3] [--short]

All three grade the same submissions of chapter 3, one after the other in each round and in another
order each time, so that what else the machine does falls on all alike. Medians are told, and the
load. It ends with 1 if the grades differ, or if the sandbox takes more than 1.15 times as long as
bare runs, or is less than 1.8 times as fast as ``nbgrader autograde``.
"""

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measuring
import nbformat
from courses import COURSE

from pfp_course.code_grading.nbgrader_course import write_source

NAME = "bench"
MOST_OVER_BARE, LEAST_OVER_STOCK = 1.15, 1.8


def main() -> int:
    """Run the benchmark and tell its result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=18, help="notebooks (default: 18)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--workers", type=int, default=2, help="notebooks at once (default: 2)")
    parser.add_argument("--short", action="store_true", help="three notebooks, nothing is written")
    wanted = parser.parse_args()
    if wanted.short:
        wanted.students, wanted.rounds = 3, 1
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        return compare(Path(room), wanted)


def compare(room: Path, wanted: argparse.Namespace) -> int:
    """Time the three ways side by side."""
    students, rounds, workers = wanted.students, wanted.rounds, wanted.workers
    course = make_course(room / "course", students)
    ways = {
        "sandbox": pfp(workers),
        "bare": [*pfp(workers), "--unsandboxed", "I trust this code"],
        "nbgrader": [sys.executable, "-m", "nbgrader", "autograde", NAME],
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    grades: dict[str, list[tuple[str, float]]] = {}
    chance = random.Random(1)
    for number in range(rounds):
        for way in chance.sample(sorted(ways), len(ways)):
            copy = Path(shutil.copytree(course, room / "copy"))
            seconds = timed(ways[way], copy)
            grades[way] = scores(copy)
            shutil.rmtree(copy)
            times[way].append(seconds)
            print(f"round {number + 1}, {way}: {seconds:.1f} s, load {os.getloadavg()[0]:.1f}")
    middle = {way: statistics.median(found) for way, found in times.items()}
    ratios = {
        "sandbox / bare": measuring.ratio(times["sandbox"], times["bare"]),
        "nbgrader / sandbox": measuring.ratio(times["nbgrader"], times["sandbox"]),
    }
    over_bare, over_stock = (found["median"] for found in ratios.values())
    same = grades["sandbox"] == grades["bare"] == grades["nbgrader"]
    print(f"\n{students} notebooks of chapter 3, {workers} workers, median of {rounds} rounds")
    for way, seconds in middle.items():
        print(f"  {way:9} {seconds:6.1f} s   {seconds / students:5.2f} s a notebook")
    print("median of the ratios of each round")
    print(f"  sandbox / bare:     {over_bare:.2f}  (at most {MOST_OVER_BARE})")
    print(f"  nbgrader / sandbox: {over_stock:.2f}  (at least {LEAST_OVER_STOCK})")
    print(f"  the same grades: {'yes' if same else f'NO: {grades}'}")
    shown = {
        "said": f"{students} notebooks of chapter 3, {workers} at once, {rounds} rounds; the "
        f"grades of all three were {'the same' if same else 'NOT the same'}.",
        "columns": ["Way", "Seconds", "A notebook"],
        "rows": [
            [way, f"{all_:.1f} s", f"{all_ / students:.2f} s"] for way, all_ in middle.items()
        ],
        "chart": measuring.ratio_chart(
            "How fast is the sandbox, beside none and beside nbgrader's own grading?", ratios
        ),
    }
    measuring.save("notebooks", {"times": times, "ratios": ratios}, shown, short=wanted.short)
    return 0 if same and over_bare <= MOST_OVER_BARE and over_stock >= LEAST_OVER_STOCK else 1


def pfp(workers: int) -> list[str]:
    """Return the command of the course."""
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "grade"]
    return [*command, "--notebooks", ".", "--workers", str(workers), "--out", "out"]


def make_course(root: Path, students: int) -> Path:
    """Return a course whose students have answered one, two or three exercises."""
    (source,) = write_source(["3"], root, NAME, COURSE)
    run([sys.executable, "-m", "nbgrader", "generate_assignment", NAME], root)
    right = {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in nbformat.read(source, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for number in range(students):
        notebook = nbformat.read(root / "release" / NAME / source.name, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in right and sorted(right).index(name) <= number % 3:
                cell.source = f"# student {number}\n{right[name]}"
        folder = root / "submitted" / f"student-{number:03}" / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / source.name)
    return root


def run(command: list[str], where: Path) -> None:
    """Run a command as an instructor does, with the environment activated."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=where, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def timed(command: list[str], where: Path) -> float:
    """Return the seconds that a command takes."""
    started = time.perf_counter()
    run(command, where)
    return time.perf_counter() - started


def scores(course: Path) -> list[tuple[str, float]]:
    """Return each student's score, from nbgrader's gradebook."""
    run([sys.executable, "-m", "nbgrader", "export", "--to", "nbgrader.csv"], course)
    with (course / "nbgrader.csv").open(newline="", encoding="utf-8") as file:
        return sorted((row["student_id"], float(row["score"])) for row in csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())

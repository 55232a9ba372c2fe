"""How long `pfp grade` takes, and how much memory, for classes of several sizes.

    python benchmarks/grading.py [1000 10000] [--runs 3] [--short]

Each run is the whole of it: receipts are read and marked, and gradebooks, an analysis and a page
for each student are written. The receipts are made before the clock starts.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import measuring
from classes import class_of, make_key, write_key

_RUN = """
import json, resource, sys, time
from pathlib import Path
from pfp_course.assignments.assignment import read_key
from pfp_course.course import default_course
from pfp_course.grading import Settings, grade
if __name__ == "__main__":
    base = Path(sys.argv[1])
    begun = time.monotonic()
    settings = Settings(key=read_key(base / "week.key.json"))
    grade(base / "receipts", base / "grades", settings, default_course())
    seconds = time.monotonic() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "seconds": seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "memory": [one.ru_maxrss / 1024 for one in used],
    }))
"""


def measure(size: int, runs: int) -> list[dict[str, float]]:
    """Return, and print, what each run of a size took."""
    costs = []
    with tempfile.TemporaryDirectory(prefix="pfp-bench-") as name:
        base = Path(name)
        key = make_key("03", "07", seed_by="student")
        write_key(key, base / "week.key.json")
        (base / "receipts").mkdir()
        for number, one in enumerate(class_of(key, size)):
            (base / "receipts" / f"{number}.json").write_text(one.text, encoding="utf-8")
        # A file, because the second process begins by reading the first one's program.
        (base / "run.py").write_text(_RUN, encoding="utf-8")
        for _ in range(runs):
            load = os.getloadavg()[0]
            done = subprocess.run(
                [sys.executable, str(base / "run.py"), str(base)],
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(done.stdout)
            first, second = found["memory"]
            print(
                f"{size:>6} receipts: {found['seconds']:6.1f} s, {found['cpu']:5.1f} s of "
                f"processors, peak memory {first:.0f} and {second:.0f} MB, load before {load:.1f}"
            )
            costs.append(
                {"wall": found["seconds"], "cpu": found["cpu"], "memory": first, "load": load}
            )
            shutil.rmtree(base / "grades")
    return costs


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000], help="receipts")
    parser.add_argument("--runs", type=int, default=3, help="runs of each size (default: 3)")
    parser.add_argument("--short", action="store_true", help="100 and 400; nothing is written")
    wanted = parser.parse_args()
    sizes = [100, 400] if wanted.short else sorted(wanted.sizes)
    costs = {size: measure(size, 1 if wanted.short else wanted.runs) for size in sizes}
    measuring.save("grading", {"costs": costs}, shown(costs), short=wanted.short)


def shown(costs: dict[int, list[dict[str, float]]]) -> dict[str, Any]:
    """Return what the page shows of a result."""
    middle = {
        size: {name: measuring.middle([run[name] for run in runs]) for name in runs[0]}
        for size, runs in costs.items()
    }
    title = "How does the time to grade grow with the class?"
    return {
        "said": f"Medians of {len(next(iter(costs.values())))} runs of each size; memory is that "
        "of the main process.",
        "columns": ["Receipts", "Seconds", "Seconds of processors", "Peak memory"],
        "rows": [
            [f"{size:,}", f"{row['wall']:.1f} s", f"{row['cpu']:.1f} s", f"{row['memory']:.0f} MB"]
            for size, row in middle.items()
        ],
        "chart": {
            "title": title,
            "unit": "receipts",
            "caption": "Both axes are logarithmic.",
            "alt": f"{title} "
            + " ".join(
                f"{size:,} receipts: {row['wall']:.1f} seconds, {row['memory']:.0f} MB."
                for size, row in middle.items()
            ),
            "lines": {
                "seconds": [[size, row["wall"]] for size, row in middle.items()],
                "seconds of processors": [[size, row["cpu"]] for size, row in middle.items()],
            },
        },
    }


if __name__ == "__main__":
    main()

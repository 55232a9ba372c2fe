"""How long `pfp grade` takes, and how much memory, for classes of several sizes.

Run ``make bench-grading``, or name sizes: ``python tests/bench_grading.py 1000 10000 --runs 3``.
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

from classes import class_of, make_key, write_key

_RUN = """
import json, resource, sys, time
from pathlib import Path
from pfp_course.classroom.assignment import read_key
from pfp_course.classroom.grading import Settings, grade
if __name__ == "__main__":
    base = Path(sys.argv[1])
    begun = time.monotonic()
    grade(base / "receipts", base / "grades", Settings(key=read_key(base / "week.key.json")))
    seconds = time.monotonic() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "seconds": seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "memory": [one.ru_maxrss / 1024 for one in used],
    }))
"""


def measure(size: int, runs: int) -> None:
    """Print what each run of a size took."""
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
                f"{size:>6} receipts: {found['seconds']:6.1f} s, {found['cpu']:5.1f} s of both "
                f"processors' time, peak memory {first:.0f} MB and {second:.0f} MB, "
                f"load before {load:.1f}"
            )
            shutil.rmtree(base / "grades")


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    for size in wanted.sizes:
        measure(size, wanted.runs)


if __name__ == "__main__":
    main()

"""How long `pfp build` takes, beside the stock build of Jupyter Book on the same notebooks.

    python benchmarks/build.py [--rounds 3] [--short]

Both sides build the chapters of the course, in turns: cold; after the prose of one chapter was
edited; and with nothing changed. The stock side is Jupyter Book with its default theme and no
extension of ours, in an environment of its own with the same versions of all libraries; it runs
notebooks in its mode `cache`, which keeps their outputs as long as no code changes. It builds the
chapters alone; ours builds the other pages of the book besides. "Cold" is a copy without anything
built before and with empty caches; the libraries are compiled and read once before.
"""

import argparse
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import measuring
from measuring import Cost

GOALS = {"cold": 0.45, "prose": 0.6, "unchanged": 0.5}
WORDS = {
    "cold": "cold build",
    "prose": "the prose of one chapter edited",
    "unchanged": "nothing changed",
}
EDITED = "05-the-toolbox.ipynb"
# A bracket that opens a citation of ours is text to the stock book.
_CONFIG = """
title: Chapters
execute: {execute_notebooks: cache, timeout: 180}
parse: {myst_enable_extensions: [colon_fence, deflist, attrs_inline]}
sphinx: {config: {suppress_warnings: ["*"]}}
"""


def main() -> None:
    """Measure, print and keep the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="builds of each kind (default: 3)")
    parser.add_argument("--short", action="store_true", help="one round, nothing is written")
    wanted = parser.parse_args()
    measuring.ROOM.mkdir(parents=True, exist_ok=True)
    python = measuring.environment("book")
    room = measuring.ready_room()
    ours, stock = copy_of_the_project(room / "ours"), stock_project(room / "stock")
    results: dict[str, dict[str, list[Cost]]] = {case: {"ours": [], "stock": []} for case in GOALS}
    for number in range(1 if wanted.short else wanted.rounds):
        for case in GOALS:
            print(f"{WORDS[case]}, round {number + 1}")
            sides = {
                "ours": partial(build_ours, ours, case, number),
                "stock": partial(build_stock, python, stock, case, number),
            }
            # The side that was first in one round is second in the next.
            if number % 2:
                sides = dict(reversed(sides.items()))
            for side, costs in measuring.in_turns(sides, 1).items():
                results[case][side] += costs
    report: dict[str, Any] = {}
    for case, by_side in results.items():
        report[case] = {"goal": GOALS[case], **by_side}
        for measure in ("wall", "cpu", "memory"):
            values = [[getattr(cost, measure) for cost in costs] for costs in by_side.values()]
            report[case][f"{measure}_ratio"] = measuring.ratio(*values)
        spread = report[case]["wall_ratio"]
        print(f"{WORDS[case]}: {measuring.verdict(spread, GOALS[case])}")
        spread = report[case]["cpu_ratio"]
        low, high = spread["low"], spread["high"]
        print(f"  processors: {spread['median']:.2f} times ({low:.2f} to {high:.2f})")
    measuring.save("build", {"cases": report}, shown(report), short=wanted.short)


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a result."""
    rows = []
    for case, found in report.items():
        seconds = [
            f"{measuring.middle([cost.wall for cost in found[side]]):.1f} s, "
            f"{measuring.middle([cost.cpu for cost in found[side]]):.1f} s"
            for side in ("ours", "stock")
        ]
        ratios = [measuring.spread(found[f"{measure}_ratio"]) for measure in ("wall", "cpu")]
        rows.append([WORDS[case], *seconds, *ratios, f"{found['goal']:g}"])
    rounds = len(report["cold"]["ours"])
    return {
        "said": f"Both sides built {rounds} times, in turns. Seconds are those of the clock, and "
        "those of the processors.",
        "columns": ["Build", "pfp build", "Stock", "Ratio", "Of processors", "Goal"],
        "rows": rows,
        "chart": measuring.ratio_chart(
            "How long does a build take, beside the stock build?",
            {WORDS[case]: found["wall_ratio"] for case, found in report.items()},
        ),
    }


def copy_of_the_project(folder: Path) -> Path:
    """Return a copy of the files that git knows or would take, without what was built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=measuring.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (measuring.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(measuring.ROOT / name, folder / name)
    return folder


def stock_project(folder: Path) -> Path:
    """Return a project of Jupyter Book with the chapters, a first page, and no extension."""
    (folder / "notebooks").mkdir(parents=True)
    notebooks = sorted((measuring.ROOT / "notebooks").glob("[0-9]*.ipynb"))
    for path in notebooks:
        shutil.copy(path, folder / "notebooks")
    (folder / "_config.yml").write_text(_CONFIG)
    (folder / "index.md").write_text("# Chapters\n\nThe chapters of the course.\n")
    lines = ["format: jb-book", "root: index", "chapters:"]
    lines += [f"  - file: notebooks/{path.stem}" for path in notebooks]
    (folder / "_toc.yml").write_text("\n".join(lines) + "\n")
    return folder


def build_ours(project: Path, case: str, number: int) -> Cost:
    """Build the copy of the course with its own code."""
    prepare(project, case, number)
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "build", str(project)]
    return measuring.run(
        command, project, PYTHONPATH=str(project / "src"), XDG_CACHE_HOME=cache(project)
    )


def build_stock(python: Path, project: Path, case: str, number: int) -> Cost:
    """Build with Jupyter Book's own command."""
    prepare(project, case, number)
    command = [
        str(python),
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(project),
    ]
    # Quizzes and figures as on our pages: without a kernel. Its kernels run this when they start.
    startup = project.with_name("ipython") / "profile_default" / "startup" / "static.py"
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_text("from pfp_course.course import for_static_page\n\nfor_static_page()\n")
    folder = str(project.with_name("ipython"))
    return measuring.run(command, project, IPYTHONDIR=folder, XDG_CACHE_HOME=cache(project))


def cache(project: Path) -> str:
    """Return the folder in which a side may keep things between its builds."""
    return str(project.with_name(f"{project.name}-cache"))


def prepare(project: Path, case: str, number: int) -> None:
    """Bring a project into the state before a build."""
    if case == "cold":
        shutil.rmtree(project / "_build", ignore_errors=True)
        shutil.rmtree(cache(project), ignore_errors=True)
    if case == "prose":
        path = project / "notebooks" / EDITED
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cell = next(cell for cell in notebook["cells"][1:] if cell["cell_type"] == "markdown")
        cell["source"] = f"{''.join(cell['source'])}\n\nThis sentence was edited: {number}."
        path.write_text(json.dumps(notebook), encoding="utf-8")


if __name__ == "__main__":
    main()

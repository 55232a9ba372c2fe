"""How the build grows with the course: time and memory for 14, 140 and 1,400 chapters.

    python benchmarks/size.py [--sizes 14 140 1400] [--code quizzes|all] [--short]

Larger courses are made from the real one: its chapters again, each copy with its own title, its own
words in every paragraph, and code that was not run before. So that 1,400 chapters do not take a
morning, a copy keeps of its code what asks questions (--code quizzes); with --code all it runs
everything. Each size is built cold, and again after the prose of one chapter was edited. The
exponent of growth is the slope between the sizes on logarithmic scales: 1 is linear. What a build
takes for any course, whatever its size, makes the slope smaller at small sizes.
"""

import argparse
import json
import math
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import measuring
import yaml
from build import EDITED, copy_of_the_project, prepare
from measuring import Cost

_ASKING = re.compile(r"(?:quiz\([^\n]*\)\n?|\n|#[^\n]*\n?)+")
LINEAR = 1.1


def main() -> None:
    """Measure, print and keep the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[14, 140, 1400], help="chapters")
    parser.add_argument("--code", choices=("quizzes", "all"), default="quizzes", help="what is run")
    parser.add_argument("--short", action="store_true", help="14 and 42; nothing is written")
    wanted = parser.parse_args()
    measuring.ROOM.mkdir(parents=True, exist_ok=True)
    rows = []
    for size in [14, 42] if wanted.short else wanted.sizes:
        room = measuring.ready_room()
        project = course_of(size, room / "course", whole=wanted.code == "all")
        row: dict[str, Any] = {"chapters": size}
        for case in ("cold", "prose"):
            cost = build(project, case)
            row[case] = {name: round(value, 2) for name, value in asdict(cost).items()}
            print(
                f"{size} chapters, {case}: {cost.wall:.1f} s, {cost.cpu:.1f} s of processors, "
                f"{cost.memory:.0f} MB",
                flush=True,
            )
        rows.append(row)
    exponents = {
        f"{case} {measure}": slopes(rows, case, measure)
        for case in ("cold", "prose")
        for measure in ("wall", "cpu", "memory")
    }
    for name, found in exponents.items():
        words = "linear or less" if found["last"] <= LINEAR else "MORE than linear"
        fitted, last = found["fitted"], found["last"]
        print(f"{name}: exponent {fitted:.2f}, of the two largest {last:.2f}: {words}")
    result = {"code": wanted.code, "rows": rows, "exponents": exponents}
    measuring.save("size", result, shown(rows, exponents), short=wanted.short)


def shown(rows: list[dict[str, Any]], exponents: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return what the page shows of a result."""
    units = {"wall": "s", "cpu": "s", "memory": "MB"}
    words = {"wall": "seconds", "cpu": "seconds of processors", "memory": "MB of memory"}
    names = {"cold": "cold", "prose": "one chapter edited"}
    told = "; ".join(
        f"{names[name.split()[0]]}, {words[name.split()[1]]}: {found['fitted']:.2f}"
        for name, found in exponents.items()
    )
    title = "How do time and memory of a build grow with the course?"
    return {
        "said": f"Exponents of growth, where 1 is linear: {told}.",
        "columns": [
            "Chapters",
            *(f"{name}: {words[measure]}" for name in names.values() for measure in units),
        ],
        "rows": [
            [
                f"{row['chapters']:,}",
                *(f"{row[c][m]:.0f} {unit}" for c in names for m, unit in units.items()),
            ]
            for row in rows
        ],
        "chart": {
            "title": title,
            "unit": "chapters",
            "caption": "Both axes are logarithmic: a straight line that rises as steeply as the "
            "sizes is linear growth.",
            "alt": f"{title} "
            + " ".join(
                f"{row['chapters']:,} chapters: cold {row['cold']['wall']:.0f} seconds and "
                f"{row['cold']['memory']:.0f} MB, after an edit {row['prose']['wall']:.0f} seconds."
                for row in rows
            ),
            "lines": {
                "cold, seconds": [[row["chapters"], row["cold"]["wall"]] for row in rows],
                "edited, seconds": [[row["chapters"], row["prose"]["wall"]] for row in rows],
                "cold, MB": [[row["chapters"], row["cold"]["memory"]] for row in rows],
            },
        },
    }


def slopes(rows: list[dict[str, Any]], case: str, measure: str) -> dict[str, float]:
    """Return the exponent fitted to all sizes, and that between the two largest."""
    points = [(math.log(row["chapters"]), math.log(row[case][measure])) for row in rows]
    if len(points) < 2:
        return {"fitted": math.nan, "last": math.nan}
    return {"fitted": round(_slope(points), 3), "last": round(_slope(points[-2:]), 3)}


def _slope(points: list[tuple[float, float]]) -> float:
    count = len(points)
    x, y = (sum(values) / count for values in zip(*points, strict=True))
    rise = sum((a - x) * (b - y) for a, b in points)
    return float(rise / sum((a - x) ** 2 for a, _ in points))


def build(project: Path, case: str) -> Cost:
    """Build a course, cold or after an edit."""
    prepare(project, case, 0)
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "build", str(project)]
    return measuring.run(command, project, PYTHONPATH=str(project / "src"))


def course_of(size: int, folder: Path, *, whole: bool) -> Path:
    """Return a copy of the project with so many chapters; the first are the real ones.

    Raises
    ------
    SystemExit
        If the size is smaller than the real course.
    """
    project = copy_of_the_project(folder)
    real = sorted((project / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    if size < len(real):
        raise SystemExit(f"The course has {len(real)} chapters; a size of {size} cannot be made.")
    further = []
    for number in range(len(real), size):
        source = real[number % len(real)]
        name = f"further/{number + 1:05}-{source.stem[3:]}"
        path = project / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        notebook = json.loads(source.read_text(encoding="utf-8"))
        notebook["cells"] = list(copied(notebook["cells"], number + 1, whole=whole))
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        further.append({"file": f"notebooks/{name}"})
    if not whole:
        for path in real:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["cells"] = list(copied(notebook["cells"], 0, whole=False))
            path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    contents = yaml.safe_load((project / "_toc.yml").read_text(encoding="utf-8"))
    if further:
        contents["parts"].insert(-1, {"caption": "Further chapters", "chapters": further})
    (project / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
    assert (project / "notebooks" / EDITED).is_file()
    return project


def copied(cells: list[dict[str, Any]], number: int, *, whole: bool) -> Any:
    """Yield the cells of a copy: its own words, and code that no other chapter runs."""
    imported = whole
    for place, cell in enumerate(cells):
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            if not imported:
                imported, text = True, "from pfp_course import quiz"
            elif not whole and not _ASKING.fullmatch(text):
                continue
            yield {**cell, "source": f"{text}\n# chapter {number}" if number else text}
            continue
        if number and place == 0:
            heading, _, rest = text.partition("\n")
            text = f"# {number}. {heading.partition('. ')[2]}, once more\n{rest}"
        elif number and not text.startswith((":::", "```")):
            text = (
                f"{text}\n\nThese are words of the chapter{number} and of its part{number}x{place}."
            )
        yield {**cell, "source": text}


if __name__ == "__main__":
    main()

"""The benchmarks tell what they measure, and compute what they say."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import measuring
import pytest
import size
from build import EDITED, prepare
from environment import ROOT

from pfp_course.sphinx_ext.measurements import figure

COMMANDS = sorted((ROOT / "benchmarks").glob("*.py"))
NAMES = [path.stem for path in COMMANDS if path.stem != "measuring"]


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_teaches_has_a_target_and_stands_on_the_page(name: str) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"python benchmarks/{name}.py" in done.stdout
    assert "--short" in done.stdout
    assert f"\nbench-{name}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "book" / "benchmarks.md").read_text(encoding="utf-8")
    assert f"{{benchmark}} {name}\n" in page
    assert f"`make bench-{name}`" in page


def test_the_sides_take_turns_in_going_first() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return 1.0

    times = measuring.in_turns({name: partial(side, name) for name in ("ours", "theirs")}, 3)
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert times == {"ours": [1.0] * 3, "theirs": [1.0] * 3}


def test_a_ratio_is_the_median_of_the_rounds_with_its_spread() -> None:
    found = measuring.ratio([1, 4, 3], [2, 4, 12])
    assert found == {"median": 0.5, "low": 0.25, "high": 1.0}
    assert measuring.verdict(found, 0.5).endswith("goal: at most 0.5, reached")
    assert measuring.verdict(found, 0.45).endswith("NOT reached")


@pytest.mark.skipif(sys.platform != "linux", reason="the time of orphans is counted on Linux alone")
def test_the_time_of_a_process_that_nobody_waits_for_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "ROOM", tmp_path)
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    while time.process_time() < 0.3: pass\n"
        "    os._exit(0)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; import measuring\n"
            f"measuring.ROOM = Path({str(tmp_path)!r})\n"
            f"print(measuring.run({command!r}, measuring.ROOM).cpu)",
        ],
        env={"PYTHONPATH": str(ROOT / "benchmarks")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) >= 0.3


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_of_growth_is_found(power: float) -> None:
    rows = [{"chapters": n, "cold": {"wall": 3 * n**power}} for n in (14, 140, 1400)]
    found = size.slopes(rows, "cold", "wall")
    assert found == {"fitted": pytest.approx(power), "last": pytest.approx(power)}


def test_a_larger_course_has_chapters_of_their_own(tmp_path: Path) -> None:
    project = size.course_of(30, tmp_path / "course", whole=False)
    paths = sorted((project / "notebooks" / "further").glob("*.ipynb"))
    assert len(paths) == 16
    texts = [path.read_text(encoding="utf-8") for path in paths]
    cells = [json.loads(text)["cells"] for text in texts]
    assert len({"".join(content[0]["source"]) for content in cells}) == 16
    code = [
        "".join("".join(c["source"]) for c in content if c["cell_type"] == "code")
        for content in cells
    ]
    assert len(set(code)) == 16
    assert all("quiz(" in text for text in code)
    assert (project / "_toc.yml").read_text(encoding="utf-8").count("further/") == 16


def test_an_edit_changes_prose_and_no_code(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    source = ROOT / "notebooks" / EDITED
    (tmp_path / "notebooks" / EDITED).write_bytes(source.read_bytes())
    prepare(tmp_path, "prose", 7)
    before, after = (
        json.loads(path.read_text(encoding="utf-8"))["cells"]
        for path in (source, tmp_path / "notebooks" / EDITED)
    )
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [cell["cell_type"] for cell in changed] == ["markdown"]
    assert "edited: 7" in "".join(changed[0]["source"])


def test_a_chart_has_its_numbers_in_words_and_no_markup_of_its_text() -> None:
    ratios = {"cold <b>": {"median": 0.4, "low": 0.35, "high": 0.52}}
    drawn = figure(measuring.ratio_chart("How long does a build take?", ratios))
    assert "cold &lt;b&gt;: 0.40, from 0.35 to 0.52" in drawn
    assert "<b>" not in drawn
    growth = {
        "title": "How does it grow?",
        "unit": "chapters",
        "caption": "Both axes are logarithmic.",
        "alt": "How does it grow? 14 chapters: 20 seconds. 140 chapters: 180 seconds.",
        "lines": {"seconds": [[14, 20], [140, 180]]},
    }
    assert "140 chapters: 180 seconds" in figure(growth)

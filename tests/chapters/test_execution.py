"""Notebooks run in parallel, and again only when something that they depend on has changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from pfp_course.chapters.execution import Executor, Outputs


def notebook(*cells: str | tuple[str, str]) -> dict[str, Any]:
    """A notebook; a cell is its code, or its code and a tag. A cell with # is prose."""
    made: list[dict[str, Any]] = []
    for number, cell in enumerate(cells):
        source, tags = (cell, []) if isinstance(cell, str) else (cell[0], [cell[1]])
        kind = "markdown" if source.startswith("# ") else "code"
        made.append(
            {"cell_type": kind, "id": f"c{number}", "metadata": {"tags": tags}, "source": source}
            | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        )
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Project:
    """A folder with notebooks and data, and the results that are kept of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "notebooks").mkdir(parents=True)
        self.write("table.csv", "1")

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def add(self, name: str, *cells: str | tuple[str, str]) -> None:
        self.write(f"notebooks/{name}.ipynb", json.dumps(notebook(*cells)))

    def run(self, *, workers: int = 2, timeout: float = 60) -> dict[str, Outputs]:
        kept = self.root / "_build" / "kept"
        executor = Executor(self.root, kept, workers=workers, timeout=timeout, static=False)
        paths = sorted((self.root / "notebooks").glob("*.ipynb"))
        executor.submit(paths)
        try:
            return {path.stem: executor.outputs(path) for path in paths}
        finally:
            executor.close()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def shown(outputs: Outputs) -> list[Any]:
    return [
        [output.get("text") or output["data"]["text/plain"] for output in cell]
        for _, cell in outputs.cells
    ]


READS = "print(open('../table.csv').read())"


def test_outputs_stand_in_order_and_are_put_under_their_cells(project: Project) -> None:
    project.add(
        "a",
        "# Prose",
        "import sys\nprint('one')\nsys.stderr.write('two\\n')\nprint('three')\n4",
        "",
        ("1 / 0", "raises-exception"),
        ("never = True", "skip-execution"),
        "'never' in globals()",
    )
    outputs = project.run()["a"]
    assert outputs.error == ""
    first = outputs.cells[0][1]
    kinds = [output["output_type"] for output in first]
    assert kinds[-1] == "execute_result"
    assert [output["text"] for output in first if output.get("name") == "stdout"] in (
        ["one\n", "three\n"],
        ["one\nthree\n"],
    )
    assert outputs.cells[2][1][0]["ename"] == "ZeroDivisionError"
    assert outputs.cells[4][1][0]["data"]["text/plain"] == "False"
    filled = notebook("# Other prose", "a", "b", "c", "d", "e")
    outputs.put_into(filled)
    assert [bool(cell["outputs"]) for cell in filled["cells"] if cell["cell_type"] == "code"] == [
        *(True, False, True, False, True)
    ]
    assert filled["metadata"]["language_info"]["name"] == "python"


def test_no_notebook_sees_what_another_did(project: Project) -> None:
    for name in "abcd":
        project.add(name, "import pandas\n'mine' in dir(pandas)", "pandas.mine = 1\nmine = 1")
    assert all(shown(one)[0] == ["False"] for one in project.run(workers=1).values())


def test_any_number_of_workers_gives_the_same(project: Project, tmp_path: Path) -> None:
    other = Project(tmp_path / "other")
    for each in (project, other):
        for name in "abcd":
            each.add(
                name, f"for i in range(3):\n    print('{name}', i)", READS, "{'b', 'a'} - {'b'}"
            )
    one, four = project.run(workers=1), other.run(workers=4)
    assert {name: outputs.cells for name, outputs in one.items()} == {
        name: outputs.cells for name, outputs in four.items()
    }


def test_only_what_depends_on_a_change_runs_again(project: Project) -> None:
    project.add("plain", "# One", "6 * 7")
    project.add("reader", "# Two", READS)
    project.add("lists", "import os\nlen([name for name in os.listdir('..') if '.csv' in name])")

    def run() -> set[str]:
        return {name for name, outputs in project.run().items() if not outputs.cached}

    assert run() == {"plain", "reader", "lists"}
    assert run() == set()
    project.add("plain", "# One, said otherwise", "6 * 7", "# And more")
    assert run() == set(), "prose has no effect"
    project.add("plain", "# One", "6 * 8")
    assert run() == {"plain"}
    project.write("table.csv", "2")
    assert run() == {"reader"}
    assert shown(project.run()["reader"]) == [["2\n"]]
    project.write("table.csv", "1")
    assert run() == set(), "what was known before is known still"
    project.write("other.csv", "1")
    assert run() == {"lists"}


def test_a_file_that_was_missing_counts_when_it_comes(project: Project) -> None:
    project.add(
        "a",
        "try:\n    print(open('../late.csv').read())\nexcept FileNotFoundError:\n    print('no')",
    )
    assert shown(project.run()["a"]) == [["no\n"]]
    project.write("late.csv", "here")
    assert shown(project.run()["a"]) == [["here\n"]]


def test_a_damaged_result_is_made_anew(project: Project) -> None:
    project.add("a", "6 * 7")
    project.run()
    for kept in project.root.rglob("kept/**/*.json"):
        kept.write_text("{", encoding="utf-8")
    outputs = project.run()["a"]
    assert not outputs.cached
    assert shown(outputs) == [["42"]]


@pytest.mark.parametrize(
    ("code", "line", "cause"),
    [
        (
            "a = 1\nb = a / 0\nc = 2",
            2,
            "division by zero. The line is `b = a / 0`.",
        ),
        ("def f():\n    return [][1]\n\nf()", 4, "IndexError: list index out of range"),
        ("a = 1\nif a\n    pass", 2, "SyntaxError"),
        ("import pandas\npandas.Series([1])['x']", 2, "KeyError"),
        ("raise SystemExit(3)", 1, "SystemExit"),
        ("input('who?')", 1, "EOFError"),
    ],
)
def test_an_error_names_notebook_cell_line_and_cause(
    project: Project, code: str, line: int, cause: str
) -> None:
    project.add("a", "# Title", "fine = 1", code, "print('after')")
    outputs = project.run()["a"]
    assert outputs.error.startswith(f"notebooks/a.ipynb: cell 'c2', line {line}: ")
    assert cause in outputs.error
    assert outputs.cells[-1] == (None, []), "nothing runs after an error"
    assert not project.run()["a"].cached, "what failed is not kept"


def test_a_process_that_dies_or_does_not_end_stops_nobody_else(project: Project) -> None:
    project.add("dies", "import os\nos._exit(7)")
    project.add("hangs", "while True: pass")
    project.add("works", "6 * 7")
    outputs = project.run(timeout=5)
    assert "exit code 7" in outputs["dies"].error
    assert "did not end within 5 seconds" in outputs["hangs"].error
    assert shown(outputs["works"]) == [["42"]]

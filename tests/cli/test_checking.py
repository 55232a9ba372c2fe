"""`pfp check` finds what the build would find, all at once: merges, settings, links, citations."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.cli.build import spoken
from pfp_course.files import line_of, merge_marks, source_files
from pfp_course.sphinx_ext.settings import setting_faults

RUN = CliRunner()
SAMPLE = ROOT / "tests" / "sample_course"
NOTEBOOK = "notebooks/01-how-deep.ipynb"
PAGE = """# The data

:::{data-cards}
:::

A fact [@nobody] and [a page](nowhere.md), [a place](references.md#no-such), [here](#nope).

![](pic.svg)

![words](missing.svg)

```{nosuch}
```
"""


@pytest.fixture
def lakes(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "lakes")


def pfp(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from pfp_course.cli import app; app()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
        timeout=600,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def merged(text: str, line: int) -> str:
    """A text as git leaves it when two have changed the same line."""
    lines = text.splitlines(keepends=True)
    ours, theirs = "<" * 7 + " HEAD\n", ">" * 7 + " other\n"
    return "".join([*lines[:line], ours, "one\n", "=" * 7 + "\n", "two\n", theirs, *lines[line:]])


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("pages", "index.md"),
        ("pages", "book/glossary.md"),
        ("pages", "_toc.yml"),
        ("notebooks", NOTEBOOK),
        ("data", "data/levels.csv"),
        ("data", "data/datapackage.json"),
        ("questions", "data/questions/02.yml"),
    ],
)
def test_an_unfinished_merge_is_named_wherever_it_stands(lakes: Path, part: str, name: str) -> None:
    assert merge_marks(source_files(lakes)) == []
    (lakes / name).write_text(merged((lakes / name).read_text("utf-8"), 1), encoding="utf-8")
    result = RUN.invoke(app, ["check", part, "--folder", str(lakes)], env={"COLUMNS": "200"})
    told = result.output
    assert result.exit_code == 1
    assert re.search(rf"{name}:2: a merge is not finished.*Keep one of the two", told), told


def test_an_unfinished_merge_is_neither_built_nor_published(lakes: Path, tmp_path: Path) -> None:
    for name in ("index.md", "data/lakes.csv"):
        (lakes / name).write_text(merged((lakes / name).read_text("utf-8"), 2), encoding="utf-8")
    for words in (["build"], ["publish", "--to", str(tmp_path / "site")]):
        result = RUN.invoke(app, [words[0], str(lakes), *words[1:]])
        assert result.exit_code == 1
        told = str(result.exception)
        assert "Nothing was built." in told
        assert "index.md:3: a merge is not finished" in told
        assert "lakes.csv:3: a merge is not finished" in told
    assert not (tmp_path / "site").exists()


@given(
    before=st.lists(st.text("ab <>=|#\"'", max_size=12), max_size=5),
    mark=st.sampled_from("<>|"),
    name=st.sampled_from(["", " HEAD", " origin/main"]),
    in_cell=st.booleans(),
)
def test_the_line_of_a_mark_is_found_whatever_stands_before(
    before: list[str], mark: str, name: str, in_cell: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = [line for line in before if "<" * 7 not in line and ">" * 7 not in line]
    before = [line for line in before if "|" * 7 not in line]
    line = f'   "{mark * 7}{name}\\n",' if in_cell else f"{mark * 7}{name}"
    path = tmp_path_factory.mktemp("merge") / "page.md"
    path.write_text("\n".join([*before, line, "after"]), encoding="utf-8")
    (told,) = merge_marks([path])
    assert told.startswith(f"{path}:{len(before) + 1}: ")


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n\nText.\n",
        "| a | b |\n|---|---|\n",
        "> > > > > > > deep\n",
        "x <<<<<<< y\n",
        "<<<<<<<<< arrows\n",
        "git writes `<<<<<<<` there\n",
    ],
)
def test_what_only_looks_like_a_mark_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    assert merge_marks([path]) == []


def test_the_course_itself_holds_no_mark_and_its_settings_no_fault() -> None:
    assert merge_marks(source_files(ROOT)) == []
    assert setting_faults(ROOT) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "said"),
    [
        ("_config.yml", "only_build_toc_files", "only_build_toc_file", 1, "Did you mean"),
        ("_config.yml", "execute:\n", "execute: [\n", None, "not YAML"),
        ("_config.yml", 'execute:\n  execute_notebooks: "off"', "execute: 5", 2, "execute"),
        ("_config.yml", 'baseurl: ""', "favicon: no/such.svg", 7, "stands in course.toml alone"),
        ("course.toml", "[pages]", '[look]\nlogo = "no/such.svg"\n[pages]', 12, "no/such.svg"),
        ("_toc.yml", "book/data", "book/dada", 6, "there is no page book/dada"),
        ("_toc.yml", "book/data", "book/glossary", 8, "listed twice"),
        ("_toc.yml", "root: index", "rot: index", 1, "root"),
        ("_toc.yml", "- file: book/data", "- fil: book/data", 6, "does not contain"),
        ("_toc.yml", "chapters:", "chapter:", 1, "Unknown keys"),
        ("_toc.yml", None, "just words", 1, "holds no settings"),
    ],
)
def test_a_fault_of_the_settings_is_named_with_its_line(
    lakes: Path, name: str, old: str | None, new: str, line: int | None, said: str
) -> None:
    text = (lakes / name).read_text("utf-8")
    assert old is None or old in text
    (lakes / name).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    found = setting_faults(lakes)
    place = f"{lakes / name}:{line}: " if line else f"{lakes / name}:"
    assert any(one.startswith(place) and said in one for one in found), found


@pytest.mark.slow
def test_check_finds_at_once_what_the_build_finds(lakes: Path) -> None:
    (lakes / "book" / "data.md").write_text(PAGE, encoding="utf-8")
    (lakes / "book" / "pic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    path = lakes / NOTEBOOK
    notebook = json.loads(path.read_text("utf-8"))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["table"]["source"] = "## The table\n\nSee [this](gone.md)."
    cells["answer"]["source"] = 'answer = None\n\nfigures.bars(1)\ncheck("01.e1", answer)'
    path.write_text(json.dumps(notebook), encoding="utf-8")
    _, told = pfp(lakes, "check", "pages")
    found = {line for line in told.splitlines() if line.startswith(str(lakes))}
    page, chapter = lakes / "book" / "data.md", lakes / NOTEBOOK
    for place, words in (
        (f"{page}:6: ", "'nobody'"),
        (f"{page}:6: ", "'nowhere.md'"),
        (f"{page}:6: ", "'no-such'"),
        (f"{page}:6: ", "'nope'"),
        (f"{page}:8: ", "has no words for readers who do not see it"),
        (f"{page}:10: ", "missing.svg"),
        (f"{page}:12: ", "'nosuch'"),
        (f"{chapter}: cell 'table', line 3: ", "'gone.md'"),
    ):
        assert [one for one in found if one.startswith(place) and words in one], (place, found)
    code, built = pfp(lakes, "build")
    assert code == 1
    # The build also runs the cells, and tells the one that fails in the same breath.
    assert found <= {*built.splitlines()}
    failed = re.search(r"01-how-deep.ipynb: cell 'answer', line 3: (\w+): ", built)
    assert failed, built
    assert "The line is `figures.bars(1)`. Correct the cell" in built
    _, ran = pfp(lakes, "check", "notebooks", "--run")
    assert failed[0] in ran


def test_a_line_of_the_log_is_told_with_its_cell_and_its_mend(tmp_path: Path) -> None:
    path = tmp_path / "01-x.ipynb"
    path.write_text(json.dumps({"cells": [{"id": "one"}, {"id": "two"}]}), encoding="utf-8")
    assert spoken(f"{path}:20004: WARNING: no target: 'x' [myst.xref_missing]") == (
        f"{path}: cell 'two', line 3: no target: 'x'. Correct the link, or add what it leads to."
    )
    assert spoken(f"{path}:90001: WARNING: odd") == f"{path}: cell number 9, line 1: odd."
    assert spoken("/a/b.md:: WARNING: odd!") == "/a/b.md: odd!"
    assert spoken("some other line") == "some other line"
    thrown = "Handler <function f at 0x7f> for event 'env-get-outdated' threw an exception"
    assert spoken(f"{thrown} (exception: /a/b.ipynb: no title (1). Add it.)") == (
        "/a/b.ipynb: no title (1). Add it."
    )


def test_the_line_of_a_value_is_found_in_yaml_and_in_json() -> None:
    yaml = "a:\n  - x\n  - y: 1\n    z: 2\n"
    json_text = '{\n "a": ["x",\n  {"y": 1,\n   "z": 2}]}'
    for text, wanted in ((yaml, [1, 3, 4, 3]), (json_text, [2, 3, 4, 3])):
        places: list[list[str | int]] = [["a"], ["a", 1], ["a", 1, "z"], ["a", 1, "no"]]
        assert [line_of(text, place) for place in places] == wanted
    assert line_of("a: [", ["a"]) == 1

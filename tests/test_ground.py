"""Promises of the repository as a whole."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from environment import ROOT, environment
from packaging.requirements import Requirement

import pfp_course

# The rooms from the ground up; a room may import from rooms below it, not from its own floor.
FLOORS = [
    {"_version", "errors", "palette", "vector"},
    {"content", "files"},
    {"data"},
    {"figures", "questions"},
    {"chapters"},
    {"book", "classroom"},
    {"publishing"},
    {"cli"},
]
SOURCES = sorted((ROOT / "src" / "pfp_course").rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "pfp_course").parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    return {name.split(".")[1] for name in names if name and name.startswith("pfp_course.")}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_runs_upward(path: Path) -> None:
    if path.parent.name == "pfp_course" and path.name == "__init__.py":
        return  # the public face opens every door
    floor = next(i for i, names in enumerate(FLOORS) if room(path) in names)
    below = set().union(*FLOORS[:floor], {room(path)})
    # The package's face re-exports the version; importing it by name is no step up.
    assert imported_rooms(path) - {"__version__"} <= below


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in SOURCES} - {"__init__"} == set().union(*FLOORS)


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, pfp_course;"
        "print(*{m.split('.')[0] for m in sys.modules}"
        " & {'pandas', 'numpy', 'matplotlib', 'ipywidgets', 'anywidget', 'pydantic', 'yaml'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_public_name_can_be_had() -> None:
    for name in pfp_course.__all__:
        assert getattr(pfp_course, name) is not None


def test_environment_yml_says_what_pyproject_says() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert text == environment(), "run `make lock`"


def test_the_lock_file_holds_every_dependency_and_no_address() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for need in (Requirement(text) for group in groups for text in group):
        name = re.sub(r"[-_.]+", "-", need.name).lower()
        if name != "pfp-course":
            assert need.specifier.contains(locked[name]), f"{need}: run `make lock`"
    assert "http" not in re.sub(r"^(httpcore|httpx|\S*http\S*)==.*$", "", text, flags=re.MULTILINE)
    assert "--index-url" not in text


def test_the_version_is_the_same_wherever_it_must_stand() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == pfp_course.__version__
    for page in ("README.md", "book/how-to-use.md"):
        wheel = f"pfp_course-{pfp_course.__version__}-py3"
        assert wheel in (ROOT / page).read_text(encoding="utf-8"), page
    assert f"## {pfp_course.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_no_file_of_code_hides_a_second_room() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.js", "*.css"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if tracked.returncode:
        pytest.skip("this is not a git checkout, so the tracked files are not known")
    long = {
        name: lines
        for name in tracked.stdout.split()
        if (ROOT / name).is_file()
        and (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long

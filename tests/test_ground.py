"""Promises of the repository as a whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from architecture import FLOORS, PAGE, imported_rooms, modules, picture, room
from environment import ROOT, environment
from lock import pins
from packaging.requirements import Requirement

import pfp_course

LOCKS = ("requirements.lock", "requirements-dev.lock")
SOURCES = modules()


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


def test_the_picture_of_the_rooms_is_made_from_the_code() -> None:
    assert picture() in PAGE.read_text(encoding="utf-8"), "run `make architecture`"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_hides_a_second_room(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 400


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, pfp_course;"
        "print(*{m.split('.')[0] for m in sys.modules}"
        " & {'pandas', 'numpy', 'matplotlib', 'ipywidgets', 'anywidget', 'pydantic', 'yaml'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_extension_of_sphinx_loads_no_library_of_figures_and_tables() -> None:
    # Each build loads it, also where one sentence was edited.
    code = (
        "import sys, pfp_course.sphinx_ext.assets;"
        "print(*{'matplotlib', 'nbconvert', 'pandas'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_checking_json_compiles_no_grammar() -> None:
    # Jupyter's server and the build import it at every start; why it is capped is said in
    # pyproject.toml.
    code = "import sys, jsonschema; print(*{'lark', 'rfc3987_syntax'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_public_name_can_be_had() -> None:
    for name in pfp_course.__all__:
        assert getattr(pfp_course, name) is not None


def test_environment_yml_says_what_pyproject_says() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert text == environment(), "run `make lock`"


def test_the_lock_files_hold_every_dependency_at_a_version_that_is_allowed() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    book, dev = (pins((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    of_book = [*project["dependencies"], *extras["book"], *extras["build"]]
    everything = [*of_book, *(need for group in extras.values() for need in group)]
    for locked, needs in ((book, of_book), (book + dev, everything)):
        for need in map(Requirement, needs):
            name = re.sub(r"[-_.]+", "-", need.name).lower()
            versions = [
                re.split("==|[ ;]", lines)[1]
                for locked_name, lines in locked
                if name == locked_name
            ]
            assert versions or name == "pfp-course", f"{need}: run `make lock`"
            assert all(map(need.specifier.contains, versions)), f"{need}: run `make lock`"


def test_the_lock_files_hold_pins_with_hashes_and_nothing_else() -> None:
    book, dev = ((ROOT / name).read_text(encoding="utf-8") for name in LOCKS)
    assert dev.startswith("-r requirements.lock\n")
    dev = dev.removeprefix("-r requirements.lock\n")
    for text in (book, dev):
        assert text == "".join(lines for _, lines in pins(text))
        assert all("--hash=sha256:" in lines for _, lines in pins(text))
        assert "://" not in text
        assert "index-url" not in text
    assert not {name for name, _ in pins(book)} & {name for name, _ in pins(dev)}


def test_what_ci_calls_is_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in script if line.startswith(("make", "bash", "sudo", "apt"))]
    assert commands == ["make lint", "make test"]
    assert script[-2:] == commands
    assert len(script) == 6, "nothing else is done before"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^    (make \w+)", readme, re.MULTILINE)[:2] == ["make book", "make test"]


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

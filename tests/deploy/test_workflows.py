"""The workflows call commands that exist, with options that exist."""

import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml
from environment import ROOT
from packaging.specifiers import SpecifierSet
from typer.main import get_command
from typer.testing import CliRunner

from pfp_course.cli import app

RUN = CliRunner()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(name: str) -> list[dict[str, Any]]:
    content = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))
    return [step for job in content["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_hash_with_the_version_beside_it(path: Any) -> None:
    lines = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert len(lines) == len([step for step in steps(path.name) if "uses" in step]) > 0
    pinned = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert all(pinned.fullmatch(line) for line in lines), lines


def test_an_action_has_one_hash_in_all_workflows() -> None:
    used = {step["uses"] for path in WORKFLOWS for step in steps(path.name) if "uses" in step}
    assert len(used) == len({one.partition("@")[0] for one in used}), sorted(used)


def test_binder_reads_a_python_that_the_course_supports() -> None:
    # How repo2docker reads the file: a range is no version, and gives its own default.
    text = (ROOT / "environment.yml").read_text("utf-8")
    named = re.search(r"^  - python\s*=+\s*([\d.]+)$", text, re.MULTILINE)
    assert named, "environment.yml names no single version of Python"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(named[1])
    assert f"Programming Language :: Python :: {named[1]}" in project["classifiers"]


def test_what_publishing_writes_is_no_part_of_the_repository() -> None:
    page = (ROOT / "book" / "publishing.md").read_text("utf-8")
    folders = set(re.findall(r"--to (\S+)", page)) - {"gh-pages"}
    assert folders
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {f"/{folder}/" for folder in folders} <= {*ignored}, folders


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_of_the_course_and_its_options_exist(path: Any) -> None:
    scripts = [step["run"].replace("\\\n", " ") for step in steps(path.name) if "run" in step]
    lines = [line for script in scripts for line in script.splitlines() if "bin/pfp" in line]
    assert lines
    known: Any = get_command(app)
    for line in lines:
        words = shlex.split(line.replace("$(", "(").replace("`", ""))
        name, *rest = words[words.index(".venv/bin/pfp") + 1 :]
        command = known.get_command(None, name)
        options = {option for parameter in command.params for option in parameter.opts}
        given = {word for word in rest if word.startswith("--")}
        assert given <= options, (line, given - options)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_text_of_others_is_put_into_a_script(path: Any) -> None:
    for step in steps(path.name):
        assert "${{" not in step.get("run", ""), step


def test_links_are_asked_for_once_a_week_and_never_by_the_tests() -> None:
    content = yaml.safe_load((ROOT / ".github" / "workflows" / "links.yml").read_text("utf-8"))
    # YAML takes the word `on` for true.
    ((minute, hour, day, month, weekday),) = [
        entry["cron"].split() for entry in content[True]["schedule"]
    ]
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))
    assert "pfp links" not in (ROOT / ".ci" / "run").read_text("utf-8")
    assert not [step for step in steps("course.yml") if "pfp links" in step.get("run", "")]


def test_each_command_of_the_page_can_be_typed() -> None:
    page = (ROOT / "book" / "publishing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("pfp ")]
    assert len(lines) > 8
    known: Any = get_command(app)
    for line in lines:
        _, name, *rest = shlex.split(line)
        command = known.get_command(None, name)
        # It parses: every option exists and has what it needs. Nothing is run.
        command.make_context(name, list(rest))

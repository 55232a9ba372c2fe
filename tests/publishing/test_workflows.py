"""The workflows call commands that exist, with options that exist."""

import re
import shlex
from typing import Any

import pytest
import yaml
from environment import ROOT
from typer.main import get_command
from typer.testing import CliRunner

from pfp_course.cli import app

RUN = CliRunner()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(name: str) -> list[dict[str, Any]]:
    content = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))
    return [step for job in content["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_named_with_its_version(path: Any) -> None:
    used = [step["uses"] for step in steps(path.name) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+", one) for one in used), used


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_of_the_course_and_its_options_exist(path: Any) -> None:
    scripts = [step["run"].replace("\\\n", " ") for step in steps(path.name) if "run" in step]
    lines = [line for script in scripts for line in script.splitlines() if "bin/pfp" in line]
    assert lines
    known: Any = get_command(app)
    for line in lines:
        words = shlex.split(line.replace("$(", "(").replace("`", ""))
        name, *rest = words[words.index(".venv/bin/pfp") + 1 :]
        options = {option for one in known.commands[name].params for option in one.opts}
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

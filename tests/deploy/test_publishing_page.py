"""The page for publishers says what can be typed."""

import re
import shlex
from typing import Any

from environment import ROOT
from typer.main import get_command

from pfp_course.cli import app


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

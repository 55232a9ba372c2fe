"""A bank tells its author what a student could learn from its form alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from courses import COURSE
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.questions import bank_cues, check_bank

SHORT, EQUAL = "In June", "In May 4, or later"
LONG = "In the summer of the year after the summit"


def bank(folder: Path, right: list[tuple[str, int]]) -> Path:
    """Write a bank of single choices: each with its right text and the place where it stands."""
    questions = []
    for number, (text, place) in enumerate(right):
        choices: list[dict[str, Any]] = [
            {"text": f"In May {n}, or later", "say": "No."} for n in range(3)
        ]
        choices.insert(place, {"text": text, "right": True})
        questions.append(
            {
                "id": f"07.q{number}",
                "objective": "O7.1",
                "kind": "single",
                "ask": f"When did event {number} take place?",
                "choices": choices,
                "because": "The table has it.",
                "source": ["background"],
            }
        )
    path = folder / "07.yml"
    head = {"version": 1, "chapter": "07", "title": "T", "part": "P", "minutes": 45}
    objectives = {"objectives": {"O7.1": "Say when."}}
    path.write_text(yaml.safe_dump({**head, **objectives, "questions": questions}))
    assert check_bank(path, COURSE) == []
    return path


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ([(EQUAL, 0), (SHORT, 1), (EQUAL, 2), (LONG, 3)], []),
        ([(LONG, 0), (LONG, 1), (EQUAL, 2), (SHORT, 3)], ["longest in 50% of 4 single choices"]),
        ([(SHORT, 0), (SHORT, 1), (EQUAL, 2), (LONG, 3)], ["shortest in 50% of 4"]),
        ([(EQUAL, 1)] * 4, ["0 at position 1, 4 at position 2"]),
        ([(LONG, 1)] * 4, ["the longest in 100%", "equally often"]),
        ([(LONG, 1)] * 2, []),
    ],
)
def test_length_and_position_are_measured(
    tmp_path: Path, right: list[tuple[str, int]], words: list[str]
) -> None:
    found = bank_cues(bank(tmp_path, right), COURSE)
    assert len(found) == len(words)
    for warning, word in zip(found, words, strict=True):
        assert word in warning


def test_a_warning_is_shown_and_is_no_problem(tmp_path: Path) -> None:
    path = bank(tmp_path, [(LONG, 1)] * 4)
    result = CliRunner().invoke(app, ["questions", "check", str(path)])
    assert result.exit_code == 0
    assert f"Warning: {path}: the right choice is the longest" in result.output
    assert "1 bank: ok" in result.output

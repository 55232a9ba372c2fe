"""What the tests of the importers share: a bank written from a file of another tool."""

import tempfile
from pathlib import Path
from typing import Any

from courses import COURSE

from pfp_course.questions import mark, read_bank
from pfp_course.questions.authoring import Taken, bank_text, new_bank
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.spec import public

__all__ = ["earned", "only", "specs_of", "written"]


def written(taken: Taken, folder: Path) -> Path:
    """Return a bank that holds the questions taken over; what is unwritten is written."""
    for question in taken.questions:
        for choice in question.get("choices", []):
            choice.setdefault("say", UNWRITTEN)
    path = folder / "08.yml"
    path.write_text(bank_text(new_bank("08", "Imported", taken.questions), path.name), "utf-8")
    return path


def specs_of(taken: Taken) -> list[dict[str, Any]]:
    """Return the public forms of the questions taken over, read back from a bank's file."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            public(question)
            for question in read_bank(written(taken, Path(folder)), COURSE).questions
        ]


def only(taken: Taken) -> dict[str, Any]:
    """Return the public form of the one question that was taken over without a loss."""
    assert not taken.left, taken.left
    [spec] = specs_of(taken)
    return spec


def earned(spec: dict[str, Any], response: Any) -> float:
    """Return the share of the points that a response earns, to six decimals."""
    return round(mark(spec, response).share, 6)

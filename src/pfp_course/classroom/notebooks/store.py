"""What a batch has done so far, on disk, so that it can be killed and started again."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from pfp_course.classroom.notebooks.execution import Outcome
from pfp_course.classroom.notebooks.limits import Limits
from pfp_course.classroom.notebooks.planning import Plan

__all__ = ["Store"]


class Store:
    """Outcomes by what was run, and submissions that are in the gradebook.

    Each file is written beside its place and then moved there, so that it is whole or absent.
    """

    def __init__(self, folder: Path) -> None:
        self._runs, self._done = folder / "runs", folder / "done"
        for path in (self._runs, self._done):
            path.mkdir(parents=True, exist_ok=True)

    def outcome(self, key: str, limits: Limits) -> Outcome | None:
        """Return what came of the same notebook before, if it would be no other today."""
        held = _read(self._runs / f"{key}.json")
        if held is None:
            return None
        outcome = Outcome(**held["outcome"])
        # With other limits a notebook that ran into one may end better.
        smooth = not outcome.stopped and not outcome.doubts
        return outcome if smooth or held["limits"] == limits.as_dict() else None

    def keep(self, key: str, outcome: Outcome, limits: Limits) -> None:
        """Keep an outcome."""
        _write(self._runs / f"{key}.json", {"outcome": asdict(outcome), "limits": limits.as_dict()})

    def is_done(self, plan: Plan, limits: Limits) -> bool:
        """Tell whether this very submission is in the gradebook, and would be the same today."""
        held = _read(self._place(plan))
        same = held is not None and held["key"] == plan.key
        return same and all(self.outcome(work.key, limits) for work in plan.works if work.job)

    def told(self, plan: Plan) -> list[dict[str, str]]:
        """Return the report of a submission that is done."""
        held = _read(self._place(plan))
        return list(held["report"]) if held else []

    def finish(self, plan: Plan, report: Iterator[dict[str, str]]) -> None:
        """Note that a submission is in the gradebook."""
        _write(self._place(plan), {"key": plan.key, "report": list(report)})

    def _place(self, plan: Plan) -> Path:
        name = json.dumps([plan.submission.assignment, plan.submission.student])
        return self._done / f"{sha256(name.encode()).hexdigest()}.json"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _write(path: Path, content: Any) -> None:
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

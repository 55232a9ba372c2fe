"""Answers of the last days, so that a second run asks only what it must."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pfp_course.files import whole
from pfp_course.publishing.links.asking import Answer, Verdict

__all__ = ["Memory"]

# What may have been mended, or may have been bad luck, is asked again.
_KEPT = (Verdict.works, Verdict.moved)


class Memory:
    """Answers that are kept in a file.

    Parameters
    ----------
    path : pathlib.Path
        The file. One that is missing or damaged is an empty memory.
    age : float
        Hours after which an answer is forgotten.
    """

    def __init__(self, path: Path, age: float) -> None:
        self.path = path
        self.known: dict[str, tuple[datetime, Answer]] = {}
        oldest = datetime.now(UTC) - timedelta(hours=age)
        try:
            for entry in json.loads(path.read_text(encoding="utf-8")):
                asked = datetime.fromisoformat(entry.pop("asked"))
                answer = Answer(**{**entry, "verdict": Verdict(entry["verdict"])})
                if asked >= oldest:
                    self.known[answer.address] = asked, answer
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            self.known = {}

    def get(self, address: str) -> Answer | None:
        """Return what is remembered of an address, or None."""
        found = self.known.get(address)
        return found[1] if found else None

    def add(self, answer: Answer) -> None:
        """Remember an answer, unless it should be asked again."""
        if answer.verdict in _KEPT:
            self.known[answer.address] = datetime.now(UTC), answer

    def save(self) -> None:
        """Write the file, if there is anything to remember.

        Raises
        ------
        CourseError
            If it cannot be written.
        """
        if not self.known:
            return
        listed = [
            {
                "address": answer.address,
                "verdict": answer.verdict.value,
                "status": answer.status,
                "target": answer.target,
                "reason": answer.reason,
                "asked": asked.isoformat(),
            }
            for asked, answer in self.known.values()
        ]
        with whole(self.path) as part:
            part.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")

"""What a student's notebook may take while it is graded."""

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Caps for one notebook.

    Attributes
    ----------
    cell, notebook : float
        Seconds for one cell, and for all cells together.
    memory : int
        Megabytes, of all processes of the notebook together.
    output : int
        Megabytes that it may send: text, tables and figures.
    disk : int
        Megabytes that it may write; they are kept in memory and end with it.
    tasks : int
        Threads and processes at one time. The kernel itself needs about fifteen.
    processes : int
        Processes at one time.
    """

    cell: float = 60
    notebook: float = 600
    memory: int = 2048
    output: int = 20
    disk: int = 64
    tasks: int = 96
    processes: int = 12

    def as_dict(self) -> dict[str, Any]:
        """Return the caps as JSON-ready data."""
        return asdict(self)

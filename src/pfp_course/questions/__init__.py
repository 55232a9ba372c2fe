"""Questions: read from a bank, keyed by the data, asked in a notebook or on a page, marked.

``quiz`` and ``check`` are for notebooks; ``read_bank`` and ``check_bank`` for authors;
``mark`` and ``quiz_spec`` for what stands above: the book, exporters, assignments.
"""

from pfp_course.questions.api import check, quiz, quiz_spec, review, review_spec
from pfp_course.questions.bank import Bank, BankError, check_bank, read_bank
from pfp_course.questions.cues import bank_cues
from pfp_course.questions.kinds import Mark, mark
from pfp_course.questions.student_progress import course_outline, progress

__all__ = [
    "Bank",
    "BankError",
    "Mark",
    "bank_cues",
    "check",
    "check_bank",
    "course_outline",
    "mark",
    "progress",
    "quiz",
    "quiz_spec",
    "read_bank",
    "review",
    "review_spec",
]

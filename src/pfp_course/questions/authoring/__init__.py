"""For authors: a new bank, a schema for editors, a preview, answers, banks of other tools."""

from pfp_course.questions.authoring.answers import answer_key, printed_answers, right_answers
from pfp_course.questions.authoring.gift import read_gift
from pfp_course.questions.authoring.jupyterquiz import read_jupyterquiz
from pfp_course.questions.authoring.preview import preview_page
from pfp_course.questions.authoring.schema import bank_schema
from pfp_course.questions.authoring.writing import bank_text, new_bank

__all__ = [
    "answer_key",
    "bank_schema",
    "bank_text",
    "new_bank",
    "preview_page",
    "printed_answers",
    "read_gift",
    "read_jupyterquiz",
    "right_answers",
]

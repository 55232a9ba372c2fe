"""For authors: a new bank, a schema for editors, a preview, and banks of other tools."""

from pfp_course.questions.authoring.gift import read_gift
from pfp_course.questions.authoring.jupyterquiz import read_jupyterquiz
from pfp_course.questions.authoring.preview import preview_page
from pfp_course.questions.authoring.schema import bank_schema
from pfp_course.questions.authoring.writing import bank_text, new_bank

__all__ = [
    "bank_schema",
    "bank_text",
    "new_bank",
    "preview_page",
    "read_gift",
    "read_jupyterquiz",
]

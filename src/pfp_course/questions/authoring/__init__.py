"""For authors: a new bank, a schema for editors, a preview, answers, banks of other tools."""

from pfp_course.questions.authoring.gift import read_gift
from pfp_course.questions.authoring.importing import Note, Taken, decoded
from pfp_course.questions.authoring.jupyterquiz import read_jupyterquiz
from pfp_course.questions.authoring.moodle_xml import read_moodle_xml
from pfp_course.questions.authoring.pages import (
    answer_key,
    bank_schema,
    bank_text,
    new_bank,
    new_bank_text,
    preview_page,
    printed_answers,
)

__all__ = [
    "Note",
    "Taken",
    "answer_key",
    "bank_schema",
    "bank_text",
    "decoded",
    "new_bank",
    "new_bank_text",
    "preview_page",
    "printed_answers",
    "read_gift",
    "read_jupyterquiz",
    "read_moodle_xml",
]

"""Write a bank as a document that a teacher can read and edit."""

import re
from typing import Any

import yaml

from pfp_course.questions.bank import UNWRITTEN_OBJECTIVE

__all__ = ["bank_text", "new_bank"]

_HEAD = """\
# Questions. Check this file with: pfp questions check {name}
# yaml-language-server: $schema=bank.schema.json
"""


_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][0-9_.:eE+-]*")


class _Dumper(yaml.SafeDumper):
    """YAML with indented lists, and text in quotes only where it must be."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Readers of other versions of YAML would take 08 or 12:30 for a number.
    style = "'" if _LOOKS_LIKE_A_NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def bank_text(bank: dict[str, Any], name: str) -> str:
    """Return a bank as YAML.

    Parameters
    ----------
    bank : dict
        The fields of a bank, in the order in which they are to be written.
    name : str
        The name of the file, for the comment at its head.
    """
    text = yaml.dump(bank, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)
    return _HEAD.format(name=name) + text


def new_bank(chapter: str, title: str, questions: list[dict[str, Any]] | None = None) -> Any:
    """Return the fields of a bank: a working example, or one that holds the questions given."""
    objective = f"O{int(chapter)}.1"
    example = [
        {
            "id": f"{chapter}.first-signature",
            "objective": objective,
            "kind": "single",
            "ask": "Which state signed the Framework Document first?",
            "key": {"first": "signatories", "column": "country", "by": "signed"},
            "choices": [
                {"text": "Romania"},
                {"text": "Lithuania", "say": "Close. Lithuania signed one day later."},
                {"text": "Poland", "say": "Poland was the third."},
            ],
            "hints": ["Sort the table `signatories` by the column `signed`."],
            "because": "{key} signed on 26 January 1994.",
            "source": ["nato_update_1994_01"],
        },
        {
            "id": f"{chapter}.how-many",
            "objective": objective,
            "kind": "numeric",
            "ask": "How many states had signed by the end of 1994?",
            "key": {"count": "signatories", "where": 'signed <= "1994-12-31"'},
            "unit": "states",
            "traps": [{"value": {"count": "signatories"}, "say": "That is all of them."}],
            "otherwise": "Count the rows whose date is not after the end of 1994.",
            "because": "{key} states signed in the first year.",
            "source": ["wiki_pfp"],
        },
    ]
    for question in questions or []:
        question["id"] = f"{chapter}.{question['id']}"
        question["objective"] = objective
    return {
        "version": 1,
        "chapter": chapter,
        "title": title,
        "part": "My own chapters",
        "minutes": 45,
        "needs": [],
        "data": ["signatories"],
        "objectives": {
            objective: "Find the first row of a sorted table, and count rows by a condition."
            if questions is None
            else UNWRITTEN_OBJECTIVE
        },
        "questions": example if questions is None else questions,
    }

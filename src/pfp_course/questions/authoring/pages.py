"""What is written for authors and instructors: new banks, the schema, a preview, answer keys."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from pfp_course import palette
from pfp_course.questions import frontend
from pfp_course.questions.bank import UNWRITTEN_OBJECTIVE, Bank
from pfp_course.questions.exercises import Exercise
from pfp_course.questions.kinds import Form, Question
from pfp_course.questions.kinds.form import Mistake
from pfp_course.questions.reading import ABOUT, DOUBTFUL
from pfp_course.questions.spec import as_page, public_form, variant_forms
from pfp_course.questions.texts import as_html, spoken

__all__ = [
    "answer_key",
    "bank_schema",
    "bank_text",
    "new_bank",
    "new_bank_text",
    "preview_page",
    "printed_answers",
]


_RULES = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--pfp-paper);
       color: var(--pfp-ink); font: 1rem/1.5 system-ui, sans-serif; }
h2 { border-top: 1px solid var(--pfp-line); padding-top: 1rem; }
small { color: var(--pfp-ink-soft); }
.right { border-left: 4px solid var(--pfp-good); padding-left: .8rem; }
section { break-inside: avoid; margin-bottom: 1.6rem; }
.pfp-q-code { display: block; white-space: pre-wrap; margin: .4rem 0; }
.pfp-q-picture { max-width: 100%; height: auto; }
"""


def answer_key(banks: Sequence[Bank]) -> str:
    """Return one page with the answers to all questions and exercises of banks.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    body = "".join(part for bank in banks for part in _bank(bank))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Answer key</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{palette.page_rules()}{_RULES}</style></head>"
        "<body><main><h1>Answer key</h1><p>For instructors. The course is open, and so are these "
        "answers: whoever can read its source can compute them. For an examination, write "
        f"questions of your own.</p>{body}</main></body></html>\n"
    )


def printed_answers(bank: Bank) -> str:
    """Return the answers to a bank's questions as they are printed without a seed, as HTML.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    lines = [_printed(public_form(question)) for question in bank.questions]
    for exercise in bank.exercises:
        resolved = exercise.resolved()
        shown = "".join(f"<li>{as_html(line)}</li>" for line in _key_lines(resolved.key))
        lines.append(_answer(f"Exercise {exercise.id}", shown, resolved.because))
    return f"<h2>{int(bank.chapter)}. {escape(bank.title)}</h2>{''.join(lines)}"


def _printed(form: Form) -> str:
    shown = "".join(f"<li>{as_html(text)}</li>" for text in form.solution())
    return _answer(as_html(form.ask), shown, form.because)


def _answer(ask: str, shown: str, because: str) -> str:
    return (
        f'<div class="pfp-answer"><p><strong>{ask}</strong></p><ul>{shown}</ul>'
        f"<p>{as_html(because)}</p></div>"
    )


def _bank(bank: Bank) -> Iterator[str]:
    yield f"<h2>{int(bank.chapter)}. {escape(bank.title)}</h2>"
    for question in bank.questions:
        yield from _question(question)
    for exercise in bank.exercises:
        yield from _exercise(exercise)


def _question(question: Question) -> Iterator[str]:
    drawn = variant_forms(question)
    for number, form in enumerate(drawn, 1):
        which = f", variant {number} of {len(drawn)}" if len(drawn) > 1 else ""
        place = "in the text" if question.inline else "at the end"
        head = f"{question.id}, {question.objective}, {place}{which}"
        yield f"<section><p><strong>{as_html(form.ask)}</strong> <small>{head}</small></p>"
        lines = "".join(f"<li>{as_html(text)}</li>" for text in form.solution())
        title = "Rubric" if form.is_manual else "Right"
        yield f'<div class="right">{title}:<ul>{lines}</ul><p>{as_html(form.because)}</p></div>'
        yield "".join(f"<p>{_mistake(mistake)}</p>" for mistake in form.mistakes()) + "</section>"


def _mistake(mistake: Mistake) -> str:
    where = f"{mistake.where}: " if mistake.where else ""
    share = _percent(mistake.share)
    return f"{where}{as_html(mistake.text)}{share}: <em>{as_html(mistake.say)}</em>"


def _percent(share: float) -> str:
    return f" ({100 * share:.0f}%)" if share else ""


def _exercise(exercise: Exercise) -> Iterator[str]:
    resolved = exercise.resolved()
    yield f"<section><p><strong>{as_html(resolved.ask)}</strong> <small>exercise {exercise.id}, "
    yield f"{exercise.objective}</small></p>"
    shown = "".join(f"<li>{as_html(line)}</li>" for line in _key_lines(resolved.key))
    yield f'<div class="right">Right:<ul>{shown}</ul><p>{as_html(resolved.because)}</p></div>'
    yield "".join(f"<p>Hint: {as_html(hint)}</p>" for hint in resolved.hints) + "</section>"


def _key_lines(key: object) -> list[str]:
    if isinstance(key, dict) and "rows" in key:
        return [", ".join(spoken(cell) for cell in row) for row in key["rows"]]
    return [spoken(line) for line in (key if isinstance(key, list) else [key])]


_RULES_PREVIEW = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--pfp-paper);
       color: var(--pfp-ink); font: 1rem/1.5 system-ui, sans-serif; }
"""


def preview_page(spec: dict[str, Any]) -> str:
    """Return a page that asks the questions of a quiz, whole in one file.

    Parameters
    ----------
    spec : dict
        A quiz with ``id``, ``title``, ``course``, ``seed`` and ``questions``.
    """
    title = escape(spec["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{palette.page_rules()}{_RULES_PREVIEW}{frontend.stylesheet()}</style></head>"
        f"<body><main><h1>{title}</h1>{as_page(spec)}</main>"
        f"<script>{frontend.page_script()}</script></body></html>\n"
    )


_HEAD = """\
# Questions. Check this file with: pfp questions check {name}
# yaml-language-server: $schema=bank.schema.json
"""


_EXAMPLE = Path(__file__).with_name("example.yml")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][0-9_.:eE+-]*")


class _Dumper(yaml.SafeDumper):
    """YAML with indented lists, and text in quotes only where it must be."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Readers of other versions of YAML would take 08 or 12:30 for a number.
    unsure = _LOOKS_LIKE_A_NUMBER.fullmatch(text) or DOUBTFUL.fullmatch(text)
    style = "'" if unsure else "|" if "\n" in text else None
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


def new_bank_text(chapter: str, title: str, name: str) -> str:
    """Return a new bank as YAML: a working example of each kind of question, with comments.

    Parameters
    ----------
    chapter : str
        Two digits.
    title : str
        The title of the chapter.
    name : str
        The name of the file, for the comments at its head.
    """
    quoted = yaml.dump(title, Dumper=_Dumper, allow_unicode=True, width=10_000, default_style="'")
    values = {"@NAME@": name, "@NN@": chapter, "@N@": str(int(chapter)), "@TITLE@": quoted.strip()}
    text = _EXAMPLE.read_text(encoding="utf-8")
    return re.sub("@[A-Z]+@", lambda found: values[found[0]], text)


def new_bank(chapter: str, title: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of a bank that holds the questions given."""
    objective = f"O{int(chapter)}.1"
    for question in questions:
        question["id"] = f"{chapter}.{question['id']}"
        question["objective"] = objective
    return {
        "version": 1,
        "chapter": chapter,
        "title": title,
        "part": "My own chapters",
        "minutes": 45,
        "needs": [],
        "data": [],
        "objectives": {objective: UNWRITTEN_OBJECTIVE},
        "questions": questions,
    }


def bank_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a bank, made from its types."""
    schema = Bank.model_json_schema(by_alias=True)
    for model in (schema, *schema["$defs"].values()):
        for name, field in model.get("properties", {}).items():
            if name in ABOUT:
                field.setdefault("description", ABOUT[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Made by `pfp questions schema`; do not edit.",
        **schema,
    }

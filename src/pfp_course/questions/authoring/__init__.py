"""For authors: a new bank, a schema for editors, a preview, answers, banks of other tools."""

import codecs
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from pfp_course import palette
from pfp_course.errors import CourseError
from pfp_course.questions import frontend
from pfp_course.questions.authoring.gift import read_gift
from pfp_course.questions.authoring.importing import Note, Taken
from pfp_course.questions.authoring.jupyterquiz import read_jupyterquiz
from pfp_course.questions.authoring.moodle_xml import read_moodle_xml
from pfp_course.questions.bank import UNWRITTEN_OBJECTIVE, Bank
from pfp_course.questions.exercises import Exercise
from pfp_course.questions.kinds import Question
from pfp_course.questions.kinds.form import Mistake
from pfp_course.questions.reading import ABOUT, DOUBTFUL
from pfp_course.questions.spec import as_page, public_form, variant_forms
from pfp_course.questions.texts import as_html, spoken

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

_RULES = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--pfp-paper);
       color: var(--pfp-ink); font: 1rem/1.5 system-ui, sans-serif; }
"""
_RULES_OF_KEY = """\
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
    answers = "".join(part for bank in banks for part in _bank(bank))
    return _page(
        "Answer key",
        _RULES_OF_KEY,
        "<p>For instructors. The course is open, and so are these answers: whoever can read its "
        "source can compute them. For an examination, write questions of your own.</p>"
        f"{answers}</main>",
    )


def _page(title: str, rules: str, rest: str) -> str:
    """Return a page from its title, its rules, and what stands below the title."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{palette.page_rules()}{_RULES}{rules}</style></head>"
        f"<body><main><h1>{title}</h1>{rest}</body></html>\n"
    )


def printed_answers(bank: Bank) -> str:
    """Return the answers to a bank's questions as they are printed without a seed, as HTML.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    answers = [
        _printed(as_html(form.ask), form.solution(), form.because)
        for form in map(public_form, bank.questions)
    ]
    for exercise in bank.exercises:
        resolved = exercise.resolved()
        shown = _key_lines(resolved.key)
        answers.append(_printed(f"Exercise {exercise.id}", shown, resolved.because))
    return _heading(bank) + "".join(answers)


def _printed(ask: str, lines: list[str], because: str) -> str:
    answer = _listed(lines, because)
    return f'<div class="pfp-answer"><p><strong>{ask}</strong></p>{answer}</div>'


def _heading(bank: Bank) -> str:
    return f"<h2>{int(bank.chapter)}. {escape(bank.title)}</h2>"


def _listed(lines: list[str], because: str) -> str:
    items = "".join(f"<li>{as_html(line)}</li>" for line in lines)
    return f"<ul>{items}</ul><p>{as_html(because)}</p>"


def _bank(bank: Bank) -> Iterator[str]:
    yield _heading(bank)
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
        title = "Rubric" if form.is_manual else "Right"
        yield f'<div class="right">{title}:{_listed(form.solution(), form.because)}</div>'
        yield "".join(f"<p>{_mistake(mistake)}</p>" for mistake in form.mistakes()) + "</section>"


def _mistake(mistake: Mistake) -> str:
    where = f"{mistake.where}: " if mistake.where else ""
    share = f" ({100 * mistake.share:.0f}%)" if mistake.share else ""
    return f"{where}{as_html(mistake.text)}{share}: <em>{as_html(mistake.say)}</em>"


def _exercise(exercise: Exercise) -> Iterator[str]:
    resolved = exercise.resolved()
    yield f"<section><p><strong>{as_html(resolved.ask)}</strong> <small>exercise {exercise.id}, "
    yield f"{exercise.objective}</small></p>"
    answer = _listed(_key_lines(resolved.key), resolved.because)
    yield f'<div class="right">Right:{answer}</div>'
    yield "".join(f"<p>Hint: {as_html(hint)}</p>" for hint in resolved.hints) + "</section>"


def _key_lines(key: object) -> list[str]:
    if isinstance(key, dict) and "rows" in key:
        return [", ".join(spoken(cell) for cell in row) for row in key["rows"]]
    return [spoken(line) for line in (key if isinstance(key, list) else [key])]


def preview_page(spec: dict[str, Any]) -> str:
    """Return a page that asks the questions of a quiz, whole in one file.

    Parameters
    ----------
    spec : dict
        A quiz with ``id``, ``title``, ``course``, ``seed`` and ``questions``.
    """
    questions = f"{as_page(spec)}</main><script>{frontend.page_script()}</script>"
    return _page(escape(spec["title"]), frontend.stylesheet(), questions)


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


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NAMES = {
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western Europe)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "CP866 (Cyrillic)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_USUAL = re.compile("[а-яё]")
_WORD = re.compile("[А-ЯЁа-яё]{2,}")
_UNUSUAL = re.compile("[\\x80-\\x9f\u2500-\u259f\u00a4\u00a6\u00ac\ufffd]|[а-яё][А-ЯЁ]")
_LATIN = re.compile("[à-öø-ÿÀ-ÖØ-ß][A-Za-z]|[A-Za-z][à-öø-ÿÀ-ÖØ-ß]")


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text of a file, and the name of its encoding where that had to be guessed.

    Raises
    ------
    CourseError
        If it is no text.
    """
    for mark, name in _MARKS.items():
        if raw.startswith(mark):
            return _strictly(raw, name), ""
    sides = [raw[0::2].count(0), raw[1::2].count(0)]
    if max(sides) > len(raw) // 8:
        name = "utf-16-be" if sides[0] > sides[1] else "utf-16-le"
        return _strictly(raw, name), _NAMES[name]
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in raw:
        raise CourseError("it holds bytes that no text holds.")
    name = max(("cp1252", "cp1251", "koi8-r", "cp866"), key=lambda one: _score(raw, one))
    return raw.decode(name, "replace"), _NAMES[name]


def _strictly(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise CourseError(f"it begins as {name.upper()}, and is not.") from None


def _score(raw: bytes, name: str) -> int:
    """Return how much a text read in an encoding looks like words."""
    text = raw.decode(name, "replace")
    unusual = 3 * len(_UNUSUAL.findall(text))
    if name == "cp1252":
        return 3 * len(_LATIN.findall(text)) - unusual
    words = sum(map(len, _WORD.findall(text)))
    return words + len(_USUAL.findall(text)) - unusual

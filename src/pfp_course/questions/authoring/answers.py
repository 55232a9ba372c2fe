"""The answer key of banks, for instructors: one page, apart from the book."""

from collections.abc import Iterator, Sequence
from html import escape

from pfp_course import palette
from pfp_course.questions.bank import Bank
from pfp_course.questions.exercise import Exercise
from pfp_course.questions.kinds import Question, Spec
from pfp_course.questions.public import public, variants
from pfp_course.questions.texts import as_html, spoken

__all__ = ["answer_key", "printed_answers", "right_answers"]

_RULES = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--pfp-paper);
       color: var(--pfp-ink); font: 1rem/1.5 system-ui, sans-serif; }
h2 { border-top: 1px solid var(--pfp-line); padding-top: 1rem; }
small { color: var(--pfp-ink-soft); }
.right { border-left: 4px solid var(--pfp-good); padding-left: .8rem; }
section { break-inside: avoid; margin-bottom: 1.6rem; }
"""


def right_answers(spec: Spec) -> list[str]:
    """Return the right answer of a question in its public form, a line for each part."""
    match spec["kind"]:
        case "order":
            return [f"{place}. {text}" for place, text in enumerate(spec["items"], 1)]
        case "match" | "classify":
            options = spec["options"]
            return [f"{item['text']}: {options[item['right']]}" for item in spec["items"]]
        case "open":
            return [f"{one['text']} ({', '.join(one['levels'])})" for one in spec["rubric"]]
        case "numeric" if spec["tolerance"]:
            return [f"{spec['answer']} (give or take {spoken(float(spec['tolerance']))})"]
        case "numeric" | "text" | "date":
            return [spec["answer"]]
        case _:
            return [choice["text"] for choice in spec["choices"] if choice["right"]]


def answer_key(banks: Sequence[Bank]) -> str:
    """Return one page with the answers to all questions and exercises of banks.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    body = "".join(part for bank in banks for part in _bank(bank))
    colours = palette.properties("html", palette.LIGHT, "light")
    dark = palette.properties("html", palette.DARK, "dark")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Answer key</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{colours}@media (prefers-color-scheme: dark) {{{dark}}}{_RULES}</style></head>"
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
    lines = [_printed(public(question)) for question in bank.questions]
    for exercise in bank.exercises:
        resolved = exercise.resolved()
        shown = "".join(f"<li>{as_html(line)}</li>" for line in _key_lines(resolved.key))
        lines.append(_answer(f"Exercise {exercise.id}", shown, resolved.because))
    return f"<h2>{int(bank.chapter)}. {escape(bank.title)}</h2>{''.join(lines)}"


def _printed(spec: Spec) -> str:
    shown = "".join(f"<li>{as_html(text)}</li>" for text in right_answers(spec))
    return _answer(as_html(spec["ask"]), shown, spec["because"])


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
    drawn = variants(question)
    for number, spec in enumerate(drawn, 1):
        which = f", variant {number} of {len(drawn)}" if len(drawn) > 1 else ""
        place = "in the text" if question.inline else "at the end"
        head = f"{question.id}, {question.objective}, {place}{which}"
        yield f"<section><p><strong>{as_html(spec['ask'])}</strong> <small>{head}</small></p>"
        lines = "".join(f"<li>{as_html(text)}</li>" for text in right_answers(spec))
        title = "Rubric" if spec["kind"] == "open" else "Right"
        yield f'<div class="right">{title}:<ul>{lines}</ul><p>{as_html(spec["because"])}</p></div>'
        yield "".join(f"<p>{text}</p>" for text in _mistakes(spec)) + "</section>"


def _mistakes(spec: Spec) -> Iterator[str]:
    """Yield each wrong answer that the question knows, and what it tells the student."""
    for choice in spec.get("choices", []):
        if not choice["right"] and spec["kind"] in ("single", "multiple"):
            yield f"{as_html(choice['text'])}: <em>{as_html(choice['say'])}</em>"
    for trap in spec.get("traps", []):
        wrong = spoken(trap["value"]) if "value" in trap else trap["text"]
        yield f"{as_html(wrong)}: <em>{as_html(trap['say'])}</em>"


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

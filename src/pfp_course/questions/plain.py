"""A quiz without its widget: as text, and as HTML for print and for readers without scripts."""

import json
from typing import Any

from pfp_course.questions.kinds import Spec
from pfp_course.questions.texts import as_html, as_plain

__all__ = ["as_page", "as_text"]


def as_text(spec: dict[str, Any]) -> str:
    """Return a quiz as readable text, without its answers."""
    count = len(spec["questions"])
    lines = [f"{spec['title']} ({count} question{'' if count == 1 else 's'})"]
    for number, question in enumerate(spec["questions"], start=1):
        lines += ["", f"{number}. {as_plain(question['ask'])} [{_points(question)}]"]
        if "choices" in question:
            box = "( )" if question["kind"] == "single" else "[ ]"
            lines += [f"   {box} {as_plain(choice['text'])}" for choice in question["choices"]]
        else:
            lines.append(f"   ________ {question.get('unit', '')}".rstrip())
    return "\n".join(lines)


def _points(question: Spec) -> str:
    return "1 point" if question["points"] == 1 else f"{question['points']} points"


def as_page(spec: dict[str, Any]) -> str:
    """Return a quiz as HTML: the questions to read and print, and the data for the script."""
    # `</script>` and `<!--` inside a string would end or swallow the element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    items = "".join(_question(question) for question in spec["questions"])
    # A blank line would end the raw HTML where a page is made from Markdown.
    return (
        f'<div class="pfp-quiz" data-quiz="{spec["id"]}">'
        f'<script type="application/json" class="pfp-quiz-data">{data}</script>'
        f'<div class="pfp-quiz-plain"><ol class="pfp-q-list">{items}</ol></div></div>'
    )


def _question(question: Spec) -> str:
    ask = f"<p>{as_html(question['ask'])} <small>({_points(question)})</small></p>"
    if "choices" not in question:
        unit = as_html(question.get("unit", ""))
        return f'<li>{ask}<p aria-hidden="true">\u2026\u2026\u2026\u2026 {unit}</p></li>'
    sign = "\u25cb" if question["kind"] == "single" else "\u2610"
    choices = "".join(
        f'<li><span aria-hidden="true">{sign}</span> {as_html(choice["text"])}</li>'
        for choice in question["choices"]
    )
    return f'<li>{ask}<ul class="pfp-q-choices-plain">{choices}</ul></li>'

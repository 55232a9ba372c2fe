"""A quiz without its widget: as text, and as HTML for print and for readers without scripts."""

import json
from typing import Any

from pfp_course.questions.kinds import Spec
from pfp_course.questions.seeds import pick, shuffled
from pfp_course.questions.texts import as_html, as_plain

__all__ = ["as_page", "as_text"]


def as_text(spec: dict[str, Any]) -> str:
    """Return a quiz as readable text, without its answers."""
    if "cards" in spec:
        return "Review: what you missed, when its time has come. Run this cell in JupyterLab."
    if "form" in spec:
        return f"{spec['title']}: a form stands here in JupyterLab. {spec['explain']}"
    count = len(spec["questions"])
    lines = [f"{spec['title']} ({count} question{'' if count == 1 else 's'})"]
    for number, question in enumerate(_drawn(spec), start=1):
        lines += ["", f"{number}. {as_plain(question['ask'])} [{_points(question)}]"]
        lines += [f"   {sign} {as_plain(text)}" for sign, text in _parts(question, spec["seed"])]
        if options := question.get("options"):
            lines.append(f"   to choose from: {as_plain('; '.join(options))}")
    return "\n".join(lines)


def _drawn(spec: dict[str, Any]) -> list[Spec]:
    """Return the questions of a quiz, of variants the one that its seed draws."""
    return [
        question["variants"][pick(len(question["variants"]), spec["seed"], question["id"])]
        if "variants" in question
        else question
        for question in spec["questions"]
    ]


def _parts(question: Spec, seed: str) -> list[tuple[str, str]]:
    """Return the lines under a question: a sign for the pen, and the words beside it."""
    if choices := question.get("choices"):
        sign = "[ ]" if question["kind"] == "multiple" else "( )"
        pinned = [place for place, choice in enumerate(choices) if choice.get("pin")]
        order = (
            shuffled(len(choices), seed, question["id"], pinned)
            if question.get("shuffle")
            else range(len(choices))
        )
        return [(sign, choices[place]["text"]) for place in order]
    if question["kind"] == "order":
        order = shuffled(len(question["items"]), seed, question["id"])
        return [("__", question["items"][place]) for place in order]
    if items := question.get("items"):
        return [("____", item["text"]) for item in items]
    return [("________", question.get("unit", ""))]


def _points(question: Spec) -> str:
    return "1 point" if question["points"] == 1 else f"{question['points']} points"


def as_page(spec: dict[str, Any]) -> str:
    """Return a quiz as HTML: the questions to read and print, and the data for the script."""
    # `</script>` and `<!--` inside a string would end or swallow the element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    items = "".join(_question(question, spec["seed"]) for question in _drawn(spec))
    if "cards" in spec:
        items = "<li>This page needs scripts: your browser knows what you missed.</li>"
    # A blank line would end the raw HTML where a page is made from Markdown.
    return (
        f'<div class="pfp-quiz" data-quiz="{spec["id"]}">'
        f'<script type="application/json" class="pfp-quiz-data">{data}</script>'
        f'<div class="pfp-quiz-plain"><ol class="pfp-q-list">{items}</ol></div></div>'
    )


def _question(question: Spec, seed: str) -> str:
    ask = f"<p>{as_html(question['ask'])} <small>({_points(question)})</small></p>"
    parts = "".join(
        f'<li><span aria-hidden="true">{sign}</span> {as_html(text)}</li>'
        for sign, text in _parts(question, seed)
    )
    options = question.get("options")
    choose = f"<p>To choose from: {as_html('; '.join(options))}</p>" if options else ""
    return f'<li>{ask}<ul class="pfp-q-choices-plain">{parts}</ul>{choose}</li>'

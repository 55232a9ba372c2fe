"""The public form of a question, with its pictures, and a quiz as text and HTML."""

import base64
import json
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from pfp_course.data import source
from pfp_course.errors import CourseError
from pfp_course.questions.kinds import Form, Question, Spec, form_of
from pfp_course.questions.seeds import pick
from pfp_course.questions.texts import as_html, as_plain, map_pictures

__all__ = [
    "UNWRITTEN_ALT",
    "PictureError",
    "as_page",
    "as_saved",
    "as_text",
    "drawn",
    "kind_of",
    "public",
    "public_form",
    "variant_forms",
    "variants",
]


def public(question: Question, seed: str = "") -> Spec:
    """Return the public form of a question as JSON-ready data; see `public_form`."""
    return public_form(question, seed).as_json()


def public_form(question: Question, seed: str = "") -> Form:
    """Return the public form of a question; of variants the one that the seed draws.

    Raises
    ------
    CourseError
        If the key cannot be computed, or a text cannot be filled.
    """
    combinations = question.combinations()
    return _filled(question, combinations[pick(len(combinations), seed, question.id)])


def drawn(question: Spec, seed: str) -> Spec:
    """Return a question as JSON-ready data; of its ``variants`` the one that a seed draws."""
    if "variants" not in question:
        return question
    variants: list[Spec] = question["variants"]
    return variants[pick(len(variants), seed, question["id"])]


def variants(question: Question) -> list[Spec]:
    """Return all variants of a question as JSON-ready data; see `variant_forms`."""
    return [form.as_json() for form in variant_forms(question)]


def variant_forms(question: Question) -> list[Form]:
    """Return all variants of a question, in the order in which a seed counts them.

    Raises
    ------
    CourseError
        If a variant cannot be computed, two of them ask the same or have the same answer, or
        one holds its answer in its text.
    """
    forms = [_filled(question, varied) for varied in question.combinations()]
    if len(forms) < 2:
        return forms
    asks, answers = [form.ask for form in forms], [form.answer_line() for form in forms]
    for things, words in ((asks, "ask the same"), (answers, "have the same answer")):
        double = next((thing for thing in things if thing and things.count(thing) > 1), None)
        if double is not None:
            raise CourseError(f"two variants {words}: {double}. Narrow 'vary'.")
    for ask, answer in zip(asks, answers, strict=True):
        if answer and re.search(rf"(?<![\w.]){re.escape(answer)}(?![\w.])", as_plain(ask)):
            raise CourseError(f"a variant holds its answer, {answer}, in the question: {ask}")
    return forms


def _filled(question: Question, varied: dict[str, Any]) -> Form:
    values = question.values(varied)
    sources = [source(key, question.course) for key in question.source]
    form = question.public(
        values,
        {
            "id": question.id,
            "kind": question.kind,
            "objective": question.objective,
            "points": question.points,
            "attempts": question.attempts or 0,
            "confidence": question.confidence,
            "ask": values.fill(question.ask),
            "hints": [values.fill(hint) for hint in question.hints],
            "because": values.fill(question.because),
            "sources": [
                {"label": one.short, "text": one.reference(), "url": one.url} for one in sources
            ],
        },
    )
    spec = form.as_json()
    shown = _with_pictures(spec, question.folder)
    form = form if shown == spec else type(form).model_validate(shown)
    return form.sealed(form.deciding())


def _with_pictures(value: Any, folder: Path | None) -> Any:
    """Return JSON-ready data whose texts hold their pictures, or raise `PictureError`."""
    if isinstance(value, dict):
        return {name: _with_pictures(part, folder) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_pictures(part, folder) for part in value]
    return _embedded(value, folder) if isinstance(value, str) and "![" in value else value


# What an import leaves for the author where a picture has no words.
UNWRITTEN_ALT = "Say here what the picture shows"
_LARGEST = 200_000  # bytes; it travels within each page and notebook that asks the question
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}


class PictureError(CourseError):
    """A picture that cannot be shown."""


def kind_of(content: bytes) -> str | None:
    """Return ``png``, ``jpeg``, ``gif`` or ``webp`` for the bytes of a picture, else None."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for sign, kind in _SIGNATURES.items() if content.startswith(sign)), None)


def _embedded(text: str, folder: Path | None) -> str:
    """Return a text whose pictures are data, so that it needs no file and no network."""

    def change(target: str, alt: str) -> str:
        if alt.strip() == UNWRITTEN_ALT:
            raise PictureError(
                f"the picture {target} has no words. Say between [ and ] what it shows."
            )
        if target.startswith("data:"):
            raise PictureError("a picture is a file beside the bank; name it: ![words](map.png).")
        if folder is None:
            raise PictureError(f"the picture {target} has no folder. Read the bank from its file.")
        name = PurePosixPath(target)
        if ":" in target or "\\" in target or name.is_absolute() or ".." in name.parts:
            raise PictureError(
                f"the picture {target} is not beside the bank. Save it there, and give its name "
                "alone."
            )
        return _data(folder / name)

    return map_pictures(text, change)


def _data(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > _LARGEST:
            raise PictureError(
                f"the picture {path.name} has {status.st_size // 1000} kB; at most "
                f"{_LARGEST // 1000} are taken. Make it smaller."
            )
        return _encoded(path, status.st_mtime_ns)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise PictureError(
            f"the picture {path.name} is not beside the bank ({reason}). Put it there."
        ) from None


@lru_cache(maxsize=64)
def _encoded(path: Path, stamp: int) -> str:
    content = path.read_bytes()
    kind = kind_of(content)
    if kind is None:
        raise PictureError(
            f"the picture {path.name} is no PNG, JPEG, GIF or WebP. Save it as PNG; an SVG could "
            "hold a script."
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def as_text(spec: dict[str, Any]) -> str:
    """Return a quiz as readable text, without its answers."""
    if "cards" in spec:
        return "Review: what you missed, when its time has come. Run this cell in JupyterLab."
    if "form" in spec:
        return f"{spec['title']}: a form stands here in JupyterLab. {spec['explain']}"
    count = len(spec["questions"])
    lines = [f"{spec['title']} ({count} question{'' if count == 1 else 's'})"]
    for number, question in enumerate(_drawn(spec), start=1):
        ask = question.print_ask(as_plain(question.ask))
        lines += ["", f"{number}. {ask} [{_points(question)}]"]
        lines += [
            f"   {sign} {as_plain(text)}".replace("\n", "\n       ")
            for sign, text in question.print_lines(spec["seed"])
        ]
        if options := question.print_options():
            lines.append(f"   to choose from: {as_plain('; '.join(options))}")
    return "\n".join(lines)


def _drawn(spec: dict[str, Any]) -> list[Form]:
    """Return the questions of a quiz, of variants the one that its seed draws."""
    return [form_of(drawn(question, spec["seed"])) for question in spec["questions"]]


def _points(question: Form) -> str:
    return "1 point" if question.points == 1 else f"{question.points} points"


def as_page(spec: dict[str, Any]) -> str:
    """Return a quiz as HTML: the questions to read and print, and the data for the script."""
    # `</script>` and `<!--` inside a string would end or swallow the element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    items = "".join(
        _question(question, spec["seed"], f' id="q-{question.id}"') for question in _drawn(spec)
    )
    if "cards" in spec:
        items = "<li>This page needs scripts: your browser knows what you missed.</li>"
    # A blank line would end the raw HTML where a page is made from Markdown.
    return (
        f'<div class="pfp-quiz" data-quiz="{spec["id"]}">'
        f'<script type="application/json" class="pfp-quiz-data">{data}</script>'
        f'<div class="pfp-quiz-plain"><ol class="pfp-q-list">{items}</ol></div></div>'
    )


# In JupyterLab the text gives way to the live quiz under it; where no quiz is live, its empty
# place, or the message that its model is not found, gives way to the text.
_STAND_IN = (
    ".jp-OutputArea-child:has(.pfp-quiz-saved):has(+ .jp-OutputArea-child .pfp-quiz-live),"
    ".jp-OutputArea-child:has(.pfp-quiz-saved) + "
    ".jp-OutputArea-child:not(:has(.pfp-quiz-live)) {display: none}"
)
_WAKE = (
    "This part is not running. To use it, choose Run, then Run All Cells in the menu of JupyterLab."
)


def as_saved(spec: dict[str, Any], name: str) -> str:
    """Return a quiz as HTML for a notebook without its kernel: what it asks, and what to do.

    By its ``name`` in the notebook the live quiz finds and hides it.
    """
    title = f"<p><strong>{as_html(spec['title'])}</strong></p>"
    # Of a form, and of what is due for review, there is no text.
    asked = [] if "cards" in spec or "form" in spec else _drawn(spec)
    items = "".join(_question(question, spec["seed"]) for question in asked)
    return (
        f'<div class="pfp-quiz-saved" data-pfp-stand-in="{name}"><style>{_STAND_IN}</style>'
        f"{title}<p><em>{_WAKE}</em></p>{f'<ol>{items}</ol>' if items else ''}</div>"
    )


def _question(question: Form, seed: str, anchor: str = "") -> str:
    ask = f"<p>{question.print_ask(as_html(question.ask))} <small>({_points(question)})</small></p>"
    parts = "".join(
        f'<li><span aria-hidden="true">{sign}</span> {as_html(text)}</li>'
        for sign, text in question.print_lines(seed)
    )
    options = question.print_options()
    choose = f"<p>To choose from: {as_html('; '.join(options))}</p>" if options else ""
    return f'<li{anchor}>{ask}<ul class="pfp-q-choices-plain">{parts}</ul>{choose}</li>'

"""What the link check found, for people and for spreadsheets."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO

from pfp_course.publishing.links.asking import Answer, Verdict
from pfp_course.publishing.links.collecting import Mention

__all__ = ["as_csv", "as_markdown"]

_HEADS = {
    Verdict.dead: "Dead: take another source, or an archived copy",
    Verdict.moved: "Moved: write the new address",
    Verdict.uncertain: "Uncertain: open it in a browser",
}
_FIELDS = ("verdict", "address", "status", "target", "reason", "file", "line", "what")

Mentions = Mapping[str, Sequence[Mention]]


def as_markdown(answers: Mapping[str, Answer], mentions: Mentions, day: date) -> str:
    """Return the report as Markdown: what is to be done first comes first."""
    counts = Counter(answer.verdict for answer in answers.values())
    summary = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    lines = [
        f"# Links of the course, {day.isoformat()}",
        "",
        f"{len(answers)} addresses: {summary}.",
    ]
    for verdict, head in _HEADS.items():
        found = [answer for answer in answers.values() if answer.verdict is verdict]
        if found:
            lines += ["", f"## {head}", ""]
        for answer in found:
            status = f" ({answer.status})" if answer.status else ""
            target = f" → <{answer.target}>" if answer.target else ""
            lines.append(f"- <{answer.address}>{target}: {answer.reason}{status}")
            lines += [f"  - `{mention}`" for mention in mentions.get(answer.address, ())]
    return "\n".join(lines) + "\n"


def as_csv(answers: Mapping[str, Answer], mentions: Mentions) -> str:
    """Return one line for each mention of each address."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_FIELDS)
    for answer in answers.values():
        for mention in mentions.get(answer.address, ()):
            row = (
                *(answer.verdict, answer.address, answer.status or "", answer.target),
                *(answer.reason, mention.file, mention.line, mention.what),
            )
            writer.writerow(map(_harmless, row))
    return text.getvalue()


def _harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; an address stays what it is."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

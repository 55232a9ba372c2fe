"""The report of a run: what was not as it should be, and what to do about it."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from pfp_course.classroom.grading.gradebooks import STATUS
from pfp_course.classroom.grading.ledger import Ledger, Problem
from pfp_course.classroom.grading.pages import page, table
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.sheets import csv_line

__all__ = ["KINDS", "write_report"]

_SHOWN = 200  # lines of a kind on the page; the table holds all

# What happened, what it meant for the grade, and what to do; in the order of their weight.
KINDS = {
    "conflict": (
        "Handed in by one student, signed by another",
        "Not counted. Ask both. If the name was a mistake, add it to the column also of the list "
        "of students, at the one who handed it in, and grade again.",
    ),
    "same": (
        "The same answers from two students",
        "Both count. Answers with equal moments come from one file. Talk to both.",
    ),
    "unknown": (
        "Signed with a name that is not on your list",
        "Graded, and not passed on to Canvas or Moodle. If you know who it is, add the name to "
        "the column also of the list of students, and grade again.",
    ),
    "ambiguous": (
        "Two students have this name",
        "Not counted. Ask who it is, add an id to the list of students, and let them sign with it.",
    ),
    "nameless": (
        "Not signed",
        "Not counted. Ask whose it is, and let them sign and hand in again.",
    ),
    "assignment": (
        "It belongs to another assignment",
        "Not counted here. Ask for the right receipt, or grade it with the key of its assignment.",
    ),
    "damaged": ("It cannot be read", "Blank, not 0. Ask the student to hand it in again."),
    "large": ("It is too large", "Blank, not 0. A receipt is small: ask for the receipt alone."),
    "zip": ("A zip that cannot be used", "Blank, not 0. Ask for the receipt itself, not a zip."),
    "progress": (
        "The record of answers was handed in, not the receipt",
        "Blank, not 0. Ask the student to press Submit, or to run pfp submit, and to hand in the "
        "receipt.",
    ),
    "key": ("A key was handed in", "Nothing was read. Find out how a student came by the key."),
    "link": ("A link", "Not followed. Ask for the file itself."),
    "special": ("No ordinary file", "Not opened. Ask for the file itself."),
    "other": (
        "Another file, and no receipt from this student",
        "Blank, not 0. Ask for the receipt: a small file whose name begins with receipt.",
    ),
    "refused": (
        "Late, and not accepted",
        "Blank, not 0. To accept it, give the student a day in the column due of the list.",
    ),
    "late": ("Late", "Counted as you decided with --late."),
    "variant": (
        "Answers to another variant than the student's own",
        "Held back. The variant follows from the name that was typed: a name changed afterwards, "
        "or somebody looked for an easier one. Decide in to-mark.csv, or grade with "
        "--variants count.",
    ),
    "begun": (
        "Begun under another name than it is signed with",
        "Variants follow from the name. Answers to variants of the other name wait in to-mark.csv, "
        "with what they would earn. If the name was only misspelt, give it.",
    ),
    "bank": (
        "Answered with another version of the questions",
        "Answers to unchanged questions count. Those to changed ones wait in to-mark.csv.",
    ),
    "changed": (
        "Answers to questions that have changed",
        "They wait in to-mark.csv. Grade with the key that students had, and name the new one "
        "with --mended.",
    ),
    "answer": ("Answers that are damaged", "They wait in to-mark.csv; the rest counts."),
    "signed": (
        "Signed with another name than on your list",
        "Counted for the account that handed it in. If variants follow from the name, this student "
        "chose them by choosing a name.",
    ),
    "unnamed": (
        "It names no assignment",
        "Counted, since it answers these questions. It was downloaded from a page of the book.",
    ),
    "replaced": ("A further receipt", "Not counted: the latest before the deadline counts."),
    "copy": ("The same receipt again", "Nothing to do."),
}


def write_report(
    ledger: Ledger, settings: Settings, folder: Path, counts: dict[str, int], facts: list[str]
) -> int:
    """Write the report as a table and as a page, and return how many lines it has.

    Parameters
    ----------
    counts
        How many students have which status.
    facts
        Sentences about the run, for the head of the page.
    """
    lines = 0
    with (folder / "report.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(["what", "student", "name", "file", "found", "to do"]))
        for problem in _ordered(ledger):
            title, todo = KINDS[problem.kind]
            file.write(
                csv_line([title, problem.student, problem.name, problem.place, problem.said, todo])
            )
            lines += 1
    parts = "".join(_part(ledger, kind) for kind in KINDS)
    body = (
        f'<p class="pfp-over">{escape(settings.key.title)}</p><h1>Report</h1>'
        + "".join(f"<p>{escape(fact)}</p>" for fact in facts)
        + table(
            "Students",
            ["What became of their work", "students"],
            [
                [escape(words), str(counts[name])]
                for name, words in STATUS.items()
                if name in counts
            ],
            numbers=1,
        )
        + (parts or "<p>There is nothing to look at: every receipt was in order.</p>")
    )
    (folder / "report.html").write_text(
        page(f"Report: {settings.key.title}", body, wide=True), encoding="utf-8"
    )
    return lines


def _ordered(ledger: Ledger) -> Iterator[Problem]:
    for kind in KINDS:
        yield from _of_kind(ledger, kind)


def _of_kind(ledger: Ledger, kind: str, most: int = -1) -> Iterator[Problem]:
    for row in ledger.all(
        "select kind, student, name, place, said from problem where kind = ?"
        " order by name, place, said limit ?",
        kind,
        most,
    ):
        yield Problem(*row)


def _part(ledger: Ledger, kind: str) -> str:
    count = ledger.one("select count(*) from problem where kind = ?", kind)
    if not count:
        return ""
    title, todo = KINDS[kind]
    rows = [
        [f"<bdi>{escape(one.name or '?')}</bdi>", escape(one.place), escape(one.said)]
        for one in _of_kind(ledger, kind, _SHOWN)
    ]
    more = (
        f'<p class="pfp-soft">{count - _SHOWN} more stand in report.csv.</p>'
        if count > _SHOWN
        else ""
    )
    listing = table("", ["student", "file", "found"], rows)
    return f"<h2>{escape(title)}: {count}</h2><p>{escape(todo)}</p>{listing}{more}"

"""The report of a run: what was not as it should be, and what to do about it."""

from html import escape
from pathlib import Path

from pfp_course.grading.database import Database
from pfp_course.grading.gradebooks import STATUS
from pfp_course.grading.lms_names import tidy
from pfp_course.grading.pages import page, table
from pfp_course.grading.rows import FileRow, Problem
from pfp_course.grading.rules import Settings
from pfp_course.grading.sheets import csv_line

__all__ = ["KINDS", "report_other_files", "write_report"]

_SHOWN = 200  # lines of a kind on the page; the table holds all

# What happened, what it meant for the grade, and what to do; in the order of their weight.
KINDS = {
    "failed": (
        "It could not be marked because of a mistake in this command",
        "Blank, not 0. Nobody else was touched by it. Please report it, with the file.",
    ),
    "conflict": (
        "Handed in by one student, signed by another",
        "Not counted. Ask both. Decide in to-decide.csv: yes for the one who handed it in, no, or "
        "the id of the student whose it is. If the name was a mistake, you can also add it to the "
        "column also of the list of students.",
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
        "Not counted. Ask who it is. Write the student's id into the column decision of "
        "to-decide.csv, or let them sign with their id.",
    ),
    "nameless": (
        "Not signed",
        "Not counted. Ask whose it is. Write the student's id into to-decide.csv, or let them "
        "sign and hand in again.",
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
    "working": (
        "A file of the working folder, not the receipt",
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
        "with --key-mended.",
    ),
    "answer": ("Answers that are damaged", "They wait in to-mark.csv; the rest counts."),
    "date": (
        "A date that cannot be",
        "Held back, and it costs no points. The clock of a student's computer can be wrong. Decide "
        "in to-decide.csv: yes, and how many days late it was (0 for in time), or no.",
    ),
    "lacks": (
        "A later receipt lacks answers of an earlier one",
        "Held back: no answer is lost. It may come from a freshly unpacked folder. Decide in "
        "to-decide.csv: yes to the receipt that counts, or to several, whose answers are then "
        "taken together.",
    ),
    "empty": (
        "A receipt without an answer",
        "Held back. It may come from a freshly unpacked folder: ask for the other one. If there is "
        "none, decide in to-decide.csv: yes for no points.",
    ),
    "apart": (
        "Two receipts that do not continue one another",
        "Held back. Somebody else may have signed with this name, or the work was begun anew in "
        "another folder. Ask, and decide in to-decide.csv: yes or no.",
    ),
    "strange": (
        "A receipt without an account, beside one with an account",
        "Not counted: the name can have been written by anybody. Ask the student. If it is theirs, "
        "write yes into to-decide.csv, at all receipts that count.",
    ),
    "accounts": (
        "Several accounts for one student",
        "Held back. Ask whose receipts they are, and decide in to-decide.csv: yes, no, or the "
        "student's id.",
    ),
    "shopped": (
        "Several names, each with variants of its own",
        "Variants follow from the name that is typed. Whoever signs with several forms of a name "
        "sees several variants. Talk to the student.",
    ),
    "signed": (
        "Signed with another name than on your list",
        "Counted for the account that handed it in. If variants follow from the name, this student "
        "chose them by choosing a name.",
    ),
    "unnamed": (
        "It names no assignment",
        "Counted, since it answers these questions. It was downloaded from a page of the book.",
    ),
    "stale": (
        "A decision of yours that no longer fits",
        "The file was not treated as you decided. Look at the new to-decide.csv.",
    ),
    "roster": (
        "Your list of students",
        "Mend the list, and grade again with --regrade.",
    ),
    "merged": (
        "Parts of the work in several receipts",
        "Counted together: each question was answered in one of them only.",
    ),
    "wrapped": (
        "A receipt inside a file of another kind",
        "Counted: its checksum fits. Ask the student to hand in the receipt itself next time.",
    ),
    "beside": (
        "Other files beside the receipt",
        "Nothing to do: the receipt counts.",
    ),
    "left": ("Left out by your decision", "Nothing to do."),
    "replaced": ("A further receipt", "Not counted: the latest before the deadline counts."),
    "copy": ("The same receipt again", "Nothing to do."),
}


def write_report(
    database: Database, settings: Settings, folder: Path, counts: dict[str, int], about: list[str]
) -> int:
    """Write the report as a table and as a page, and return how many lines it has.

    Parameters
    ----------
    counts
        How many students have which status.
    about
        Sentences about the run, for the head of the page.
    """
    lines, parts = 0, ""
    with (folder / "report.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(["what", "student", "name", "file", "found", "to do"]))
        for kind, (title, todo) in KINDS.items():
            count, shown = 0, []
            for problem in database.problems(kind):
                file.write(csv_line([title, *problem[1:], todo]))
                count += 1
                if count <= _SHOWN:
                    shown.append(problem)
            parts += _part(kind, count, shown) if count else ""
            lines += count
    body = (
        f'<p class="pfp-over">{escape(settings.key.title)}</p><h1>Report</h1>'
        + "".join(f"<p>{escape(sentence)}</p>" for sentence in about)
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


def _part(kind: str, count: int, shown: list[Problem]) -> str:
    title, todo = KINDS[kind]
    rows = [
        [f"<bdi>{escape(problem.name or '?')}</bdi>", escape(problem.path), escape(problem.note)]
        for problem in shown
    ]
    more = (
        f'<p class="pfp-soft">{count - _SHOWN} more stand in report.csv.</p>'
        if count > _SHOWN
        else ""
    )
    listing = table("", ["student", "file", "found"], rows)
    return f"<h2>{escape(title)}: {count}</h2><p>{escape(todo)}</p>{listing}{more}"


def report_other_files(database: Database) -> None:
    """Report what could not be read, and note which students handed in nothing else."""
    database.set_unreadable()
    database.bundle_working_folders()
    _report_bundles(database)
    database.add_all(
        Problem(file.kind, file.student, _name(database, file), file.path, file.note)
        for file in database.unexplained_files()
    )
    note = "another student handed in the same answers, given at the same moments (group {})"
    database.add_all(
        Problem("same", row.student, row.name, row.path, note.format(row.checksum[:6]))
        for row in database.duplicates()
    )


def _name(database: Database, file: FileRow) -> str:
    student = database.student(file.student)
    return student.name if student else tidy(file.signed or file.owner)


def _report_bundles(database: Database) -> None:
    """Report all that one student handed in together in one line."""
    for bundle in database.bundles():
        apart = bundle.signers > 1 or bundle.accounts > 1
        if apart or not (bundle.has_receipt or bundle.working):
            continue
        receipt, files = database.bundled(bundle.path)
        for file in files:
            database.change_file(file.id, kind="beside")
        if bundle.unread:
            first = receipt or files[0]
            kind = "beside" if bundle.has_receipt else "progress"
            about = tidy(bundle.path, 300), _listed(bundle.path, files)
            database.add(Problem(kind, first.student, _name(database, first), *about))


def _listed(bundle: str, files: list[FileRow]) -> str:
    names = [file.path.removeprefix(f"{bundle}/") for file in files if file.kind != "other"]
    shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    count = f"{len(files)} files that are no receipts" if len(files) > 1 else "no receipt"
    broken = [
        f"{file.path.rpartition('/')[2]}: {file.note}"
        for file in files
        if file.kind == "damaged" and "receipt" in file.path.rpartition("/")[2].casefold()
    ]
    more = f"; a receipt among them cannot be read ({broken[0]})" if broken else ""
    return tidy(f"{count} ({shown}){more}", 400)

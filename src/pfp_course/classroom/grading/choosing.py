"""Whose receipt it is, and which of several counts."""

from collections.abc import Iterator

from pfp_course.classroom.grading.ledger import Ledger, Line, Problem
from pfp_course.classroom.grading.owners import identity, squeezed, tidy
from pfp_course.classroom.grading.roster import find
from pfp_course.classroom.grading.settings import Settings

__all__ = ["choose", "place"]

_CHUNK = 500


def place(ledger: Ledger, settings: Settings, *, listed: bool) -> None:
    """Find the student of everything that was handed in.

    Parameters
    ----------
    listed : bool
        Whether there is a list of students. Without one, whoever hands in is a student.
    """
    done = 0
    while chunk := list(ledger.lines(f"id > {done} and id <= {done + _CHUNK}")):
        done += _CHUNK
        found = [_placed(ledger, line, listed=listed) for line in chunk]
        ledger.report(problem for _, problem in found if problem)
        ledger.write(
            "update handed set student = ?, kind = ?, days = ? where id = ?",
            (
                (key, kind, _days(ledger, settings, line, key), line.id)
                for line, (key, problem) in zip(chunk, found, strict=True)
                for kind in [_kind(line, problem)]
            ),
        )


def _kind(line: Line, problem: Problem | None) -> str:
    stopped = problem is not None and problem.kind in ("conflict", "ambiguous", "nameless")
    return problem.kind if stopped and problem else line.kind


def _days(ledger: Ledger, settings: Settings, line: Line, key: str) -> int:
    if line.kind != "receipt" or not key:
        return 0
    due = ledger.one("select due from student where key = ?", key) or ""
    return settings.days_late(line.made, due, flagged=bool(line.late))


def _placed(ledger: Ledger, line: Line, *, listed: bool) -> tuple[str, Problem | None]:
    """Return the student of a line, and what is to be said about it."""
    return _on_the_list(ledger, line) if listed else _unlisted(ledger, line)


def _learn(ledger: Ledger, line: Line, key: str) -> None:
    """Keep the number of an account, by which Moodle and Canvas take grades back."""
    if line.system:
        ledger.write(
            f"update student set {line.system} = ? where key = ? and {line.system} = ''",
            [(line.number, key)],
        )


def _on_the_list(ledger: Ledger, line: Line) -> tuple[str, Problem | None]:
    account = _account(ledger, line)
    typed, several = find(ledger, identity(line.typed)) if line.typed else ("", False)
    if account and typed and account != typed:
        name = _name(ledger, account)
        said = f"{name} handed it in, but it is signed {tidy(line.typed)!r}"
        return account, Problem("conflict", account, name, line.place, said)
    if account or typed:
        key = account or typed
        _learn(ledger, line, key)
        note = None
        if line.kind == "receipt" and not typed:
            said = f"it is signed {tidy(line.typed)!r}, which is no name on your list"
            note = Problem("signed", key, _name(ledger, key), line.place, said)
        return key, note
    if line.kind != "receipt":
        return "", None
    if several:
        said = f"two students on your list are called {tidy(line.typed)!r}"
        return "", Problem("ambiguous", "", tidy(line.typed), line.place, said)
    key, problem = _unlisted(ledger, line)
    name = tidy(line.typed)
    return key, problem or Problem("unknown", key, name, line.place, f"it is signed {name!r}")


def _account(ledger: Ledger, line: Line) -> str:
    """Return the student on the list whose account handed it in."""
    if not line.system:
        return ""
    found, _ = find(ledger, f"{line.system}:{identity(line.number)}")
    if found or not line.owner:
        return found
    name = (
        identity(line.owner) if line.system == "moodle" else f"canvas-name:{squeezed(line.owner)}"
    )
    return find(ledger, name)[0]


def _unlisted(ledger: Ledger, line: Line) -> tuple[str, Problem | None]:
    typed = identity(line.typed)
    name = tidy(line.typed)
    if line.system == "moodle":
        # The number of an account is sure; in Moodle's names it cannot be mistaken.
        key, name = f"moodle:{line.number}", tidy(line.owner)
        if name == "Participant":  # Moodle marks blindly, and so do we
            name = f"Participant {line.number}"
    elif typed:
        key = f"{typed}|canvas:{line.number}" if line.system == "canvas" else typed
    elif line.kind == "receipt":
        return "", Problem("nameless", "", "", line.place, "it is signed with no visible letter")
    else:
        return "", None
    ledger.write(
        "insert or ignore into student (key, name, sort, number, login, email, section, canvas,"
        " moodle, due, known) values (?,?,?,'','','','',?,?,'',0)",
        [
            (
                *(key, name, identity(name)),
                line.number if line.system == "canvas" else "",
                line.number if line.system == "moodle" else "",
            )
        ],
    )
    return key, None


def _name(ledger: Ledger, key: str) -> str:
    return str(ledger.one("select name from student where key = ?", key) or "")


def choose(ledger: Ledger, settings: Settings) -> None:
    """Choose the receipt of each student that counts: the latest before the deadline.

    If all came after it, the latest counts, or none, as the instructor decided.
    """
    order = "student, days > 0, made desc, checksum, place"
    chosen: Line | None = None
    changes: list[tuple[str, int, float, str]] = []
    problems: list[Problem] = []
    for line, days in _receipts(ledger, order):
        if chosen is not None and chosen.student == line.student:
            problems.append(_further(ledger, chosen, line))
        else:
            chosen = line
            refused = days > 0 and settings.late == "refuse"
            changes.append((line.student, line.id, days, "refused" if refused else "graded"))
            problems.extend(_about(ledger, settings, line, days))
        if len(problems) + len(changes) > _CHUNK:
            _write(ledger, changes, problems)
    _write(ledger, changes, problems)
    _unread(ledger)
    _same_answers(ledger)


def _receipts(ledger: Ledger, order: str) -> Iterator[tuple[Line, float]]:
    columns = ", ".join(Line._fields)
    rows = ledger.all(
        f"select {columns}, days from handed where kind = 'receipt' and student != ''"
        f" order by {order}"
    )
    for row in rows:
        yield Line(*row[:-1]), row[-1]


def _write(
    ledger: Ledger, changes: list[tuple[str, int, float, str]], problems: list[Problem]
) -> None:
    ledger.write(
        "update student set handed = ?, days = ?, status = ? where key = ?",
        ((number, days, status, key) for key, number, days, status in changes),
    )
    ledger.report(problems)
    changes.clear()
    problems.clear()


def _further(ledger: Ledger, chosen: Line, line: Line) -> Problem:
    if line.checksum == chosen.checksum and line.checksum:
        kind, said = "copy", f"it holds the same answers as {chosen.place}, which counts"
    else:
        kind = "replaced"
        said = f"it was made {_spoken(line.made)}; {chosen.place}, {_spoken(chosen.made)}, counts"
    return Problem(kind, line.student, _name(ledger, line.student), line.place, said)


def _about(ledger: Ledger, settings: Settings, line: Line, days: float) -> Iterator[Problem]:
    name = _name(ledger, line.student)
    if days > 0:
        due = ledger.one("select due from student where key = ?", line.student) or ""
        flag = " (Canvas calls it late)" if line.late else ""
        when = "" if settings.days_late(line.made, due, flagged=False) else flag
        kind = "refused" if settings.late == "refuse" else "late"
        said = f"it was made {_spoken(line.made)}, day {days:.0f} after the deadline{when}"
        yield Problem(kind, line.student, name, line.place, said)
    if line.banks:
        said = f"it was answered with another version of the questions of {line.banks}"
        yield Problem("bank", line.student, name, line.place, tidy(said))
    if line.begun:
        said = f"its variants were drawn for {tidy(line.begun)!r}"
        yield Problem("begun", line.student, name, line.place, said)
    if line.said:
        yield Problem("unnamed", line.student, name, line.place, line.said)


def _spoken(made: str) -> str:
    return f"{made[:10]} {made[11:16]} UTC"


def _unread(ledger: Ledger) -> None:
    """List what could not be read, and say so at students who handed in nothing else."""
    ledger.write(
        "update student set status = 'unreadable' where status = 'missing' and key in"
        " (select student from handed where kind not in ('receipt', 'other'))",
        [()],
    )
    # Whoever handed in a receipt may hand in a notebook beside it.
    where = (
        "kind not in ('receipt', 'conflict', 'ambiguous', 'nameless') and not (kind = 'other'"
        " and student in (select key from student where handed is not null))"
    )
    for chunk in _chunks(ledger.lines(where)):
        ledger.report(
            Problem(line.kind, line.student, _whose(ledger, line), line.place, line.said)
            for line in chunk
        )


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _whose(ledger: Ledger, line: Line) -> str:
    return _name(ledger, line.student) or tidy(line.typed or line.owner)


def _same_answers(ledger: Ledger) -> None:
    """List receipts of two students with the same answers, given at the same moments."""
    rows = ledger.all(
        "select h.student, s.name, h.place, h.checksum from handed h join student s"
        " on s.key = h.student where h.kind = 'receipt' and h.checksum in (select checksum from"
        " handed where kind = 'receipt' and checksum != '' group by checksum"
        " having count(distinct student) > 1) order by h.checksum, s.sort"
    )
    said = "another student handed in the same answers, given at the same moments (group {})"
    for student, name, where, checksum in rows:
        ledger.report([Problem("same", student, name, where, said.format(checksum[:6]))])

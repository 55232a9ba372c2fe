"""Which of a student's receipts counts, and what about them waits for the teacher."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby

from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import identity, is_blind, same_letters, tidy
from pfp_course.grading.marks import Response, Settings, decoded, encoded, score
from pfp_course.grading.rows import Content, FileRow, Problem
from pfp_course.grading.teacher_tables import Decisions
from pfp_course.questions.seeds import seed_of

__all__ = ["choose"]

Responses = Sequence[Response | None]


@dataclass
class _Choice:
    """What becomes of a student's receipts."""

    chosen: FileRow
    days: float = 0
    parts: list[FileRow] = field(default_factory=list)  # of which the answers are taken together
    waits: bool = False
    problems: list[Problem] = field(default_factory=list)


def choose(database: Database, settings: Settings, decisions: Decisions) -> None:
    """Choose the receipt of each student that counts: the latest before the deadline.

    If all came after it, the latest counts, or none, as the instructor decided. A receipt that
    does not continue an earlier one, or whose date cannot be, waits for the teacher.
    """
    chooser = _Chooser(database, settings, decisions)
    for key, group in groupby(database.receipts(), key=lambda receipt: receipt.student):
        choice = chooser.choose(key, list(group))
        refused = choice.days > 0 and settings.late == "refuse" and not choice.waits
        status = "decide" if choice.waits else "refused" if refused else "graded"
        file = chooser.merged(choice) if len(choice.parts) > 1 else choice.chosen.id
        database.change_student(key, file=file, days=choice.days, status=status)
        database.add_all(choice.problems)


class _Chooser:
    def __init__(self, database: Database, settings: Settings, decisions: Decisions) -> None:
        self.database, self.settings, self.decisions = database, settings, decisions
        self.calendar = _Calendar(settings, database)
        self.name, self.due = "", ""  # of the student whose receipts are looked at
        self._answers: dict[int, Responses] = {}

    def choose(self, key: str, receipts: list[FileRow]) -> _Choice:
        """Return what becomes of a student's receipts; the latest stands first."""
        self._answers.clear()
        student = self.database.student(key)
        assert student is not None, "receipts are of students that are known"
        self.name, self.due = student.name, student.due
        receipts = [self._dated(receipt) for receipt in receipts]
        counted, problems = self._without_copies(receipts)
        choice = self._decided(counted) or self._latest(counted)
        choice.problems = problems + choice.problems
        if len(receipts) > 1:
            choice.problems += self._names(receipts)
        answered = any(receipt.answered for receipt in choice.parts)
        if not choice.waits and not choice.chosen.decided and not answered:
            choice = self._empty(choice)
        if not choice.waits:
            choice.problems += self._about(choice)
        return choice

    def _problem(self, kind: str, receipt: FileRow, note: str) -> Problem:
        return Problem(kind, receipt.student, self.name, receipt.path, note)

    def _dated(self, receipt: FileRow) -> FileRow:
        """Return a receipt with its days of delay; a date that cannot be costs none."""
        decided = self.decisions.of(receipt) if receipt.decided else None
        odd, days = self.calendar.doubt(receipt, self.due), 0
        if not odd:
            days = self.settings.days_late(receipt.made, self.due, flagged=bool(receipt.late))
        if decided is not None:
            days = days if decided.days is None else decided.days
            odd = ""
        return receipt._replace(days=days, odd=odd)

    def _without_copies(self, receipts: list[FileRow]) -> tuple[list[FileRow], list[Problem]]:
        """Leave out receipts that hold the same answers as another."""
        kept: dict[str, FileRow] = {}
        problems = []
        for receipt in sorted(receipts, key=lambda r: (not r.decided, bool(r.odd), r.days > 0)):
            same = kept.get(receipt.checksum) if receipt.checksum else None
            if same is None:
                kept[receipt.checksum or str(receipt.id)] = receipt
            else:
                note = f"it holds the same answers as {same.path}"
                problems.append(self._problem("copy", receipt, note))
        return sorted(kept.values(), key=lambda receipt: receipt.made, reverse=True), problems

    def _decided(self, receipts: list[FileRow]) -> _Choice | None:
        """Return what the teacher decided, if there is nothing new since."""
        chosen = [receipt for receipt in receipts if receipt.decided]
        if not chosen:
            return None
        new = [one for one in receipts if not one.decided and not self.decisions.seen(one)]
        base = self._together(chosen)
        if any(self._lacks(base, receipt) or receipt.made > chosen[0].made for receipt in new):
            return None
        problems = [self._replaced(chosen[0], one) for one in receipts if one not in chosen]
        days = max(receipt.days for receipt in chosen)
        return _Choice(chosen[0], days, chosen, problems=problems)

    def _latest(self, receipts: list[FileRow]) -> _Choice:
        """Return the latest receipt in time, if it continues all others."""
        sane = [receipt for receipt in receipts if not receipt.odd]
        pool = [receipt for receipt in sane if receipt.days == 0] or sane
        if not pool:
            return self._waiting(receipts, [("date", one, one.odd) for one in receipts])
        first = next((receipt for receipt in pool if receipt.system), pool[0])
        choice = _Choice(first, first.days, [first])
        held: list[tuple[str, FileRow, str]] = []
        if accounts := self._accounts(receipts):
            held += [("accounts", receipt, accounts) for receipt in receipts if receipt.system]
        for receipt in receipts:
            if receipt is first:
                continue
            why, note = self._relation(choice, receipt, in_time=receipt in pool)
            if why and first.system and not self._vouched(receipt, first):
                # Anybody could have written this name; the one with the account need not wait.
                choice.problems.append(self._problem("strange", receipt, note))
                self._wait(receipt, "strange", note)
                self._wait(first, "strange", "it counts now; if both count, say yes to both")
            elif why == "merged":
                choice.parts.append(receipt)
                choice.problems.append(self._problem("merged", receipt, note))
            elif why:
                held.append((why, receipt, note))
            else:
                choice.problems.append(self._replaced(first, receipt))
        if held:
            waiting = self._waiting(receipts, held)
            waiting.problems += choice.problems
            return waiting
        return choice

    def _vouched(self, receipt: FileRow, first: FileRow) -> bool:
        """Tell whether a receipt comes from an account, or goes on from one that does."""
        if receipt.system:
            return True
        mine, others = self.answers(first), self.answers(receipt)
        alike = sum(
            one is not None and one == other for one, other in zip(mine, others, strict=True)
        )
        return alike > 0 and _continues(mine, others)

    def _relation(self, choice: _Choice, receipt: FileRow, *, in_time: bool) -> tuple[str, str]:
        """Return how a further receipt stands to those that count: replaced, merged or waiting."""
        base, other = self._together(choice.parts), self.answers(receipt)
        lacks = self._lacks(base, receipt)
        chosen = choice.chosen
        number = chosen.system, chosen.number
        account = bool(receipt.system) and (receipt.system, receipt.number) == number
        if receipt.odd:
            if not lacks and _continues(other, base):
                return "", ""
            return "date", f"{receipt.odd}; {chosen.path} is of {_spoken(chosen.made)}"
        if not in_time:
            # Late work that goes on from what came in time is what the deadline is for.
            together = all(one is None or other[n] is not None for n, one in enumerate(base))
            if not lacks or together:
                return "", ""
            return "lacks", self._lacking(receipt, chosen, lacks, "which came in time")
        if not lacks:
            if account or _continues(other, base):
                return "", ""
            note = (
                f"{chosen.path} is later and does not go on from it: an answer there is older, "
                "or has fewer attempts. It comes from another folder, or from another person"
            )
            return "apart", note
        common = any(one is not None and base[n] is not None for n, one in enumerate(other))
        same = account or identity(receipt.signed) == identity(chosen.signed)
        if same and not common and any(base):
            names = ", ".join(part.path for part in choice.parts)
            return "merged", f"its answers are counted together with those of {tidy(names, 150)}"
        return "lacks", self._lacking(receipt, chosen, lacks, "which is later")

    def _lacking(self, receipt: FileRow, chosen: FileRow, lacks: list[str], how: str) -> str:
        shown = ", ".join(lacks[:6]) + (", …" if len(lacks) > 6 else "")
        return tidy(f"{chosen.path}, {how}, lacks {len(lacks)} of its answers ({shown})", 300)

    def _lacks(self, base: Responses, receipt: FileRow) -> list[str]:
        questions = self.settings.key.questions
        return [
            questions[place].id
            for place, one in enumerate(self.answers(receipt))
            if one is not None and (not base or base[place] is None)
        ]

    def _accounts(self, receipts: list[FileRow]) -> str:
        """Return what is wrong if two accounts handed in for one student."""
        owners = {(one.system, one.number): one.owner for one in receipts if one.system}
        names = list(owners.values())
        alike = all(same_letters(names[0], other) and not is_blind(other) for other in names[1:])
        if len(owners) < 2 or alike:
            return ""
        shown = " and ".join(
            tidy(f"{owner} ({number})" if owner else number, 80)
            for (_, number), owner in sorted(owners.items())
        )
        return f"several accounts handed in for this student: {shown}"

    def _waiting(self, receipts: list[FileRow], held: list[tuple[str, FileRow, str]]) -> _Choice:
        """Return a choice that waits; it shows the most that the teacher's word can give."""
        reasons = {receipt.id: (why, note) for why, receipt, note in reversed(held)}
        others = held[0][0], "it is one of those that you choose from"
        for receipt in receipts:
            self._wait(receipt, *reasons.get(receipt.id, others))
        worth = {receipt.id: self._worth([receipt]) for receipt in receipts}
        best = max(receipts, key=lambda receipt: worth[receipt.id])
        parts = [best] if worth[best.id] >= self._worth(receipts) else list(receipts)
        odd = any(receipt.odd for receipt in receipts)
        days = 0 if odd else min(receipt.days for receipt in receipts)
        problems = [self._problem(why, receipt, note) for why, receipt, note in held]
        return _Choice(best, days, parts, waits=True, problems=problems)

    def _empty(self, choice: _Choice) -> _Choice:
        """Return a choice that waits: a receipt without answers is seldom what was meant."""
        receipt, note = choice.chosen, "it holds no answer to any question"
        self._wait(receipt, "empty", note)
        problems = [*choice.problems, self._problem("empty", receipt, note)]
        return _Choice(receipt, choice.days, [receipt], waits=True, problems=problems)

    def _wait(self, receipt: FileRow, why: str, note: str) -> None:
        self.decisions.wait(receipt, receipt.student, why, note, self._worth([receipt]))

    def _worth(self, receipts: list[FileRow]) -> float:
        return score(self.settings, self._together(receipts), {}, 0).earned

    def answers(self, receipt: FileRow) -> Responses:
        """Return the answers of a receipt, a place for each question; None where there is none."""
        if receipt.id not in self._answers:
            self._answers[receipt.id] = decoded(self.database.responses(receipt.id))
        return self._answers[receipt.id]

    def _together(self, receipts: list[FileRow]) -> Responses:
        """Return the answers of several receipts; of two to one question the later."""
        found: list[Response | None] = [None] * len(self.settings.key.questions)
        for receipt in sorted(receipts, key=lambda receipt: receipt.made):
            found = [
                new if new is not None else old
                for new, old in zip(self.answers(receipt), found, strict=True)
            ]
        return found

    def merged(self, choice: _Choice) -> int:
        """Keep several receipts as one, and return its id."""
        parts, file = choice.parts, self.database.next_file()
        merged = FileRow(
            id=file,
            path=tidy(" + ".join(receipt.path for receipt in parts), 300),
            kind="merged",
            made=max(receipt.made for receipt in parts),
            checksum="".join(sorted(receipt.checksum[:8] for receipt in parts))[:48],
        )
        self.database.add(merged, Content(file, encoded(self._together(parts))))
        return file

    def _replaced(self, chosen: FileRow, receipt: FileRow) -> Problem:
        note = f"it was made {_spoken(receipt.made)}; {chosen.path}, {_spoken(chosen.made)}, counts"
        return self._problem("replaced", receipt, note)

    def _names(self, receipts: list[FileRow]) -> Iterator[Problem]:
        """Tell of a student who signs with several names, where each has variants of its own."""
        if self.settings.key.seed_by != "student":
            return
        names = {seed_of(one.signed): tidy(one.signed, 60) for one in reversed(receipts)}
        if len(names) > 1:
            note = f"{len(receipts)} receipts under {len(names)} names: {', '.join(names.values())}"
            yield self._problem("shopped", receipts[0], tidy(note, 400))

    def _about(self, choice: _Choice) -> Iterator[Problem]:
        receipt, days = choice.chosen, choice.days
        if days > 0:
            late = self.settings.days_late(receipt.made, self.due, flagged=False)
            flag = " (Canvas calls it late)" if receipt.late and not late else ""
            kind = "refused" if self.settings.late == "refuse" else "late"
            note = f"it was made {_spoken(receipt.made)}, day {days:.0f} after the deadline{flag}"
            yield self._problem(kind, receipt, note)
        for receipt in choice.parts:
            if receipt.banks:
                note = f"it was answered with another version of the questions of {receipt.banks}"
                yield self._problem("bank", receipt, tidy(note))
            if receipt.begun:
                note = f"its variants were drawn for {tidy(receipt.begun)!r}"
                yield self._problem("begun", receipt, note)
            if receipt.note:
                yield self._problem("unnamed", receipt, receipt.note)
            if receipt.wrapped:
                note = "the receipt stood in a file of another kind, and its checksum fits"
                yield self._problem("wrapped", receipt, note)


def _continues(earlier: Responses, later: Responses) -> bool:
    """Tell whether the later answers are those of the same record, gone on with."""
    for old, new in zip(earlier, later, strict=True):
        if old is None or new is None or old == new:
            continue
        if new.at < old.at or new.attempts < old.attempts:
            return False
    return True


_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)  # from an assignment to its deadline, and from it to late work
_RESET = timedelta(days=30)  # by which a clock went back since an answer was given


def _spoken(made: str) -> str:
    """Return a moment in words."""
    return f"{made[:10]} {made[11:16]} UTC"


class _Calendar:
    """Tells which dates of receipts can be, by the deadline and the day on which the key was made.

    If most receipts are older than the key, the key was written anew, and its own date says
    nothing.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.now = datetime.now(UTC)
        self.first = settings.due - _LONGEST
        self.since = ""
        made = settings.key.made
        if made:
            begun = datetime.fromisoformat(made).replace(tzinfo=UTC) - _DAY
            stamp = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
            since = self.first.strftime("%Y-%m-%dT%H:%M:%SZ")
            older = database.count_receipts(since, stamp)
            if begun < settings.due and 2 * older <= database.count_receipts(since):
                self.first, self.since = begun, made

    def doubt(self, file: FileRow, due: str) -> str:
        """Return why the date of a receipt cannot be, or an empty text."""
        made = datetime.fromisoformat(file.made)
        end = max(self.settings.due, datetime.fromisoformat(due) if due else self.settings.due)
        last = end + _LONGEST
        if self.now >= end:
            last = min(last, self.now + _DAY)
        when = f"its date is {_spoken(file.made)}"
        if made > last:
            future = made > self.now + _DAY
            return f"{when}, {'in the future' if future else 'more than a year after the deadline'}"
        if made < self.first:
            if self.since:
                return f"{when}, before the assignment was made ({self.since})"
            return f"{when}, more than a year before the deadline"
        if self._reset(made, file.latest):
            return f"{when}, and an answer in it was given later, on {_spoken(file.latest)}"
        return ""

    def _reset(self, made: datetime, answered: str) -> bool:
        if answered[:10] <= made.isoformat()[:10]:
            return False
        try:
            latest = datetime.fromisoformat(answered)
        except ValueError:
            return False
        # A clock that lies in the future while an answer is given proves nothing about today.
        return made + _RESET < latest <= self.now + _DAY or (
            made + _RESET < latest <= self.settings.due + _LONGEST
        )

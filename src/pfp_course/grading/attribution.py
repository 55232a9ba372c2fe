"""Which of a student's receipts counts, and what about them waits for the teacher."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import identity, is_blind, same_letters, tidy
from pfp_course.grading.marks import Response, decoded, encoded
from pfp_course.grading.rows import Content, FileRow, Problem
from pfp_course.grading.rules import Calendar, Settings, score, spoken
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
        self.calendar = Calendar(settings, database)
        self._answers: dict[int, Responses] = {}

    def choose(self, key: str, receipts: list[FileRow]) -> _Choice:
        """Return what becomes of a student's receipts; the latest stands first."""
        self._answers.clear()
        student = self.database.student(key)
        assert student is not None, "receipts are of students that are known"
        name, due = student.name, student.due
        receipts = [self._dated(receipt, due) for receipt in receipts]
        counted, problems = self._without_copies(receipts, name)
        choice = self._decided(counted, name) or self._latest(counted, name)
        choice.problems = problems + choice.problems
        if len(receipts) > 1:
            choice.problems += self._names(key, receipts, name)
        answered = any(receipt.answered for receipt in choice.parts)
        if not choice.waits and not choice.chosen.decided and not answered:
            choice = self._empty(choice, name)
        if not choice.waits:
            choice.problems += self._about(choice, name, due)
        return choice

    def _dated(self, receipt: FileRow, due: str) -> FileRow:
        """Return a receipt with its days of delay; a date that cannot be costs none."""
        decided = self.decisions.of(receipt) if receipt.decided else None
        odd = self.calendar.doubt(receipt, due)
        days = (
            self.settings.days_late(receipt.made, due, flagged=bool(receipt.late)) if not odd else 0
        )
        if decided is not None:
            days = days if decided.days is None else decided.days
            odd = ""
        return receipt._replace(days=days, odd=odd)

    def _without_copies(
        self, receipts: list[FileRow], name: str
    ) -> tuple[list[FileRow], list[Problem]]:
        """Leave out receipts that hold the same answers as another."""
        kept: dict[str, FileRow] = {}
        problems = []
        order = sorted(
            receipts, key=lambda receipt: (not receipt.decided, bool(receipt.odd), receipt.days > 0)
        )
        for receipt in order:
            same = kept.get(receipt.checksum) if receipt.checksum else None
            if same is None:
                kept[receipt.checksum or str(receipt.id)] = receipt
            else:
                note = f"it holds the same answers as {same.path}"
                problems.append(Problem("copy", receipt.student, name, receipt.path, note))
        return sorted(kept.values(), key=lambda receipt: receipt.made, reverse=True), problems

    def _decided(self, receipts: list[FileRow], name: str) -> _Choice | None:
        """Return what the teacher decided, if there is nothing new since."""
        chosen = [receipt for receipt in receipts if receipt.decided]
        if not chosen:
            return None
        new = [
            receipt
            for receipt in receipts
            if not receipt.decided and not self.decisions.seen(receipt)
        ]
        base = self._together(chosen)
        if any(self._lacks(base, receipt) or receipt.made > chosen[0].made for receipt in new):
            return None
        others = [receipt for receipt in receipts if receipt not in chosen]
        choice = _Choice(chosen[0], max(receipt.days for receipt in chosen), chosen)
        choice.problems = [self._replaced(choice, receipt, name) for receipt in others]
        return choice

    def _latest(self, receipts: list[FileRow], name: str) -> _Choice:
        """Return the latest receipt in time, if it continues all others."""
        sane = [receipt for receipt in receipts if not receipt.odd]
        pool = [receipt for receipt in sane if receipt.days == 0] or sane
        if not pool:
            return self._waiting(
                receipts, name, [("date", receipt, receipt.odd) for receipt in receipts]
            )
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
                choice.problems.append(
                    Problem("strange", receipt.student, name, receipt.path, note)
                )
                self.decisions.wait(
                    receipt, receipt.student, "strange", note, self._worth([receipt])
                )
                note = "it counts now; if both count, say yes to both"
                self.decisions.wait(first, first.student, "strange", note, self._worth([first]))
                continue
            if why == "merged":
                choice.parts.append(receipt)
                choice.problems.append(Problem("merged", receipt.student, name, receipt.path, note))
            elif why:
                held.append((why, receipt, note))
            else:
                choice.problems.append(self._replaced(choice, receipt, name))
        if held:
            waiting = self._waiting(receipts, name, held)
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
        account = bool(receipt.system) and (receipt.system, receipt.number) == (
            chosen.system,
            chosen.number,
        )
        if receipt.odd:
            if not lacks and _continues(other, base):
                return "", ""
            return "date", f"{receipt.odd}; {chosen.path} is of {spoken(chosen.made)}"
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
            names = ", ".join(f"{part.path}" for part in choice.parts)
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
        owners = {
            (receipt.system, receipt.number): receipt.owner
            for receipt in receipts
            if receipt.system
        }
        names = list(owners.values())
        alike = all(same_letters(names[0], other) and not is_blind(other) for other in names[1:])
        if len(owners) < 2 or alike:
            return ""
        shown = " and ".join(
            tidy(f"{owner} ({number})" if owner else number, 80)
            for (_, number), owner in sorted(owners.items())
        )
        return f"several accounts handed in for this student: {shown}"

    def _waiting(
        self, receipts: list[FileRow], name: str, held: list[tuple[str, FileRow, str]]
    ) -> _Choice:
        """Return a choice that waits; it shows the most that the teacher's word can give."""
        reasons = {receipt.id: (why, note) for why, receipt, note in reversed(held)}
        worth = {receipt.id: self._worth([receipt]) for receipt in receipts}
        for receipt in receipts:
            why, note = reasons.get(
                receipt.id, (held[0][0], "it is one of those that you choose from")
            )
            self.decisions.wait(receipt, receipt.student, why, note, worth[receipt.id])
        best = max(receipts, key=lambda receipt: worth[receipt.id])
        parts = [best] if worth[best.id] >= self._worth(receipts) else list(receipts)
        days = (
            0
            if any(receipt.odd for receipt in receipts)
            else min(receipt.days for receipt in receipts)
        )
        problems = [
            Problem(why, receipt.student, name, receipt.path, note) for why, receipt, note in held
        ]
        return _Choice(best, days, parts, waits=True, problems=problems)

    def _empty(self, choice: _Choice, name: str) -> _Choice:
        """Return a choice that waits: a receipt without answers is seldom what was meant."""
        receipt, note = choice.chosen, "it holds no answer to any question"
        self.decisions.wait(receipt, receipt.student, "empty", note, 0.0)
        problem = Problem("empty", receipt.student, name, receipt.path, note)
        problems = [*choice.problems, problem]
        return _Choice(receipt, choice.days, [receipt], waits=True, problems=problems)

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

    def _replaced(self, choice: _Choice, receipt: FileRow, name: str) -> Problem:
        chosen = choice.chosen
        note = f"it was made {spoken(receipt.made)}; {chosen.path}, {spoken(chosen.made)}, counts"
        return Problem("replaced", receipt.student, name, receipt.path, note)

    def _names(self, key: str, receipts: list[FileRow], name: str) -> Iterator[Problem]:
        """Tell of a student who signs with several names, where each has variants of its own."""
        if self.settings.key.seed_by != "student":
            return
        names = {
            seed_of(receipt.signed): tidy(receipt.signed, 60) for receipt in reversed(receipts)
        }
        if len(names) > 1:
            note = f"{len(receipts)} receipts under {len(names)} names: {', '.join(names.values())}"
            yield Problem("shopped", key, name, receipts[0].path, tidy(note, 400))

    def _about(self, choice: _Choice, name: str, due: str) -> Iterator[Problem]:
        receipt, days = choice.chosen, choice.days
        if days > 0:
            flag = " (Canvas calls it late)" if receipt.late else ""
            when = "" if self.settings.days_late(receipt.made, due, flagged=False) else flag
            kind = "refused" if self.settings.late == "refuse" else "late"
            note = f"it was made {spoken(receipt.made)}, day {days:.0f} after the deadline{when}"
            yield Problem(kind, receipt.student, name, receipt.path, note)
        for receipt in choice.parts:
            if receipt.banks:
                note = f"it was answered with another version of the questions of {receipt.banks}"
                yield Problem("bank", receipt.student, name, receipt.path, tidy(note))
            if receipt.begun:
                note = f"its variants were drawn for {tidy(receipt.begun)!r}"
                yield Problem("begun", receipt.student, name, receipt.path, note)
            if receipt.note:
                yield Problem("unnamed", receipt.student, name, receipt.path, receipt.note)
            if receipt.wrapped:
                note = "the receipt stood in a file of another kind, and its checksum fits"
                yield Problem("wrapped", receipt.student, name, receipt.path, note)


def _continues(earlier: Responses, later: Responses) -> bool:
    """Tell whether the later answers are those of the same record, gone on with."""
    for old, new in zip(earlier, later, strict=True):
        if old is None or new is None or old == new:
            continue
        if new.at < old.at or new.attempts < old.attempts:
            return False
    return True

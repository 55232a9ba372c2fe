"""Whose receipt it is: by the account that handed it in, by its signature, by the teacher's word.

The account is what a system wrote. A signature is what a student wrote: it can say more about a
receipt without an account, and nothing against an account.
"""

from collections import defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import canvas_forms, identity, is_blind, loose, same_letters, tidy
from pfp_course.grading.roster import by_account, find_all
from pfp_course.grading.rows import FileRow, Problem, StudentRow
from pfp_course.grading.teacher_tables import Decisions

__all__ = ["identify", "report_other_files"]

_STOPPING = ("conflict", "ambiguous", "nameless", "left")


def identify(database: Database, decisions: Decisions, *, listed: bool) -> None:
    """Find the student of everything that was handed in.

    Where no list of students was read (``listed``), whoever hands in is a student.
    """
    _unmask(database)
    finder = _Finder(database, decisions, listed=listed)
    for file in database.files():
        key, problem = finder.student_of(file)
        kind = file.kind
        if problem is not None:
            database.add(problem)
            if problem.kind in _STOPPING:
                kind = problem.kind
                if kind != "left":
                    decisions.wait(file, key, kind, problem.note)
        database.change_file(file.id, student=key, kind=kind)
    decisions.check_used()


def _unmask(database: Database) -> None:
    """Take the account away from files that only look as if Canvas had named them.

    Canvas gives each file and each account one number, and an account one name. A number that
    stands beside two names, or a file's number that stands twice, is no number of Canvas.
    """
    names, attached = defaultdict(set), defaultdict(set)
    for file in database.files_with_account("canvas"):
        names[file.number].add(file.owner)
        attached[file.attached].add(f"{file.owner}_{file.number}")
    sure, unsure = 0, []
    for file in database.files_with_account("canvas"):
        fits = file.late or same_letters(file.owner, file.signed)
        if len(names[file.number]) > 1 or len(attached[file.attached]) > 1:
            if not _certain(database, file):
                unsure.append((file.id, True))
        elif fits or _known(database, file.number, file.owner):
            sure += 1
            if _other_forms(database, file):
                unsure.append((file.id, True))
        elif file.kind == "receipt":
            unsure.append((file.id, False))
    # Where most names of accounts fit the signatures, those that do not are nicknames.
    doubtful = sum(1 for _, certain in unsure if not certain)
    for number, certain in unsure:
        if certain or sure <= doubtful:
            database.change_file(number, system="", owner="", number="", late=False)


def _known(database: Database, account: str, owner: str) -> bool:
    numbered, named = by_account(database, "canvas", account, owner)
    return bool(numbered or named)


def _certain(database: Database, file: FileRow) -> bool:
    """Tell whether the list has this number beside this name, and no other reading is as good."""
    numbered, named = by_account(database, "canvas", file.number, file.owner)
    return numbered in named and not _other_forms(database, file)


def _other_forms(database: Database, file: FileRow) -> bool:
    """Tell whether a name can be read as that of another account, and as well."""
    forms = [form for part in file.path.split("/") for form in canvas_forms(part)][1:]
    return any(
        form.number != file.number
        and (same_letters(form.name, file.signed) or _known(database, form.number, form.name))
        for form in forms
    )


class _Finder:
    def __init__(self, database: Database, decisions: Decisions, *, listed: bool) -> None:
        self.database, self.decisions, self.listed = database, decisions, listed
        self.suggestions = _Suggestions(database)
        # Without a list, the names of accounts are the list.
        self.accounts: dict[str, set[str]] = defaultdict(set)
        if not listed:
            for file in database.files_with_account("moodle"):
                self.accounts[identity(file.owner)].add(file.number)

    def student_of(self, file: FileRow) -> tuple[str, Problem | None]:
        """Return the student of a file, and what is to be note about it."""
        key, problem = self._on_the_list(file) if self.listed else self._unlisted(file)
        if file.kind != "receipt":
            return key, problem
        decided = self.decisions.of(file)
        if decided is None:
            return key, problem
        if decided.answer == "no":
            return key, self._problem("left", key, file, "you decided that it does not count")
        if decided.answer != "yes":
            key, problem = self.decisions.student(decided), None
        elif problem is not None and problem.kind == "ambiguous":
            raise self.decisions.error(decided, "name the student in the column decision")
        elif problem is not None and problem.kind in _STOPPING:
            problem = None
        self.database.change_file(file.id, decided="yes")
        if key:
            self._learn(file, key)
        return key, problem

    def _name(self, key: str) -> str:
        student = self.database.student(key)
        return student.name if student else ""

    def _problem(self, kind: str, key: str, file: FileRow, note: str) -> Problem:
        return Problem(kind, key, self._name(key), file.path, note)

    def _learn(self, file: FileRow, key: str) -> None:
        """Keep the number of an account, by which Moodle and Canvas take grades back."""
        student = self.database.student(key)
        if file.system and student and not getattr(student, file.system):
            self.database.change_student(key, **{file.system: file.number})

    def _on_the_list(self, file: FileRow) -> tuple[str, Problem | None]:
        typed = find_all(self.database, file.signed) if file.signed else []
        if file.system:
            account, conflict = self._account(file, typed)
            if conflict:
                return account, self._problem("conflict", account, file, conflict)
            if account:
                self._learn(file, account)
                return account, self._signed(file, account, typed)
        if file.kind != "receipt":
            return (typed[0] if len(typed) == 1 else ""), None
        shown = tidy(file.signed)
        if len(typed) > 1:
            names = " and ".join(self._described(key) for key in typed[:3])
            note = f"it is signed {shown!r}, and that is {names}"
            return "", Problem("ambiguous", "", shown, file.path, note)
        if typed:
            return typed[0], None
        key, problem = self._unlisted(file)
        note = f"it is signed {shown!r}{self.suggestions.of(file.signed)}"
        return key, problem or Problem("unknown", key, shown, file.path, note)

    def _described(self, key: str) -> str:
        student = self.database.student(key)
        return _described(student) if student else ""

    def _signed(self, file: FileRow, key: str, typed: list[str]) -> Problem | None:
        # A list of blind marking has a number in place of the name.
        hidden = is_blind(self._name(key).rstrip("0123456789 "))
        if file.kind != "receipt" or typed or hidden:
            return None
        note = f"it is signed {tidy(file.signed)!r}, which is no name on your list"
        return self._problem("signed", key, file, note)

    def _account(self, file: FileRow, typed: list[str]) -> tuple[str, str]:
        """Return the student whose account handed it in, and what speaks against it."""
        numbered, named = by_account(self.database, file.system, file.number, file.owner)
        account = numbered or (named[0] if len(named) == 1 else "")
        shown, owner = tidy(file.signed), tidy(file.owner)
        if numbered and named and numbered not in named:
            return "", (
                f"the name of its account is {owner!r}, and its number {file.number} is that of "
                f"{self._described(numbered)}"
            )
        if account:
            if typed and account not in typed:
                said = f"{self._described(account)} handed it in, but it is signed {shown!r}"
                return account, said
            return account, ""
        if len(named) > 1:
            both = [key for key in named if key in typed]
            if len(both) == 1:
                return both[0], ""
            if file.kind != "receipt":
                return "", ""
            names = " and ".join(self._described(key) for key in named[:3])
            return "", f"its account is called {owner!r}, and that is {names}"
        if typed and owner and not (file.system == "moodle" and is_blind(file.owner)):
            # The account is on no list: is it the student whose name it bears?
            alike = any(self._alike(file.owner, key) for key in typed)
            if file.kind == "receipt" and not alike:
                return "", (
                    f"the account {owner!r}, which is not on your list, handed it in, and it is "
                    f"signed {shown!r}"
                )
        return "", ""

    def _alike(self, owner: str, key: str) -> bool:
        student = self.database.student(key)
        if student is None or same_letters(owner, student.name):
            return student is not None
        first, second = set(loose(owner).split()), set(loose(student.name).split())
        enough = min(2, len(first), len(second))
        return len(first & second) >= enough or same_letters(owner, student.login)

    def _unlisted(self, file: FileRow) -> tuple[str, Problem | None]:
        typed = identity(file.signed)
        name = tidy(file.signed)
        if file.system == "moodle":
            # The number of an account is sure; in Moodle's names it cannot be mistaken.
            key, name = f"moodle:{file.number}", tidy(file.owner)
            if is_blind(name):  # Moodle marks blindly, and so do we
                name = f"{name} {file.number}"
        elif file.system == "canvas":
            key = f"canvas:{file.number}"
            name = name if typed and same_letters(file.owner, file.signed) else tidy(file.owner)
            name = name or f"anonymous {file.number}"
        elif typed:
            key = typed
        elif file.kind == "receipt":
            return "", Problem("nameless", "", "", file.path, "it is signed with no visible letter")
        else:
            return "", None
        numbers: dict[str, Any] = {file.system: file.number} if file.system else {}
        self.database.add(StudentRow(key, name, identity(name), **numbers))
        others = self.accounts.get(typed, set()) - {file.number}
        foreign = others and file.system == "moodle" and identity(file.owner) != typed
        if file.kind == "receipt" and foreign:
            note = f"{name} handed it in, but it is signed {tidy(file.signed)!r}"
            return key, Problem("conflict", key, name, file.path, note)
        return key, None


_ENOUGH = 0.8  # of the letters in common
_MOST = 300  # names for which somebody is looked for; a list of another class has no end
_NEAR = 400  # students who are compared with one name


class _Suggestions:
    """Names on the list by their words, without marks and in Latin letters."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked = 0

    def of(self, text: str) -> str:
        """Return words that name at most three students who may be meant, or an empty text."""
        self.asked += 1
        if self.asked > _MOST:
            return ""
        if cut := self._cut(text.strip()):
            return cut
        wanted = loose(text)
        near: dict[str, tuple[str, str]] = {}
        for word in wanted.split():
            for start in {word[:3], word[:1] if len(word) < 3 else word[:3]}:
                for key, name, shown in self._words.get(start, [])[:_NEAR]:
                    near[key] = name, shown
        scored = [(_alike(wanted, name), shown) for name, shown in near.values()]
        best = sorted((one for one in scored if one[0] >= _ENOUGH), reverse=True)[:3]
        return f"; perhaps it is {' or '.join(shown for _, shown in best)}" if best else ""

    def _cut(self, text: str) -> str:
        """Return who has an id that a spreadsheet has cut, and that begins like this one."""
        if not (text.isascii() and text.isdecimal() and len(text) < 20):
            return ""
        named = []
        for digits in range(15):
            cut = f"{int(text):.{digits}E}"
            for alias in self.database.called(f"cut:{cut}"):
                student = self.database.student(alias.key)
                if student:
                    named.append(f"{student.name}, whose id stands as {cut} in your list")
        return f"; perhaps it is {' or '.join(named[:3])}" if named else ""

    @cached_property
    def _words(self) -> dict[str, list[tuple[str, str, str]]]:
        words = defaultdict(list)
        for student in self.database.listed_students():
            shown = tidy(_described(student), 80)
            for form in filter(None, map(loose, (student.name, student.number, student.email))):
                for word in form.split():
                    for start in {word[:3], word[:1]}:
                        words[start].append((student.key, form, shown))
        return words


def _described(student: StudentRow) -> str:
    mark = student.number or student.email
    return f"{student.name} ({mark})" if mark else student.name


def _alike(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1; an initial stands for its name."""
    mine, theirs = sorted(first.split()), sorted(second.split())
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    if short and sum(map(len, short)) > 3:
        rest = list(long)
        for word in sorted(short, key=len, reverse=True):
            initial = len(word) == 1
            alike = [one for one in rest if one == word or (initial and one.startswith(word))]
            if not alike:
                break
            rest.remove(word if word in alike else alike[0])
        else:
            return 1.0
    return SequenceMatcher(None, " ".join(mine), " ".join(theirs)).ratio()


def report_other_files(database: Database) -> None:
    """Report what could not be read, and note which students handed in nothing else."""
    database.set_unreadable()
    database.bundle_working_folders()
    _report_bundles(database)
    database.add_all(
        Problem(file.kind, file.student, _name_of(database, file), file.path, file.note)
        for file in database.unexplained_files()
    )
    note = "another student handed in the same answers, given at the same moments (group {})"
    database.add_all(
        Problem("same", row.student, row.name, row.path, note.format(row.checksum[:6]))
        for row in database.duplicates()
    )


def _name_of(database: Database, file: FileRow) -> str:
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
            database.add(Problem(kind, first.student, _name_of(database, first), *about))


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

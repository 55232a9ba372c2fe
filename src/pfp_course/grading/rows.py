"""The typed rows that the database of a run takes and gives; a class for each table."""

from hashlib import blake2b
from typing import NamedTuple

__all__ = [
    *("Alias", "Bundle", "Content", "Decision", "Duplicate", "FileRow", "Grade", "GradeRow"),
    *("Listed", "ManualMark", "Problem", "RecordLine", "StudentRow", "StudentWork", "ToMark"),
    *("Trials", "Waiting", "WaitingFile", "WrongAnswer"),
]


class FileRow(NamedTuple):
    """A file that was handed in.

    ``system``, ``owner``, ``number``, ``late`` and ``attached`` are what a learning platform wrote
    into its name; ``signed`` is the name that the student typed. ``student`` is the key of the
    student whose it is found to be, ``days`` its days of delay, ``odd`` why its date cannot be,
    ``answered`` how many questions it answers.
    """

    id: int
    path: str
    kind: str
    system: str = ""
    owner: str = ""
    number: str = ""
    late: bool = False
    attached: str = ""
    bundle: str = ""
    note: str = ""
    signed: str = ""
    made: str = ""
    checksum: str = ""
    banks: str = ""
    begun: str = ""
    wrapped: bool = False
    latest: str = ""
    answered: int = 0
    student: str = ""
    days: float = 0
    odd: str = ""
    decided: str = ""

    @property
    def content(self) -> str:
        """Twelve digits that are the same only for the same receipt."""
        text = "\0".join((self.signed, self.made, self.checksum, self.begun))
        return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


class Content(NamedTuple):
    """What a receipt holds, as text: responses (`marks.encoded`), and what was tried in code."""

    file: int
    responses: str = ""
    trials: str = ""


class StudentRow(NamedTuple):
    """A student: of the list (``known``), or whoever handed something in.

    ``file`` is the id of the file that counts.
    """

    key: str
    name: str
    sort: str
    number: str = ""
    login: str = ""
    email: str = ""
    section: str = ""
    canvas: str = ""
    moodle: str = ""
    due: str = ""
    known: bool = False
    status: str = "missing"
    page: str | None = None
    file: int | None = None
    days: float = 0


class Alias(NamedTuple):
    """A text by which a student is found; rank 0 is the surest."""

    text: str
    key: str
    rank: int


class Listed(NamedTuple):
    """A row of the list of students as it stands; ``key`` is empty where it is no student's."""

    key: str
    cells: tuple[str, ...]


class Decision(NamedTuple):
    """A line of the table of decisions: ``yes``, ``no``, or the student whose receipt it is."""

    path: str
    content: str
    answer: str
    days: int | None
    line: int


class Waiting(NamedTuple):
    """The id of a file about which the teacher has to decide, and why."""

    file: int
    student: str
    why: str
    found: str
    worth: float | None = None


class ManualMark(NamedTuple):
    """Points that a person gave, and the line of the table in which they stand."""

    student: str
    question: str
    mark: float
    line: int


class Problem(NamedTuple):
    """A line of the report: its kind, the student's key and name, the file, and what was found."""

    kind: str
    student: str
    name: str
    path: str
    note: str


class Grade(NamedTuple):
    """What a student earned; ``points`` has a place for each question, or none without a grade.

    ``place`` is the place of the student among all, by name.
    """

    student: str
    place: int
    status: str
    total: float | None = None
    earned: float | None = None
    penalty: float | None = None
    points: tuple[float | None, ...] = ()
    manual: tuple[str, ...] = ()


class ToMark(NamedTuple):
    """An answer that a person has to mark; ``worth`` is what it would earn, where that is known."""

    student: str
    name: str
    question: str
    state: str
    ask: str
    rubric: str
    answer: str
    worth: float | None
    points: int


class WrongAnswer(NamedTuple):
    """An entry of the index of wrong answers.

    ``question`` is the place of the question, or -1 for an entry that stands for all wrong answers
    of a part of the work.
    """

    token: bytes
    student: int
    question: int = -1
    variant: int = -1


class RecordLine(NamedTuple):
    """A student's line of the record of grades, as JSON."""

    key: str
    line: str


class Bundle(NamedTuple):
    """Files that came together: how many signers, accounts, and files of several kinds."""

    path: str
    signers: int
    working: int
    unread: int
    accounts: int
    has_receipt: bool


class Duplicate(NamedTuple):
    """A receipt whose answers another student handed in, too."""

    student: str
    name: str
    path: str
    checksum: str


class StudentWork(NamedTuple):
    """A student and the responses that are to be marked; ``number`` is the student's row."""

    number: int
    key: str
    name: str
    status: str
    days: float
    made: str
    path: str
    responses: str
    place: int = 0
    page: str = ""
    manual: tuple[tuple[str, float], ...] = ()


class GradeRow(NamedTuple):
    """A student with the grade and the file that it rests on."""

    key: str
    name: str
    number: str
    login: str
    email: str
    section: str
    canvas: str
    moodle: str
    known: bool
    page: str | None
    days: float
    made: str | None
    path: str | None
    checksum: str | None
    status: str
    total: float | None
    earned: float | None
    penalty: float | None
    points: tuple[float | None, ...]
    manual: tuple[str, ...]


class WaitingFile(NamedTuple):
    """A file that waits, with what is said of it."""

    file: FileRow
    student: str
    why: str
    found: str
    worth: float | None


class Trials(NamedTuple):
    """What a student tried at exercises in code, as JSON."""

    key: str
    name: str
    trials: str

"""The record of a student's answers: one small JSON file beside the notebook."""

import asyncio
import atexit
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from pfp_course.errors import CourseError
from pfp_course.questions.record_file import (
    FILE_NAME,
    OversizedError,
    RecordFile,
    UnreadableError,
    cause,
    cut_short,
    is_sync_copy,
    mend,
    not_kept,
)
from pfp_course.questions.record_model import (
    Answer,
    Draft,
    Record,
    Review,
    Trial,
    read_record_text,
)
from pfp_course.questions.seeds import normal

__all__ = ["SURE", "Store", "store_of"]

SURE = ("I guess", "fairly sure", "certain")  # the words for an answer's confidence, 0 to 2
_ROUNDS = 5  # readings before the record is left to a program that writes it all the time
_HALF_WRITTEN = 1.0  # seconds in which a sync program may end what it began to write
_LATER = (2.0, 60.0)  # seconds until what could not be written is tried again: first, at most


class Store:
    """The record in a folder: read, merged and written whole, or kept in memory where it can't be.

    What was once read or given stays known while the store lives, so that a file that vanishes,
    is cut off or is replaced by an older one costs no answer. ``patience`` is how many seconds a
    program that holds the file is waited for.
    """

    def __init__(self, folder: Path, patience: float = 3.0) -> None:
        self.folder = folder
        # Each is called when the record was written, or could not be.
        self.listeners: list[Callable[[], None]] = []
        self._file = RecordFile(folder, patience)
        self.path = self._file.path
        self._seen = Record.empty()
        self._signed: dict[str, str] = {}
        # Whether all that this store was given is in the file.
        self.saved = True
        self._notices: dict[str, str] = {}
        self._copies: dict[str, tuple[int, ...]] = {}
        self._waited_for: tuple[int, ...] | None = None
        self._pause = 0.0
        # Whether the file, if there is one, could be read the last time.
        self.complete = True

    @property
    def notice(self) -> str:
        """What the student should know, or empty: that something is not kept, or was set aside."""
        return " ".join(filter(None, self._notices.values()))

    @property
    def seed(self) -> str:
        """The student's name or class code, which decides on variants; often empty."""
        return self._known().seed

    @property
    def student(self) -> str:
        """The name or id that the student typed, or empty."""
        return self._known().student

    def sign(self, student: str, seed: str | None = None) -> None:
        """Keep the student's name or id, and the seed if one is given. It never raises."""
        self._signed |= {"student": student} | ({} if seed is None else {"seed": seed})
        self._keep()

    def answers(self) -> dict[str, Answer]:
        """Return all answers: those of the file, and those that could not be written."""
        return self._known().answers

    def reviews(self) -> dict[str, Review]:
        """Return where everything stands in review."""
        return self._known().reviews

    def drafts(self) -> dict[str, Draft]:
        """Return what is written and not given as an answer, by the id of the question."""
        return {n: one for n, one in self._known().drafts.items() if one.response is not None}

    def trials(self) -> dict[str, Trial]:
        """Return what was tried at each exercise."""
        return self._known().exercises

    def save(
        self,
        answers: Mapping[str, Answer],
        reviews: Mapping[str, Review] | None = None,
        drafts: Mapping[str, Draft] | None = None,
        trials: Mapping[str, Trial] | None = None,
    ) -> None:
        """Merge answers, reviews, drafts and what was tried into the record and write it.

        It never raises for a disk's trouble; then ``notice`` tells of it, and ``saved`` is false.
        """
        self._seen = self._seen.merged(answers, reviews, drafts, trials)
        self._keep()

    def retry(self) -> bool:
        """Try again to write what is not saved yet; return whether all is saved now."""
        if not self.saved:
            self._keep()
        return self.saved

    def _known(self) -> Record:
        """Return what the file holds and what is known besides."""
        try:
            found, damage = self._read()
            self.complete = True
        except OSError as error:
            self.complete = False
            if self.saved:
                self._notices["read"] = (
                    f"Your earlier answers cannot be read: {FILE_NAME} ({cause(error)}). "
                    f"Nothing is written over them. {mend(error)}"
                )
            return self._with_seen(None)
        self._notices.pop("read", None)
        if damage:
            self._notices["damage"] = (
                f"{FILE_NAME} {damage}. It will be kept under another name when an answer is saved."
            )
        return self._with_seen(found)

    def _read(self) -> tuple[Record | None, str]:
        """Return what the file holds, or None where there is none, and what is wrong with it."""
        self._notices.pop("damage", None)
        end = time.monotonic() + _HALF_WRITTEN
        while True:
            mark = self._file.mark()
            try:
                raw = self._file.read()
            except OversizedError as error:
                return Record.empty(), cause(error)
            if raw is None:
                return None, ""
            record, damage = read_record_text(raw)
            # A sync program may be in the midst of writing.
            if not (damage and cut_short(raw)) or mark == self._waited_for:
                return record, damage
            if time.monotonic() >= end:
                self._waited_for = mark
                return record, damage
            time.sleep(0.05)

    def _with_seen(self, found: Record | None) -> Record:
        seen = self._seen
        known = seen if found is None else found.with_all(seen)
        names = {name: getattr(known, name) or getattr(seen, name) for name in ("student", "seed")}
        known = known.model_copy(update=names | self._signed)
        self._seen = self._with_copies(known)
        return self._seen

    def _with_copies(self, known: Record) -> Record:
        """Take in what a sync program kept apart, and tell of other records in the folder."""
        for path in self._file.copies():
            try:
                mark = (path.stat().st_mtime_ns, path.stat().st_size)
                if self._copies.get(path.name) == mark:
                    continue
                found, damage = read_record_text(RecordFile.read_at(path))
            except OSError:
                continue
            self._copies[path.name] = mark
            both = known.with_all(found)
            if both.same_work(known):
                continue
            other = normal(found.student) not in ("", normal(known.student)) and known.student
            if damage or other or not is_sync_copy(path.name):
                self._notices[path.name] = (
                    f"Another record lies here, {path.name}. To take its answers into yours, run "
                    f'progress(load="{path.name}"). If you do not want them, move the file away.'
                )
                continue
            known = both
            self._notices[path.name] = (
                f"The answers of {path.name}, a second copy that a program made, are taken in, too."
            )
        return known

    def _keep(self) -> None:
        self.saved = False
        try:
            with self._file.locked():
                self._write_all()
        except OSError as error:
            self._notices.pop("read", None)
            self._notices["kept"] = not_kept(error)
            self._try_later()
        else:
            self.saved, self._signed, self._pause = True, {}, 0.0
            for kind in ("kept", "read", "damage"):
                self._notices.pop(kind, None)
        for listener in list(self.listeners):
            listener()

    def _write_all(self) -> None:
        for _ in range(_ROUNDS):
            mark = self._file.mark()
            try:
                found, damage = self._read()
            except OSError as error:
                raise UnreadableError(cause(error), mend(error)) from error
            content = self._with_seen(found).as_bytes()
            if damage:
                self._set_aside(damage, len(found.answers) if found else 0)
                mark = ()
            if self._file.write(content, mark):
                return
        # Another program wrote it each time, and what it wrote was not read.
        busy = OSError("another program writes it at this moment")
        raise UnreadableError(cause(busy), mend(busy))

    def _set_aside(self, damage: str, rescued: int) -> None:
        try:
            aside = self._file.set_aside()
        except OSError as error:
            # Writing would now destroy what could not be moved.
            raise PermissionError(
                error.errno, f"{FILE_NAME} {damage} and could not be moved"
            ) from error
        count = "1 answer" if rescued == 1 else f"{rescued} answers"
        begun = f" with the {count} that could be read in it" if rescued else ""
        self._notices["aside"] = (
            f"{FILE_NAME} {damage}. It was kept as {aside.name}, "
            f"and a new record has been begun{begun}."
        )

    def _try_later(self) -> None:
        """Let a notebook try again by itself; elsewhere the next answer does."""
        if self._pause < 0:
            return  # a try is waiting
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        first, longest = _LATER
        pause = min(2 * self._pause or first, longest)
        self._pause = -pause
        loop.call_later(pause, self._try_again)

    def _try_again(self) -> None:
        self._pause = abs(self._pause)
        self.retry()


@cache
def _store(folder: Path) -> Store:
    kept = Store(folder)
    # A notebook that is closed while the file is held may still save at its end.
    atexit.register(kept.retry)
    return kept


def store_of(folder: Path | None = None) -> Store:
    """Return the record of a folder, by default that of the notebook.

    One for each folder: answers that could not be written are shared by all that ask for them.

    Raises
    ------
    CourseError
        If the folder of the notebook is gone.
    """
    try:
        return _store(Path.cwd() if folder is None else folder)
    except FileNotFoundError:
        raise CourseError(
            "The folder of this notebook is gone: it was moved, renamed or deleted. Open the "
            "notebook in its new place, and run all cells there."
        ) from None

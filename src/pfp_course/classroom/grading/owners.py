"""Whose file it is, as Moodle and Canvas write it into the names of what they download.

Moodle (``mod/assign/classes/downloader.php``) names a folder, or a file, after the student:
``Aigerim Bekova_12345_assignsubmission_file_/receipt.json``. The number is that of its grading
worksheet, ``Participant 12345``. Canvas (``lib/content_zipper.rb``) names a file:
``bekovaaigerim_LATE_12345_67890_receipt-1.json``, where the first number is the student.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pfp_course.questions.assigned import normal

__all__ = ["Owner", "identity", "owner_of", "squeezed", "tidy"]

_MOODLE = re.compile(r"^(?P<name>.+)_(?P<number>\d{1,15})_assignsubmission_[a-z]+(?:_|$)")
_CANVAS = re.compile(
    r"^(?P<name>\w+?)_(?:(?P<late>LATE)_)?(?P<number>\d{1,18})_\d{1,18}_.", re.UNICODE
)
_CANVAS_BLIND = re.compile(r"^(?:(?P<late>LATE)_)?(?P<number>anon_[A-Za-z0-9]{1,20})_\d{1,18}_.")
# Joiners are part of the spelling of some languages; nothing else that is invisible is.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Owner:
    """The account that handed a file in: its name as the system writes it, and its number."""

    system: Literal["moodle", "canvas"]
    name: str
    number: str
    late: bool = False


def owner_of(parts: Sequence[str]) -> Owner | None:
    """Return whose file it is by the folders and the file of its path, or None."""
    for part in parts:
        if found := _MOODLE.match(part):
            return Owner("moodle", found["name"], found["number"])
        if found := _CANVAS_BLIND.match(part):
            return Owner("canvas", "", found["number"], found["late"] is not None)
        if found := _CANVAS.match(part):
            return Owner("canvas", found["name"], found["number"], found["late"] is not None)
    return None


def tidy(text: str, longest: int = 200) -> str:
    """Return a text on one line, without characters that are not seen or that turn the line.

    Letters of every script stay, so that a name remains a name.
    """
    part = text[: 4 * longest]
    # What can be printed holds nothing unseen; this is nearly every text.
    seen = part if part.isprintable() else "".join(map(_seen, part))
    line = " ".join(seen.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Co") and character not in _JOINERS else character


def identity(name: str) -> str:
    """Return a name as it is compared: without case, needless spaces and unseen characters."""
    return normal("".join(one for one in tidy(name, 400) if one not in _JOINERS))


def squeezed(name: str) -> str:
    """Return a name as Canvas squeezes it into a file's name: its letters and digits alone."""
    return re.sub(r"[\W_]+", "", identity(name))

"""A file that was handed in, and the receipt that stands in it: plainly or in a wrapper.

A mail program, a word processor or a web page may have wrapped a receipt. Whatever is tried to make
it plain again, only a receipt whose checksum fits is taken: so nothing that a wrapper changed in it
can pass for the student's own answer.
"""

import base64
import html
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Literal

from pfp_course.assignments.receipt import FORMAT, LARGEST, Receipt, ReceiptError, read_receipt_text
from pfp_course.grading.lms_names import Owner, owner_index, owner_of, tidy

__all__ = [
    *("NEVER_RECEIPTS", "RECEIPT_ENDINGS", "SEARCHED", "SubmittedFile", "bundle_of", "nature"),
    *("path_of", "read_file", "salvaged", "submitted"),
]

Kind = Literal["file", "damaged", "large", "link", "special", "zip", "other"]

SEARCHED = 600_000  # bytes of a file of another kind in which a receipt is looked for
RECEIPT_ENDINGS = (".json", ".txt", "")
# What a working folder holds beside the receipt, and what cannot hold one.
NEVER_RECEIPTS = frozenset(
    (
        *(".ipynb", ".csv", ".tsv", ".py", ".pyc", ".yml", ".yaml", ".css", ".svg", ".png", ".jpg"),
        *(".jpeg", ".gif", ".webp", ".heic", ".mp4", ".mov", ".mp3", ".pdf", ".rar", ".7z", ".xz"),
        *(".bz2", ".exe", ".whl", ".sqlite", ".xlsx", ".pptx"),
    )
)
_UNFINISHED = {
    ".crdownload": "it is a download that was never finished",
    ".part": "it is a download that was never finished",
    ".icloud": "it only stands for a file in iCloud: the student must open it once and send that",
}


@dataclass(frozen=True)
class SubmittedFile:
    """A file that was handed in: its path, whose it is, and its bytes or what is wrong.

    ``bundle`` names the folder of an account or the zip in which it came with others.
    """

    path: str
    owner: Owner | None
    kind: Kind
    raw: bytes = b""
    note: str = ""
    bundle: str = ""


def path_of(parts: Sequence[str]) -> str:
    """Return where a file was, on one line."""
    return tidy("/".join(parts), 300)


def submitted(
    kind: Kind, parts: Sequence[str], note: str = "", bundle: str = "", raw: bytes = b""
) -> SubmittedFile:
    """Return a file with its bytes, or with what is wrong where it could not be read."""
    bundle = bundle or bundle_of(parts)
    return SubmittedFile(path_of(parts), owner_of(parts), kind, raw, note, bundle)


def bundle_of(parts: Sequence[str]) -> str:
    """Return the path of the folder of an account in which a file lies, or an empty text."""
    at = owner_index(parts)
    return "" if at is None or at + 1 == len(parts) else path_of(parts[: at + 1])


def read_file(file: IO[bytes], parts: Sequence[str], bundle: str = "") -> SubmittedFile:
    """Return a file with its bytes, if a receipt may stand in it."""
    name = parts[-1]
    suffix = PurePosixPath(name).suffix.lower()
    plain = suffix in RECEIPT_ENDINGS
    raw = b"" if suffix in NEVER_RECEIPTS else file.read((LARGEST if plain else SEARCHED) + 1)
    if plain and len(raw) > LARGEST:
        return submitted("large", parts, f"it is larger than {LARGEST // 1_000_000} MB", bundle)
    if (plain and not _is_note(suffix, raw)) or mentions_receipt(raw):
        return submitted("file", parts, "", bundle, raw)
    note = _UNFINISHED.get(suffix) or nature(suffix, raw) or "it is no receipt"
    return submitted("other", parts, note, bundle)


def _is_note(suffix: str, raw: bytes) -> bool:
    """Tell whether a text is no damaged receipt: what a learning platform or a student wrote."""
    return suffix == ".txt" and raw.strip() != b"" and b"{" not in raw and not nature(suffix, raw)


_LONGEST = 600_000  # bytes; the receipt of a whole course is smaller
_MARK = FORMAT.encode()
_HEAD_SEARCHED = 4_000  # bytes in which a receipt names what it is
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "cp1252", "cp866")
_IN_BASE64 = re.compile(rb"(?i)\ncontent-transfer-encoding:[ \t]*base64")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\r\n]+")
_ATTACHED = 20  # parts of a mail that are looked into
_HEADERS = 4_000  # bytes of the headers of a part
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h\d|/w:p|/text:p)\b[^<>]*>")
_UNSEEN = re.compile("[\u200b\u2060\u00ad\ufeff]")
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"'))
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009", " "))
_RTF = re.compile(r"\\'([0-9a-f]{2})|\\u(-?\d{1,6}) ?\??|\\[a-z]{1,32}-?\d{0,9} ?|\\([{}\\])|[{}]")


_PICTURE = "it is a picture, not a receipt"
_PDF = "it is a PDF, not a receipt"
_RAR, _7Z = "it is a rar archive, not a receipt", "it is a 7z archive, not a receipt"
_LINK = "it is a link to a page, not a receipt"
_NATURES = {
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), _PICTURE),
    b"RIFF": "it is a picture or a sound, not a receipt",
    b"%PDF": _PDF,
    b"Rar!": _RAR,
    b"7z\xbc\xaf": _7Z,
    b"\xd0\xcf\x11\xe0": "it is an old document of Word or Excel, not a receipt",
    b"[InternetShortcut]": _LINK,
}
_ENDINGS = {
    ".ipynb": "it is a notebook, not a receipt",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".heic"), _PICTURE),
    ".pdf": _PDF,
    ".rar": _RAR,
    ".7z": _7Z,
    ".url": _LINK,
}


def nature(suffix: str, raw: bytes = b"") -> str:
    """Return what a file is that can be no receipt, in words, or an empty text."""
    for head, words in _NATURES.items():
        if raw.startswith(head):
            return words
    return _ENDINGS.get(suffix, "")


def mentions_receipt(raw: bytes) -> bool:
    """Tell whether a receipt seems to stand in a file, plainly or in a wrapper."""
    if _MARK in raw or b"pfp-course&#x2F;receipt" in raw or b"pfp-course&#47;receipt" in raw:
        return True
    if b"<w:" in raw or b"<text:" in raw:
        # A word processor may begin a new piece of text in the middle of a word.
        return _MARK in re.sub(rb"<[^<>]*>", b"", raw)
    if any(_MARK in part for part in _attached(raw)):
        return True
    # Two bytes for each character, as Windows saves "Unicode".
    return "pfp-course".encode("utf-16-le")[:-1] in raw[:_HEAD_SEARCHED]


def _attached(raw: bytes) -> Iterator[bytes]:
    """Yield the parts of a saved mail that are written in base64, as attachments are."""
    for found in list(_IN_BASE64.finditer(raw))[:_ATTACHED]:
        ends = (raw.find(end, found.end(), found.end() + _HEADERS) for end in (b"\n\n", b"\n\r\n"))
        start = min((end for end in ends if end >= 0), default=-1)
        body = _BASE64.match(raw, start) if start >= 0 else None
        if body is not None:
            with suppress(ValueError):
                yield base64.b64decode(body[0])


def salvaged(raw: bytes) -> Receipt | None:
    """Return the one receipt that stands in a file of another kind, or None."""
    if len(raw) > _LONGEST or not mentions_receipt(raw):
        return None
    receipts: list[Receipt] = []
    for text in (one for piece in (raw, *_attached(raw)) for one in _readings(piece)):
        for part in _parts(text):
            for candidate in _candidates(part):
                with suppress(ReceiptError):
                    receipt = read_receipt_text(candidate)
                    if receipt not in receipts:
                        receipts.append(receipt)
                    break
        if receipts:
            break
    return receipts[0] if len(receipts) == 1 else None


def _readings(raw: bytes) -> Iterator[str]:
    plain = raw.strip(b"\0")
    for encoding in _ENCODINGS:
        with suppress(ValueError):
            text = (raw if "16" in encoding else plain).decode(encoding)
            if FORMAT in text or "pfp-course&#" in text or FORMAT in _TAG.sub("", text):
                yield text
    if raw[:5] == b"{\\rtf":
        yield _from_rtf(raw.decode("latin-1"))


def _parts(text: str) -> Iterator[str]:
    """Yield what could be receipts: from each opening brace before the name of the format."""
    for shape in (text, _plain(text)):
        seen = False
        for at in re.finditer(r"[\"\u201c\u201d\u201e\u00ab\uff02]format", shape):
            start = shape.rfind("{", 0, at.start())
            end = shape.rfind("}") + 1
            if start < 0 or end <= start:
                continue
            following = shape.find("pfp-course/receipt", at.end() + 40)
            if following > 0:
                # Another receipt follows: this one ends before that one begins.
                end = shape.rfind("}", at.end(), shape.rfind("{", at.end(), following)) + 1
            seen = True
            yield shape[start:end]
        if seen and shape is text and "<" not in text and "&" not in text:
            return


def _plain(text: str) -> str:
    """Return the text of HTML or of a word processor's XML."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def _candidates(text: str) -> Iterator[str]:
    # The longest first: a receipt that is whole must not be cut.
    spaced = text.translate(_SPACES)
    for base in dict.fromkeys((text, spaced, _UNSEEN.sub("", spaced))):
        yield base
        # A mail program breaks lines where it likes: at a space, or anywhere.
        lines = re.sub(r"(?m)^>+ ?", "", base).splitlines()
        yield "".join(lines)
        yield " ".join(line.strip() for line in lines)
        quoted = base.translate(_QUOTES)
        if quoted != base:
            yield quoted
            yield "".join(quoted.splitlines())


def _from_rtf(text: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        if found[1]:
            return bytes.fromhex(found[1]).decode("cp1251", "replace")
        if found[2]:
            return chr(int(found[2]) % 65_536)
        if found[3]:
            return found[3]
        return "\n" if found[0].startswith(("\\par", "\\line")) else ""

    return _RTF.sub(replaced, text)

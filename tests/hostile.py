"""What a class may hand in beside receipts: damaged, wrong, or meant to harm."""

import io
import json
import os
import random
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classes import work

from pfp_course.classroom.assignment import Key

__all__ = ["FORMULAS", "NAMES", "bomb", "files", "resealed", "special_files", "zips"]

# Names that a spreadsheet, a browser or a file system would understand as something else.
FORMULAS = (
    '=HYPERLINK("http://example.org","Click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    "\r=1+1",
    "\u200b=1+1",
    "＝1+1",
    "Ann;=1+1",
    'Ann";=1+1',
    "Ann\n=1+1",
)
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe nnA",
    "A\u200bn\u200bn\ufeff Lee",
    "../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/shadow",
    "CON",
    "a" * 200,
    "日" * 200,
    "\x00\x01Nul",
    "&lt;b&gt;",
    "${jndi:ldap://x}",
)


def resealed(text: str, **changes: Any) -> str:
    """Return a receipt with changed fields and a checksum that fits, as a cheat would make it."""
    value = json.loads(text)
    value.pop("checksum")
    value |= changes
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    value["checksum"] = f"crc32:{zlib.crc32(canonical.encode('utf-8', 'surrogatepass')):08x}"
    return json.dumps(value, ensure_ascii=False)


def files(key: Key) -> Iterator[tuple[str, bytes, str]]:
    """Yield files with their names and the kind under which a report lists them."""
    text = work(key, "Hostile", number=9001).text
    half = text[: len(text) // 2]
    random_bytes = random.Random(1).randbytes(5000)
    deep = "[" * 200_000 + "]" * 200_000
    yield from (
        ("empty.json", b"", "damaged"),
        ("spaces.json", b"  \n\t ", "damaged"),
        ("cut.json", half.encode(), "damaged"),
        ("null.json", b"null", "damaged"),
        ("list.json", b"[1,2,3]", "damaged"),
        ("noise.json", random_bytes, "damaged"),
        ("nul.json", b"\x00" * 4000, "damaged"),
        ("latin.json", '{"student": "é"}'.encode("latin-1"), "damaged"),
        ("utf32.json", text.encode("utf-32"), "damaged"),
        ("deep.json", deep.encode(), "damaged"),
        ("deep-object.json", ('{"a":' * 90_000).encode(), "damaged"),
        ("nan.json", text.replace('"attempts": 1', '"attempts": NaN', 1).encode(), "damaged"),
        ("infinity.json", b'{"format": "pfp-course/receipt", "version": Infinity}', "damaged"),
        ("digits.json", b'{"a": ' + b"9" * 100_000 + b"}", "damaged"),
        ("damaged.json", text.replace("Hostile", "Hastile").encode(), "damaged"),
        ("big.json", b'{"a": "' + b"x" * 50_000_000 + b'"}', "large"),
        ("progress.json", b'{"format": "pfp-course/progress", "version": 1}', "progress"),
        ("leaked.json", b'{"format": "pfp-course/key", "version": 1}', "key"),
        ("essay.docx", b"PK\x03\x04 not really", "zip"),
        ("notebook.ipynb", b"{}", "other"),
        ("types.json", resealed(text, answers=["no", "mapping"]).encode(), "damaged"),
        ("student.json", resealed(text, student=5).encode(), "damaged"),
        ("nameless.json", resealed(text, student="").encode(), "damaged"),
        ("made.json", resealed(text, made="9999-99-99T99:99:99.000Z").encode(), "damaged"),
        ("future.json", resealed(text, version=99).encode(), "damaged"),
        ("unseen.json", resealed(text, student="\u200b\u2060").encode(), "nameless"),
        ("other.json", resealed(text, assignment="week-9").encode(), "assignment"),
    )


def odd_answers(key: Key, student: str) -> Iterator[str]:
    """Yield receipts whose answers are of every wrong form, with checksums that fit."""
    text = work(key, student, number=9002, skill=1.0).text
    answers = json.loads(text)["answers"]
    odd: Any
    for odd in (None, 5, "x", [], {}, {"fingerprint": 1}, [[[]]], True, 1e308, 10**300):
        yield resealed(text, answers=dict.fromkeys(answers, odd))
    for odd in (
        *(10**300, -1, 1e308, True, "", "9" * 100_000, "\u0000", "1e999", "NaN", "١٩٩٤", "∞"),
        *([], [10**30], [None], [0] * 4000, ["x"], {}, {"text": "x" * 300_000, "levels": [9]}),
        *({"text": 5}, {"levels": None}, {"text": "=1+1 " * 40, "levels": []}, [True, False]),
    ):
        yield resealed(
            text, answers={name: {**one, "response": odd} for name, one in answers.items()}
        )


def bomb(size: int, member: str = "receipt.json") -> bytes:
    """Return a small zip whose one member unpacks to about so many bytes of spaces."""
    out = io.BytesIO()
    block = b" " * 1_000_000
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(member, "w", force_zip64=True) as file,
    ):
        for _ in range(size // len(block)):
            file.write(block)
    return out.getvalue()


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return out.getvalue()


def zips(key: Key) -> Iterator[tuple[str, bytes, str]]:
    """Yield zips with their names and the kind under which a report lists them."""
    small = bomb(200_000_000)
    many = _zip(*((f"{number}.zip", small) for number in range(40)))
    deep = work(key, "Too Deep", number=9003).text.encode()
    for _ in range(6):
        deep = _zip(("inner.zip", deep)) if deep[:2] == b"PK" else _zip(("receipt.json", deep))
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("receipt.json")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    lying = bytearray(_zip(("receipt.json", b" " * 100_000)))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (5).to_bytes(4, "little")  # it says that it unpacks to 5 bytes
    locked = bytearray(_zip(("receipt.json", b"{}")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + offset] |= 1
    yield from (
        ("bomb.zip", small, "large"),
        ("bombs.zip", many, "large"),
        ("deep.zip", deep, "zip"),
        ("link.zip", link.getvalue(), "link"),
        ("lying.zip", bytes(lying), "damaged"),
        ("locked.zip", bytes(locked), "damaged"),
        ("lzma.zip", _zip(("receipt.json", b"{}"), method=zipfile.ZIP_LZMA), "damaged"),
        ("cut.zip", _zip(("receipt.json", b"{}" * 500))[:60], "zip"),
        ("noise.zip", random.Random(2).randbytes(3000), "zip"),
        ("crowd.zip", _zip(*((f"{n:06}.png", b"") for n in range(20_000))), "other"),
    )


def special_files(folder: Path, target: Path) -> list[tuple[str, str]]:
    """Make links, a pipe and a loop, and return their names with the kinds of the report."""
    made = []
    (folder / "link.json").symlink_to(target)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    made += [("link.json", "link"), ("loop", "link")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.json")
        made.append(("pipe.json", "special"))
    deep = folder
    for number in range(14):
        deep = deep / f"d{number}"
    deep.mkdir(parents=True)
    return made

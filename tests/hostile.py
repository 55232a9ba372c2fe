"""What a class may hand in beside receipts: damaged, wrong, or meant to harm."""

import gzip
import html
import io
import json
import os
import random
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classes import work

from pfp_course.assignments.assignment import Key

__all__ = [
    *("DATES", "FORMULAS", "NAMES", "bomb", "files", "mutations", "resealed", "special_files"),
    *("wrappings", "zips"),
]

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
    value.pop("checksum", None)
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


# What may stand in a field of a receipt instead of what belongs there. A text is JSON as it is.
VALUES = (
    *("null", "true", "false", "0", "-1", "1", "1.5", "-0.0", "1e308", "1e400", "-1e400"),
    *("9" * 5_000, "9" * 300, "123456789012345678901234567890", "NaN", "Infinity"),
    *('""', '" "', '"x"', '"\\u0000"', '"\\ud800"', '"\\u202e\\u200b"', '"=1+1"', '"0"', '"-1"'),
    *('"' + "x" * 120_000 + '"', '"' + "й" * 300 + '"', '"../../x"', '"<script>"', '"١٩٩٤"'),
    *("[]", "{}", "[null]", '{"": null}', '{"a": {"b": []}}', "[[[[[[]]]]]]", "[1e400]"),
    *("[" * 300 + "]" * 300, '{"a":' * 300 + "1" + "}" * 300, "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"),
)
# Dates that are none, or that no clock shows while a student works on this.
DATES = (
    *("0000-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z", "0999-12-31T23:59:59.999Z"),
    *("1000-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z"),
    *("1899-12-30T00:00:00.000Z", "2000-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"),
    *("2026-02-13T00:00:00.000Z", "2036-02-07T06:28:16.000Z", "2038-01-19T03:14:08.000Z"),
    *("2099-01-01T00:00:00.000Z", "2106-02-07T06:28:16.000Z", "9999-12-31T23:59:59.999Z"),
    *("10000-01-01T00:00:00.000Z", "+010000-01-01T00:00:00.000Z", "-000001-01-01T00:00:00.000Z"),
    *("2027-00-10T10:00:00.000Z", "2027-13-10T10:00:00.000Z", "2027-02-00T10:00:00.000Z"),
    *("2027-02-29T10:00:00.000Z", "2027-02-30T10:00:00.000Z", "2027-02-14T24:00:00.000Z"),
    *("2027-02-14T25:00:00.000Z", "2027-02-14T10:60:00.000Z", "2027-02-14T23:59:60.000Z"),
    *("2027-02-14T10:00:00Z", "2027-02-14T10:00:00.000000Z", "2027-02-14T10:00:00.000"),
    *("2027-02-14T10:00:00.000+05:00", "2027-02-14T10:00:00.000+99:99", "2027-02-14"),
    *("٢٠٢٧-02-14T10:00:00.000Z", "２０２７-02-14T10:00:00.000Z", "2027-02-14T10:00:00.000Z\n"),
    *("14.02.2027 10:00", "Sun Feb 14 2027 10:00:00 GMT+0500", "1739527200000", ""),
    *("2027-W06-7T10:00:00.000Z", "2027-045T10:00:00.000Z", "2027-02-14t10:00:00.000z"),
)


def mutations(text: str) -> Iterator[tuple[str, str]]:
    """Yield a receipt with one place of it changed, at every depth; and what was changed.

    Each change is there twice: with the checksum as it was, and with one that fits.
    """
    receipt = json.loads(text)
    first = next(iter(receipt["answers"]))
    paths: list[tuple[str, ...]] = [(name,) for name in receipt]
    paths += [("banks", name) for name in receipt["banks"]][:1]
    paths += [("answers", first), *(("answers", first, name) for name in receipt["answers"][first])]
    for path in paths:
        where = ".".join(path)
        yield f"{where} is missing", _sealed(_replaced(receipt, path, None))
        for value in VALUES:
            changed = _replaced(receipt, path, value)
            yield f"{where} is {value[:30]}", changed
            yield f"{where} is {value[:30]}, sealed", _sealed(changed)
    for date in DATES:
        for path in (("made",), ("answers", first, "at")):
            changed = _replaced(receipt, path, json.dumps(date, ensure_ascii=False))
            yield f"{'.'.join(path)} is {date}", _sealed(changed)
    for name in ("student", "made", "answers", "checksum"):
        again = f'{{"{name}": {json.dumps(receipt[name])}, {text.lstrip()[1:]}'
        yield f"{name} stands twice", again


def _replaced(receipt: dict[str, Any], path: tuple[str, ...], value: str | None) -> str:
    """Return a receipt as text in which one place holds another piece of JSON, or is gone."""
    mark = "\ue000value\ue001"
    changed = json.loads(json.dumps(receipt))
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = mark
    return json.dumps(changed, ensure_ascii=False).replace(f'"{mark}"', value or "")


def _sealed(text: str) -> str:
    """Return a receipt with the checksum that a cheat would compute, where one can be."""
    try:
        return resealed(text)
    except (KeyError, ValueError, RecursionError, AttributeError):
        return text


def wrappings(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield a receipt as mail programs, browsers, editors and word processors hand it on."""
    raw = text.encode()
    lines = "".join(
        f"<w:p><w:r><w:t>{_escaped(line)}</w:t></w:r></w:p>" for line in text.split("\n")
    )
    split = lines.replace("receipt", "rec</w:t></w:r><w:r><w:t>eipt")
    odt = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in text.split("\n"))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        entry = tarfile.TarInfo("work/receipt.json")
        entry.size = len(raw)
        archive.addfile(entry, io.BytesIO(raw))
    paragraphs = "".join(f"<p>{_escaped(line)}</p>" for line in text.split("\n"))
    breaks = _escaped(text).replace("\n", "<br />\n").replace("  ", "&nbsp;&nbsp;")
    yield from (
        ("receipt.json.html", f"<html><body><pre>{text}</pre></body></html>".encode()),
        ("onlinetext.html", f"<p>{text}</p>".encode()),
        ("entities.html", f"<div>{_escaped(text).replace('/', '&#x2F;')}</div>".encode()),
        ("paragraphs.html", f"<html>{paragraphs}</html>".encode()),
        ("breaks.html", f'<div class="no-overflow">{breaks}</div>'.encode()),
        ("receipt.json_", raw),
        ("receipt.json.txt", raw),
        ("receipt.json1", raw),
        ("receipt.json.download", raw),
        ("receipt.jsn", raw),
        ("receipt.log", raw),
        ("nbsp.json", text.replace(" ", "\u00a0").encode() if " " in text else raw),
        ("smart.txt", text.replace('"', "\u201d").encode()),
        ("quoted.eml", "\n".join(f"> {line}" for line in text.split("\n")).encode()),
        ("letter.txt", f"Dear teacher,\n\nhere it is:\n\n{text}\n\nYours, A student\n".encode()),
        ("wrapped.txt", "\n".join(text[at : at + 76] for at in range(0, len(text), 76)).encode()),
        ("utf-16-le.json", text.encode("utf-16-le")),
        ("utf-16-be.json", text.encode("utf-16-be")),
        ("utf-16.json", text.encode("utf-16")),
        ("bom.json", b"\xef\xbb\xbf\xef\xbb\xbf" + raw),
        ("padded.json", raw + b"\0" * 700),
        ("twice.json", raw + raw),
        ("cr.json", text.replace("\n", "\r").encode()),
        ("receipt.json.gz", gzip.compress(raw)),
        ("receipt.tar.gz", tar.getvalue()),
        ("receipt.docx", _zip(("word/document.xml", f"<w:document>{split}".encode()))),
        ("receipt.odt", _zip(("content.xml", f"<office:text>{odt}".encode()))),
        ("receipt.rtf", _rtf(text)),
        ("work.zip", _zip(("work\\receipt.json", raw), ("__MACOSX/._receipt.json", b"\0\5"))),
    )


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _rtf(text: str) -> bytes:
    plain = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    coded = "".join(one if ord(one) < 128 else f"\\u{ord(one)}?" for one in plain)
    body = coded.replace("\n", "\\par\n")
    return ("{\\rtf1\\ansi\\ansicpg1251 {\\fonttbl{\\f0 Arial;}}\n" + body + "}").encode()

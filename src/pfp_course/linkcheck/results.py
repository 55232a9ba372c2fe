"""The addresses that the course names, what was answered, and the report of it."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from pfp_course.errors import CourseError
from pfp_course.files import json_or, notebook_in, safe_cell, whole
from pfp_course.linkcheck.asking import Answer, Verdict

__all__ = ["Memory", "Mention", "addresses_in", "as_csv", "as_markdown", "collect"]


_ADDRESS = re.compile(r"https?://[^\s<>\"`|\\^{}]+", re.IGNORECASE)
# Kept for examples, or this computer: nobody can be asked there (RFC 2606, RFC 6761).
_NOBODY = re.compile(r"(^|\.)(example(\.(com|net|org))?|invalid|localhost|test)$")
_LOOPBACK = re.compile(r"(127\.|0\.0\.0\.0$|\[?::1)")
# A made-up news item has a made-up address, and the course says so.
_INVENTED = "FALSE"


@dataclass(frozen=True)
class Mention:
    """A place that names an address: a file, a line of it (or a cell), and what stands there."""

    file: str
    line: int
    what: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f" ({self.what})" if self.what else "")


def collect(root: Path) -> dict[str, list[Mention]]:
    """Return the addresses that a project names, each with its mentions.

    Text, notebooks, questions and every table are read; what the book makes of them is not.

    Raises
    ------
    CourseError
        If a file cannot be read.
    """
    found: dict[str, list[Mention]] = {}
    for address, mention in _all(root):
        if not _is_nobody(address):
            found.setdefault(address, []).append(mention)
    return dict(sorted(found.items()))


def addresses_in(text: str) -> Iterator[str]:
    """Return the addresses in a text, without the signs that end a sentence around them."""
    for match in _ADDRESS.finditer(text):
        # Cells hold several addresses with a semicolon between.
        for part in re.split(r"[;,](?=https?://)", match[0]):
            # Around an address a stroke below is emphasis; of one that stands alone it is the end.
            alone = part == text.strip() and part.endswith("_")
            yield part if alone else _trimmed(part)


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        unpaired = last in ")]" and address.count(last) > address.count("(["[")]".index(last)])
        if last not in ".,;:!?'*_" and not unpaired:
            break
        address = address[:-1]
    return address


def _all(root: Path) -> Iterator[tuple[str, Mention]]:
    for pattern, read in _READERS.items():
        for path in sorted(root.glob(pattern)):
            if "_generated" not in path.parts:
                yield from read(path, path.relative_to(root).as_posix())


def _in_text(path: Path, name: str) -> Iterator[tuple[str, Mention]]:
    for number, line in enumerate(_read(path).splitlines(), start=1):
        for address in addresses_in(line):
            yield address, Mention(name, number)


def _in_table(path: Path, name: str) -> Iterator[tuple[str, Mention]]:
    reader = csv.reader(_read(path).splitlines(keepends=True))
    head = next(reader, [])
    start = reader.line_num + 1
    for row in reader:
        if not any(cell.startswith(_INVENTED) for cell in row):
            for column, cell in zip(head, row, strict=False):
                for address in addresses_in(cell):
                    yield address, Mention(name, start, f"row {row[0]}, column {column}")
        start = reader.line_num + 1


def _in_notebook(path: Path, name: str) -> Iterator[tuple[str, Mention]]:
    for number, cell in enumerate(notebook_in(path)["cells"], start=1):
        for address in addresses_in("".join(cell.get("source", []))):
            yield address, Mention(name, number, f"cell {number}")


_READERS = {
    "*.md": _in_text,
    "book/**/*.md": _in_text,
    "CITATION.cff": _in_text,
    "data/datapackage.json": _in_text,
    "data/questions/*.yml": _in_text,
    "data/*.csv": _in_table,
    "notebooks/**/*.ipynb": _in_notebook,
}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None


def _is_nobody(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False  # no address at all: the report says so
    return bool(_NOBODY.search(host) or _LOOPBACK.match(host))


def _remembered(entry: dict[str, str]) -> tuple[datetime, Answer]:
    asked = datetime.fromisoformat(entry.pop("asked"))
    return asked, Answer(**{**entry, "verdict": Verdict(entry["verdict"])})  # type: ignore[arg-type]


# What may have been mended, or may have been bad luck, is asked again.
_KEPT = (Verdict.works, Verdict.moved)


class Memory:
    """Answers that are kept in a file, and forgotten after some hours of ``age``.

    A file that is missing or damaged is an empty memory.
    """

    def __init__(self, path: Path, age: float) -> None:
        self.path = path
        oldest = datetime.now(UTC) - timedelta(hours=age)
        kept: list[tuple[datetime, Answer]]
        kept = json_or(path, lambda entries: [*map(_remembered, entries)], [])
        self.known = {answer.address: (asked, answer) for asked, answer in kept if asked >= oldest}

    def get(self, address: str) -> Answer | None:
        """Return what is remembered of an address, or None."""
        found = self.known.get(address)
        return found[1] if found else None

    def add(self, answer: Answer) -> None:
        """Remember an answer, unless it should be asked again."""
        if answer.verdict in _KEPT:
            self.known[answer.address] = datetime.now(UTC), answer

    def save(self) -> None:
        """Write the file, if there is anything to remember; `CourseError` says what hinders it."""
        if not self.known:
            return
        listed = [
            {**asdict(answer), "asked": asked.isoformat()} for asked, answer in self.known.values()
        ]
        with whole(self.path) as part:
            part.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


_HEADS = {
    Verdict.dead: "Dead: take another source, or an archived copy",
    Verdict.moved: "Moved: write the new address",
    Verdict.uncertain: "Uncertain: open it in a browser",
}
_FIELDS = ("verdict", "address", "status", "target", "reason", "file", "line", "what")

Mentions = Mapping[str, Sequence[Mention]]


def as_markdown(answers: Mapping[str, Answer], mentions: Mentions, day: date) -> str:
    """Return the report as Markdown: what is to be done first comes first."""
    counts = Counter(answer.verdict for answer in answers.values())
    summary = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    lines = [
        f"# Links of the course, {day.isoformat()}",
        "",
        f"{len(answers)} addresses: {summary}.",
    ]
    for verdict, head in _HEADS.items():
        found = [answer for answer in answers.values() if answer.verdict is verdict]
        if found:
            lines += ["", f"## {head}", ""]
        for answer in found:
            status = f" ({answer.status})" if answer.status else ""
            target = f" → <{answer.target}>" if answer.target else ""
            lines.append(f"- <{answer.address}>{target}: {answer.reason}{status}")
            lines += [f"  - `{mention}`" for mention in mentions.get(answer.address, ())]
    return "\n".join(lines) + "\n"


def as_csv(answers: Mapping[str, Answer], mentions: Mentions) -> str:
    """Return one line for each mention of each address."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_FIELDS)
    for answer in answers.values():
        for mention in mentions.get(answer.address, ()):
            # An address begins with its scheme, and stays what it is.
            row = answer.verdict, answer.address, answer.status or "", answer.target
            about = answer.reason, mention.file, mention.line, mention.what
            writer.writerow([*row, *(safe_cell(str(cell)) for cell in about)])
    return text.getvalue()

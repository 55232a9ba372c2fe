"""What a new grading changed: for whom, in which question, from what to what, and why."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from pfp_course.grading.database import Database
from pfp_course.grading.marks import Marker
from pfp_course.grading.pages import page, table
from pfp_course.grading.rows import GradeRow, RecordLine
from pfp_course.grading.rules import Settings
from pfp_course.grading.sheets import csv_line

__all__ = ["kept_for_record", "write_changes", "write_record"]

_HEAD = ("student", "name", "what", "from", "to", "why")
_SHOWN = 500  # lines of the page; the table holds all


def _about(settings: Settings, marker: Marker) -> dict[str, Any]:
    """Return what a run was made with, as the first line of its record."""
    keys = {
        question.id: sha256(
            json.dumps([form.as_json() for form in forms], sort_keys=True).encode()
        ).hexdigest()[:16]
        for question, forms in zip(settings.key.questions, marker.forms, strict=True)
    }
    return {
        "format": "pfp-course/grades",
        "version": 1,
        "assignment": settings.key.id,
        "title": settings.key.title,
        "points": settings.points,
        "drop": sorted(settings.drop),
        "late": settings.late,
        "penalty": settings.penalty if settings.late == "penalty" else 0,
        "grace": settings.grace,
        "variants": settings.variants,
        "due": settings.key.due,
        "keys": keys,
    }


def kept_for_record(
    database: Database, settings: Settings, rows: Iterable[GradeRow]
) -> Iterator[GradeRow]:
    """Keep a line of the record for each row, and yield the rows as they come."""
    names = [question.id for question in settings.key.questions]
    for row in rows:
        line = {
            "key": row.key,
            "name": row.name,
            "total": row.total,
            "days": row.days,
            "checksum": row.checksum or "",
            "manual": row.manual,
            "points": {
                name: points
                for name, points in zip(names, row.points, strict=bool(row.points))
                if points is not None
            },
        }
        database.add(RecordLine(row.key, _json(line)))
        yield row


def write_record(database: Database, settings: Settings, marker: Marker, path: Path) -> None:
    """Write the grades of a run as one line for each student, in the order of their keys."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_json(_about(settings, marker)) + "\n")
        file.writelines(f"{line}\n" for line in database.record())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_changes(old: Path, new: Path, folder: Path) -> int:
    """Write what is different between two records, as a table and as a page.

    Returns
    -------
    int
        For how many students something changed.
    """
    with (
        old.open(encoding="utf-8") as before,
        new.open(encoding="utf-8") as after,
        (folder / "changes.csv").open("w", encoding="utf-8-sig", newline="") as file,
    ):
        was, now = json.loads(next(before)), json.loads(next(after))
        file.write(csv_line(_HEAD))
        shown: list[list[str]] = []
        changed = 0
        for first, second in _paired(before, after):
            lines = list(_differences(first, second, was, now))
            changed += bool(lines)
            for line in lines:
                file.write(csv_line(line))
                if len(shown) < _SHOWN:
                    shown.append([escape(_shown(cell)) for cell in line[1:]])
    body = _page(was, now, changed, shown)
    (folder / "changes.html").write_text(body, encoding="utf-8")
    return changed


def _paired(
    before: Iterator[str], after: Iterator[str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the lines of two records, side by side; both are in the order of their keys."""
    first, second = _next(before), _next(after)
    while first or second:
        if second is None or (first is not None and first["key"] < second["key"]):
            yield first or {}, {}
            first = _next(before)
        elif first is None or second["key"] < first["key"]:
            yield {}, second
            second = _next(after)
        else:
            yield first, second
            first, second = _next(before), _next(after)


def _next(lines: Iterator[str]) -> dict[str, Any] | None:
    text = next(lines, None)
    return None if text is None else json.loads(text)


def _differences(
    first: dict[str, Any], second: dict[str, Any], was: dict[str, Any], now: dict[str, Any]
) -> Iterator[list[Any]]:
    one = second or first
    who = [one["key"], one["name"]]
    if not first or not second:
        why = "not in the earlier grades" if not first else "no longer there"
        yield [*who, "total", first.get("total"), second.get("total"), why]
        return
    names = {**first["points"], **second["points"]}
    for name in names:
        old, new = first["points"].get(name), second["points"].get(name)
        if old != new:
            yield [*who, name, old, new, _why(name, first, second, was, now)]
    if first["total"] != second["total"]:
        yield [*who, "total", first["total"], second["total"], _why_total(first, second, was, now)]
    if was["points"] != now["points"] and None not in (first["total"], second["total"]):
        shares = (
            round(100 * one / most, 2) if most else 0.0
            for one, most in ((first["total"], was["points"]), (second["total"], now["points"]))
        )
        old, new = shares
        if old != new:
            why = f"there are {now['points']} points, and were {was['points']}"
            yield [*who, "percent", old, new, why]


def _why(
    name: str,
    first: dict[str, Any],
    second: dict[str, Any],
    was: dict[str, Any],
    now: dict[str, Any],
) -> str:
    if (name in was["drop"]) != (name in now["drop"]):
        return "the question was dropped" if name in now["drop"] else "the question counts again"
    if name in first["manual"] or name in second["manual"]:
        return "marked by a person"
    if first["checksum"] != second["checksum"]:
        return "another receipt counts"
    if was["keys"].get(name) != now["keys"].get(name):
        return "the key was mended"
    return "the settings changed"


def _why_total(
    first: dict[str, Any], second: dict[str, Any], was: dict[str, Any], now: dict[str, Any]
) -> str:
    if first["points"] != second["points"]:
        return "its questions changed"
    return "lateness" if first["days"] or second["days"] else "the settings changed"


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _page(was: dict[str, Any], now: dict[str, Any], changed: int, shown: list[list[str]]) -> str:
    fields = ("points", "drop", "late", "penalty", "grace", "variants", "due")
    settings = [
        [escape(field), escape(_shown_setting(was[field])), escape(_shown_setting(now[field]))]
        for field in fields
        if was[field] != now[field]
    ]
    keys = [name for name in now["keys"] if was["keys"].get(name) != now["keys"][name]]
    body = f'<p class="pfp-over">{escape(now["title"])}</p><h1>What changed</h1>'
    body += f"<p>The grades of {changed} {'student' if changed == 1 else 'students'} changed.</p>"
    if keys:
        body += f"<p>Mended keys: {escape(', '.join(keys))}.</p>"
    if settings:
        body += table("What was asked for", ["setting", "before", "now"], settings)
    if shown:
        body += table("Students", [*_HEAD[1:]], shown)
        body += '<p class="pfp-soft">The file changes.csv holds every line.</p>'
    return page("What changed", body, wide=True)


def _shown_setting(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)

"""A document is printed once: what is there and would say the same is left."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from environment import ROOT

from pfp_course.course import read_course
from pfp_course.export import printing
from pfp_course.export.printing import PdfPrinter, filled

TEXT = (
    '<p>Version 1, <span class="pfp-day"></span></p>'
    '<nav class="pfp-contents" aria-label="Contents"><li><a href="#one"><span>One</span> '
    '<span class="pfp-number"></span></a></li></nav><a href="#one">One</a>'
)
DAY = date(2027, 1, 31)


class Printed(list[str]):
    """The documents that a browser would have printed; ``one`` stands on page 7 of each."""

    def document(self, browser: str, text: str, target: Path, *more: object) -> None:
        self.append(text)
        target.write_text(text, encoding="utf-8")

    def numbers(self, pdf: Path, names: object) -> dict[str, int]:
        pdf.read_bytes()
        return {"one": 7}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    done = Printed()
    monkeypatch.setattr(printing, "print_document", done.document)
    monkeypatch.setattr(printing, "page_numbers", done.numbers)
    monkeypatch.setattr(printing, "_version_of", lambda browser: browser)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return done


@pytest.fixture
def pdf_printer(tmp_path: Path) -> PdfPrinter:
    return PdfPrinter("chromium", read_course(ROOT), DAY, tmp_path / "kept.json")


def test_the_day_and_the_numbers_are_filled_in_at_the_end() -> None:
    text = filled(TEXT, DAY, {"one": 7})
    assert "Version 1, 31 January 2027<" in text
    assert text.endswith('<span class="pfp-number">7</span></a></li></nav><a href="#one">One</a>')


def test_what_is_printed_is_left_on_another_day_too(
    printed: Printed, pdf_printer: PdfPrinter, tmp_path: Path
) -> None:
    target = tmp_path / "a.pdf"
    pdf_printer.print(TEXT, target, "A")
    first = target.read_bytes()
    pdf_printer.print(TEXT, target, "A")
    replace(pdf_printer, day=date(2027, 2, 1)).print(TEXT, target, "A")
    assert len(printed) == 1
    assert target.read_bytes() == first


@pytest.mark.parametrize("change", ["text", "title", "file", "gone", "browser", "memory", "epoch"])
def test_what_is_not_as_it_was_is_printed(
    printed: Printed,
    pdf_printer: PdfPrinter,
    tmp_path: Path,
    change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "a.pdf"
    pdf_printer.print(TEXT, target, "A")
    if change == "file":
        target.write_bytes(b"half")
    elif change == "gone":
        target.unlink()
    elif change == "memory":
        pdf_printer.kept.write_text("[", encoding="utf-8")
    elif change == "epoch":
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    now = replace(pdf_printer, browser="another") if change == "browser" else pdf_printer
    now.print(TEXT + "x" * (change == "text"), target, "B" if change == "title" else "A")
    assert len(printed) == 2


@pytest.mark.parametrize(
    ("there", "guess", "times"), [(False, {}, 2), (True, {}, 1), (False, {"one": 7}, 1)]
)
def test_the_course_is_printed_until_its_contents_are_right(
    printed: Printed,
    pdf_printer: PdfPrinter,
    tmp_path: Path,
    there: bool,
    guess: Mapping[str, int],
    times: int,
) -> None:
    target = tmp_path / "a.pdf"
    if there:
        target.write_text("an older edition", encoding="utf-8")
    pdf_printer.print_numbered(TEXT, target, ["one"], guess)
    assert len(printed) == times
    assert target.read_text("utf-8") == filled(TEXT, DAY, {"one": 7})

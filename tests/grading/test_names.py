"""Names of files, of students and of pages; cells of tables."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.errors import CourseError
from pfp_course.grading.lms_names import Owner, identity, owner_of, tidy
from pfp_course.grading.pages import file_name
from pfp_course.grading.sheets import cell, csv_line, read_table, unquoted


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        # Moodle, as folders (today's and older forms) and as files.
        (
            "Aigerim Bekova_12345_assignsubmission_file_/receipt.json",
            Owner("moodle", "Aigerim Bekova", "12345"),
        ),
        (
            "Aigerim Bekova_12345_assignsubmission_file/a/receipt.json",
            Owner("moodle", "Aigerim Bekova", "12345"),
        ),
        (
            "Әсел Сейітқали_7_assignsubmission_file_receipt.json",
            Owner("moodle", "Әсел Сейітқали", "7"),
        ),
        (
            "Participant_99_assignsubmission_onlinetext_/onlinetext.html",
            Owner("moodle", "Participant", "99"),
        ),
        # A name inside a student's own zip is not the account's.
        (
            "Ann Lee_1_assignsubmission_file_/x.zip/Bob Ray_2_assignsubmission_file_/r.json",
            Owner("moodle", "Ann Lee", "1"),
        ),
        # Canvas.
        ("bekovaaigerim_123_4567_receipt-1.json", Owner("canvas", "bekovaaigerim", "123")),
        (
            "bekovaaigerim_LATE_123_4567_receipt.json",
            Owner("canvas", "bekovaaigerim", "123", late=True),
        ),
        ("сейітқалиәсел_5_67_r.json", Owner("canvas", "сейітқалиәсел", "5")),
        ("LATE_anon_aB3dE_4567_receipt.json", Owner("canvas", "", "anon_aB3dE", late=True)),
        # None of them.
        ("receipt-1a2b3c4d.json", None),
        ("Aigerim Bekova/receipt.json", None),
        ("week_3.json", None),
    ],
)
def test_moodle_and_canvas_tell_whose_it_is(path: str, owner: Owner | None) -> None:
    assert owner_of(path.split("/")) == owner


@given(st.text(max_size=400))
def test_a_cell_is_one_line_and_no_formula_in_any_spreadsheet(text: str) -> None:
    line = csv_line(["id", text, 5])
    assert line.count("\n") == 1
    for mark in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=mark):
            for one in row:
                assert one.lstrip()[:1] not in tuple("=+-@＝＋－＠"), (mark, one)


@given(
    st.text(
        alphabet=st.characters(categories=["L", "M", "N", "Zs"]) | st.sampled_from("'.-,"),
        max_size=90,
    )
)
def test_a_name_that_begins_with_a_letter_stays_as_it_is(text: str) -> None:
    name = " ".join(f"A{text}".split())
    if all(mark not in name for mark in ("'-", ",-", "' -", ", -")):
        assert cell(name) == tidy(name)


def test_numbers_stay_numbers_and_a_cell_can_be_read_back() -> None:
    assert csv_line([1, -0.5, 0.123456, None, True, 0.0]) == "1,-0.5,0.1235,,yes,0\r\n"
    for text in ("=1+1", "@x", "Ann;=1", "O'Brien"):
        assert unquoted(cell(text)) == text


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_name_of_a_page_is_safe(key: str, name: str) -> None:
    page = file_name(key, name)
    assert Path(page).name == page
    assert page.endswith(".html")
    assert len(page.encode()) <= 140
    assert not page.startswith((".", "-"))
    assert page.isprintable()
    assert not set(page) & set("<>:\"/\\|?*&;$%#' ")


@given(st.text(max_size=60))
def test_unseen_characters_make_no_other_student(text: str) -> None:
    assert identity(f"{text}\u200b") == identity(f"\ufeff {text} \u202e")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"Name{mark}ID\r\nИван Петров{mark}5\r\n\r\n", encoding=encoding, newline="")
    assert list(read_table(path, "a table")) == [(2, {"name": "Иван Петров", "id": "5"})]


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        list(read_table(tmp_path / "none.csv", "a table"))
    (tmp_path / "big.csv").write_bytes(b"a" * 200_000)
    before = csv.field_size_limit(10**9)  # as other libraries set it, for all
    try:
        with pytest.raises(CourseError, match="no table"):
            list(read_table(tmp_path / "big.csv", "a table"))
    finally:
        csv.field_size_limit(before)

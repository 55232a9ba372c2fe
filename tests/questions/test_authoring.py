"""Authors: a bank begun, described to an editor, looked at, and taken over from other tools."""

from pathlib import Path

import pytest
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.questions import check_bank, read_bank
from pfp_course.questions.authoring import (
    answer_key,
    bank_schema,
    bank_text,
    new_bank_text,
    preview_page,
)
from pfp_course.questions.kinds import KINDS, form_of
from pfp_course.questions.reading import read_document
from pfp_course.questions.spec import public, variants
from pfp_course.questions.texts import as_html

SAMPLE = Path(__file__).with_name("sample.yml")


def test_a_new_bank_shows_every_kind_and_is_in_order(tmp_path: Path) -> None:
    path = tmp_path / "07.yml"
    title = "The Black Sea: 'x' @NN@ #1"
    path.write_text(new_bank_text("07", title, path.name), encoding="utf-8")
    assert check_bank(path, COURSE) == []
    bank = read_bank(path, COURSE)
    assert (bank.title, bank.chapter) == (title, "07")
    assert {question.kind for question in bank.questions} == set(KINDS)


@given(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=12), max_size=4))
def test_any_text_is_written_so_that_it_stays_text(fields: dict[str, str]) -> None:
    import tempfile

    printable = {name: "".join(c for c in text if c.isprintable()) for name, text in fields.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "07.yml"
        path.write_text(bank_text(printable, path.name), encoding="utf-8")
        assert read_document(path).value == printable


def test_the_schema_knows_every_kind_and_the_course_s_banks_fit_it() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the extra book")
    schema = bank_schema()
    assert set(schema["properties"]["questions"]["items"]["discriminator"]["mapping"]) == set(KINDS)

    told = schema["properties"] | schema["$defs"]["Numeric"]["properties"]
    for name in ("part", "source", "tolerance", "otherwise"):
        assert told[name]["description"]
    for path in [SAMPLE, *COURSE.questions.glob("*.yml")]:
        jsonschema.validate(read_document(path).value, schema)
    broken = read_document(SAMPLE).value
    broken["questions"][0]["hint"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_a_preview_is_one_file_that_asks_nothing_of_the_network() -> None:
    questions = [public(question) for question in read_bank(SAMPLE, COURSE).questions]
    spec = {"id": "99", "title": "A <b>", "course": "0", "seed": "", "questions": questions}
    page = preview_page(spec)
    assert "<title>A &lt;b&gt;</title>" in page
    assert 'src="' not in page.split("<body>")[0]
    assert "<link" not in page


def test_the_answer_key_names_every_right_answer_and_no_markup_of_an_author() -> None:
    bank = read_bank(SAMPLE, COURSE)
    page = answer_key([bank])
    assert "<script>" not in page
    assert "<img" not in page
    for question in bank.questions:
        for spec in variants(question):
            answers = form_of(spec).solution()
            assert answers
            if spec["kind"] in ("single", "place", "point"):
                assert len(answers) == 1
            for text in answers:
                assert as_html(text) in page

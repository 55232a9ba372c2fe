"""Files of other tools in any encoding, and any bytes: a report or one error, never a traceback."""

import json
from pathlib import Path

import pytest
from courses import COURSE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.errors import CourseError
from pfp_course.questions import check_bank
from pfp_course.questions.authoring import decoded, read_gift, read_jupyterquiz

RUSSIAN = "Какая река течёт через Албу? {=Ольша ~Берна ~Серая#Нет, она течёт на север.}"
FRENCH = "Où naît la rivière Olsha à Pâques ? {=à l'été ~forêt#Non, c'était déjà là.}"
GERMAN = "Welche Flüsse überqueren die Grenze? {=Öls und Ähre ~Weiße Spree#Nein, größer.}"
KAZAKH = "Қай өзен ағады? {=Ертіс ~Іле#Жоқ.}"


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        *((RUSSIAN, name, "") for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32")),
        (RUSSIAN, "utf-16-le", "UTF-16"),
        (RUSSIAN, "utf-16-be", "UTF-16"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (RUSSIAN, "cp866", "CP866"),
        (FRENCH, "cp1252", "Windows-1252"),
        (GERMAN, "cp1252", "Windows-1252"),
        ("Is it “so” – or not? {T}", "cp1252", "Windows-1252"),
        (KAZAKH, "utf-8", ""),
        ("Plain? {T}", "ascii", ""),
    ],
)
def test_the_encoding_is_found_out_and_said(text: str, encoding: str, said: str) -> None:
    found, name = decoded(text.encode(encoding))
    assert found == text
    assert said in name
    assert bool(said) == bool(name)
    assert len(read_gift(found, COURSE).questions) == 1


@pytest.mark.parametrize("raw", [b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\0\0\0", b"a\0b\xff" * 3])
def test_what_is_no_text_is_refused_or_read(raw: bytes) -> None:
    try:
        text, _ = decoded(raw)
    except CourseError:
        return
    assert isinstance(text, str)


def run(folder: Path, name: str, raw: bytes) -> tuple[int, str, Path]:
    """Import a file by the command, and return its end, its words and the bank."""
    source, bank = folder / name, folder / "08.yml"
    bank.unlink(missing_ok=True)
    source.write_bytes(raw)
    result = CliRunner().invoke(app, ["questions", "import", str(source), "--to", str(bank)])
    assert result.exception is None or isinstance(result.exception, SystemExit | CourseError), (
        result.exception
    )
    return result.exit_code, result.output, bank


PIECES = st.sampled_from(
    [
        *("::A:: ", "One? ", "{", "}", "=", "~", "#", "####", "->", "%50%", "%-100%", "\n", "\n\n"),
        *("$CATEGORY: x\n", "// c\n", "[html]", "<b>", "</b>", "<pre>", "\\", "\\(", "\\)", "x^2"),
        *("1..2", "3:1", "T", "{T}", "{=a ~b}", "{#3}", "{}", "{1:SA:=x}", "[[1]]", "&amp;", "*"),
        *("@@PLUGINFILE@@/a.png", '<img src\\="a.png">', "```", "é", "\ufeff", "\0", "🙂"),
    ]
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.binary(max_size=80)
    | st.lists(PIECES, max_size=14).map(lambda parts: "".join(parts).encode()),
    st.sampled_from(["a.gift", "a.json", "a.txt"]),
)
def test_any_bytes_end_in_a_report_or_one_error(tmp_path: Path, raw: bytes, name: str) -> None:
    _, output, bank = run(tmp_path, name, raw)
    assert "Traceback" not in output
    if bank.exists():
        for problem in check_bank(bank, COURSE):
            assert problem.line > 0


def test_the_report_names_file_line_question_and_loss(tmp_path: Path) -> None:
    gift = (
        '::Map:: [html]<b>Look</b> at <img src\\="@@PLUGINFILE@@/map.png" alt\\="a map"> {T}\n\n'
        "::Joker:: Which? {=Eston*}\n"
    )
    code, output, bank = run(tmp_path, "a.gift", gift.encode())
    source = tmp_path / "a.gift"
    assert code == 1
    assert f"{source}:3: Joker: it is not taken over: the star in 'Eston*'" in output
    assert f"{source}:1: Map: not kept: bold" in output
    assert "its picture map.png is not in the file. Save it beside the bank." in output
    assert "1 taken over, 1 left out." in output
    assert bank.exists()


def test_a_picture_beside_the_file_goes_beside_the_bank(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "map.png").write_bytes(picture)
    source = tmp_path / "old" / "a.gift"
    source.write_text('[html]<img src\\="@@PLUGINFILE@@/map.png" alt\\="map"> what? {T}')
    bank = tmp_path / "08.yml"
    CliRunner().invoke(app, ["questions", "import", str(source), "--to", str(bank)])
    assert (tmp_path / "map.png").read_bytes() == picture


def test_a_picture_within_the_text_becomes_a_file(tmp_path: Path) -> None:
    data = "iVBORw0KGgoAAAAAAAAAAA=="
    item = {
        "question": f'<img src="data:image/png;base64,{data}" alt="dots"> How many?',
        "type": "numeric",
        "answers": [{"type": "value", "value": 2, "correct": True}],
    }
    _, _, bank = run(tmp_path, "a.json", json.dumps([item]).encode())
    assert "![dots](picture-1.png) How many?" in bank.read_text(encoding="utf-8")
    assert (tmp_path / "picture-1.png").read_bytes().startswith(b"\x89PNG")
    assert len(read_jupyterquiz(json.dumps([item]), COURSE).pictures) == 1

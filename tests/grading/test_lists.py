"""Lists of students in every language and form, and the tables that go back to a system."""

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from classes import make_key, work
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.assignments.assignment import Key
from pfp_course.errors import CourseError
from pfp_course.grading import Settings, grade
from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import known_heads, roles
from pfp_course.grading.roster import find_all, read_roster
from pfp_course.grading.sheets import open_table, round_trip

# The heads of Moodle's list of participants, in the languages of its packs.
PARTICIPANTS = {
    "en": ("First name", "Last name", "ID number", "Email address", "Groups"),
    "ru": ("Имя", "Фамилия", "Индивидуальный номер", "Адрес электронной почты", "Группы"),
    "kk": ("Аты", "Тегі", "Жекеше нөмір", "e-mail", "Топтар"),
    "de": ("Vorname", "Nachname", "ID-Nummer", "E-Mail-Adresse", "Gruppen"),
    "fr": ("Prénom", "Nom de famille", "Numéro d’identification", "Adresse de courriel", "Groupes"),
    "es": ("Nombre", "Apellido(s)", "Número de ID", "Dirección de correo", "Grupos"),
}
# Number, name, address, status, grade, most, may be changed, two dates, comment; and the word
# that stands before the number. Kazakh lacks many: Moodle writes those in English.
WORKSHEETS = {
    "en": (
        "Identifier|Full name|Email address|Status|Grade|Maximum grade|Grade can be changed|"
        "Last modified (submission)|Last modified (grade)|Feedback comments",
        "Participant ",
    ),
    "ru": (
        "Идентификатор|Полное имя|Адрес электронной почты|Статус|Оценка|Максимальная оценка|"
        "Оценка может быть изменена|Последнее изменение (ответ)|Последнее изменение (оценка)|"
        "Отзыв в виде комментария",
        "Участник ",
    ),
    "kk": (
        "Identifier|Толық аты|e-mail|Мәртебе|Баға|Максималды баға|Grade can be changed|"
        "Last modified (submission)|Last modified (grade)|Feedback comments",
        "Participant ",
    ),
    "de": (
        "ID|Vollständiger Name|E-Mail-Adresse|Status|Bewertung|Bestwertung|"
        "Bewertung kann geändert werden|Zuletzt geändert (Abgabe)|Zuletzt geändert (Bewertung)|"
        "Feedback als Kommentar",
        "Teilnehmer/in",
    ),
    "fr": (
        "Identifiant|Nom complet|Adresse de courriel|Statut|Note|Note maximale|"
        "La note peut être modifiée|Dernière modification (travail remis)|"
        "Dernière modification (note)|Feedback par commentaires",
        "Participant ",
    ),
    "es": (
        "Identificador|Nombre completo|Dirección de correo|Estado|Calificación|"
        "Calificación máxima|La calificación puede ser cambiada|Última modificación (entrega)|"
        "Última modificación (calificación)|Comentarios de retroalimentación",
        "Participante",
    ),
}
OWN = {
    "ru": "№;ФИО;Номер зачётки;Группа",
    "ru-2": "№ п/п;Фамилия, имя, отчество;ИИН;Учебная группа",
    "kk": "№;Аты-жөні;ЖСН;Тобы",
    "de": "Nr.;Name, Vorname;Matrikelnummer;Kurs",
    "fr": "N°;Nom et prénom;N° étudiant;Groupe",
    "es": "N.º;Apellidos y nombre;Matrícula;Grupo",
    "en": "No;Student;Student ID;Group",
}


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", manual=False)


def written(path: Path, head: list[str], lines: list[list[str]], mark: str, encoding: str) -> Path:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    writer.writerows([head, *lines])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def names(path: Path, tmp: Path) -> dict[str, str]:
    """Return the students of a list: names by their keys."""
    database = Database(tmp / "work.sqlite")
    read_roster(path, database)
    found = {student.key: student.name for student in database.listed_students()}
    database.close()
    (tmp / "work.sqlite").unlink()
    return found


@pytest.mark.parametrize("language", PARTICIPANTS)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_participants_of_moodle_in_each_language(
    tmp_path: Path, language: str, mark: str
) -> None:
    head = list(PARTICIPANTS[language])
    lines = [["Анна", "Ли", "S1", "a@x.org", "A"], ["Bob", "Ray", "S2", "b@x.org", "B"]]
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = written(tmp_path / "t.csv", head, lines, mark, encoding)
        assert names(path, tmp_path) == {"s1": "Анна Ли", "s2": "Bob Ray"}, encoding


@pytest.mark.parametrize("own", OWN.values())
@pytest.mark.parametrize(
    "above", ["", "sep=;\r\n", "Group MP-23;;;\r\n;;;\r\n", '"Курс;2"\r\n\r\n']
)
def test_a_list_of_the_deans_office_with_whatever_stands_above_it(
    tmp_path: Path, own: str, above: str
) -> None:
    path = tmp_path / "t.csv"
    lines = '1;Оспанова Дина;030215500123;MP\r\n2;"Hal\r\nVes";S2;MP\r\n'
    for encoding in ("utf-8-sig", "utf-16-le", "utf-16-be"):
        path.write_bytes(f"{above}{own}\r\n{lines}".encode(encoding))
        assert names(path, tmp_path) == {"030215500123": "Оспанова Дина", "s2": "Hal Ves"}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *(("cp1251", "Алёна Королёва"), ("cp1251", "Иванов Пётр Ильич"), ("cp1251", "ЮРЬЕВА Яна")),
        *(("cp866", "Иванова Ольга"), ("cp1252", "Jörg Müller"), ("cp1252", "José Núñez")),
        *(("cp1252", "Zoë Brontë-Façade"), ("cp1251", "Li Ann"), ("cp1252", "Straße, Änne")),
    ],
)
def test_the_code_page_is_the_one_that_gives_whole_words(
    tmp_path: Path, encoding: str, name: str
) -> None:
    path = written(tmp_path / "t.csv", ["Name", "ID"], [[name, "S1"]], ";", encoding)
    assert names(path, tmp_path) == {"s1": name}


@pytest.mark.parametrize("language", WORKSHEETS)
@pytest.mark.parametrize(
    ("mark", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-16")]
)
def test_the_worksheet_goes_back_with_the_heads_that_it_came_with(
    key: Key, tmp_path: Path, language: str, mark: str, encoding: str
) -> None:
    text, word = WORKSHEETS[language]
    head = text.split("|")
    people = ("Жанар Алмова", "Ann Lee", "=cmd() Evil")
    lines = [
        [f"{word}{n}", person, f"+s{n}@x.org", "Submitted", "", "100,00", "Yes", "-", "-", ""]
        for n, person in enumerate(people, 77)
    ]
    path = written(tmp_path / "sheet.csv", head, lines, mark, encoding)
    folder = tmp_path / "r"
    one = work(key, "Ann Lee", number=4)
    (folder / "Ann Lee_78_assignsubmission_file_").mkdir(parents=True)
    (folder / "Ann Lee_78_assignsubmission_file_" / "receipt.json").write_text(one.text)
    grade(folder, tmp_path / "g", Settings(key=key), COURSE, roster=path)
    raw = (tmp_path / "g" / "moodle-worksheet.csv").read_bytes()
    if encoding == "utf-16":
        assert raw[:2] == b"\xff\xfe"
    else:
        assert raw.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    back = list(csv.reader(io.StringIO(raw.decode(encoding)), delimiter=mark))
    assert back[0] == head
    assert [row[0] for row in back[1:]] == [row[0] for row in lines]
    assert [row[2] for row in back[1:]] == [row[2] for row in lines]
    assert [row[5:9] for row in back[1:]] == [row[5:9] for row in lines]
    grades = [row[4] for row in back[1:]]
    assert (grades[0], grades[2]) == ("", "")
    assert float(grades[1]) == pytest.approx(one.total, abs=0.01)
    assert back[2][9].endswith("points.")
    assert back[3][1] == "'=cmd() Evil"


def test_a_worksheet_of_blind_marking_has_no_names(key: Key, tmp_path: Path) -> None:
    head = [name for n, name in enumerate(WORKSHEETS["ru"][0].split("|")) if n not in (1, 2)]
    lines = [[f"Участник {n}", "", "", "100", "Да", "-", "-", ""] for n in (5, 6)]
    path = written(tmp_path / "sheet.csv", head, lines, ",", "utf-8")
    folder = tmp_path / "r" / "Участник_6_assignsubmission_file_"
    folder.mkdir(parents=True)
    one = work(key, "Real Name", number=4)
    (folder / "receipt.json").write_text(one.text)
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    back = list(csv.reader((tmp_path / "g" / "moodle-worksheet.csv").open(encoding="utf-8")))
    assert [row[0] for row in back] == ["Идентификатор", "Участник 5", "Участник 6"]
    assert [bool(row[2]) for row in back[1:]] == [False, True]
    assert "Real Name" not in (tmp_path / "g" / "gradebook.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("title", ["{}", "{} (4711)", "Another quiz (5)"])
def test_the_gradebook_of_canvas_goes_back_in_its_own_form(
    key: Key, tmp_path: Path, mark: str, title: str
) -> None:
    column = title.format(key.title)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section", column]
    head.append("Final Score")
    lines = [
        ["", "", "", "", "", "", "Manual Posting", ""],
        ["    Points Possible", "", "", "", "", "", "16,00", "(read only)"],
        ["Lee, Ann", "345", "-77", "+7701", "x", "A", "", "55"],
        ["Ray, Bob", "346", "S2", "bob@x.org", "y", "A and B", "3", "60"],
        ["Student, Test", "999", "", "abc", "", "A", "", ""],
    ]
    path = written(tmp_path / "canvas.csv", head, lines, mark, "utf-8-sig")
    one = work(key, "Ann Lee", number=4)
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "leeann_345_678_receipt.json").write_text(one.text)
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    raw = (tmp_path / "g" / "canvas.csv").read_text("utf-8-sig")
    back = list(csv.reader(io.StringIO(raw), delimiter=mark))
    wanted = key.title if "Another" in title else column
    assert back[0] == [*head[:6], wanted]
    assert back[1][0].strip() == "Points Possible"
    points = sum(question.points for question in key.questions) if "Another" in title else 16
    assert float(back[1][6].replace(",", ".")) == pytest.approx(points)
    assert [row[:6] for row in back[2:]] == [row[:6] for row in lines[2:4]]
    assert float(back[2][6]) == pytest.approx(one.total, abs=0.01)
    assert back[3][6] == ""


@pytest.mark.parametrize(
    "cut", ["3.02155E+10", "3,02155E+10", "3.021550012E+10", "3E+10", "3.0e10"]
)
def test_an_id_that_a_spreadsheet_cut_is_told_and_nobody_is_found_by_it(
    key: Key, tmp_path: Path, cut: str
) -> None:
    (tmp_path / "r").mkdir()
    for where, typed in (("name", "Iin Student"), ("id", "030215500123")):
        one = work(key, typed, number=len(where))
        (tmp_path / "r" / f"{where}.json").write_text(one.text)
    path = tmp_path / "t.csv"
    path.write_text(f"name;id\nIin Student;{cut}\nOther Person;{cut}\n")
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    with (tmp_path / "g" / "report.csv").open(encoding="utf-8-sig") as file:
        report = list(csv.DictReader(file))
    told = [row for row in report if row["what"] == "Your list of students"]
    assert len(told) == 2
    assert all(cut in row["found"] for row in told)
    (unknown,) = [row for row in report if "not on your list" in row["what"]]
    assert unknown["file"] == "id.json"
    with (tmp_path / "g" / "gradebook.csv").open(encoding="utf-8-sig") as file:
        book = {row["name"]: row["status"] for row in csv.DictReader(file)}
    assert book["Iin Student"] == "graded"


def listed(folder: Path, text: str) -> Database:
    path, database = folder / "t.csv", Database(folder / "work.sqlite")
    path.write_text(text)
    read_roster(path, database)
    return database


def test_a_zero_that_a_spreadsheet_took_away_is_no_other_id(tmp_path: Path) -> None:
    database = listed(tmp_path, "name,id\nAnn Lee,30215500123\nBob Ray,S2\n")
    assert find_all(database, "030215500123") == ["30215500123"]
    database.close()


def test_letters_that_were_lost_are_told(key: Key, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    path = tmp_path / "t.csv"
    path.write_bytes("name;id\n?сел Сейіт?али;1\n".encode())
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    assert "letters of this name were lost" in (tmp_path / "g" / "report.csv").read_text(
        "utf-8-sig"
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"Matrikel;Punkte\n1;2\n", "no column is called name"),
        (b"", "holds no students"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    with pytest.raises(CourseError, match=words):
        names(path, tmp_path)


def test_a_name_of_a_column_has_one_meaning_in_each_company() -> None:
    assert roles(["Имя", "Группа"]) == {"name": 0, "section": 1}
    assert roles(["Имя", "Фамилия"]) == {"first": 0, "last": 1}
    assert roles(["Nom", "Prénom"]) == {"last": 0, "first": 1}
    assert roles(["Name", "Vorname"]) == {"last": 0, "first": 1}
    assert roles(["name", "id"])["number"] == 1
    assert roles(["Student", "ID", "Section"])["canvas"] == 1
    assert roles(WORKSHEETS["de"][0].split("|"))["moodle"] == 0


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=8))
def test_any_table_is_read_or_refused_with_a_message(cells: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        out = io.StringIO()
        csv.writer(out).writerows([["name", "id"], *cells])
        path.write_bytes(out.getvalue().encode("utf-8", "replace"))
        with suppress(CourseError):
            names(path, Path(folder))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_message(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(raw)
        with suppress(CourseError):
            list(open_table(path, "a table", known_heads).rows())


@given(st.text(max_size=60))
def test_a_cell_that_goes_back_is_itself_or_no_formula(text: str) -> None:
    back = round_trip(text)
    assert back == text or back.replace("'", "") == text.replace("'", "")
    if back.lstrip()[:1] in tuple("=＝＋－＠"):
        raise AssertionError(back)
    if back.lstrip()[:1] in tuple("+-@"):
        assert not set(back) & set('=|!()*/,; \t\r\n"')


@pytest.mark.parametrize("written", ['"=""0123"""', "'0123", '="0123"', "0123.0", '"0123,0"'])
def test_an_id_is_found_whatever_a_spreadsheet_puts_around_it(tmp_path: Path, written: str) -> None:
    database = listed(tmp_path, f"name,id\nAnn Lee,{written}\n")
    assert find_all(database, "0123") == ["0123"]
    database.close()


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("20.2.2027", "2027-02-20T23:59:59Z"),
        ("2027-02-20", "2027-02-20T23:59:59Z"),
        ("20.02.2027 9:30", "2027-02-20T09:30:00Z"),
    ],
)
def test_a_deadline_may_stand_as_a_spreadsheet_turns_it(tmp_path: Path, day: str, due: str) -> None:
    database = listed(tmp_path, f"name|due\nAnn Lee|{day}\n")
    assert [student.due for student in database.listed_students()] == [due]
    database.close()


@pytest.mark.parametrize("after", ["Bob Ray,2\nCem Oz,3\n", "Bob Ray,2\n"])
def test_a_quotation_mark_that_is_not_closed_hides_no_student(tmp_path: Path, after: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'name,id\n"Ann Lee,1\n{after}')
    with pytest.raises(CourseError, match=r"t\.csv:2: a quotation mark is not closed"):
        names(path, tmp_path)


@pytest.mark.parametrize(("most", "told"), [("100,00", True), ("100", True), ("", False)])
def test_a_worksheet_with_another_maximum_is_told(
    key: Key, tmp_path: Path, most: str, told: bool
) -> None:
    (tmp_path / "r").mkdir()
    head, word = WORKSHEETS["de"]
    path = tmp_path / "t.csv"
    path.write_text(f"{head.replace('|', ';')}\n{word}5;Ann Lee;a@example.org;;;{most};;;;\n")
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE, roster=path)
    report = (tmp_path / "g" / "report.csv").read_text("utf-8-sig")
    assert ("the maximum grade in this worksheet is 100," in report) is told

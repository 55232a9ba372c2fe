"""Whose receipt it is: what a system wrote, what a student signed, and whom the list knows."""

import pytest
from classes import work
from schools import School, rows

from pfp_course.errors import CourseError

SECOND = "2027-02-14T18:00:00.000Z"


def test_an_exact_name_beats_a_reversed_one(school: School) -> None:
    for name in ("Omar Ali", "Ali Omar"):
        school.put(f"{name}.json", work(school.key, name, number=len(name.split("r")[0])))
    school.grade("name,id\nOmar Ali,1\nAli Omar,2\n")
    assert {row["status"] for row in school.book.values()} == {"graded"}
    assert school.report == []


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        ("Алёна Королёва", "Алена Королева"),
        ("Sean O'Brien", "Sean O\u2019Brien"),
        ("Sean O\u02bcBrien", "Sean O`Brien"),
        ("Anne-Marie Roy", "Anne\u2011Marie Roy"),
        ("Anne\u2013Marie Roy", "anne - marie  ROY"),
        ("Ali Yılmaz", "ALI YILMAZ"),
        ("Hans Strauß", "Hans STRAUSS"),
        ("Amélie Dupré", "Ame\u0301lie Dupre\u0301"),
        ("Lee, Ann", "Ann Lee"),
        ("Bekova Aigerim", "Aigerim Bekova"),
    ],
)
def test_spellings_of_one_name_find_each_other(school: School, listed: str, typed: str) -> None:
    school.put("a.json", work(school.key, typed))
    school.grade(f'name,id\n"{listed}",1\nSomebody Else,2\n')
    assert school.book["1"]["status"] == "graded"
    assert school.report == []


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        ("Оспанова Дина Маратовна", "Дина Оспанова"),
        ("Оспанова Дина Маратовна", "D. Ospanova"),
        ("Әсел Сейітқали", "Асел Сейткали"),
        ("Müller Jörg", "Muller Jorg"),
        ("Aigerim Bekova", "Aigerim Bekowa"),
    ],
)
def test_a_name_that_is_alike_is_suggested_and_never_assumed(
    school: School, listed: str, typed: str
) -> None:
    school.put("a.json", work(school.key, typed))
    school.grade(f"name,id\n{listed},S1\nSomebody Else,S2\n")
    assert school.book["S1"]["status"] == "nothing handed in"
    (line,) = rows(school.out / "report.csv")
    assert f"perhaps it is {listed} (S1)" in line["found"]


def test_two_people_of_one_name_wait_until_the_teacher_names_one(school: School) -> None:
    one = work(school.key, "Ivan Petrov")
    school.put("a.json", one)
    roster = "name,id\nIvan Petrov,S10\nIvan Petrov,S11\n"
    assert school.grade(roster).decisions == 1
    school.grade(roster, school.decided({"a.json": "S11"}))
    assert float(school.book["S11"]["points"]) == pytest.approx(one.total, abs=0.01)
    assert school.book["S10"]["status"] == "nothing handed in"
    school.number = 1
    with pytest.raises(CourseError, match=r"decided-1\.csv:2: name the student"):
        school.grade(roster, school.decided({"a.json": "yes"}))


def test_two_of_one_name_without_any_id_are_told_and_held(school: School) -> None:
    school.put("a.json", work(school.key, "Ivan Petrov"))
    school.grade("name\nIvan Petrov\nIvan Petrov\n")
    what = [line for line, _ in school.report]
    assert sorted(what) == ["Two students have this name", "Your list of students"]


@pytest.mark.parametrize(
    "name",
    [
        "Mallory Bad_111_assignsubmission_file_Victim Good_222_assignsubmission_file_r.json",
        "Mallory Bad_111_assignsubmission_file_/Victim Good_222_assignsubmission_file_/r.json",
        "Mallory Bad_111_assignsubmission_file_/victimgood_222_333_r.json",
        "Mallory Bad_111_assignsubmission_file_victimgood_222_333_r.json",
        "badmallory_111_77_Victim Good_222_assignsubmission_file_r.json",
        "badmallory_111_77_goodvictim_222_88_r.json",
    ],
)
@pytest.mark.parametrize("roster", ["", "id,name\nS1,Victim Good\nS2,Mallory Bad\n"])
def test_no_name_of_a_file_takes_over_another_account(
    school: School, name: str, roster: str
) -> None:
    victim = work(school.key, "Victim Good", number=1, skill=1.0)
    school.put("Victim Good_222_assignsubmission_file_receipt.json", victim)
    school.put(name, work(school.key, "Victim Good", number=2, skill=0.0, made=SECOND))
    school.grade(roster)
    row = school.book["S1" if roster else "moodle:222"]
    assert float(row["points"]) == pytest.approx(victim.total, abs=0.01)
    assert (row["name"], row["status"]) == ("Victim Good", "graded")
    if "assignsubmission" in name.partition("/")[0][:40]:
        assert [what for what, _ in school.report] == [
            "Handed in by one student, signed by another"
        ]


def test_an_account_that_is_not_on_the_list_cannot_sign_for_one_that_is(school: School) -> None:
    school.put(
        "Mallory Bad_111_assignsubmission_file_/r.json", work(school.key, "Victim Good", number=2)
    )
    school.grade("name,id\nVictim Good,S1\n")
    assert school.book["S1"]["status"] == "nothing handed in"
    (line,) = rows(school.out / "report.csv")
    assert "Mallory Bad" in line["found"]
    assert "Victim Good" in line["found"]


def test_a_conflict_is_settled_by_the_teacher(school: School) -> None:
    mine, other = (work(school.key, "Ann Lee", number=n, skill=0.5 + n / 4) for n in (1, 2))
    school.put("Bob Ray_7_assignsubmission_file_/r.json", mine)
    school.put("Cy Poe_8_assignsubmission_file_/r.json", other)
    roster = "name,id\nAnn Lee,1\nBob Ray,2\nCy Poe,3\n"
    school.grade(roster)
    places = [row["file"] for row in rows(school.out / "to-decide.csv")]
    school.grade(roster, school.decided(dict(zip(places, ("yes", "no"), strict=True))))
    assert school.book["2"]["status"] == "graded"
    assert school.book["3"]["status"] == "nothing handed in"
    assert [what for what, _ in school.report] == ["Left out by your decision"]


@pytest.mark.parametrize(
    "name",
    [
        *("receipt_2027_02_14.json", "receipt_2027_10_14.json", "{}_2027_02_14.json"),
        *("{}_2027_2_14.json", "{}_14_2_2027.json", "{}_14_02_2027_final.json", "{}_12_34_x.json"),
        *("week_3_7_receipt.json", "{}_2027_14_receipt.json", "hw_1_2_{}.json", "group_5_6_r.json"),
    ],
)
def test_digits_in_the_name_of_a_file_are_no_id_of_an_account(school: School, name: str) -> None:
    people = ("Zhanar Almova", "Erlan Olshin", "Aida Bernova")
    for number, person in enumerate(people):
        family = person.split()[1].lower()
        where = name.format(family)
        school.put(where if "{}" in name else f"{number}/{where}", work(school.key, person))
    school.grade()
    back = rows(school.out / "canvas.csv")[1:]
    assert {row["Student"]: row["ID"] for row in back} == dict.fromkeys(people, "")


def test_what_canvas_writes_is_believed_and_a_nickname_stays_with_its_account(
    school: School,
) -> None:
    people = {"Aigerim Bekova": "bekovaaigerim", "Jo O'Neil": "oneiljo", "Иван Ли": "лииван"}
    for number, (person, squeezed) in enumerate(people.items()):
        where = f"{squeezed}_{500 + number}_{9000 + number}_receipt.json"
        school.put(where, work(school.key, person, number=number))
    school.put("leeann_600_9100_receipt.json", work(school.key, "annie", number=9))
    school.grade()
    ids = {row["ID"]: row["Student"] for row in rows(school.out / "canvas.csv")[1:]}
    assert ids == {"500": "Aigerim Bekova", "501": "Jo O'Neil", "502": "Иван Ли", "600": "leeann"}


@pytest.mark.parametrize("word", ["Participant", "Участник", "Teilnehmerin", "Participante"])
def test_blind_marking_stays_blind_in_every_language(school: School, word: str) -> None:
    for number in (50, 51):
        where = f"{word}_{number}_assignsubmission_file_/receipt.json"
        school.put(where, work(school.key, f"Real Name {number}", number=number))
    school.grade()
    assert {row["name"] for row in school.book.values()} == {f"{word} 50", f"{word} 51"}


@pytest.mark.parametrize("made", ["2027-02-13T20:00:00.000Z", SECOND])
@pytest.mark.parametrize(
    "roster",
    [
        "",
        "name,id\nVic Tim,S1\nOther One,S2\n",
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        '"Tim, Vic",222,S1,v,A\n"victim_222, x",111,S2,w,A\n',
    ],
)
@pytest.mark.parametrize(
    "name", ["anything.json", "mail/Vic Tim.json", "x.zip.json", "timvic_222_111_77_receipt.json"]
)
def test_whoever_has_an_account_does_not_wait_for_a_name_that_anybody_wrote(
    school: School, roster: str, name: str, made: str
) -> None:
    """Forgeries under the name of a student who handed in by an account, before and after."""
    victim = work(school.key, "Vic Tim", number=1, skill=1.0)
    school.put(
        "timvic_222_88_receipt.json"
        if "Student" in roster or not roster
        else "Vic Tim_222_assignsubmission_file_/r.json",
        victim,
    )
    school.put(name, work(school.key, "Vic Tim", number=2, skill=0.4, made=made))
    school.grade(roster)
    row = max(school.book.values(), key=lambda row: float(row["points"] or 0))
    assert row["points"] == f"{victim.total:g}"
    # Without the list of Canvas, a number that stands beside two names is nobody's.
    known = "Student" in roster or "_222_111_" not in name
    assert row["status"] == "graded" or (
        not known and row["status"] == "a receipt waits for your decision"
    )


def test_a_receipt_that_came_by_mail_may_be_counted_beside_that_of_the_account(
    school: School,
) -> None:
    mine = work(school.key, "Ann Lee", number=1, skill=0.2)
    later = work(school.key, "Ann Lee", number=2, skill=1.0, made=SECOND)
    school.put("Ann Lee_7_assignsubmission_file_/r.json", mine)
    school.put("mail.json", later)
    roster = "name,id\nAnn Lee,S1\n"
    school.grade(roster)
    assert [what for what, _ in school.report] == [
        "A receipt without an account, beside one with an account"
    ]
    school.grade(roster, school.decided({"mail.json": "yes"}))
    assert float(school.book["S1"]["points"]) == pytest.approx(later.total, abs=0.01)

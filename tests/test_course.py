"""``course.toml`` says what a course is; what is wrong in it is one sentence with the mend."""

import pickle
import re
from pathlib import Path

import pytest

from pfp_course.course import read_course
from pfp_course.errors import CourseError

WHOLE = """
title = "Rivers: a course"
short_title = "Rivers"
slug = "rivers"
authors = ["The chair", {given = "Dana", family = "Omarova"}]
licence = "CC-BY-4.0"
languages = ["kk", "en"]
version = "1.2"
released = 2027-01-31
keywords = ["water"]
for_teachers = ["book/teaching"]

[look]
logo = "logo.svg"

[colours.dark]
accent = "#e5a9d6"
"""


def test_a_description_is_read_as_it_was_meant(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(WHOLE, encoding="utf-8")
    course = read_course(tmp_path)
    assert course.byline == "The chair, Dana Omarova"
    assert [author.sorted for author in course.authors] == ["The chair", "Omarova, Dana"]
    assert (course.version, str(course.released)) == ("1.2", "2027-01-31")
    assert course.palette("dark")["accent"] == "#e5a9d6"
    assert course.palette("light")["accent"] != "#e5a9d6"
    assert pickle.loads(pickle.dumps(course)) == course


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Rivers: a course"', "", "title is needed"),
        ('authors = ["The chair", {', "authors = [{name = 1}, {", "authors is needed"),
        ('{given = "Dana", family = "Omarova"}', '{family = "Omarova"}', "authors is needed"),
        ('slug = "rivers"', 'slug = "My rivers"', "slug names files"),
        ('version = "1.2"', 'version = "one"', "two or three numbers"),
        ("released = 2027-01-31", 'released = "soon"', "released takes a day"),
        ("released = 2027-01-31", "released = 2027-01-31T10:00:00", "released takes a day"),
        ("languages", "langages", "langages is no property of a course. Did you mean languages?"),
        ('keywords = ["water"]', 'keywords = "water"', "keywords takes a list"),
        ('logo = "logo.svg"', 'icon = "logo.svg"', "[look] does not know icon"),
        ('logo = "logo.svg"', "logo = 5", "[look] takes lines such as"),
        ("[colours.dark]", "[colours.night]", "[colours] takes two tables"),
        ("accent =", "acent =", "[colours.dark] does not know acent"),
        ('"#e5a9d6"', '"pink"', "accent takes six digits"),
        ('"#e5a9d6"', '"#202020"', "has a contrast of"),
    ],
)
def test_what_is_wrong_is_said_with_the_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in WHOLE
    (tmp_path / "course.toml").write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)) as caught:
        read_course(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "course.toml"))

"""Tables as pandas writes them, made fit for a page; small pictures; names of states."""

import random
import re
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pfp_course.course import default_course
from pfp_course.data import load
from pfp_course.sphinx_ext.assets import names_of_states
from pfp_course.sphinx_ext.execution import thumbnail
from pfp_course.sphinx_ext.page_output import tidy_frame


def tidied(frame: pd.DataFrame) -> BeautifulSoup:
    shown: Any = frame
    return BeautifulSoup(tidy_frame(shown._repr_html_()), "html.parser")


@pytest.mark.parametrize("seed", range(12))
def test_columns_of_numbers_stand_under_each_other_and_others_do_not(seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.randint(1, 8)
    kinds: dict[str, Any] = {
        "count": [chance.randint(-9, 99999) for _ in range(rows)],
        "share": [chance.uniform(-1, 1) for _ in range(rows)],
        "name": [chance.choice(["Latvia", "12 states", "n/a"]) for _ in range(rows)],
        "day": ["1994-05-27"] * rows,
    }
    frame = pd.DataFrame({name: kinds[name] for name in chance.sample(list(kinds), 4)})
    soup = tidied(frame)
    for place, name in enumerate(frame.columns, 1):
        cells = [row.find_all(["th", "td"])[place] for row in soup.select("tr")]
        numbers = {"pfp-number" in (cell.get("class") or []) for cell in cells}
        assert numbers == {name in ("count", "share")}, name


def test_a_missing_value_is_a_dash_with_a_word_and_a_reason() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x", None]})
    soup = tidied(frame)
    assert "<NA>" not in soup.get_text()
    assert "None" not in soup.get_text()
    cells = soup.select("tbody td")
    assert [cell.get_text() for cell in cells] == ["1", "x", "\u2013no value", "\u2013no value"]
    note = soup.select_one(".pfp-table-note")
    assert note is not None
    assert "no source" in note.get_text()
    assert tidied(pd.DataFrame({"a": [1]})).select_one(".pfp-table-note") is None


def test_a_rank_is_not_counted_twice() -> None:
    ranked = load("signatories")[["order_signed", "country"]].head(6)
    assert len(tidied(ranked).select("tbody tr:first-child > *")) == 2
    plain = load("signatories")[["country", "region"]].head(6)
    assert len(tidied(plain).select("tbody tr:first-child > *")) == 3
    named = ranked.set_index("country")
    assert tidied(named).select_one("tbody th") is not None


def test_the_name_of_a_column_breaks_at_its_strokes_alone() -> None:
    head = tidied(pd.DataFrame({"us_troops": [1]})).select("thead th")[-1]
    assert head.get_text() == "us_troops"
    assert str(head).count("<wbr") == 1
    cells = tidied(pd.DataFrame({"url": ["https://a.org/20050112/b", "7/8"]})).select(
        "td:last-child"
    )
    assert [str(cell).count("<wbr") for cell in cells] == [1, 0]


def test_a_state_is_found_by_each_of_its_names() -> None:
    named = names_of_states(default_course(), "Kazakhstan and Türkiye")
    found = {names[0]: names for names in named}
    assert set(found) == {"Kazakhstan", "Türkiye"}
    assert {"Қазақстан", "Казахстан"} <= set(found["Kazakhstan"])
    assert "Turkey" in found["Türkiye"]


def test_the_picture_of_a_chapter_is_its_first_figure_without_words() -> None:
    figure = (
        '<figure class="pfp-figure"><div><svg viewBox="0 0 4 3" role="img" aria-labelledby="a">'
        '<title id="a">Words</title><text x="1">More</text><path d="M0 0h4"/></svg></div></figure>'
    )
    picture = thumbnail(["<p>no figure</p>", figure, figure.replace("h4", "h2")])
    assert picture.count("<svg") == 1
    assert 'xmlns="http://www.w3.org/2000/svg"' in picture
    assert "h4" in picture
    assert not re.search(r"Words|More|role=", picture)
    assert thumbnail(["<p>none</p>"]) == ""

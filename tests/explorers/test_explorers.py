"""Each explorer has a still picture, words, sources, a task and a question; all compute alike."""

import gzip
import json
import re
from functools import cache
from importlib import import_module
from typing import Any

import pandas as pd
import pytest
from environment import ROOT

from pfp_course import explorers, figures
from pfp_course.course import default_course
from pfp_course.data import load
from pfp_course.errors import CourseError
from pfp_course.explorers import Explorer, drawn_places, kappa, periods
from pfp_course.pfp import KEY_FUNCTIONS
from pfp_course.questions import read_bank

COURSE = default_course()
MODULES = COURSE.extras("EXPLORERS")
VECTORS = json.loads((ROOT / "tests" / "vectors" / "explorers.json").read_text(encoding="utf-8"))
HEAVIEST = 60_000  # bytes that a chapter loads more, compressed


@cache
def explorer(name: str) -> Explorer:
    """Return an explorer as the page has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pfp_course.course._static", True)
        made = getattr(import_module(f"pfp_course.pfp.explorers.{name}"), f"explore_{name}")()
    assert isinstance(made, Explorer)
    return made


@cache
def cells(chapter: str) -> list[dict[str, Any]]:
    path = next(COURSE.notebooks.glob(f"{chapter}-*.ipynb"))
    read: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return read


def chapters_of(name: str) -> list[str]:
    call = f"figures.explore_{name}()"
    numbers = sorted(path.stem for path in COURSE.questions.glob("*.yml"))
    return [one for one in numbers if any(call in "".join(c["source"]) for c in cells(one))]


@pytest.mark.parametrize("name", MODULES)
def test_an_explorer_is_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = explorer(name)
    assert one.still.picture.startswith("<svg")
    assert re.search(r"\d", one.words)
    assert one.still.sources
    (chapter,) = chapters_of(name)
    sources = ["".join(cell["source"]) for cell in cells(chapter)]
    place = sources.index(f"figures.explore_{name}()")
    assert cells(chapter)[place - 1]["id"] == f"task-{name}"
    assert sources[place - 1].startswith("**Task.**")
    asked = f"{chapter}.explore-{name}"
    assert f'quiz("{asked}")' in sources[place + 1]
    question = next(q for q in read_bank(COURSE.bank(chapter), COURSE).questions if q.id == asked)
    # What the answer is, the tables say.
    assert isinstance(question.model_dump()["key"], dict)
    monkeypatch.setattr("pfp_course.course._static", True)
    page = one._repr_html_()
    data = re.search(r'class="pfp-explorer-data">(.*?)</script>', page, re.DOTALL)
    assert data
    assert json.loads(data[1]) == json.loads(json.dumps(one.spec))
    assert one.words in page.replace("&#x27;", "'")


def test_the_still_map_has_one_tile_for_each_signatory_and_none_of_the_other_map() -> None:
    one = explorer("map").still
    codes = load("signatories")["iso3"]
    for picture in (one.picture, one.narrow):
        assert sorted(re.findall(r">([A-Z]{3})<", picture)) == sorted(codes)
    assert "Natural Earth" not in one.sources


@pytest.mark.parametrize("name", MODULES)
def test_a_notebook_has_the_same_explorer(name: str) -> None:
    live = getattr(figures, f"explore_{name}")()
    one = explorer(name)
    assert (live.spec, live.state) == (one.spec, one.state)
    assert one.words in repr(live)
    assert "<svg" in live._repr_mimebundle_()[0]["text/html"]
    live.close()


def test_a_chapter_loads_little_more() -> None:
    files = f"{explorers.page_script(MODULES)}{explorers.stylesheet()}"
    shared = len(gzip.compress(files.encode()))
    weights: dict[str, int] = {}
    for name in MODULES:
        data = json.dumps(explorer(name).spec, ensure_ascii=False).encode()
        for chapter in chapters_of(name):
            weights[chapter] = weights.get(chapter, shared) + len(gzip.compress(data))
    assert max(weights.values()) <= HEAVIEST, weights


def test_an_explorer_without_a_first_state_is_refused() -> None:
    from pfp_course.explorers import shown

    one = explorer("map")
    with pytest.raises(CourseError, match="first state"):
        shown(lambda _: Explorer(one.still, one.words, one.data))()


def test_python_computes_as_the_vectors_say() -> None:
    for mine, ours, value in VECTORS["kappa"]:
        if value is None:
            with pytest.raises(CourseError, match="one word only"):
                kappa(mine, ours)
        else:
            assert kappa(mine, ours) == pytest.approx(value)
    for times, happened, rows in VECTORS["survival"]:
        found = figures.survival(times, happened)[["years", "at_risk", "events", "share"]]
        assert found.to_numpy().tolist() == [pytest.approx(row) for row in rows]
    for size, _, seed, _, numbers in VECTORS["lots"]:
        (row,) = drawn_places(len(numbers), 1, seed)
        assert row == [int(number / size * len(numbers)) for number in numbers]
    for size, draws, seed, rows in VECTORS["draws"]:
        assert drawn_places(size, draws, seed) == rows
    for years, start, width, rows in VECTORS["periods"]:
        assert [list(row) for row in periods(years, start, width)] == rows
    for values, share, value in VECTORS["quantiles"]:
        assert pd.Series(values).quantile(share) == pytest.approx(value)


def test_keys_refuse_what_the_tables_do_not_hold() -> None:
    with pytest.raises(CourseError, match="none of the ten claims"):
        KEY_FUNCTIONS["kappa_of_ten"](COURSE, "supported", "C02", "partly")
    with pytest.raises(CourseError, match="no column"):
        KEY_FUNCTIONS["partners_met"](COURSE, "KAZ", 5, "has_turkey")
    with pytest.raises(CourseError, match="no measure"):
        KEY_FUNCTIONS["place_by_share"](COURSE, "KAZ", "area")


def test_the_part_of_d3_is_the_one_that_its_recipe_names() -> None:
    recipe = (ROOT / "tools" / "d3" / "entry.js").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\w+", " ".join(re.findall(r"export \{(.*?)\}", recipe))))
    bundle = (explorers.FOLDER / "d3" / "d3.js").read_text(encoding="utf-8")
    listed = re.search(r"\{((?:\w+:\(\)=>\w+,?)+)\}", bundle)
    assert listed
    assert set(re.findall(r"(\w+):", listed[1])) == wanted
    package = json.loads((ROOT / "tools" / "d3" / "package.json").read_text(encoding="utf-8"))
    pins = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())
    assert (explorers.FOLDER / "d3" / "LICENSE").is_file()

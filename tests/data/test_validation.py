import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.course import default_course
from pfp_course.data.package import description_faults
from pfp_course.data.validation import broken, validate


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(default_course().data, tmp_path / "data")


def spoil(path: Path, old: str, new: str) -> int:
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test's own premise: the text to spoil is there"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_data_set_is_valid() -> None:
    assert validate(default_course().data) == []


LONG = " ".join(["word"] * 41)
# What is broken in which table, and what the problem names. All are broken in one copy: to check
# the data set takes seconds, and no problem may hide another.
BROKEN = [
    ("signatories", "1994-01-27", "1994-13-27", "signed"),
    ("signatories", "KAZ,1994-05-27", "ROU,1994-05-27", "primary key"),
    ("signatories", "UZB,1994-07-13", "QQQ,1994-07-13", "foreign key"),
    ("signatories", "partner,suspended", "partner,frozen", "status_2024"),
    ("signatories", "nato_update_1994_01;wh_pfp_1994", "nato_update_1994_01;wh_pfp_1949", "1949"),
    # A count of people that says neither what it is, nor whether it is a stock or a flow.
    ("un_peacekeeping", "1992-12,at one time", "1992-12,", "count_type"),
    ("un_peacekeeping", "2022-06-30,at one time", "2022-06-30,people", "count_type"),
    # A stock with a beginning, a flow without one, and a flow with the soldiers of a day.
    ("un_peacekeeping", "report on a day,,,,,19", "report on a day,2014,,,,19", "since"),
    ("un_peacekeeping", "report on a day,2014,,,,605", "report on a day,,,,,605", "since"),
    ("un_peacekeeping", "day,2014,,,,565", "day,2014,120,,,565", "troops"),
    # People of a unit without a word on what they are, and a vote without its source.
    ("kazbat", "KAZBAT,27,at one time", "KAZBAT,27,", "count_type"),
    ("unga_ukraine_votes", "abstain,tengri14_unga;uviz_votes", "abstain,", "source"),
    ("operations", "487,2017-02,stock", "487,2017-02,", "measure must not be empty"),
    ("tools", "complete,2021,nato_ipap_topic", "complete,,nato_ipap_topic", "list_as_of"),
    ("documents", "latimes_nacc_1991", "background", "source names no text"),
    ("sources", "Ex-enemies meet", "A leaked cable", "leaked"),
    (
        "documents",
        "the time has come to open",
        f"{LONG} come to open",
        "only 40",
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, list[str]]]:
    """For what was broken, where it stands, and what was found in this table."""
    copy = shutil.copytree(default_course().data, tmp_path_factory.mktemp("broken") / "data")
    places = {
        f"{table} {new}": f"{table}.csv:{spoil(copy / f'{table}.csv', old, new)}: "
        for table, old, new, _ in BROKEN
    }
    (copy / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    # A memorandum of the White House, which may be quoted at any length.
    spoil(copy / "documents.csv", "In a nutshell", f"{LONG} In a nutshell")
    problems = validate(copy)
    return {name: (place, problems) for name, place in places.items()}


@pytest.mark.parametrize(("table", "old", "new", "names"), BROKEN)
def test_a_broken_row_is_named_by_file_line_and_column(
    found: dict[str, tuple[str, list[str]]], table: str, old: str, new: str, names: str
) -> None:
    place, problems = found[f"{table} {new}"]
    assert any(place in p and names.lower() in p.lower() for p in problems), problems


def test_a_missing_table_is_reported_not_raised(copy: Path) -> None:
    (copy / "tools.csv").unlink()
    assert any("tools.csv" in problem for problem in validate(copy))


def test_a_table_without_description_is_reported(
    found: dict[str, tuple[str, list[str]]],
) -> None:
    _, problems = next(iter(found.values()))
    assert any("extra.csv" in p and "datapackage.json" in p for p in problems)


def test_a_description_that_is_not_json_names_the_line(copy: Path) -> None:
    (copy / "datapackage.json").write_text('{\n"name": }', encoding="utf-8")
    (problem,) = validate(copy)
    assert "datapackage.json:2" in problem


@pytest.mark.parametrize(
    ("table", "old", "new", "names"),
    [
        ("sofa", "1997-11-06,1997-12-06", "1997-11-06,1997-10-06", "in_force 1997-10-06 lies"),
        ("sofa", "1998-09,1998-10-23", "1998-11,1998-10-23", "in_force 1998-10-23 lies before"),
        ("participation", "KAZ,SOFA,1997,1997-12-06", "KAZ,SOFA,1997,1997-12-09", "sofa.csv"),
        ("participation", "KAZ,IPAP,2006,2006-01-31", "KAZ,IPAP,2005,2006-01-31", "not the year"),
        ("participation", "KAZ,IPAP,2006,2006-01-31", "KAZ,IPAP,,", "plan_cycles.csv"),
    ],
)
def test_dates_out_of_order_and_tables_that_disagree_name_the_line(
    copy: Path, table: str, old: str, new: str, names: str
) -> None:
    described = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    assert broken(copy, described) == []
    line = spoil(copy / f"{table}.csv", old, new)
    problems = broken(copy, described)
    assert any(f"{table}.csv:{line}: " in p and names in p for p in problems), problems


def test_every_column_has_a_description_and_a_unit() -> None:
    raw = json.loads((default_course().data / "datapackage.json").read_text(encoding="utf-8"))
    for resource in raw["resources"]:
        assert resource["licenses"], resource["name"]
        assert resource["sources"], resource["name"]
        for field in resource.get("schema", {}).get("fields", []):
            assert field["description"].endswith("."), (resource["name"], field["name"])
            assert field["unit"], (resource["name"], field["name"])


def test_a_long_quotation_is_refused_unless_it_is_a_us_federal_work(
    found: dict[str, tuple[str, list[str]]],
) -> None:
    _, problems = next(iter(found.values()))
    assert len([p for p in problems if "quotation has" in p]) == 1


def test_all_faults_of_the_description_are_named_at_once_with_table_field_and_line(
    copy: Path,
) -> None:
    path = copy / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    first, second, third = raw["resources"][:3]
    del first["schema"]["fields"][1]["unit"]
    first["schema"]["fields"][2]["type"] = "strng"
    del second["title"]
    third["sources"] = []
    path.write_text(json.dumps(raw, indent=1), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    told = validate(copy)
    assert len(told) == 4, told
    names = [first["schema"]["fields"][place]["name"] for place in (1, 2)]
    for problem, words in zip(
        told,
        [
            f"table 'signatories', field {names[0]!r}: the property 'unit' is missing",
            f"table 'signatories', field {names[1]!r}: 'type' is 'strng'",
            f"table {second['name']!r}: the property 'title' is missing",
            f"table {third['name']!r}: 'sources' is empty",
        ],
        strict=True,
    ):
        assert f": {words}" in problem
    assert '"strng"' in lines[int(told[1].split(":")[1]) - 1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda schema: schema.update(primaryKey=["nope"]), "primaryKey names a column 'nope'"),
        (
            lambda schema: schema["foreignKeys"][0].update(fields=["gone"]),
            "names a column 'gone', and this table has none",
        ),
        (
            lambda schema: schema["foreignKeys"][0]["reference"].update(resource="gone"),
            "refers to a table 'gone', which is not described",
        ),
        (
            lambda schema: schema["foreignKeys"][0]["reference"].update(fields=["gone"]),
            "names a column 'gone', and the table 'countries' has none",
        ),
    ],
)
def test_what_is_referred_to_must_be_described(
    copy: Path, change: Callable[[Any], None], said: str
) -> None:
    path = copy / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw["resources"][0]["schema"])
    path.write_text(json.dumps(raw, indent=1), encoding="utf-8")
    (problem,) = validate(copy)
    assert "table 'signatories'" in problem
    assert said in problem


@given(data=st.data())
def test_whatever_is_taken_out_of_a_description_is_told_and_nothing_raises(
    data: st.DataObject,
) -> None:
    raw = json.loads((default_course().data / "datapackage.json").read_text(encoding="utf-8"))
    raw["resources"] = raw["resources"][:2] + raw["resources"][-1:]
    here: Any = raw
    while isinstance(here, dict | list) and here:
        places = sorted(here) if isinstance(here, dict) else range(len(here))
        step = data.draw(st.sampled_from(list(places)))
        if data.draw(st.booleans()) or not isinstance(here[step], dict | list):
            here[step] = data.draw(st.sampled_from([None, 5, "", [], {}]))
            break
        here = here[step]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "datapackage.json"
        path.write_text(json.dumps(raw), encoding="utf-8")
        assert all(one.startswith(f"{path}:") for one in description_faults(path))

import json
import shutil
from pathlib import Path

import pytest

from pfp_course.content import data_dir
from pfp_course.data.validation import validate


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(data_dir(), tmp_path / "data")


def spoil(path: Path, old: str, new: str) -> int:
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test's own premise: the text to spoil is there"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_data_set_is_valid() -> None:
    assert validate(data_dir()) == []


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("1994-01-27", "1994-13-27", "signed"),
        ("KAZ,1994-05-27", "ROU,1994-05-27", "primary key"),
        ("KAZ,1994-05-27", "QQQ,1994-05-27", "foreign key"),
        ("partner,suspended", "partner,frozen", "status_2024"),
        ("nato_update_1994_01;wh_pfp_1994", "nato_update_1994_01;wh_pfp_1949", "wh_pfp_1949"),
    ],
)
def test_a_broken_row_is_named_by_file_line_and_column(
    copy: Path, old: str, new: str, names: str
) -> None:
    line = spoil(copy / "signatories.csv", old, new)
    problems = validate(copy)
    assert any(f"signatories.csv:{line}: " in p and names.lower() in p.lower() for p in problems), (
        problems
    )


def test_a_missing_table_is_reported_not_raised(copy: Path) -> None:
    (copy / "tools.csv").unlink()
    assert any("tools.csv" in problem for problem in validate(copy))


def test_a_table_without_description_is_reported(copy: Path) -> None:
    (copy / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    assert any(
        "extra.csv" in problem and "datapackage.json" in problem for problem in validate(copy)
    )


def test_a_description_that_is_not_json_names_the_line(copy: Path) -> None:
    (copy / "datapackage.json").write_text('{\n"name": }', encoding="utf-8")
    (problem,) = validate(copy)
    assert "datapackage.json:2" in problem


def test_every_column_has_a_description_and_a_unit() -> None:
    raw = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    for resource in raw["resources"]:
        assert resource["licenses"], resource["name"]
        assert resource["sources"], resource["name"]
        for field in resource.get("schema", {}).get("fields", []):
            assert field["description"].endswith("."), (resource["name"], field["name"])
            assert field["unit"], (resource["name"], field["name"])

"""A class whose receipts have no question that a person marks."""

from pathlib import Path

import pytest
from classes import make_key
from schools import School

from pfp_course.assignments.assignment import Key


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", "07", manual=False)


@pytest.fixture
def school(key: Key, tmp_path: Path) -> School:
    (tmp_path / "r").mkdir()
    return School(key, tmp_path)

"""What the tests of exports share: the whole course, and a bank with every kind, as packages."""

from pathlib import Path

import pytest
from environment import ROOT

from pfp_course.chapters import chapters
from pfp_course.course import Course, read_course
from pfp_course.export.lms.model import Package, of_bank, of_chapter

SAMPLE = ROOT / "tests" / "questions" / "sample.yml"


@pytest.fixture(scope="session")
def course() -> Course:
    return read_course(ROOT)


@pytest.fixture(scope="session")
def whole(course: Course) -> Package:
    """All chapters."""
    sections = tuple(of_chapter(chapter, course) for chapter in chapters(course))
    return Package(course.slug, course.title, course, sections, "https://example.org/pfp/")


@pytest.fixture(scope="session")
def sample(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A bank with every kind of question, and with HTML in its texts."""
    path: Path = tmp_path_factory.mktemp("bank") / "99.yml"
    path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return Package("sample", "A sample", course, (of_bank(path, course),))

"""What the tests of questions share."""

import pytest


@pytest.fixture(autouse=True)
def _a_file_cut_short_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pfp_course.questions.record._HALF_WRITTEN", 0.0)

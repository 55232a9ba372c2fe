"""Two readers side by side, and what kappa makes of them."""

import pandas as pd
import pytest

from pfp_course import figures
from pfp_course.errors import CourseError
from pfp_course.pfp.key_statistics import agreement, kappa

WORDS = ["yes", "no"]


def test_a_square_for_each_pair_that_occurs() -> None:
    table = pd.DataFrame([[3, 1], [0, 2]], index=WORDS, columns=WORDS)
    _, axes = figures.matrix(table, title="?", rows="one", columns="other")
    assert [text.get_text() for text in axes.texts] == ["3", "1", "2"]


def test_rows_and_columns_must_hold_the_same_words() -> None:
    table = pd.DataFrame([[3, 1], [0, 2]], index=WORDS, columns=WORDS[::-1])
    with pytest.raises(CourseError, match="Put both into one order"):
        figures.matrix(table, title="?", rows="one", columns="other")
    with pytest.raises(CourseError, match="no cases"):
        figures.matrix(table[WORDS] * 0, title="?", rows="one", columns="other")


def test_kappa_by_hand() -> None:
    # Both say yes in half of the cases: luck gives one half.
    assert agreement("yes yes no no", "yes no no no") == 0.75
    assert kappa("yes yes no no", "yes yes no no") == 1
    assert kappa("yes yes no no", "no no yes yes") == -1
    assert kappa("yes yes no no", "yes no yes no") == 0
    with pytest.raises(CourseError, match="one word only"):
        kappa("yes yes", "yes yes")
    with pytest.raises(CourseError, match="same number"):
        agreement("yes", "")

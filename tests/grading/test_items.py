"""Item analysis and similarity, against computations of their own; and memory."""

import csv
import json
import math
import multiprocessing
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from classes import class_of, make_key, work
from courses import COURSE
from environment import ROOT
from hostile import resealed
from playwright.sync_api import Browser

from pfp_course.assignments.assignment import Key
from pfp_course.grading import Settings, grade
from pfp_course.grading.database import Database
from pfp_course.grading.item_report import similar_pairs
from pfp_course.grading.rows import WrongAnswer
from pfp_course.grading.run import batches, sharing
from pfp_course.grading.workers import Item, Items

SIZE = 120


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", "07")


@pytest.fixture(scope="module")
def out(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which one pair has the same rare mistakes."""
    base = tmp_path_factory.mktemp("items")
    folder = base / "r"
    folder.mkdir()
    for number, one in enumerate(class_of(key, SIZE)):
        (folder / f"{number}.json").write_text(one.text, encoding="utf-8")
    typed = [one.id for one in key.questions if one.kind in ("numeric", "text")]
    assert len(typed) >= 4
    for number, student in enumerate(("Copy One", "Copy Two")):
        answers = json.loads(work(key, student, number=7000 + number, skill=1.0).text)["answers"]
        for count, name in enumerate(typed):
            answers[name]["response"] = f"19{count}7" if count % 2 else f"4{count}17.25"
        text = resealed(work(key, student).text, answers=answers)
        (folder / f"copy-{number}.json").write_text(text, encoding="utf-8")
    grade(folder, base / "g", Settings(key=key), COURSE)
    return base / "g"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_difficulty_and_discrimination_are_those_of_the_gradebook(key: Key, out: Path) -> None:
    book = rows(out / "gradebook.csv")
    totals = np.array([float(row["earned"]) for row in book])
    for item in rows(out / "items.csv"):
        question = next(one for one in key.questions if one.id == item["question"])
        known = np.array([row[question.id] != "" for row in book])
        if not known.any():
            assert item["difficulty"] == ""
            continue
        points = np.array([float(row[question.id]) for row in book if row[question.id] != ""])
        assert int(item["answered"]) == len(points)
        assert float(item["difficulty"]) == pytest.approx(
            points.mean() / question.points, abs=0.0002
        )
        expected = np.corrcoef(points, totals[known] - points)[0, 1]
        assert float(item["discrimination"]) == pytest.approx(expected, abs=0.002)


def test_the_median_and_the_most_chosen_wrong_answer_are_those_of_the_class(
    key: Key, out: Path
) -> None:
    folder = out.parent / "r"
    answers = [json.loads(path.read_text("utf-8"))["answers"] for path in folder.iterdir()]
    for item in rows(out / "items.csv"):
        given = [one[item["question"]] for one in answers if item["question"] in one]
        seconds = [one["seconds"] for one in given if one["seconds"]]
        assert float(item["median seconds"]) == np.median(seconds)
        if item["kind"] == "single":
            question = next(one for one in key.questions if one.id == item["question"])
            choices = question.variants[0].spec["choices"]
            wrong = [one["response"] for one in given if not choices[one["response"]]["right"]]
            most = max(map(wrong.count, wrong))
            assert int(item["chosen by"]) == most
            text = [choice["text"] for choice in choices].index(item["most chosen wrong answer"])
            assert wrong.count(text) == most


def test_only_the_pair_with_the_same_rare_mistakes_is_named(key: Key, out: Path) -> None:
    text = (out / "similar.csv").read_text("utf-8-sig")
    found = list(csv.reader(text.splitlines()))[1:]
    assert [{one[1], one[3]} for one in found] == [{"Copy One", "Copy Two"}]
    page = (out / "items.html").read_text("utf-8")
    assert "hint and not a verdict" in page
    assert "Copy One" in page


def test_counts_of_two_processes_add_up_to_those_of_one() -> None:
    chance = np.random.default_rng(3)
    whole, parts = Items(), [Items(), Items()]
    for number in range(200):
        points, rest, seconds = chance.random(), chance.random() * 9, int(chance.integers(1, 5000))
        for items in (whole, parts[number % 2]):
            item = items.item("q")
            item.score(points, rest)
            item.took(seconds)
            item.missed(0, f"answer {number % 7}")
            items.reached({"O1": (points, 1)})
    parts[0].add(parts[1])
    one, two = whole.item("q"), parts[0].item("q")
    assert one.median_seconds == two.median_seconds
    assert one.wrong == two.wrong
    assert one.discrimination == pytest.approx(two.discrimination)
    assert whole.objectives["O1"].students == parts[0].objectives["O1"].students == 200


def test_many_different_wrong_answers_take_little_room_and_the_common_one_is_kept() -> None:
    item = Item()
    for number in range(50_000):
        item.missed(0, f"odd {number}")
        if number % 5 == 0:
            item.missed(0, "common")
    assert len(item.wrong) <= 3000
    assert item.wrong.most_common(1)[0] == ((0, "common"), 10_000)


def test_pairs_are_found_with_work_that_grows_with_the_class(key: Key, tmp_path: Path) -> None:
    """All students share one mistake: a billion pairs, none of which must be looked at."""

    def steps(size: int) -> int:
        """Return how many thousand steps SQLite takes to look for pairs among so many."""
        database = Database(tmp_path / f"{size}.sqlite")
        database.add_all(
            WrongAnswer(token.to_bytes(8, "big"), student)
            for student in range(size)
            for token in (1, 2 + student % 50, 100 + student // 12)
        )
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        database.connection.set_progress_handler(count, 1000)
        assert similar_pairs(database, key, Items()) == []
        database.connection.set_progress_handler(None, 0)
        counts = database.connection.execute("select students from rare")
        rare = sum(math.comb(count, 2) for (count,) in counts)
        assert rare <= size * 11 / 2, "each entry meets eleven others at most"
        assert math.comb(size, 2) > 100 * rare
        database.close()
        return taken

    few, many = steps(6_000), steps(24_000)
    assert few > 100
    # Four times the class: a little over four times the work, for sorting; not sixteen times.
    assert many < 5.5 * few


@pytest.mark.parametrize("page", ["items.html", "report.html", "feedback"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_load_nothing_and_fit_a_phone(
    out: Path, chromium: Browser, page: str, scheme: str
) -> None:
    path = out / page if page.endswith(".html") else next((out / page).iterdir())
    context = chromium.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 360, "height": 740},
        # The page's policy forbids scripts, and axe is one.
        bypass_csp=True,
    )
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    context.close()


_MEASURE = """
import resource, sys
from pathlib import Path
from pfp_course.assignments.assignment import read_key
from pfp_course.course import read_course
from pfp_course.grading import Settings, grade
base, course = Path(sys.argv[1]), read_course(Path(sys.argv[2]))
settings = Settings(key=read_key(base / "week.key.json"))
grade(base / "r", base / "g", settings, course, processes=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_class(tmp_path: Path) -> None:
    """Four times the class, the same memory; the whole measure is a benchmark of its own."""
    if not hasattr(resource, "getrusage"):
        pytest.skip("this system does not tell how much memory a process took")
    sys.path.insert(0, str(ROOT / "tests"))
    from classes import write_key

    peaks = []
    for size in (600, 2400):
        base = tmp_path / str(size)
        (base / "r").mkdir(parents=True)
        key = make_key("03")
        write_key(key, base / "week.key.json")
        for number, one in enumerate(class_of(key, size)):
            (base / "r" / f"{number}.json").write_text(one.text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(base), str(ROOT)],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout) / 1024)
    grown = peaks[1] - peaks[0]
    assert grown < 16, f"{peaks} MB: each student takes {1024 * grown / 1800:.1f} KB"


@pytest.mark.parametrize("processes", [1, 3])
def test_as_many_processes_work_as_are_asked_for(processes: int) -> None:
    before = len(multiprocessing.active_children())
    with sharing(import_module, ("math",), processes=processes) as share:
        sums = list(share("fsum", batches(range(1000), 10)))
        assert len(multiprocessing.active_children()) - before == processes - 1
    assert len(sums) == 100
    assert sum(sums) == sum(range(1000))

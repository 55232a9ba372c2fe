"""An assignment from end to end: the zip unpacked, a name, answers in JupyterLab, the receipt."""

import io
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Watch, Watched, violations
from browser.lab import asked, choose, faults, open_notebook, running_lab
from courses import COURSE
from playwright.sync_api import expect

from pfp_course.assignments.assignment import Assignment, AssignmentRequest, assign
from pfp_course.assignments.handout import handout
from pfp_course.assignments.receipt import Receipt, read_receipt
from pfp_course.chapters import chapter
from pfp_course.files import packed

pytestmark = pytest.mark.slow

BANK = Path(__file__).parents[1] / "assignments" / "exam.yml"
DUE = "2030-02-15"
EXAM = assign(
    AssignmentRequest(
        (chapter("3", COURSE),), DUE, "An exam", mode="exam", seed_by="student", banks=(BANK,)
    ),
    COURSE,
)
PRACTICE = assign(AssignmentRequest((chapter("3", COURSE),), DUE, "Paths", seed="7b"), COURSE)


def unpacked(assignment: Assignment, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(packed(handout(assignment)))) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of a student: an examination, and work to practise."""
    root = tmp_path_factory.mktemp("student")
    made = {"exam": EXAM, "practice": PRACTICE}
    return {name: unpacked(assignment, root / name) for name, assignment in made.items()}


@pytest.fixture(params=["exam", "practice"])
def lab(
    request: pytest.FixtureRequest, folders: dict[str, Path], tmp_path: Path
) -> Iterator[tuple[str, Path]]:
    folder = folders[request.param]
    command = shutil.which("pfp", path=str(Path(sys.executable).parent)) or "pfp"
    with running_lab([command, "start", "."], tmp_path, folder) as address:
        yield address, folder


def receipt_in(folder: Path) -> Receipt:
    (path,) = folder.glob("receipt-*.json")
    return read_receipt(path.read_bytes())


def test_what_is_answered_in_jupyterlab_is_in_the_receipt(
    watch: Watch, lab: tuple[str, Path]
) -> None:
    address, folder = lab
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.page
    exam = folder.name == "exam"
    open_notebook(page, address, "one", "exam.ipynb" if exam else "03-three-paths.ipynb")
    choose(page, "Run", "runmenu:run-all")
    (in_exam if exam else in_practice)(watched, folder)
    assert faults(watched.errors) == []
    assert watched.outside == []


def in_exam(watched: Watched, folder: Path) -> None:
    page = watched.page
    begin = page.get_by_role("group", name="Before you begin")
    begin.wait_for(state="attached")
    expect(page.get_by_text("Which of these states signed first?")).to_have_count(0)
    begin.get_by_label("Your name or id").fill("Айгерім  Нұрлан")
    begin.get_by_role("button", name="Begin").click()
    question = EXAM.key.questions[1]
    drawn = question.drawn(EXAM.key.seed_for("айгерім нұрлан"))
    form = asked(page, drawn.spec["ask"])
    form.get_by_role("textbox").fill("27 May 1994")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Saved.")
    first = asked(page, "Which of these states signed first?")
    first.get_by_label("Tajikistan").check()
    first.get_by_role("button", name="Save").click()
    expect(first.locator(".pfp-q-feedback")).to_have_text("✎ Saved.")
    expect(begin).to_have_count(0)

    form = page.get_by_role("group", name="Hand in")
    form.scroll_into_view_if_needed()
    expect(form.get_by_label("Your name or id")).to_have_value("Айгерім Нұрлан")
    # The name that came first stays; another one is refused.
    form.get_by_label("Your name or id").fill("Somebody Else")
    form.get_by_role("button", name="Make my receipt").click()
    expect(form.get_by_role("status")).to_contain_text("You began as “Айгерім Нұрлан”")
    assert list(folder.glob("receipt-*.json")) == []
    form.get_by_label("Your name or id").fill("айгерім нұрлан")
    form.get_by_label("Your name or id").press("Enter")
    expect(form.get_by_role("status")).to_contain_text("2 answers are in the receipt")
    expect(form.get_by_role("status")).to_contain_text("Without an answer: 2 (91.count, 91.why).")
    receipt = receipt_in(folder)
    assert (receipt.assignment, receipt.seed) == (EXAM.key.id, "айгерім нұрлан")
    assert receipt.banks == EXAM.key.banks
    assert set(receipt.answers) == {"91.first", "91.when"}
    assert receipt.answers["91.when"]["fingerprint"] == drawn.fingerprint
    # The answers are back for the same student, without the form.
    choose(page, "Run", "runmenu:restart-and-run-all")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".pfp-q-feedback").filter(has_text="Saved.")).to_have_count(2)
    expect(page.get_by_role("group", name="Before you begin")).to_have_count(0)


def in_practice(watched: Watched, folder: Path) -> None:
    page = watched.page
    form = asked(page, "How many partners of 2014 were members at the end of 2024?")
    form.get_by_role("textbox").fill("4")
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
    hand_in = page.get_by_role("group", name="Hand in")
    hand_in.scroll_into_view_if_needed()
    hand_in.get_by_role("button", name="Make my receipt").click()
    expect(hand_in.get_by_role("status")).to_have_text("Write your name or id first.")
    hand_in.get_by_label("Your name or id").fill("=1+1 <b>")
    hand_in.get_by_label("Your name or id").press("Enter")
    expect(hand_in.get_by_role("status")).to_contain_text("1 answer is in the receipt")
    receipt = receipt_in(folder)
    assert (receipt.student, receipt.seed) == ("=1+1 <b>", "7b")
    assert receipt.banks == PRACTICE.key.banks
    assert receipt.answers["03.flow"]["attempts"] == 1
    fingerprints = [one.fingerprint for one in PRACTICE.key.questions[0].variants]
    assert receipt.answers["03.flow"]["fingerprint"] in fingerprints
    kept = json.loads((folder / "pfp-progress.json").read_text(encoding="utf-8"))
    assert kept["student"] == "=1+1 <b>"


def test_the_page_for_students_is_complete_and_can_be_read_by_all(
    watch: Watch, folders: dict[str, Path]
) -> None:
    for name, folder in folders.items():
        for scheme in ("light", "dark"):
            watched = watch(viewport={"width": 360, "height": 800}, color_scheme=scheme)
            watched.page.goto((folder / "README.html").as_uri())
            assert violations(watched.page) == []
            width = watched.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, f"{name} is {width} pixels wide"
            for file in folder.rglob("*"):
                if file.is_file() and not file.name.startswith(("receipt-", "pfp-progress")):
                    told = str(file.relative_to(folder))
                    if ".ipynb_checkpoints" not in told:
                        expect(
                            watched.page.locator("td code").get_by_text(told, exact=True)
                        ).to_be_visible()
            assert watched.outside == []

"""A SCORM package inside a system: what is reported, kept, and said where the system fails."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import PATIENCE, violations
from browser.serving import served
from browser.test_quiz import form_of, give, right_answer, specs, write_and_judge, wrong_answer
from courses import COURSE
from environment import ROOT
from playwright.sync_api import Frame, Page, expect

from pfp_course.cli.export import chosen
from pfp_course.export.lms import targets
from pfp_course.questions import read_bank
from pfp_course.questions.exercises import PREFIX, page_spec

if TYPE_CHECKING:
    from playwright.sync_api import Browser


AGAIN = ROOT / "tests" / "export" / "lms" / "scorm_again"
CHAPTER = "03"
VERSIONS = ["scorm12", "scorm2004"]
# A system that keeps what a session leaves, and refuses what it is told to refuse.
SYSTEM = """<!doctype html><html lang="en"><title>A system</title><link rel="icon" href="data:,">
<main><h1>A system</h1><iframe title="chapter" width="100%" height="800"></iframe></main>
<script type="module">
import { Scorm12API, Scorm2004API } from "/again/scorm-again.min.js";
const [is12, frame] = [VERSION === "scorm12", document.querySelector("iframe")];
let kept = null;
globalThis.calls = [];
globalThis.refused = [];
globalThis.enter = (more = {}) => {
  const learner = is12
    ? { core: { student_id: "s1", student_name: "Dina", credit: "credit", ...more } }
    : { learner_id: "s1", learner_name: "Dina", ...more };
  const api = new (is12 ? Scorm12API : Scorm2004API)({ autocommit: false, logLevel: 5 });
  api.loadFromJSON(kept ?? learner, "cmi");
  globalThis.cmi = () => JSON.parse(JSON.stringify(api.cmi));
  globalThis[is12 ? "API" : "API_1484_11"] = new Proxy(api, {
    get: (_, method) => (...given) => {
      const isRefused = refused.some((one) => one === method || given[0]?.startsWith(one));
      const answer = isRefused ? "false" : api[method](...given);
      calls.push([method.replace(/^LMS/, ""), ...given, answer]);
      return answer;
    },
  });
  frame.src = `/VERSION/index.html?${performance.now()}`;
};
globalThis.leave = () => new Promise((resolve) => {
  frame.onload = () => {
    frame.onload = null;
    kept = cmi();
    resolve(kept);
  };
  frame.src = "/away.html";
});
globalThis.ready = true;
</script>"""


@pytest.fixture(scope="module")
def platform(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A system with the packages of a chapter, each in a folder."""
    folder = tmp_path_factory.mktemp("packages")
    package = chosen([CHAPTER], COURSE)
    for name in VERSIONS:
        [content] = targets()[name](package).files().values()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder / name)
    pages = {
        f"/{name}.html": SYSTEM.replace("VERSION", f'"{name}"', 1).replace("VERSION", name)
        for name in VERSIONS
    }
    pages["/away.html"] = "<!doctype html><title>Away</title>"
    with served(folder, prefixes={"/again/": AGAIN}, pages=pages) as address:
        yield address


@pytest.fixture(scope="module")
def page(chromium: "Browser") -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def entered(page: Page, **more: str) -> Frame:
    """The chapter, when it has been begun in the system."""
    page.evaluate("more => { calls.length = 0; enter(more); }", more)
    page.wait_for_function(
        "document.querySelector('iframe').contentDocument?.querySelector('.pfp-lms-state')?.textContent"
    )
    frame = page.frames[-1]
    assert frame.url.partition("?")[0].endswith("/index.html")
    return frame


def calls(page: Page, method: str) -> list[list[str]]:
    return [call for call in page.evaluate("calls") if call[0] == method]


def element(kept: dict[str, Any], version: str, name: str) -> Any:
    """An element of what the system keeps; SCORM 1.2 has some of them under ``core``."""
    return kept["core"][name] if version == "scorm12" else kept[name]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chapter_is_answered_left_gone_on_with_and_finished(
    page: Page, platform: str, version: str
) -> None:
    page.goto(f"{platform}{version}.html")
    page.wait_for_function("globalThis.ready")
    frame = entered(page)
    is12 = version == "scorm12"
    questions = specs(CHAPTER)
    first, drafted = [one for one in questions if one["kind"] in ("numeric", "text")][:2]
    other = next(one for one in questions if one["kind"] == "single")
    give(form_of(frame, first), first, right_answer(first))  # type: ignore[arg-type]
    expect(form_of(frame, first).locator(".pfp-q-kept")).to_have_text("Saved.")  # type: ignore[arg-type]
    give(form_of(frame, other), other, wrong_answer(other))  # type: ignore[arg-type]
    draft = form_of(frame, drafted).get_by_role("textbox")  # type: ignore[arg-type]
    draft.fill("9.9")
    exercise = read_bank(COURSE.bank(CHAPTER), COURSE).exercises[0]
    spec = page_spec(exercise.resolved())
    form = frame.locator(f"[id='q-{PREFIX}{exercise.id}'] form.pfp-q")
    give(form, spec, right_answer(spec))
    expect(form.locator(".pfp-q-kept")).to_have_text("Not saved: see the note on this page.")
    expect(frame.get_by_text("your school’s system keeps no answers to them")).to_be_visible()
    expect(frame.locator(".pfp-lms-state")).to_contain_text(f"2 of {len(questions)} questions")

    kept = page.evaluate("leave()")
    assert [
        len(calls(page, name)) for name in ("Initialize", "Terminate" if not is12 else "Finish")
    ] == [1, 1]
    made = [call for name in ("SetValue", "Commit") for call in calls(page, name)]
    assert [call for call in made if call[-1] != "true"] == []
    assert element(kept, version, "exit") == "suspend"
    told = {one["id"].rpartition(":")[2]: one for one in kept["interactions"].values()}
    assert len(told) == len(questions)
    response = "student_response" if is12 else "learner_response"
    right, wrong = told[first["id"]], told[other["id"]]
    assert (right[response], right["result"]) == (
        right["correct_responses"]["0"]["pattern"].split("[:]")[0],
        "correct",
    )
    assert wrong["result"] == ("wrong" if is12 else "incorrect")
    assert wrong[response] != wrong["correct_responses"]["0"]["pattern"]
    assert right["objectives"]["0"]["id"].endswith(first["objective"])
    assert element(kept, version, "lesson_status" if is12 else "completion_status") == "incomplete"

    frame = entered(page)
    expect(form_of(frame, first).get_by_role("textbox")).to_have_value(right_answer(first))  # type: ignore[arg-type]
    expect(form_of(frame, first).locator(".pfp-q-feedback")).to_contain_text("Right.")  # type: ignore[arg-type]
    expect(form_of(frame, drafted).get_by_role("textbox")).to_have_value("9.9")  # type: ignore[arg-type]
    for spec in questions[1:]:
        form = form_of(frame, spec)  # type: ignore[arg-type]
        if spec["kind"] == "open":
            write_and_judge(form, spec)
        elif spec["id"] != other["id"]:
            give(form, spec, right_answer(spec))
        expect(form.locator(".pfp-q-kept")).to_have_text("Saved.")
    kept = page.evaluate("leave()")
    scored = [one for one in questions if one["kind"] != "open"]
    most = sum(one["points"] for one in scored)
    earned, score = most - other["points"], element(kept, version, "score")
    assert float(score["raw"]) == pytest.approx(100 * earned / most if is12 else earned, abs=0.01)
    assert float(score["max"]) == (100 if is12 else most)
    if is12:
        assert kept["core"]["lesson_status"] == "passed"
        assert kept["core"]["session_time"] > "00:00:00"
    else:
        assert float(score["scaled"]) == pytest.approx(earned / most, abs=1e-6)
        assert (kept["completion_status"], kept["success_status"]) == ("completed", "passed")
        assert float(kept["progress_measure"]) == 1
        assert kept["session_time"] != "PT0H0M0S"
    results = {one["id"].rpartition(":")[2]: one["result"] for one in kept["interactions"].values()}
    assert {results[one["id"]] for one in scored if one["id"] != other["id"]} == {"correct"}
    assert {results[one["id"]] for one in questions if one["kind"] == "open"} == {"neutral"}
    assert len(kept["suspend_data"]) < (4096 if is12 else 64000)

    # Who begins again loses nothing of what was reached.
    frame = entered(page)
    form = form_of(frame, first).locator("xpath=ancestor::div[contains(@class, 'pfp-quiz-live')]")  # type: ignore[arg-type]
    form.get_by_role("button", name="Start again").click()
    form.get_by_role("button", name="Yes, delete").click()
    kept = page.evaluate("leave()")
    assert element(kept, version, "score")["raw"] == score["raw"]
    assert element(kept, version, "lesson_status" if is12 else "completion_status") in (
        "passed",
        "completed",
    )


def test_what_a_system_refuses_or_has_no_room_for_is_said_and_never_called_saved(
    page: Page, platform: str
) -> None:
    page.goto(f"{platform}scorm12.html")
    page.wait_for_function("globalThis.ready")
    page.evaluate("refused = ['cmi.objectives']")
    frame = entered(page)
    expect(frame.locator(".pfp-lms details")).to_contain_text("did not take: cmi.objectives.n.id")
    expect(frame.locator(".pfp-lms-alert")).to_be_hidden()
    questions = specs(CHAPTER)
    first, essay = questions[0], next(one for one in questions if one["kind"] == "open")
    form, alert = form_of(frame, first), frame.locator(".pfp-lms-alert")  # type: ignore[arg-type]
    kept = form.locator(".pfp-q-kept")
    for refused in ("cmi.suspend_data", "LMSCommit"):
        page.evaluate("one => { refused = [one] }", refused)
        give(form, first, "17" if refused == "LMSCommit" else "99")
        expect(kept).to_have_text("Not saved: see the note on this page.")
        expect(alert).to_contain_text("Your school’s system did not take the answer")
        page.evaluate("refused = []")
        alert.get_by_role("button", name="Try again").click()
        expect(alert).to_be_hidden()
        expect(kept).to_have_text("Saved.")
    page.evaluate("refused = ['cmi.core.score']")
    give(form, first, right_answer(first))
    expect(alert).to_contain_text("did not take your score")
    expect(kept).to_have_text("Saved.")
    page.evaluate("refused = []")

    text = form_of(frame, essay)  # type: ignore[arg-type]
    text.get_by_role("textbox").fill("мир и безопасность " * 300)
    text.get_by_role("button", name="Check").click()
    expect(alert).to_contain_text("keeps 4,096 characters")
    expect(alert).to_contain_text("kept on this computer only")
    expect(text.locator(".pfp-q-kept")).to_contain_text("Not saved")
    expect(kept).to_have_text("Saved.")
    frame.get_by_text("What your teacher sees").focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_text("Your newest answer to each question")).to_be_visible()
    assert violations(page) == []
    assert len(page.evaluate("leave()")["suspend_data"]) <= 4096
    frame = entered(page)
    text = form_of(frame, essay).get_by_role("textbox")  # type: ignore[arg-type]
    expect(text).to_have_value("мир и безопасность " * 300)
    expect(frame.locator(".pfp-lms-alert")).to_contain_text("kept on this computer only")

    # On another computer the text is not there; it is not forgotten over another answer.
    page.evaluate("leave()")
    page.evaluate("localStorage.clear()")
    frame = entered(page)
    expect(frame.locator(".pfp-lms-alert")).to_contain_text("on the computer on which you wrote it")
    other = next(one for one in questions if one["kind"] == "single")
    form = form_of(frame, other)  # type: ignore[arg-type]
    give(form, other, wrong_answer(other))
    expect(form.locator(".pfp-q-kept")).to_have_text("Saved.")
    page.evaluate("leave()")
    frame = entered(page)
    expect(frame.locator(".pfp-lms-alert")).to_contain_text("on the computer on which you wrote it")

    page.evaluate("refused = ['LMSInitialize', 'cmi.core.lesson_mode']; enter()")
    shut = page.frame_locator("iframe").locator(".pfp-lms-alert")
    expect(shut).to_contain_text("did not open this chapter")
    page.evaluate("refused = []")
    page.reload()


def test_who_looks_back_is_told_that_nothing_is_taken(page: Page, platform: str) -> None:
    page.goto(f"{platform}scorm2004.html")
    page.wait_for_function("globalThis.ready")
    frame = entered(page, mode="review", credit="no-credit")
    expect(frame.locator(".pfp-lms-state")).to_contain_text("You are looking back")
    first = specs(CHAPTER)[0]
    form = form_of(frame, first)  # type: ignore[arg-type]
    give(form, first, right_answer(first))
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
    expect(form.locator(".pfp-q-kept")).to_contain_text("Not saved")
    assert calls(page, "SetValue") == []


def test_without_a_system_and_without_storage_the_page_works_by_keyboard(
    chromium: "Browser", platform: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    page, outside = context.new_page(), []
    page.on(
        "request", lambda one: outside.append(one.url) if not one.url.startswith(platform) else None
    )
    page.goto(f"{platform}scorm12/index.html")
    expect(page.locator(".pfp-lms-state")).to_contain_text("has found no learning platform")
    first = specs(CHAPTER)[0]
    box = form_of(page, first).get_by_role("textbox")
    box.focus()
    page.keyboard.type(right_answer(first))
    page.keyboard.press("Enter")
    expect(form_of(page, first).locator(".pfp-q-kept")).to_have_text("Saved.")
    page.reload()
    expect(form_of(page, first).get_by_role("textbox")).to_have_value(right_answer(first))
    expect(page.get_by_text("What your teacher sees")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("A", "BUTTON")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link = page.locator("article a[href^='http']").first
    link.evaluate("one => one.addEventListener('click', (event) => event.preventDefault())")
    link.dispatch_event("click")
    assert link.get_attribute("target") == "_blank"

    # In a frame of another site, where a browser keeps nothing and no window around may be read.
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed') } })"
    )
    host = platform.replace("127.0.0.1", "localhost")
    page.goto(f"{host}away.html")
    page.set_content(f'<iframe title="chapter" src="{platform}scorm2004/index.html"></iframe>')
    frame = page.frame_locator("iframe")
    expect(frame.locator(".pfp-lms-state")).to_contain_text("has found no learning platform")
    expect(frame.get_by_text("Your answers are not kept").first).to_be_attached()
    assert outside == [] or all(url.startswith(host) for url in outside)
    context.close()

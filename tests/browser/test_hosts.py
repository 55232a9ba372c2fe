"""The front end in a host that says when an answer is written, and that takes its view away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from playwright.sync_api import Browser, Page, expect

from pfp_course.questions import frontend, read_bank
from pfp_course.questions.spec import public

BANK = read_bank(Path(__file__).parents[1] / "questions" / "sample.yml", COURSE)
SPECS = [public(question) for question in BANK.questions]
QUIZ = {"id": "99", "title": "A quiz", "course": "0", "seed": "", "questions": SPECS}
REVIEW = {
    **QUIZ,
    "cards": [
        {
            "id": "term:PfP",
            "chapter": "99",
            "term": "PfP",
            "meaning": "A programme.",
            "names": {"ru": "ПРМ"},
            "isUnconfirmed": True,
        }
    ],
}
FORM = {"form": True, "title": "Begin", "button": "Begin", "explain": "Why.", "questions": []}
MOMENT = "2020-01-01T00:00:00.000Z"
DUE = {"stage": 0, "due": MOMENT, "revision": 1, "at": MOMENT}
# The chapter was begun, so that its terms come to review.
BEGUN = {"99.other": {"fingerprint": "f", "attempts": 0, "at": MOMENT}}

# A host that keeps what it is given and answers when it is told to; it counts what listens to it,
# to the window and to the document, and the timers that run.
HOST = """async ([code, spec, reviews, answers]) => {
    const course = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
    const listening = new Map();
    const count = (key, step) => listening.set(key, (listening.get(key) ?? 0) + step);
    for (const target of [window, document]) {
        for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
            const own = target[name].bind(target);
            target[name] = (event, ...rest) => {
                count(`${target === window ? "window" : "document"} ${event}`, step);
                own(event, ...rest);
            };
        }
    }
    const timers = new Set();
    const [begin, end] = [window.setTimeout, window.clearTimeout];
    window.setTimeout = (act, ...rest) => {
        const timer = begin(() => { timers.delete(timer); act(); }, ...rest);
        timers.add(timer);
        return timer;
    };
    window.clearTimeout = (timer) => { timers.delete(timer); end(timer); };
    const traits = {
        spec, reviews, answers, drafts: {}, notice: "", sent: 0, received: 0, saved: 0,
        refused: [], place: "here", student: "", said: "", asked: 0, heard: 0,
    };
    const listeners = [];
    const model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = value; },
        save_changes: () => {},
        on: (event, act) => { listeners.push([event, act]); },
        off: (event, act) => {
            const place = listeners.findIndex((one) => one[0] === event && one[1] === act);
            if (place >= 0) listeners.splice(place, 1);
        },
    };
    const el = document.createElement("div");
    document.body.append(el);
    window.host = {
        traits,
        tell: (told) => {
            Object.assign(traits, told);
            for (const [event, act] of [...listeners]) {
                if (Object.keys(told).some((name) => event === `change:${name}`)) act();
            }
        },
        away: course.default.render({ model, el }),
        left: () => ({
            listening: [...listening].filter((one) => one[1]).map((one) => one[0]),
            model: listeners.map((one) => one[0]),
            timers: timers.size,
            nodes: el.childNodes.length,
        }),
    };
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.route("http://127.0.0.1/*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://127.0.0.1/quiz")  # a page that has a storage
    yield page
    context.close()


def shown(page: Page, spec: dict[str, Any], reviews: dict[str, Any] | None = None) -> None:
    page.evaluate(HOST, [frontend.widget_module(), spec, reviews or {}, BEGUN])


def answer(page: Page) -> str:
    """Answer the question with a number; return its id."""
    spec = next(spec for spec in SPECS if spec["kind"] == "numeric")
    form = page.locator("form.pfp-q").nth(SPECS.index(spec))
    form.get_by_role("textbox").fill("1")
    form.get_by_role("textbox").press("Enter")
    return str(spec["id"])


def tell(page: Page, **told: Any) -> None:
    page.evaluate("(told) => host.tell(told)", told)


def test_an_answer_is_called_saved_when_the_host_has_said_so_and_not_before(page: Page) -> None:
    page.clock.install()
    shown(page, QUIZ)
    name = answer(page)
    kept = page.locator(".pfp-q-kept", has_text="av")
    expect(kept).to_have_text("Saving …")
    number = page.evaluate("host.traits.sent")
    # Whatever else comes from the host, it has not said that this is written.
    tell(page, answers=page.evaluate("host.traits.answers"), notice="")
    tell(page, received=number - 1, saved=number - 1)
    expect(kept).to_have_text("Saving …")
    tell(page, received=number)
    expect(kept).to_have_text("Not saved: see the note on this page.")
    tell(page, saved=number, refused=[name])
    expect(kept).to_have_text("Not saved: see the note on this page.")
    waiting = "localStorage.getItem('pfp-course/unsaved/here')"
    assert name in page.evaluate(waiting)
    tell(page, refused=[])
    expect(kept).to_have_text("Saved.")
    assert page.evaluate(waiting) is None
    # A host that does not answer.
    page.locator("form.pfp-q").get_by_role("textbox").first.fill("another draft")
    page.clock.run_for(6000)
    expect(page.get_by_text("This draft is not saved: run this cell again.")).to_be_visible()


def test_what_review_keeps_is_saved_when_the_host_has_said_so(page: Page) -> None:
    shown(page, REVIEW, {"term:PfP": DUE})
    page.get_by_role("button", name="Show the meaning").click()
    page.get_by_role("button", name="I knew it").click()
    kept = page.locator(".pfp-q-kept", has_text="av")
    expect(kept).to_have_text("Saving …")
    tell(page, received=1, saved=1)
    expect(kept).to_have_text("Saved.")


@pytest.mark.parametrize("spec", [QUIZ, REVIEW, FORM], ids=["quiz", "review", "form"])
def test_no_listener_and_no_timer_outlives_its_view(page: Page, spec: dict[str, Any]) -> None:
    shown(page, spec, {"term:PfP": DUE})
    if spec is not REVIEW:
        page.locator("input[type=text], textarea").first.fill("something")
    if spec is QUIZ:
        answer(page)
    if spec is REVIEW:
        page.get_by_role("button", name="Show the meaning").press("Enter")
        page.get_by_role("button", name="I knew it").press("Enter")
    if spec is FORM:
        page.get_by_role("button", name="Begin").click()
    before = page.evaluate("host.left()")
    assert before["model"]
    assert before["nodes"]
    assert before["timers"], "it waits for the host"
    page.evaluate("host.away()")
    assert page.evaluate("host.left()") == {
        "listening": [],
        "model": [],
        "timers": 0,
        "nodes": 0,
    }

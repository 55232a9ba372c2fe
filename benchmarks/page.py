"""How soon the quizzes of a page can be answered, beside jupyterquiz on the same questions.

    python benchmarks/page.py [--questions 200] [--rounds 5] [--short]

One page holds so many questions of the course in one quiz of ours; another holds the same
questions as jupyterquiz shows them, from its package in an environment of its own. Both are opened
in turns in one Chromium, with its processor as it is and four times slower. Told are the bytes,
when all questions could be answered, the longest task (over 50 ms it is felt), and how long a click
takes. Then every chapter of the built book is opened four times slower: told is how long after
DOMContentLoaded its last quiz could be answered.
"""

import argparse
import gzip
import json
import statistics
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from threading import Thread
from typing import Any

import measuring
from courses import COURSE
from playwright.sync_api import Browser, sync_playwright

from pfp_course import palette
from pfp_course.chapters import chapters
from pfp_course.cli.serve import Site
from pfp_course.course import default_course
from pfp_course.export.printing import installed_browser
from pfp_course.questions import frontend, read_bank
from pfp_course.questions.spec import as_page, public

SLOWER = 4
LIVE_GOAL, TASK_GOAL = 100, 50  # milliseconds
_WATCH = """
window.seen = {tasks: [], live: 0};
addEventListener("DOMContentLoaded", () => { seen.content = performance.now(); });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
}).observe({type: "longtask", buffered: true});
new MutationObserver(() => {
  const waiting = document.querySelector(".pfp-quiz-plain");
  const count = document.querySelectorAll(".pfp-quiz-live form.pfp-q, .Quiz").length;
  if (count !== seen.count && !waiting) { seen.count = count; seen.live = performance.now(); }
}).observe(document, {childList: true, subtree: true});
"""
_CLICK = """() => [...document.querySelectorAll("QUESTION")].slice(0, 40).flatMap((question) => {
  const choice = question.querySelector("CHOICE");
  if (!choice) return [];
  const begun = performance.now();
  choice.click();
  question.querySelector("button.pfp-q-check")?.click();
  document.body.getBoundingClientRect();
  return [performance.now() - begun];
})"""
_CLICKED = {
    "ours": ("form.pfp-q", ".pfp-q-choice input[type=radio]"),
    "jupyterquiz": (".Quiz", "input[type=radio]"),
}
_THEIRS = """
import json, sys
from jupyterquiz.dynamic import display as module
parts = []
def keep(shown):
    text = shown.data
    parts.append(f"<script>{text}</script>" if type(shown).__name__ == "Javascript" else text)
module.display = keep
module.display_quiz(json.loads(sys.stdin.read()), shuffle_answers=False)
print("".join(parts))
"""


def main() -> None:
    """Measure, print and keep the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=200, help="questions on the page")
    parser.add_argument("--rounds", type=int, default=5, help="visits of each page (default: 5)")
    parser.add_argument("--short", action="store_true", help="one round, nothing is written")
    wanted = parser.parse_args()
    rounds = 1 if wanted.short else wanted.rounds
    measuring.ROOM.mkdir(parents=True, exist_ok=True)
    python = measuring.environment("page")
    room = measuring.ready_room()
    questions = list(islice(distinct(), wanted.questions))
    pages = {"ours": our_page(questions), "jupyterquiz": their_page(questions, python)}
    for name, text in pages.items():
        (room / f"{name}.html").write_text(text, encoding="utf-8")
    result: dict[str, Any] = {"questions": len(questions), "slower": SLOWER}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_browser(), args=["--no-sandbox"]
        )
        for rate in (1, SLOWER):
            print(f"{len(questions)} questions, the processor {rate} times slower")
            sides = {
                name: partial(visit, browser, room, name, len(questions), rate) for name in pages
            }
            result[f"at_{rate}"] = summary(measuring.in_turns(sides, rounds))
        result["chapters"] = chapters_of_the_book(browser, rounds)
        browser.close()
    result["bytes"] = {
        name: {"whole": len(text.encode()), "sent": len(gzip.compress(text.encode(), 6))}
        for name, text in pages.items()
    }
    tell(result)
    measuring.save("page", result, shown(result), short=wanted.short)


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a result."""
    words = {
        "live": "all questions can be answered",
        "longest": "the longest task",
        "click": "a click is answered",
    }
    rows, ratios = [], {}
    for rate in (1, SLOWER):
        for measure, text in words.items():
            found = result[f"at_{rate}"][measure]
            times = [f"{measuring.middle(found[name]):.0f} ms" for name in ("ours", "jupyterquiz")]
            label = f"{text}, {rate} times slower" if rate > 1 else text
            if measure == "longest":  # there may be none at all
                rows.append([label, *times, ""])
                continue
            rows.append([label, *times, measuring.spread(found["ratio"])])
            ratios[label] = found["ratio"]
    sizes = [result["bytes"][name]["sent"] / 1000 for name in ("ours", "jupyterquiz")]
    rows.append(
        ["sent, compressed", *(f"{size:.0f} KB" for size in sizes), f"{sizes[0] / sizes[1]:.2f}"]
    )
    worst = max(measuring.middle(times) for times in result["chapters"].values())
    return {
        "said": f"{result['questions']} questions on one page. With the processor {SLOWER} times "
        f"slower, the last quiz of a chapter can be answered {worst:.0f} ms after "
        f"DOMContentLoaded at most; the goal is {LIVE_GOAL} ms.",
        "columns": ["Measure", "This course", "jupyterquiz", "Ratio (spread)"],
        "rows": rows,
        "chart": measuring.ratio_chart(
            f"How soon can {result['questions']} questions be answered, beside jupyterquiz?", ratios
        ),
    }


def distinct() -> Iterator[dict[str, Any]]:
    """Yield questions of the course, of kinds that both know, each with an id of its own."""
    known = [
        public(question)
        for chapter in chapters(COURSE)
        for question in read_bank(default_course().bank(chapter.number), COURSE).questions
        if question.kind in ("single", "multiple", "numeric", "text")
    ]
    for number, spec in enumerate(cycle(known)):
        yield {**spec, "id": f"99.q{number}"}


def our_page(questions: list[dict[str, Any]]) -> str:
    """Return a page with a quiz of ours, with its style sheet and its script."""
    spec = {"id": "99", "title": "Quiz", "course": "0", "seed": "", "questions": questions}
    colours = palette.properties("html", palette.LIGHT, "light")
    return (
        f"{_head()}<style>{colours}{frontend.stylesheet()}</style><main>{as_page(spec)}</main>"
        f"<script>{frontend.page_script()}</script></html>"
    )


def their_page(questions: list[dict[str, Any]], python: Path) -> str:
    """Return a page with the same questions as jupyterquiz shows them."""
    given = json.dumps([converted(spec) for spec in questions])
    done = subprocess.run(
        [str(python), "-c", _THEIRS], input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"jupyterquiz failed:\n{done.stderr[-3000:]}")
    return f"{_head()}<main>{done.stdout}</main></html>"


def _head() -> str:
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Quiz</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
    )


def converted(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a question of ours in the format of jupyterquiz."""
    right = f"Right. {spec['because']}"
    if spec["kind"] in ("single", "multiple"):
        answers = [
            {
                "answer": choice["text"],
                "correct": choice["right"],
                "feedback": choice.get("say") or (right if choice["right"] else "Not right yet."),
            }
            for choice in spec["choices"]
        ]
        kind = "multiple_choice" if spec["kind"] == "single" else "many_choice"
        return {"question": spec["ask"], "type": kind, "answers": answers}
    if spec["kind"] == "numeric":
        answers = [{"type": "value", "value": spec["key"], "correct": True, "feedback": right}]
        return {"question": spec["ask"], "type": "numeric", "answers": answers}
    answers = [{"answer": text, "correct": True, "feedback": right} for text in spec["accept"]]
    return {"question": spec["ask"], "type": "string", "answers": answers}


def visit(browser: Browser, room: Path, name: str, count: int, rate: int) -> dict[str, float]:
    """Open a page and return milliseconds: all live, the longest task, a click."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(_WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.goto((room / f"{name}.html").as_uri())
    page.wait_for_function(f"window.seen.count === {count}")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.seen")
    question, choice = _CLICKED[name]
    clicks = page.evaluate(_CLICK.replace("QUESTION", question).replace("CHOICE", choice))
    context.close()
    return {
        "live": round(seen["live"], 1),
        "longest": max(seen["tasks"], default=0),
        "long": sum(duration > TASK_GOAL for duration in seen["tasks"]),
        "click": round(statistics.median(clicks), 2),
    }


def chapters_of_the_book(browser: Browser, rounds: int) -> dict[str, list[float]]:
    """Return by chapter how many milliseconds after DOMContentLoaded its last quiz was live."""
    html = measuring.ROOT / "_build" / "html"
    names = sorted(path.name for path in (html / "notebooks").glob("*.html"))
    if not names:
        raise SystemExit("There is no book yet. Build it first: make book")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(html)))
    Thread(target=server.serve_forever, daemon=True).start()
    found: dict[str, list[float]] = {name: [] for name in names}
    for name in names * rounds:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, service_workers="block"
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(_WATCH)
        cdp = context.new_cdp_session(page)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"http://127.0.0.1:{server.server_port}/notebooks/{name}")
        page.wait_for_function("window.seen.live && !document.querySelector('.pfp-quiz-plain')")
        page.wait_for_timeout(200)
        seen = page.evaluate("window.seen")
        # Scripts may be done before the browser announces the page.
        found[name].append(max(0.0, round(seen["live"] - seen["content"], 1)))
        context.close()
    server.shutdown()
    return found


def summary(sides: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Return for each measure the values of both sides and their ratio."""
    return {
        measure: {
            **{name: [row[measure] for row in rows] for name, rows in sides.items()},
            "ratio": measuring.ratio(
                *(
                    [max(0.01, row[measure]) for row in sides[name]]
                    for name in ("ours", "jupyterquiz")
                )
            ),
        }
        for measure in ("live", "longest", "long", "click")
    }


def tell(result: dict[str, Any]) -> None:
    """Print the result."""
    sizes = result["bytes"]
    for name, size in sizes.items():
        print(f"{name}: {size['whole'] / 1000:.0f} KB, compressed {size['sent'] / 1000:.0f} KB")
    longest = statistics.median(result["at_1"]["longest"]["ours"])
    print(f"longest task of ours: {longest:.0f} ms; goal: at most {TASK_GOAL} ms")
    for rate in (1, SLOWER):
        for measure in ("live", "click"):
            found = result[f"at_{rate}"][measure]
            ours, theirs = (statistics.median(found[name]) for name in ("ours", "jupyterquiz"))
            spread = found["ratio"]
            print(
                f"at {rate}x, {measure}: {ours:.1f} ms, jupyterquiz {theirs:.1f} ms; "
                f"{spread['median']:.2f} times ({spread['low']:.2f} to {spread['high']:.2f})"
            )
    worst = max(statistics.median(times) for times in result["chapters"].values())
    print(
        f"chapters at {SLOWER}x: all quizzes live {worst:.0f} ms after DOMContentLoaded at most; "
        f"goal: {LIVE_GOAL} ms"
    )


if __name__ == "__main__":
    main()

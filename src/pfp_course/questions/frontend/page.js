import { focusFirst, redraw } from "./controls.js";
import { renderClose } from "./closing.js";
import { make } from "./dom.js";
import { drawnFor, pageModel } from "./page_model.js";
import { render, SHORT } from "./quiz.js";
import { renderBegin, renderDownload } from "./receipt.js";
import { browserRecord } from "./record.js";
import { inSlices } from "./slices.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { QuizSpec, Spec } from "./types.d.ts" */

/** @type {Spec[]} the questions of this page, as they were asked */
const asked = [];

/**
 * Makes the quizzes of a page live.
 * @param {(course: string) => BrowserRecord} open opens the record of a version of the course
 * @param {boolean} isHandedIn whether the reader hands in a file of answers
 */
export async function start(open = browserRecord, isHandedIn = true) {
  // The place of a question is right as soon as its quiz, and what stands above it, is live.
  document.addEventListener("pfp-drawn", ({ target }) => {
    if (target instanceof Node && target.contains(linked())) showLinked();
  });
  /** @type {BrowserRecord | undefined} */
  let record;
  /** @type {(() => void)[]} */
  const waiting = [];
  const begin = () => {
    waiting.splice(0).forEach((ask) => ask());
    showLinked();
  };
  /** @param {Element} host */
  const show = (host) => {
    /** @type {QuizSpec} */
    const spec = JSON.parse(host.querySelector(".pfp-quiz-data")?.textContent ?? "");
    const kept = record ??= open(spec.course);
    const el = make("div", {});
    host.querySelector(".pfp-quiz-plain")?.replaceWith(el);
    if (kept.seedBy() === "student" && !kept.seed()) {
      const away = renderBegin(kept, begin, el);
      const ask = () => {
        away();
        renderQuiz(spec, kept, el, isHandedIn);
      };
      waiting.push(() => redraw(el, ask));
    } else renderQuiz(spec, kept, el, isHandedIn);
  };
  const hosts = document.querySelectorAll(".pfp-quiz[data-quiz]");
  // A chapter's questions are drawn in one go: between two of them the browser would lay out the
  // page, which takes longer than to draw them all.
  if (document.querySelectorAll(".pfp-quiz-plain > ol > li").length <= SHORT) hosts.forEach(show);
  else await inSlices(hosts, show);
  addEventListener("hashchange", showLinked);
  if (linked()) holdFocus();
}

// A browser that has loaded the page goes to the address itself, sooner or later, and takes the
// focus away: it is given back until the reader acts.
function holdFocus() {
  let left = 30;
  const acts = ["pointerdown", "keydown", "wheel"];
  const end = () => {
    left = 0;
    acts.forEach((act) => removeEventListener(act, end));
  };
  acts.forEach((act) => addEventListener(act, end));
  const again = () => {
    if (left <= 0) return;
    if (document.activeElement === document.body) showLinked();
    if (document.readyState === "complete") left -= 1;
    if (left > 0) setTimeout(again, 100);
    else end();
  };
  again();
}

// The question that the address names, as #q-02.first.
function linked() {
  let name = "";
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch {
    return null; // a stray percent sign
  }
  return name.startsWith("q-") ? document.getElementById(name) : null;
}

function showLinked() {
  const row = linked();
  const form = row?.querySelector("form.pfp-q");
  if (!row || !form) return;
  for (let outer = row.parentElement; outer; outer = outer.parentElement) {
    if (outer instanceof HTMLDetailsElement) outer.open = true;
  }
  row.scrollIntoView();
  focusFirst(form, { preventScroll: true });
}

/** @type {(given: QuizSpec, record: BrowserRecord, el: HTMLElement, isHandedIn: boolean) => void} */
function renderQuiz(given, record, el, isHandedIn) {
  const spec = drawnFor(given, record);
  render({ model: pageModel(spec, record), el });
  asked.push(...spec.questions.filter((one) => one.code === undefined));
  if (!spec.bank) return;
  if (spec.close) renderClose(spec.close, asked, record, el);
  if (!isHandedIn) return;
  /** @param {string} id */
  const mine = (id) => id.startsWith(`${spec.id}.`);
  renderDownload(record, spec.course, { [spec.id]: spec.bank }, mine, el);
}

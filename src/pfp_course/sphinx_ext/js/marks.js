import { make } from "../../questions/frontend/dom.js";
import { recordKey } from "../../questions/frontend/record_key.js";
import { isAnswerTo, isRight } from "../../questions/frontend/rightness.js";
import { $, $$ } from "./page.js";

// How far the reader is in each chapter, from the record of answers that this browser keeps.

/** @import { Answer, Kept } from "../../questions/frontend/types.d.ts" */

/** @returns {Kept["answers"]} */
function answersKept() {
  try {
    const record = JSON.parse(localStorage.getItem(recordKey()) ?? "null");
    return record?.version === 1 && record.answers ? record.answers : {};
  } catch {
    return {}; // storage may be closed to us, or hold what is no record
  }
}

/** @type {(chapter: string, answers: Kept["answers"]) => Record<"all" | "answered" | "right", number>} */
function countChapter(chapter, answers) {
  const counted = { all: 0, answered: 0, right: 0 };
  for (const [name, points, ...fingerprints] of outline[chapter]) {
    counted.all += 1;
    /** @type {Answer | undefined} */
    const answer = answers[`${chapter}.${name}`];
    const question = { points, fingerprints };
    // An answer to another wording of the question is not this question's.
    if (!isAnswerTo(question, answer)) continue;
    counted.answered += Number((answer.response ?? null) !== null || answer.shown === true);
    counted.right += Number(isRight(question, answer));
  }
  return counted;
}

// Who has begun is led to where the last answer was given, or, if nothing is open there, onward.
/** @param {Kept["answers"]} answers */
function continueReading(answers) {
  const start = /** @type {HTMLAnchorElement | null} */ ($(".pfp-start a"));
  const chapters = Object.keys(outline);
  const last = Object.entries(answers)
    .filter(([id]) => outline[id.slice(0, 2)])
    .sort(([, one], [, other]) => String(one.at).localeCompare(String(other.at)))
    .at(-1)?.[0].slice(0, 2);
  if (!start || !last) return;
  const { all, answered } = countChapter(last, answers);
  const chapter = answered === all ? chapters[chapters.indexOf(last) + 1] ?? last : last;
  const page = document.querySelector(`.pfp-nav [data-chapter="${chapter}"]`)?.closest("a");
  if (!page) return;
  start.href = page.href;
  start.textContent = `Continue with chapter ${Number(chapter)}`;
}

export function setUpMarks() {
  const marks = $$(".pfp-reached[data-chapter]");
  const draw = () => {
    const answers = answersKept();
    // Who comes for the first time has no marks: nothing is counted.
    if (!Object.keys(answers).length && ![...marks].some((mark) => mark.firstChild)) return;
    continueReading(answers);
    for (const mark of marks) {
      const chapter = mark.dataset.chapter ?? "";
      if (!outline[chapter]) continue;
      const { all, answered, right } = countChapter(chapter, answers);
      const sign = right === all ? "\u2713" : `${right}/${all}`;
      const said = right === all
        ? `(all ${all} questions right)`
        : `(${answered} of ${all} questions answered, ${right} right)`;
      mark.replaceChildren(
        ...(answered
          ? [
            make("span", { "aria-hidden": "true" }, sign),
            make("span", { class: "pfp-hidden" }, said),
          ]
          : []),
      );
    }
  };
  addEventListener("pfp-record", draw);
  addEventListener("storage", draw);
  draw();
}

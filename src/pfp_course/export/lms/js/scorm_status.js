import { make } from "../../../questions/frontend/dom.js";

/** @import { ReportedChapter } from "./scorm_types.d.ts" */
/** @typedef {ReturnType<typeof statusLine>} StatusLine */

// What the reader is told of the system that keeps the answers.

const OPEN_AGAIN = "Close this page and open the chapter again in your course.";
export const ALONE = "This page has found no learning platform around it. " +
  "Your answers are kept in this browser alone, and nobody is told of them.";
export const SHUT =
  "Your school\u2019s system did not open this chapter. Your answers are kept in this " +
  "browser alone, and your teacher is not told of them. " + OPEN_AGAIN;
export const NOT_TAKEN =
  "Your school\u2019s system did not take the answer. It stays on this page until " +
  "you close it.";
export const NO_SCORE =
  "Your school\u2019s system kept your answers and did not take your score. Tell " +
  "your teacher.";
export const REVIEWED = "You are looking back: your school\u2019s system takes no answers now.";
export const PRACTISED =
  "The exercises are for practice: your school\u2019s system keeps no answers to them.";
export const UNREAD =
  "What your school\u2019s system had kept of this chapter could not be read. The " +
  "chapter begins anew.";
export const ENDED =
  "This session has ended at your school\u2019s system, and what you write now is not " +
  "kept. " + OPEN_AGAIN;

const PRESS = 500; // milliseconds

/**
 * What is said of the system: quietly over the text, and loudly at the foot of the window.
 * @param {HTMLElement} place
 */
export function statusLine(place) {
  const state = make("p", { class: "pfp-lms-state" });
  const problem = make("p", {});
  const tools = make("div", { class: "pfp-lms-tools" });
  const missed = make("p", { hidden: true });
  const foot = make("div", { class: "pfp-lms-alert pfp-quiz-live", hidden: true });
  const box = make("div", { role: "alert" }, problem);
  foot.append(box, tools);
  place.prepend(state);
  place.querySelector("details")?.append(missed);
  document.body.append(foot);
  return {
    /** @param {string} text */
    say: (text) => {
      state.textContent = text;
    },
    /**
     * Quietly, because answers and score do not hang on it.
     * @param {string[]} details what a system did not take of the report
     */
    miss: (details) => {
      missed.textContent = `Your school\u2019s system did not take: ${details.join("; ")}.`;
      missed.hidden = !details.length;
    },
    /** Without a system there is nothing that a teacher sees. */
    hideReport: () => place.querySelector("details")?.remove(),
    /**
     * Told once: the same words are not said again while they stand.
     * @type {(text: string, ...more: Node[]) => void}
     */
    warn: (text, ...more) => {
      if (problem.textContent !== text) {
        problem.textContent = text;
        tools.replaceChildren(...more);
      }
      if (!text && foot.contains(document.activeElement)) {
        document.querySelector("main")?.focus({ preventScroll: true });
      }
      // Under the pointer of a reader who is pressing a button, it lets the press go through.
      if (text && foot.hidden) {
        foot.style.pointerEvents = "none";
        setTimeout(() => foot.style.removeProperty("pointer-events"), PRESS);
      }
      foot.hidden = !text;
    },
  };
}

/** @type {(chapter: ReportedChapter, names: string[]) => string} */
const askedIn = (chapter, names) =>
  chapter.questions.filter((one) => names.includes(one.name)).map(({ ask }) =>
    `\u201c${ask.length > 60 ? `${ask.slice(0, 60)}\u2026` : ask}\u201d`
  ).join(", ");

/** @type {(chapter: ReportedChapter, names: string[]) => string} */
export const keptElsewhere = (chapter, names) =>
  `Your text to ${askedIn(chapter, names)} was too long for your school\u2019s system. It is on ` +
  "the computer on which you wrote it. Its score is kept; a text that you write here takes its place.";

/** @type {(chapter: ReportedChapter, left: string[], isKeptHere: boolean) => string} */
export function noRoom(chapter, left, isKeptHere) {
  const where = isKeptHere
    ? "What does not fit is kept on this computer only"
    : "What does not fit is lost when you close this page, so copy it first";
  return `Your school\u2019s system keeps ${
    chapter.room.toLocaleString("en")
  } characters of this ` +
    `chapter, and they are full. ${where}: your text to ${
      askedIn(chapter, left)
    }. Your score is kept. ` +
    "A shorter text may fit.";
}

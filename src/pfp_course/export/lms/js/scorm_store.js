import { button } from "../../../questions/frontend/controls.js";
import { make } from "../../../questions/frontend/dom.js";
import { renderDownload } from "../../../questions/frontend/receipt.js";
import { coursePath, RECORD, recordKey } from "../../../questions/frontend/record_key.js";
import { hash } from "../../../questions/frontend/randomness.js";
import { reachedWith, reporting, standing } from "./scorm_report.js";
import { shelved, unshelved } from "./scorm_shelf.js";
import {
  ENDED,
  keptElsewhere,
  NO_SCORE,
  noRoom,
  NOT_TAKEN,
  PRACTISED,
  REVIEWED,
  UNREAD,
} from "./scorm_status.js";

/** @import { BrowserRecord, Store } from "../../../questions/frontend/record.js" */
/** @import { QuizSpec } from "../../../questions/frontend/types.d.ts" */
/** @import { Connection } from "./scorm_api.js" */
/** @import { StatusLine } from "./scorm_status.js" */
/** @import { Answers, Drafts, Reached, ReportedChapter } from "./scorm_types.d.ts" */

// The record of answers in a system: kept as its suspend data, and told to it with the score.

const COMMIT = 20_000; // milliseconds after which drafts are sent on

/** The time for which the page was seen, in seconds. */
function seenTime() {
  let seen = 0;
  let since = document.visibilityState === "visible" ? performance.now() : null;
  document.addEventListener("visibilitychange", () => {
    if (since !== null) seen += performance.now() - since;
    since = document.visibilityState === "visible" ? performance.now() : null;
  });
  return () => (seen + (since === null ? 0 : performance.now() - since)) / 1000;
}

// What the system has no room for waits in this browser, for this learner and chapter alone.
/** @param {string} key */
function overflow(key) {
  return {
    /** @returns {{ answers: Answers, drafts: Drafts }} */
    read: () => {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null") ?? { answers: {}, drafts: {} };
      } catch {
        return { answers: {}, drafts: {} };
      }
    },
    /** @type {(kept: { answers: Answers, drafts: Drafts } | null) => boolean} */
    write: (kept) => {
      try {
        if (kept) localStorage.setItem(key, JSON.stringify(kept));
        else localStorage.removeItem(key);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** @type {<T>(all: Record<string, T>, names: string[]) => Record<string, T>} */
const only = (all, names) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

/**
 * A store for the record of answers, in the suspend data of a system.
 * @param {Connection} api
 * @param {ReportedChapter} chapter
 * @param {StatusLine} line
 */
export function systemStore(api, chapter, line) {
  const is2004 = chapter.version === "2004";
  const own = recordKey();
  const mode = api.get(is2004 ? "cmi.mode" : "cmi.core.lesson_mode");
  const isTaken = mode !== "review" && mode !== "browse";
  const isCredited = api.get(is2004 ? "cmi.credit" : "cmi.core.credit") !== "no-credit";
  const learner = api.get(is2004 ? "cmi.learner_id" : "cmi.core.student_id");
  const spare = overflow(`pfp-course/lms/${chapter.name}/${hash(learner).toString(36)}`);
  const report = reporting(api, chapter);
  const seen = seenTime();
  const kept = api.get("cmi.suspend_data");
  const found = kept ? unshelved(chapter, kept) : null;
  /** @type {Reached} */
  let reached = found?.reached ?? { best: 0, isComplete: false };
  /** @type {Map<string, string>} */
  const texts = new Map();
  let given = "{}";
  /** @type {string[]} */
  let unkept = [];
  let notice = kept && !found ? UNREAD : "";
  /** @type {number | undefined} */
  let timer;
  /** @type {BrowserRecord | undefined} */
  let record;

  const retry = button("Try again", "pfp-q-check");
  retry.addEventListener("click", () => record?.add({}));
  const file = make("details", {}, make("summary", {}, "Take your answers as a file"));

  if (found) {
    const waiting = spare.read();
    for (const name of found.cut) {
      const here = waiting.answers[name];
      const there = found.answers[name];
      if (here?.revision === there?.revision && here?.fingerprint === there?.fingerprint) {
        found.answers[name] = here;
      }
    }
    const { answers, drafts } = found;
    remember({ answers, drafts: { ...waiting.drafts, ...drafts } });
    unkept = found.cut;
  }
  /** @param {{ answers: Answers, drafts: Drafts }} all */
  function remember({ answers, drafts }) {
    const stored = { format: RECORD, version: 1, generation: 0, site: coursePath() };
    texts.set(own, JSON.stringify({ ...stored, answers, drafts }));
    given = JSON.stringify(answers);
  }

  /** @type {(answers: Answers) => void} */
  function tellStanding(answers) {
    const { answered, count, score, points } = standing(chapter.questions, answers);
    const best = Math.max(score, Math.min(reached.best, points));
    const percent = points ? Math.round((100 * best) / points) : 0;
    const done = `${answered} of ${count} questions answered`;
    const worth = points
      ? `, best score ${Math.round(best * 100) / 100} of ${points} points (${percent}\u00a0%)`
      : "";
    const credit = isCredited
      ? ""
      : " Your school\u2019s system does not count the score this time.";
    line.say(
      isTaken
        ? `Your school\u2019s system keeps your answers and your score: ${done}${worth}.${credit}`
        : `${REVIEWED} ${done}${worth}.`,
    );
  }

  // The system has no place for answers to exercises.
  /** @type {(answers: Answers, drafts: Drafts) => string[]} */
  const practised = (answers, drafts) =>
    Object.keys({ ...answers, ...drafts }).filter(
      (id) => !chapter.questions.some(({ name }) => name === id),
    );
  /** @type {(answers: Answers, drafts: Drafts) => string} keeps here what it can, and says where */
  function tellUnkept(answers, drafts) {
    const here = unkept.filter((name) => drafts[name] || answers[name]?.response !== null);
    const rest = { answers: only(answers, here), drafts: only(drafts, here) };
    const isKept = spare.write(here.length ? rest : null);
    const elsewhere = unkept.length ? keptElsewhere(chapter, unkept) : "";
    const told = [here.length ? noRoom(chapter, here, isKept) : elsewhere];
    if (practised(answers, drafts).length) told.push(PRACTISED);
    return told.join(" ").trim();
  }

  /** @type {(text: string, isUrgent: boolean) => void} */
  function put(text, isUrgent) {
    const value = JSON.parse(text);
    /** @type {Drafts} */
    const drafts = Object.fromEntries(
      Object.entries(value.drafts).filter(([, one]) => one.response !== null),
    );
    const now = standing(chapter.questions, value.answers);
    const next = reachedWith(now, reached);
    const missing = found?.cut ?? [];
    const { text: shelf, left } = shelved(chapter, value.answers, drafts, next, missing);
    const isSet = api.set("cmi.suspend_data", shelf);
    if (!isSet) throw new Error(api.why());
    reached = next;
    const isScored = report.tell(value.answers, reached, seen());
    if (isUrgent && !api.commit()) throw new Error(api.why());
    unkept = left;
    const words = tellUnkept(value.answers, drafts);
    line.warn(words || (isScored ? notice : NO_SCORE));
    line.miss(report.refused());
    tellStanding(value.answers);
  }

  /** @type {Store} */
  const store = {
    unkept: () => [...unkept, ...practised(record?.answers() ?? {}, record?.drafts() ?? {})],
    getItem: (key) => texts.get(key) ?? null,
    removeItem: (key) => texts.delete(key),
    setItem: (key, text) => {
      texts.set(key, text);
      if (key !== own) return;
      if (!isTaken) {
        line.warn(REVIEWED);
        throw new Error(REVIEWED);
      }
      const answers = JSON.stringify(JSON.parse(text).answers);
      const isUrgent = answers !== given;
      try {
        put(text, isUrgent);
      } catch (error) {
        complain();
        throw error;
      }
      given = answers;
      if (isUrgent) notice = "";
      else later();
    },
  };
  function complain() {
    const why = api.why() ? ` (${api.why()})` : "";
    if (record) offerFile(record);
    if (api.isOpen()) line.warn(`${NOT_TAKEN}${why}`, retry, file);
    else line.warn(ENDED, file);
  }
  function commit() {
    if (!api.commit()) complain();
  }
  // A draft goes on its way with the next answer, or a while after it was written.
  function later() {
    clearTimeout(timer);
    timer = setTimeout(commit, COMMIT);
  }
  /** @param {BrowserRecord} all */
  function offerFile(all) {
    const spec = closingQuiz();
    if (!spec || file.childElementCount > 1) return;
    const mine = (/** @type {string} */ id) => chapter.questions.some((one) => one.name === id);
    const form = make("div", {});
    file.append(form);
    renderDownload(all, spec.course, { [spec.id]: spec.bank ?? "" }, mine, form);
  }
  return {
    store,
    /** @param {BrowserRecord} opened */
    attach: (opened) => {
      record = opened;
    },
    /** Tells the system of the chapter as it is, once it has been opened. */
    greet: () => {
      const answers = record?.answers() ?? {};
      reached = reachedWith(standing(chapter.questions, answers), reached);
      tellStanding(answers);
      line.warn(tellUnkept(answers, record?.drafts() ?? {}) || notice);
      if (!isTaken) return;
      if (!report.tell(answers, reached, seen())) line.warn(NO_SCORE);
      line.miss(report.refused());
      commit();
    },
    leave: () => {
      clearTimeout(timer);
      if (isTaken && api.isOpen()) {
        report.leave(seen());
        api.commit();
      }
    },
    end: () => {
      if (!api.isOpen()) return;
      if (isTaken) report.leave(seen());
      api.commit();
      api.end();
    },
  };
}

/** @returns {QuizSpec | undefined} the quiz at the end of the chapter */
function closingQuiz() {
  for (const data of document.querySelectorAll(".pfp-quiz-data")) {
    const spec = JSON.parse(data.textContent ?? "{}");
    if (spec.bank) return spec;
  }
  return undefined;
}

import { renderForm } from "./handin.js";
import { offer } from "./offering.js";
import { hash, seedOf } from "./randomness.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { FormModel, FormTraits, Kept, QuizSpec } from "./types.d.ts" */
/** @typedef {(student: string) => { said: string, more?: Node[] }} Act */
/** @typedef {{ student: string, seed: string, assignment: string, course: string, made: string,
 *   banks: Record<string, string>, answers: Kept["answers"] }} Receipt */

// The receipt: a student's answers, to be handed in. The same file as assignments/receipt.py makes.
const FORMAT = "pfp-course/receipt";
// As PREFIX of questions/exercises.py.
const PRACTICE = "page:";

// Python sorts by characters, and JavaScript by halves of them.
/** @type {(one: string, other: string) => number} */
const byCharacters = (one, other) => {
  const [these, those] = [Array.from(one), Array.from(other)];
  const place = these.findIndex((letter, index) => letter !== those[index]);
  if (place === -1) return these.length - those.length;
  return place >= those.length
    ? 1
    : Number(these[place].codePointAt(0)) - Number(those[place].codePointAt(0));
};

/**
 * One text for one value, whatever the order of its fields.
 * @param {any} value
 * @returns {string}
 */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.keys(value)
      .sort(byCharacters)
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value);
}

/**
 * Half a character cannot be written in UTF-8.
 * @param {any} value
 * @returns {any}
 */
function whole(value) {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(whole);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [whole(key), whole(one)]));
}

/**
 * CRC-32 (ISO 3309), as zlib counts it: it finds damage, and proves nothing.
 * @param {string} text
 */
function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

/** @param {Receipt} receipt */
export function receiptText({ student, seed, assignment, course, made, banks, answers }) {
  const given = Object.entries(answers).map(([id, one]) => [
    id,
    {
      fingerprint: one.fingerprint,
      response: one.response ?? null,
      attempts: one.attempts,
      hints: one.hints,
      shown: one.shown === true,
      confidence: one.confidence ?? null,
      seconds: one.seconds ?? 0,
      at: one.at,
    },
  ]);
  const content = whole({
    format: FORMAT,
    version: 1,
    course,
    assignment,
    student,
    seed,
    made,
    banks,
    answers: Object.fromEntries(given),
  });
  const checksum = `crc32:${crc32(canonical(content))}`;
  return `${JSON.stringify({ ...content, checksum }, null, 1)}\n`;
}

/**
 * One name for each student and assignment, so that the newest file is easy to find.
 * @type {(assignment: string, student: string) => string}
 */
export function receiptName(assignment, student) {
  const what = assignment.replace(/[^A-Za-z0-9-]+/g, "-") || "pfp";
  return `receipt-${what}-${hash(seedOf(student)).toString(16).padStart(8, "0")}.json`;
}

// The same words as assignments/receipt.py.
export const EXPLAIN =
  "The receipt is one small file. It holds your name or id, your answers, how often you tried, " +
  "the hints you used, whether you looked at the answer, how sure you were, your times, and the " +
  "versions of the course and of its questions. It holds no marks. Its checksum finds a file " +
  "that was damaged on the way; it proves nothing about who answered. The file goes nowhere by " +
  "itself: you give it to your teacher, in the way that was agreed.";

/**
 * The form under a page's questions: it gives the answers to some questions as a file.
 * @param {BrowserRecord} record
 * @param {string} course
 * @param {Record<string, string>} banks
 * @param {(id: string) => boolean} chosen
 * @param {HTMLElement} el
 */
export function renderDownload(record, course, banks, chosen, el) {
  // What is practised on a page is no part of what is handed in.
  /** @type {typeof chosen} */
  const wanted = (id) => !id.startsWith(PRACTICE) && chosen(id);
  const spec = { title: "Hand in", button: "Download my answers", explain: EXPLAIN };
  return renderForm({
    model: formModel(spec, record.student(), (student) => {
      const answers = Object.fromEntries(
        Object.entries(record.answers()).filter(([id]) => wanted(id)),
      );
      const count = Object.keys(answers).length;
      const open = unchecked(record, wanted);
      if (!count) return { said: `There is no answer yet. Answer a question first.${open}` };
      if (record.seedBy() === "student" && record.seed() !== seedOf(student)) {
        return { said: record.seed() ? otherName(record.student()) : BEGIN_FIRST };
      }
      record.sign(student);
      const [seed, assignment] = [record.seed(), record.assignment()];
      const made = new Date().toISOString();
      const name = receiptName(assignment, student);
      const text = receiptText({ student, seed, assignment, course, made, banks, answers });
      const { words, more } = offer(name, text);
      return {
        said: `${count} ${count === 1 ? "answer is" : "answers are"} ${words}${open}`,
        more,
      };
    }),
    el,
  });
}

/**
 * A draft is no answer, and whoever hands in is told.
 * @type {(record: BrowserRecord, wanted: (id: string) => boolean) => string}
 */
function unchecked(record, wanted) {
  const count = Object.keys(record.drafts()).filter(wanted).length;
  if (!count) return "";
  const [is, them] = count === 1 ? ["answer is", "it"] : ["answers are", "them"];
  return ` ${count} ${is} written but not checked, and not in the file: check ${them} first, and hand in again.`;
}

const BEGIN_FIRST = "Open a chapter of your assignment first, and begin there with your name.";

/** @param {string} student */
const otherName = (student) =>
  `You began as \u201c${student}\u201d, and your questions were drawn for this name. Write it ` +
  "again here. If it is misspelt, hand in all the same, and tell your teacher.";

/**
 * The form that comes first where a student's name decides on the questions.
 * @type {(record: BrowserRecord, begin: () => void, el: HTMLElement) => () => void}
 */
export function renderBegin(record, begin, el) {
  const spec = {
    title: "Before you begin",
    button: "Begin",
    explain:
      "Your name or id decides which variant of a question you get. Write it as you will hand in.",
  };
  /** @type {Act} */
  const act = (student) => {
    record.sign(student, seedOf(student));
    begin();
    return { said: "" };
  };
  return renderForm({ model: formModel(spec, record.student(), act), el });
}

/**
 * A model for a form where there is no kernel: what `act` returns, the form says and shows.
 * @type {(spec: FormTraits["spec"], student: string, act: Act) => FormModel}
 */
function formModel(spec, student, act) {
  /** @type {FormTraits} */
  const values = { spec, student, asked: 0, heard: 0, said: "" };
  let listener = () => {};
  return {
    get: (name) => values[name],
    set: (name, value) => {
      values[name] = value;
    },
    save_changes: () => {
      Object.assign(values, { more: [] }, act(values.student));
      listener();
    },
    on: (/** @type {string} */ event, /** @type {any} */ then) => {
      if (event === "change:heard") listener = then;
    },
    off: () => {},
  };
}

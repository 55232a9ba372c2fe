import { coursePath, RECORD, recordKey } from "./record_key.js";
import { seedOf } from "./randomness.js";

/** @import { Answer, Draft, Kept, Review } from "./types.d.ts" */
/** @typedef {{ student?: string, seed?: string, seedBy?: string, assignment?: string }} Signed */
/** @typedef {Kept & { generation: number, site?: string }} Stored */
/**
 * What keeps the record: the browser's storage, or something with the same methods. `setItem`
 * throws where it cannot keep a text; `unkept` names the questions of which it kept a part alone.
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem"> & { unkept?: () => string[] }} Store
 */

// The record of answers in the browser: the same JSON as the file beside a notebook.

const NOT_KEPT = "Your answers are not kept: this browser does not let the page store them. " +
  "They stay until you close or reload the page. If the page stands inside another one, open " +
  "it in a tab of its own.";

/** @param {unknown} number */
const counted = (number) => (Number.isInteger(number) ? Math.max(0, Number(number)) : 0);
/** @param {{ revision?: unknown } | undefined} one */
const revisionOf = (one) => counted(one?.revision);

/** @type {(one: any) => one is Answer & { at: string }} */
const isAnswer = (one) =>
  one !== null &&
  typeof one === "object" &&
  typeof one.fingerprint === "string" &&
  typeof one.at === "string" &&
  Number.isInteger(one.attempts) &&
  Number.isInteger(one.hints);

/** @type {(one: any) => one is Review} */
const isReview = (one) =>
  one !== null &&
  typeof one === "object" &&
  Number.isInteger(one.stage) &&
  typeof one.at === "string" &&
  !Number.isNaN(Date.parse(one.due));

/** @type {(one: any) => one is Draft} */
const isDraft = (one) =>
  one !== null && typeof one === "object" && typeof one.fingerprint === "string" &&
  "response" in one;

/** @type {(value: any) => value is Stored} */
function isRecord(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    value.format === RECORD &&
    value.version === 1 &&
    value.answers !== null &&
    typeof value.answers === "object" &&
    Object.values(value.answers).every(isAnswer)
  );
}

/**
 * Of two states of one thing that stays which was changed more often: a clock can be set wrong.
 * The same rules as questions/record_model.py.
 * @type {(one: Answer | Review, known: Answer | Review) => boolean}
 */
export const isNewer = (one, known) =>
  revisionOf(one) === revisionOf(known)
    ? String(one.at) >= String(known.at)
    : revisionOf(one) > revisionOf(known);

/** @type {(one: Draft, known: Draft) => boolean} */
export function isNewerDraft(one, known) {
  for (const part of /** @type {const} */ (["base", "count"])) {
    if (counted(one[part]) !== counted(known[part])) {
      return counted(one[part]) > counted(known[part]);
    }
  }
  return one.at >= known.at;
}

/** @type {(text: string | null) => any} */
function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** @typedef {ReturnType<typeof browserRecord>} BrowserRecord */

/**
 * @param {string} course its version
 * @param {Store} [store] what keeps it, if not the browser; it tells the reader itself what it cannot
 */
export function browserRecord(course, store) {
  const key = recordKey();
  // Asked each time: a browser that closes its storage throws here.
  const storage = () => store ?? localStorage;
  // Counts how often all answers were deleted, so that no other window brings them back.
  const deletions = `${key}.deleted`;
  /** @type {Kept["answers"]} */
  let answers = {};
  /** @type {Kept["drafts"]} */
  let drafts = {};
  /** @type {Signed & { reviews?: Kept["reviews"] }} */
  let rest = {};
  // What this page was told, over what the record says: seed, assignment, student.
  /** @type {Signed} */
  let mine = {};
  let generation = 0;
  let notice = "";
  let isKept = true;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const tell = () => listeners.forEach((listener) => listener());

  /** @param {Kept["answers"]} others */
  function merge(others) {
    for (const [id, other] of Object.entries(others)) {
      if (!answers[id] || isNewer(other, answers[id])) answers = { ...answers, [id]: other };
    }
  }
  /** @param {Kept["reviews"] | undefined} others */
  function mergeReviews(others) {
    const known = rest.reviews ?? {};
    for (const [id, other] of Object.entries(others ?? {})) {
      if (isReview(other) && (!known[id] || isNewer(other, known[id]))) known[id] = other;
    }
    rest = { ...rest, reviews: known };
  }
  /** @param {Kept["drafts"] | undefined} others */
  function mergeDrafts(others) {
    const known = { ...drafts };
    for (const [id, other] of Object.entries(others ?? {})) {
      if (isDraft(other) && (!known[id] || isNewerDraft(other, known[id]))) known[id] = other;
    }
    // A draft is over when its question has a newer answer.
    drafts = Object.fromEntries(
      Object.entries(known).filter(([id, one]) => counted(one.base) >= revisionOf(answers[id])),
    );
  }
  /** @param {number} count */
  function forget(count) {
    generation = count;
    answers = {};
    drafts = {};
    delete mine.student;
    rest = { ...mine };
  }
  // Takes in what the browser holds; tells whether there is a record that knows its course.
  function read() {
    const deleted = counted(Number(storage().getItem(deletions)));
    if (deleted > generation) forget(deleted);
    const text = storage().getItem(key) ?? moved();
    if (text === null) return true;
    const value = parsed(text);
    if (isRecord(value)) {
      const theirs = counted(value.generation);
      // Written by a window that has not heard of a deletion.
      if (theirs < generation) return false;
      if (theirs > generation) forget(theirs);
      // What a later version adds is kept.
      const { reviews } = rest;
      rest = { ...value, ...mine };
      mergeReviews(reviews);
      merge(value.answers);
      mergeDrafts(value.drafts);
      return value.site === coursePath();
    }
    const aside = `${key}.set-aside-${new Date().toISOString()}`;
    storage().setItem(aside, text);
    storage().removeItem(key);
    notice =
      `Your earlier answers could not be read. They were kept as \u201c${aside}\u201d, and a new record has been begun.`;
    return true;
  }
  // Earlier versions had one record for the whole origin: the first course that is opened takes it.
  function moved() {
    const old = parsed(storage().getItem(RECORD));
    if (key === RECORD || !isRecord(old) || old.site !== undefined) return null;
    storage().setItem(RECORD, JSON.stringify({ ...old, site: coursePath() }));
    return JSON.stringify(old);
  }
  function lose() {
    isKept = false;
    if (!store) notice = NOT_KEPT;
  }
  // The side bar shows how far the reader is; it knows nothing of this record but its news.
  const tellPage = () => dispatchEvent(new Event("pfp-record"));
  const value = () => ({
    ...rest,
    format: RECORD,
    version: 1,
    course,
    site: coursePath(),
    generation,
    answers,
    drafts,
  });
  function write() {
    try {
      read();
      storage().setItem(key, JSON.stringify(value()));
      if (notice === NOT_KEPT) notice = "";
      isKept = true;
    } catch {
      lose();
    }
    tellPage();
  }
  // What another window did is known before something is added to it.
  function refresh() {
    try {
      read();
    } catch {
      lose();
    }
  }
  // A class code in the address, as ?seed=7b, decides on variants from then on; as
  // ?seed-by=student, the name does. A link to an assignment names it, as ?assignment=a-1b2c3d.
  const address = new URLSearchParams(location.search);
  const given = address.get("seed");
  const assignment = address.get("assignment");
  const own = address.get("seed-by") === "student";
  if (given) mine = { seed: given.slice(0, 100), seedBy: "" };
  if (own) mine = { seed: "", seedBy: "student" };
  if (assignment) mine.assignment = assignment.slice(0, 60);
  rest = { ...mine };
  let settled = true;
  try {
    // Known before something is given, and not in the midst of it.
    storage().setItem(`${key}.probe`, "");
    storage().removeItem(`${key}.probe`);
    settled = read();
  } catch {
    lose();
  }
  if (own && rest.student) {
    mine.seed = seedOf(rest.student);
    rest.seed = mine.seed;
  }
  if (given || own || assignment || !settled) write();
  // What other windows do in the browser's storage concerns no other store.
  if (!store) addEventListener("storage", hear);
  /** @param {StorageEvent} event */
  function hear(event) {
    if (event.key !== key && event.key !== deletions && event.key !== null) return;
    // Everything of this origin was deleted, in the settings of the browser or by a script.
    if (event.key === null) forget(generation);
    try {
      read();
    } catch {
      return;
    }
    tell();
  }
  return {
    answers: () => answers,
    drafts: () =>
      Object.fromEntries(Object.entries(drafts).filter(([, one]) => one.response !== null)),
    // Whether all that was given is in the browser.
    isSaved: () => isKept,
    // Questions of which not all is kept, all the same.
    unkept: () => store?.unkept?.() ?? [],
    generation: () => generation,
    seed: () => rest.seed ?? "",
    student: () => rest.student ?? "",
    assignment: () => rest.assignment ?? "",
    seedBy: () => rest.seedBy ?? "",
    /** @type {(student: string, seed?: string) => void} */
    sign: (student, seed = rest.seed ?? "") => {
      mine = { ...mine, student, seed };
      rest = { ...rest, student, seed };
      write();
    },
    reviews: () => rest.reviews ?? {},
    notice: () => notice,
    /**
     * Acts of the reader, which are newer than all that is known.
     * @param {Partial<Kept>} changed
     */
    add: ({ answers: given = {}, drafts: written = {}, reviews = {} }) => {
      refresh();
      for (const [id, answer] of Object.entries(given)) {
        const revision = Math.max(
          revisionOf(answer),
          answers[id] ? revisionOf(answers[id]) + 1 : 0,
        );
        answers = { ...answers, [id]: { ...answer, revision } };
      }
      for (const [id, draft] of Object.entries(written)) {
        const base = Math.max(counted(draft.base), revisionOf(answers[id]));
        const count = drafts[id] ? counted(drafts[id].count) + 1 : 1;
        drafts = { ...drafts, [id]: { ...draft, base, count } };
      }
      mergeDrafts({});
      mergeReviews(reviews);
      write();
      tell();
    },
    value,
    /**
     * Merges a record from elsewhere; returns how many answers it holds, or null if it is none.
     * @param {string} text
     */
    load: (text) => {
      const other = parsed(text);
      if (!isRecord(other)) return null;
      refresh();
      merge(other.answers);
      mergeDrafts(other.drafts);
      mergeReviews(other.reviews);
      write();
      tell();
      return Object.keys(other.answers).length;
    },
    clear: () => {
      refresh();
      forget(generation + 1);
      mine = {};
      rest = {};
      try {
        const old = parsed(storage().getItem(RECORD));
        if (old?.site === coursePath()) storage().removeItem(RECORD);
        storage().removeItem(key);
        storage().setItem(deletions, String(generation));
      } catch {
        lose();
      }
      tellPage();
      tell();
    },
    /**
     * Returns what ends it.
     * @param {() => void} listener
     */
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

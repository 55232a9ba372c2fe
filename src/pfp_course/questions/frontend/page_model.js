import { pick } from "./randomness.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { Model, QuizSpec, Traits } from "./types.d.ts" */

/**
 * A quiz with the variants that the seed of the record draws.
 * @type {(spec: QuizSpec, record: BrowserRecord) => QuizSpec}
 */
export function drawnFor(spec, record) {
  const seed = spec.seed || record.seed();
  const questions = spec.questions.map((one) =>
    one.variants ? one.variants[pick(one.variants.length, seed, one.id)] : one
  );
  return { ...spec, seed, questions };
}

/** @type {<T>(all: Record<string, T> | undefined, known: Record<string, T>) => Record<string, T>} */
const onlyChanged = (all = {}, known) =>
  Object.fromEntries(Object.entries(all).filter(([id, one]) => known[id] !== one));

// Of these the record tells; the spec of a page does not change.
const TOLD = new Set(["change:answers", "change:notice", "change:received"]);

/**
 * A model for `render` where there is no kernel: it reads and writes the browser's record, which
 * answers at once.
 * @param {QuizSpec} spec
 * @param {BrowserRecord} record
 * @returns {Model}
 */
export function pageModel(spec, record) {
  /** @type {Partial<Traits>} */
  let given = {}; // what was set and is not written yet
  let received = 0;
  let saved = record.isSaved() ? 0 : -1;
  /** @type {Map<unknown, () => void>} */
  const ends = new Map();
  /** @returns {Traits} */
  const traits = () => {
    if (record.isSaved()) saved = received;
    return {
      spec,
      links: true,
      answers: record.answers(),
      drafts: record.drafts(),
      reviews: record.reviews(),
      notice: record.notice(),
      generation: record.generation(),
      sent: received,
      received,
      saved,
      refused: record.unkept(),
      ...given,
    };
  };
  return {
    get: (name) => traits()[name],
    set: (name, value) => {
      given[name] = value;
    },
    save_changes: () => {
      const { sent = received, answers, drafts, reviews } = given;
      given = {};
      received = sent;
      record.add({
        answers: onlyChanged(answers, record.answers()),
        drafts: onlyChanged(drafts, record.drafts()),
        reviews: onlyChanged(reviews, record.reviews()),
      });
    },
    on: (/** @type {string} */ event, /** @type {any} */ listener) => {
      if (TOLD.has(event) && !ends.has(listener)) {
        ends.set(listener, record.listen(listener));
      }
    },
    off: (_, listener) => {
      ends.get(listener)?.();
      ends.delete(listener);
    },
  };
}

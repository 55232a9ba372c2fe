import { NAMES } from "./saving.js";

/** @import { Kept, Model, WaitingRoom } from "./types.d.ts" */

const UNSAVED = "pfp-course/unsaved/";

/**
 * What was given in a notebook and is not saved waits in the browser, under the name of the record,
 * until a kernel has saved it.
 * @param {Model} model
 * @returns {WaitingRoom}
 */
export function waitingRoom(model) {
  const key = UNSAVED + model.get("place");
  let isSafe = true;

  /** @returns {Kept} */
  function read() {
    const empty = { answers: {}, drafts: {}, reviews: {} };
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
    } catch {
      return empty;
    }
  }
  /** @param {(held: Kept) => void} action */
  function change(action) {
    const held = read();
    action(held);
    try {
      if (NAMES.some((name) => Object.keys(held[name]).length)) {
        localStorage.setItem(key, JSON.stringify(held));
      } else localStorage.removeItem(key);
      isSafe = true;
    } catch {
      isSafe = false;
    }
  }
  /**
   * Whether what waits is newer than what the kernel has.
   * @type {(name: keyof Kept, id: string, waiting: Kept[keyof Kept][string]) => boolean}
   */
  function isWanted(name, id, waiting) {
    const revision = model.get("answers")[id]?.revision ?? 0;
    if ("count" in waiting) {
      const count = model.get("drafts")[id]?.count ?? 0;
      return waiting.base >= revision && waiting.response !== null && waiting.count > count;
    }
    const known = name === "answers" ? revision : model.get("reviews")[id]?.revision ?? 0;
    return waiting.revision > known;
  }
  return {
    isSafe: () => isSafe,
    put: (name, id, value) =>
      change((held) => {
        // A draft is over when there is an answer.
        if (name === "answers") delete held.drafts[id];
        Object.assign(held[name], { [id]: value });
      }),
    drop: (name, id) => change((held) => delete held[name][id]),
    restore: (specs) => {
      const held = read();
      /** @type {[keyof Kept, string][]} */
      const found = [];
      for (const { id, fingerprint } of specs) {
        for (const name of NAMES) {
          const waiting = held[name][id];
          if (!waiting || ("fingerprint" in waiting && waiting.fingerprint !== fingerprint)) {
            continue;
          }
          if (isWanted(name, id, waiting)) {
            model.set(name, /** @type {any} */ ({ ...model.get(name), [id]: waiting }));
            found.push([name, id]);
          } else change((still) => delete still[name][id]);
        }
      }
      return found;
    },
  };
}

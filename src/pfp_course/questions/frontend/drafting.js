import { alike } from "./repeated.js";

/** @import { Response } from "./types.d.ts" */
/** @typedef {{ response: Response, confidence: number | null }} Written */

// What is written or chosen and not given as an answer: kept a moment after each change, and at
// once when the page may go.
const REST = 300; // milliseconds

/**
 * @param {HTMLElement} node
 * @param {() => Written} read gives the response and how sure the student is
 * @param {(written: Written | null) => void} write keeps both, or null for none
 */
export function drafting(node, read, write) {
  let drawn = read(); // what the controls read as they were drawn
  /** @type {Written | null} */
  let kept = null; // what was kept last
  /** @type {number | undefined} */
  let timer;

  const isDirty = () => !alike(read().response, drawn.response);
  function flush() {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const now = read();
    if (alike(now, kept ?? drawn)) return;
    kept = now;
    write(isDirty() ? now : null);
  }
  function begin() {
    clearTimeout(timer);
    timer = setTimeout(flush, REST);
  }
  for (const event of ["input", "change"]) node.addEventListener(event, begin);
  node.addEventListener("focusout", flush);
  return {
    begin,
    flush,
    isDirty,
    // The controls show an answer: nothing is written over it.
    settle: () => {
      clearTimeout(timer);
      timer = undefined;
      drawn = read();
      kept = null;
    },
    // The controls show a draft that was kept before.
    resume: () => {
      kept = read();
    },
    // It stands on another answer now, and is kept anew.
    renew: () => {
      kept = null;
      timer ??= setTimeout(flush, 0);
      flush();
    },
  };
}

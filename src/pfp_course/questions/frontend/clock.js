// The time of work on a question: from one act in it to the next, until another one is begun or
// the focus goes elsewhere. Where nothing is done for longer, the rest is a pause.
export const LONGEST_THOUGHT = 120; // seconds
// Not the focus alone: some browsers give none to what is clicked.
const BEGIN = ["focusin", "keydown", "pointerdown", "input"];

/** @type {(() => void) | null} stops the clock that runs */
let running = null;

/** @param {HTMLElement} node */
export function workClock(node) {
  /** @type {number | null} */
  let last = null;
  let seconds = 0;
  function count() {
    const now = Date.now();
    if (last !== null) seconds += Math.min(LONGEST_THOUGHT, Math.max(0, now - last) / 1000);
    last = now;
  }
  function stop() {
    if (last === null) return;
    count();
    last = null;
  }
  for (const act of BEGIN) {
    node.addEventListener(act, () => {
      if (running !== stop) running?.();
      running = stop;
      count();
    });
  }
  node.addEventListener("pointermove", () => last !== null && count());
  node.addEventListener("focusout", (event) => {
    if (!node.contains(/** @type {Node | null} */ (event.relatedTarget))) stop();
  });
  return {
    stop: () => {
      if (running === stop) running = null;
    },
    // The whole seconds since they were last taken; a part of a second waits for the next time.
    take: () => {
      if (last !== null) count();
      const whole = Math.floor(seconds);
      seconds -= whole;
      return whole;
    },
  };
}

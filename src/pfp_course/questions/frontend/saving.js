/** @import { Kept, Model, SavedState, WaitingRoom } from "./types.d.ts" */

// Whether the host has kept what the student gave. Each change is sent under a number, and is
// saved when the host has said so for this number: the kernel of a notebook, which may be busy,
// restarted or gone, and the record of a page alike. For a kernel, what is not saved waits in the
// browser, too, and is sent again when the cell is run again.

const ANSWERED = 5000; // milliseconds in which a host answers
const RESTING = 30_000; // after so long a silence a kernel is asked whether it is there
/** @type {(keyof Kept)[]} */
export const NAMES = ["answers", "drafts", "reviews"];
const EVENTS = ["change:received", "change:saved", "change:refused"];

/** @type {Record<SavedState, string>} */
const WORDS = {
  saved: "Saved.",
  saving: "Saving \u2026",
  refused: "Not saved: see the note on this page.",
  lost: "Not saved: run this cell again. If another cell is still running, wait for it first.",
};
export const LOST_DRAFT =
  "This draft is not saved: run this cell again. If another cell is still running, wait for it first.";

/**
 * Shows whether something is saved; where it is not, loudly.
 * @param {HTMLElement} node
 * @param {SavedState} state
 * @param {string} [words] other words than those of the state
 */
export function showSaved(node, state, words = WORDS[state]) {
  const isLost = state === "lost" || state === "refused";
  if (node.textContent !== words) node.textContent = words;
  node.classList.toggle("pfp-q-not-kept", isLost);
  // What is well needs no voice: the verdict has one.
  node.setAttribute("role", isLost ? "alert" : "none");
}

/**
 * Hosts differ: some know no `off`, or not each event.
 * @param {() => void} action
 */
export function quietly(action) {
  try {
    action();
  } catch (error) {
    console.warn("The record of answers:", error);
  }
}

/**
 * @param {Model} model
 * @param {() => void} changed called when something has been saved, or turns out not to be
 * @param {WaitingRoom} [room]
 */
export function keeper(model, changed, room) {
  /**
   * The number under which each thing was sent that is not saved yet.
   * @type {Record<keyof Kept, Record<string, number>>}
   */
  const numbers = { answers: {}, drafts: {}, reviews: {} };
  let last = 0;
  let isSilent = false;
  let heardAt = Date.now();
  /** @type {number | undefined} */
  let timer;

  const isReceived = () => model.get("received") >= last;
  /** @type {(name: keyof Kept, id: string) => boolean} */
  const isSaved = (name, id) =>
    model.get("saved") >= (numbers[name][id] ?? 0) && !model.get("refused").includes(id);

  /** @param {[keyof Kept, string][]} sent what the next number stands for */
  function send(...sent) {
    last = Math.max(last, model.get("sent")) + 1;
    for (const [name, id] of sent) numbers[name][id] = last;
    model.set("sent", last);
    clearTimeout(timer);
    timer = setTimeout(() => {
      isSilent = true;
      changed();
    }, ANSWERED);
    quietly(() => model.save_changes());
  }
  function hear() {
    heardAt = Date.now();
    if (isReceived()) clearTimeout(timer);
    isSilent = false;
    for (const name of NAMES) {
      for (const id of Object.keys(numbers[name]).filter((id) => isSaved(name, id))) {
        delete numbers[name][id];
        room?.drop(name, id);
      }
    }
    changed();
  }
  /**
   * @template {keyof Kept} N
   * @param {N} name
   * @param {string} id
   * @param {Kept[N][string]} value
   */
  function keep(name, id, value) {
    model.set(name, { ...model.get(name), [id]: value });
    room?.put(name, id, value);
    send([name, id]);
  }
  /**
   * Gives now what was given while no kernel listened.
   * @param {{ id: string, fingerprint?: string }[]} specs
   */
  function restore(specs) {
    const found = room?.restore(specs) ?? [];
    if (found.length) send(...found);
  }
  const ask = () => {
    if (room && Date.now() - heardAt > RESTING) send();
  };
  const lost = () => {
    heardAt = 0;
    ask();
  };
  for (const event of EVENTS) model.on(event, hear);
  // The kernel has been restarted, or its connection has broken.
  quietly(() => model.on("comm_live_update", lost));

  return {
    keep,
    restore,
    ask,
    /** @type {(id: string, name?: keyof Kept) => SavedState} */
    state: (id, name = "answers") => {
      if (isSaved(name, id)) return "saved";
      if (isSilent) return "lost";
      return isReceived() ? "refused" : "saving";
    },
    isSilent: () => isSilent,
    // Whether what is not saved outlives the page.
    isSafe: () => room?.isSafe() ?? model.get("saved") >= last,
    end: () => {
      clearTimeout(timer);
      for (const event of EVENTS) quietly(() => model.off(event, hear));
      quietly(() => model.off("comm_live_update", lost));
    },
  };
}

import { make } from "../../../src/pfp_course/questions/frontend/dom.js";
import { rich } from "../../../src/pfp_course/questions/frontend/markup.js";

/** @import { Kind, Spec } from "../../../src/pfp_course/questions/frontend/types.d.ts" */
/** @typedef {Spec & { low: number, high: number, key: number, otherwise: string }} ScaleSpec */

// A number on a scale.
/** @type {Kind<ScaleSpec>} */
export const scale = {
  parse({ low, high }, response) {
    const usable = Number.isInteger(response) && response >= low && response <= high;
    return usable ? { value: response } : { unread: [`Choose a number from ${low} to ${high}.`] };
  },

  score(spec, response) {
    if (response === spec.key) return { state: "right", share: 1, says: [] };
    const near = Math.abs(response - spec.key) === 1;
    return { state: near ? "part" : "wrong", share: near ? 0.5 : 0, says: [spec.otherwise] };
  },

  controls(spec, name, number, changed) {
    const { low, high } = spec;
    const input = make("input", { type: "range", min: `${low}`, max: `${high}`, id: name });
    let touched = false;
    input.addEventListener("input", () => {
      touched = true;
      changed();
    });
    const node = make("div", {}, make("label", { for: name }, ...number, rich(spec.ask)), input);
    return {
      node,
      read: () => (touched ? Number(input.value) : null),
      write: (response) => {
        touched = response !== null;
        if (touched) input.value = String(response);
      },
      judge: () => {},
      lock: (locked) => {
        input.disabled = locked;
      },
      focus: () => input.focus(),
    };
  },

  answer: (spec) => [String(spec.key)],
};

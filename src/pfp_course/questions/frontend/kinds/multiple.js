import { choiceControls } from "../choices.js";

/** @import { Choice, ChoiceSpec, Kind } from "../types.d.ts" */

const ENOUGH = 0.999; // three thirds, each written as 33.3 percent, are all of the points

// Rounded in the same way as in multiple.py: decimal fractions have no exact float.
/** @param {Choice[]} chosen */
function summed(chosen) {
  const total = Math.floor(chosen.reduce((sum, { share = 0 }) => sum + share, 0) * 1e6 + 0.5) / 1e6;
  return total >= ENOUGH ? 1 : Math.max(0, total);
}

/** @type {Kind<ChoiceSpec>} */
export const multiple = {
  parse(spec, response) {
    const usable = Array.isArray(response) &&
      response.length > 0 &&
      response.every((item) => Number.isInteger(item) && item >= 0 && item < spec.choices.length) &&
      new Set(response).size === response.length;
    return usable ? { value: response } : { unread: ["Choose at least one answer first."] };
  },

  score(spec, response) {
    const chosen = [...response].sort((a, b) => a - b).map((position) => spec.choices[position]);
    const hits = chosen.filter((choice) => choice.right).length;
    const wrong = chosen.length - hits;
    const missing = spec.choices.filter((choice) => choice.right).length - hits;
    const says = chosen.map((choice) => choice.say).filter((say) => say);
    const weighted = "share" in spec.choices[0];
    const all = hits && !wrong && !missing
      ? 1
      : Math.max(0, hits - wrong) / Math.max(1, hits + missing);
    const share = weighted ? summed(chosen) : all;
    if (share === 1) return { state: "right", share, says };
    if (missing) {
      says.push(
        missing === 1 ? "One right answer is missing." : `${missing} right answers are missing.`,
      );
    }
    return { state: share ? "part" : "wrong", share, says };
  },

  controls(spec, name, number, changed, seed) {
    const choices = choiceControls(spec, name, number, "checkbox", changed, seed);
    return {
      ...choices,
      read: () => (choices.chosen().length ? choices.chosen() : null),
      write: (response) => choices.choose(response ?? []),
    };
  },

  normal: (_, response) =>
    Array.isArray(response) ? [...response].sort((a, b) => a - b) : undefined,

  answer: (spec) => spec.choices.filter((choice) => choice.right).map((choice) => choice.text),
};

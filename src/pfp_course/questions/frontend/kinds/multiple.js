import { choiceControls } from "../choices.js";

export const multiple = {
  mark(spec, response) {
    const usable =
      Array.isArray(response) &&
      response.length > 0 &&
      response.every((item) => Number.isInteger(item) && item >= 0 && item < spec.choices.length) &&
      new Set(response).size === response.length;
    if (!usable) return { state: "unread", share: 0, says: ["Choose at least one answer first."] };
    const chosen = [...response].sort((a, b) => a - b).map((position) => spec.choices[position]);
    const hits = chosen.filter((choice) => choice.right).length;
    const wrong = chosen.length - hits;
    const missing = spec.choices.filter((choice) => choice.right).length - hits;
    const says = chosen.map((choice) => choice.say).filter((say) => say);
    if (hits && !wrong && !missing) return { state: "right", share: 1, says };
    if (missing) {
      says.push(missing === 1 ? "One right answer is missing." : `${missing} right answers are missing.`);
    }
    const share = Math.max(0, hits - wrong) / Math.max(1, hits + missing);
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

  answer: (spec) => spec.choices.filter((choice) => choice.right).map((choice) => choice.text),
};

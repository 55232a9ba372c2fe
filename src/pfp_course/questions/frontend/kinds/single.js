import { choiceControls } from "../choices.js";

/** @import { ChoiceSpec, Kind } from "../types.d.ts" */

/** @type {Kind<ChoiceSpec>} */
export const single = {
  parse(spec, response) {
    const usable = Number.isInteger(response) && response >= 0 && response < spec.choices.length;
    return usable ? { value: response } : { unread: ["Choose an answer first."] };
  },

  score(spec, response) {
    const choice = spec.choices[response];
    const says = choice.say ? [choice.say] : [];
    if (choice.right) return { state: "right", share: 1, says };
    const share = Math.max(0, choice.share ?? 0);
    return { state: share ? "part" : "wrong", share, says };
  },

  controls(spec, name, number, changed, seed) {
    const choices = choiceControls(spec, name, number, "radio", changed, seed);
    return {
      ...choices,
      read: () => choices.chosen()[0] ?? null,
      write: (response) => choices.choose(response === null ? [] : [response]),
    };
  },

  answer: (spec) => spec.choices.filter((choice) => choice.right).map((choice) => choice.text),
};

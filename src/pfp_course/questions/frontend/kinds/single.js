import { choiceControls } from "../choices.js";

export const single = {
  mark(spec, response) {
    if (!Number.isInteger(response) || response < 0 || response >= spec.choices.length) {
      return { state: "unread", share: 0, says: ["Choose an answer first."] };
    }
    const choice = spec.choices[response];
    const says = choice.say ? [choice.say] : [];
    return choice.right ? { state: "right", share: 1, says } : { state: "wrong", share: 0, says };
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

import { entryControls } from "../entries.js";
import { readNumber } from "../numbers.js";

// Decimal fractions have no exact float: 0.3 - 0.2 must count as 0.1.
const within = (value, key, tolerance) =>
  Math.abs(value - key) <= tolerance + 1e-9 * Math.max(1, Math.abs(key));

export const numeric = {
  mark(spec, response) {
    if (typeof response !== "string") {
      return { state: "unread", share: 0, says: ["Write a number first."] };
    }
    const { value, note, problem } = readNumber(response, spec.unit);
    if (problem) return { state: "unread", share: 0, says: [problem] };
    const says = note ? [note] : [];
    if (within(value, spec.key, spec.tolerance)) return { state: "right", share: 1, says };
    const trap = spec.traps.find((one) => within(value, one.value, spec.tolerance));
    return { state: "wrong", share: 0, says: [...says, trap ? trap.say : spec.otherwise] };
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { inputmode: "decimal", size: "10" }, changed),

  answer: (spec) => [spec.answer],
};

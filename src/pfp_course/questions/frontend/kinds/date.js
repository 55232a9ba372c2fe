import { readDate } from "../days.js";
import { entryControls } from "../entries.js";

const MORE = { 7: "Give the month and the year.", 10: "Give the day, the month and the year." };

export const date = {
  mark(spec, response) {
    if (typeof response !== "string") {
      return { state: "unread", share: 0, says: ["Write a date first."] };
    }
    const { value, problem } = readDate(response);
    if (problem) return { state: "unread", share: 0, says: [problem] };
    const size = spec.key.length;
    if (value.length < size) return { state: "unread", share: 0, says: [MORE[size]] };
    const given = value.slice(0, size);
    if (given === spec.key) return { state: "right", share: 1, says: [] };
    const trap = spec.traps.find((one) => one.value.slice(0, size) === given);
    return { state: "wrong", share: 0, says: [trap ? trap.say : spec.otherwise] };
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { size: "18", placeholder: "31 March 1999" }, changed),

  answer: (spec) => [spec.answer],
};

import { readDate } from "../days.js";
import { entryControls } from "../entries.js";
import { literal } from "../markup.js";

/** @import { DateSpec, Kind } from "../types.d.ts" */

/** @type {Record<number, string>} */
const MORE = { 7: "Give the month and the year.", 10: "Give the day, the month and the year." };

/** @type {Kind<DateSpec>} */
export const date = {
  parse(spec, response) {
    if (typeof response !== "string") return { unread: ["Write a date first."] };
    const { value, problem } = readDate(response);
    if (problem !== undefined) return { unread: [problem] };
    const size = spec.precision ?? spec.key.length;
    return value.length < size ? { unread: [MORE[size]] } : { value: value.slice(0, size) };
  },

  score(spec, given) {
    if (given === spec.key) return { state: "right", share: 1, says: spec.say ? [spec.say] : [] };
    const trap = spec.traps.find((one) => one.value.slice(0, given.length) === given);
    const say = trap ? trap.say : spec.otherwise;
    const says = say ? [say] : [];
    return { state: trap?.share ? "part" : "wrong", share: trap?.share ?? 0, says };
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { size: "18", placeholder: "31 March 1999" }, changed),

  normal(spec, response) {
    if (typeof response !== "string") return undefined;
    const { value } = readDate(response);
    return value?.slice(0, spec.key?.length ?? 10);
  },

  answer: (spec) => [literal(spec.answer)],
};

import { entryControls } from "../entries.js";
import { literal } from "../markup.js";
import { readNumber } from "../numbers.js";

/** @import { Kind, NumberTrap, NumericSpec } from "../types.d.ts" */

// Decimal fractions have no exact float: 0.3 - 0.2 must count as 0.1.
/** @type {(value: number, key: number, tolerance: number) => boolean} */
const within = (value, key, tolerance) =>
  Math.abs(value - key) <= tolerance + 1e-9 * Math.max(Math.abs(key), tolerance);

/** @type {(item: NumberTrap, value: number, tolerance: number) => boolean} */
function covers(item, value, tolerance) {
  if (item.value !== undefined) return within(value, item.value, item.tolerance ?? tolerance);
  const { low = -Infinity, high = Infinity } = item;
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const below = item.open ? value < high - slack : value <= high + slack;
  return below && value >= low - slack;
}

/** @type {Kind<NumericSpec>} */
export const numeric = {
  parse(spec, response) {
    if (typeof response !== "string") return { unread: ["Write a number first."] };
    const { problem, ...value } = readNumber(response, spec.unit);
    return problem === undefined ? { value } : { unread: [problem] };
  },

  score(spec, { value, note }) {
    /** @param {string | undefined} text */
    const says = (text) => [note, text].flatMap((one) => one || []);
    const right = within(value, spec.key, spec.tolerance)
      ? spec
      : (spec.accept ?? []).find((item) => covers(item, value, spec.tolerance));
    if (right) return { state: "right", share: 1, says: says(right.say) };
    const trap = spec.traps.find((item) => covers(item, value, spec.tolerance));
    const share = trap?.share ?? 0;
    return { state: share ? "part" : "wrong", share, says: says(trap ? trap.say : spec.otherwise) };
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { inputmode: "decimal", size: "10" }, changed),

  normal(spec, response) {
    if (typeof response !== "string") return undefined;
    const { value, problem } = readNumber(response, spec.unit ?? "");
    return problem === undefined ? value : undefined;
  },

  exact: (spec) => (spec.tolerance > 0 ? [`The value: ${literal(spec.answer)}`] : []),

  answer: (spec) => [literal(spec.answer)],
};

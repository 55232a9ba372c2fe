import { entryControls } from "../entries.js";
import { literal } from "../markup.js";
import { formOf, isNear, plainWords } from "../words.js";

/** @import { Kind, Mark, TextSpec } from "../types.d.ts" */

/** @type {Kind<TextSpec>} */
export const text = {
  parse({ case: cased = false, signs = false }, response) {
    const value = typeof response === "string" ? formOf(response, cased, signs) : "";
    return value ? { value } : { unread: ["Write an answer first."] };
  },

  score(spec, given) {
    const { case: cased = false, signs = false } = spec;
    if (spec.accept.includes(given)) {
      const say = new Map(Object.entries(spec.says ?? {})).get(given);
      return { state: "right", share: 1, says: say ? [say] : [] };
    }
    const trap = spec.traps.find((one) => one.text === given);
    if (trap) {
      return { state: trap.share ? "part" : "wrong", share: trap.share ?? 0, says: [trap.say] };
    }
    /** @type {Mark} */
    const wrong = { state: "wrong", share: 0, says: spec.otherwise ? [spec.otherwise] : [] };
    if (signs) return wrong;
    if (cased && spec.accept.some((right) => plainWords(right) === plainWords(given))) {
      const say = "Very close. Look at the capital and small letters.";
      return { state: "near", share: 0, says: [say] };
    }
    if (spec.accept.some((right) => isNear(given, right))) {
      return { state: "near", share: 0, says: ["Very close. Look at the spelling."] };
    }
    return wrong;
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { size: "24" }, changed),

  normal: (_, response) => (typeof response === "string" && plainWords(response)) || undefined,

  answer: (spec) => [literal(spec.answer)],
};

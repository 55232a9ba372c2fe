import { entryControls } from "../entries.js";
import { isNear, plainWords } from "../words.js";

export const text = {
  mark(spec, response) {
    const given = typeof response === "string" ? plainWords(response) : "";
    if (!given) return { state: "unread", share: 0, says: ["Write an answer first."] };
    if (spec.accept.includes(given)) return { state: "right", share: 1, says: [] };
    const trap = spec.traps.find((one) => one.text === given);
    if (trap) return { state: "wrong", share: 0, says: [trap.say] };
    if (spec.accept.some((form) => isNear(given, form))) {
      return { state: "near", share: 0, says: ["Very close. Look at the spelling."] };
    }
    return { state: "wrong", share: 0, says: [spec.otherwise] };
  },

  controls: (spec, name, number, changed) =>
    entryControls(spec, name, number, { size: "24" }, changed),

  answer: (spec) => [spec.answer],
};

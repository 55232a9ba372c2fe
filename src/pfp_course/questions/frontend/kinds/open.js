import { isIn } from "../controls.js";
import { make } from "../dom.js";
import { rich } from "../markup.js";

/** @import { Kind, OpenSpec } from "../types.d.ts" */

/** @param {unknown} text */
const countWords = (text) =>
  typeof text === "string" && text.trim() ? text.trim().split(/\s+/).length : 0;

/** @type {(spec: OpenSpec) => number} */
const mostMarks = (spec) => spec.rubric.reduce((sum, { levels }) => sum + levels.length - 1, 0);

/** @type {Kind<OpenSpec>} */
export const open = {
  // What the student gave is final; nobody else judges it.
  final: true,

  parse: (spec, response) =>
    countWords(response?.text) < spec.words
      ? { unread: [`Write at least ${spec.words} words first.`] }
      : { value: response },

  score(spec, response) {
    const levels = response.levels ?? [];
    if (Array.isArray(levels) && !levels.length) {
      return { state: "saved", share: 0, says: ["Now judge your own text by the points below."] };
    }
    const usable = Array.isArray(levels) &&
      levels.length === spec.rubric.length &&
      levels.every(
        (level, place) =>
          Number.isInteger(level) && level >= 0 && level < spec.rubric[place].levels.length,
      );
    if (!usable) return { state: "saved", share: 0, says: ["Choose a level for every point."] };
    const share = levels.reduce((sum, level) => sum + level, 0) / mostMarks(spec);
    return { state: share === 1 ? "right" : "part", share, says: ["This is your own judgement."] };
  },

  controls(spec, name, number, changed) {
    const text = make("textarea", { id: `${name}-text`, class: "pfp-q-entry", rows: "5" });
    const groups = spec.rubric.map((criterion, place) =>
      make(
        "fieldset",
        { class: "pfp-q-field" },
        make("legend", {}, rich(criterion.text)),
        ...criterion.levels.map((level, index) => {
          const id = `${name}-${place}-${index}`;
          const input = make("input", {
            type: "radio",
            name: `${name}-${place}`,
            id,
            value: String(index),
          });
          return make(
            "div",
            { class: "pfp-q-choice" },
            input,
            make("label", { for: id }, rich(level)),
          );
        }),
      )
    );
    const rubric = make("div", { class: "pfp-q-rubric", hidden: true }, ...groups);
    // Whoever writes knows by what it will be judged; a released question does not hold it.
    const most = mostMarks(spec);
    const worth = most === spec.points
      ? `${most} marks:`
      : `${most} marks, worth ${spec.points} ${spec.points === 1 ? "point" : "points"}:`;
    const criteria = make(
      "div",
      { class: "pfp-q-criteria", hidden: !most },
      make("p", {}, `What counts, for ${worth}`),
      make("ul", {}, ...spec.rubric.map(({ text: criterion }) => make("li", {}, rich(criterion)))),
    );
    const levels = () =>
      groups.map((group) => {
        /** @type {HTMLInputElement | null} */
        const chosen = group.querySelector("input:checked");
        return chosen ? Number(chosen.value) : null;
      });
    let held = false;
    rubric.addEventListener("click", (event) => {
      if (held && isIn(event, "input")) event.preventDefault();
    });
    const counter = make("small", { id: `${name}-count`, class: "pfp-q-count" });
    text.setAttribute("aria-describedby", counter.id);
    const count = () => {
      counter.textContent = `${countWords(text.value)} of ${spec.words} words`;
    };
    text.addEventListener("input", () => {
      count();
      changed();
    });
    return {
      node: make(
        "div",
        { class: "pfp-q-field" },
        make("label", { for: text.id, class: "pfp-q-ask" }, ...number, rich(spec.ask)),
        criteria,
        text,
        ...(spec.words ? [counter] : []),
        rubric,
      ),
      read: () => ({ text: text.value, levels: rubric.hidden ? [] : levels() }),
      write: (response) => {
        text.value = response?.text ?? "";
        count();
        const kept = response?.levels ?? [];
        groups.forEach((group, place) =>
          group.querySelectorAll("input").forEach((input) => {
            input.checked = kept[place] === Number(input.value);
          })
        );
      },
      judge: (_, state) => {
        rubric.hidden = !state || state === "unread";
        criteria.hidden = !most || !rubric.hidden;
      },
      lock: (locked) => {
        held = locked;
        text.readOnly = locked;
      },
      focus: () => text.focus(),
    };
  },

  answer: () => [],
};

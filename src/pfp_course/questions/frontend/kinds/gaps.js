import { disable, selected, verdictSign } from "../controls.js";
import { make } from "../dom.js";
import { KINDS, mark } from "../marking.js";
import { rich, unmarked } from "../markup.js";

/** @import { Gap, GapsSpec, Kind, Mark, Response } from "../types.d.ts" */
const GAP = /\[\[([0-9]{1,2})\]\]/;
/** @type {Record<string, string>} */
const SIZES = { text: "14", numeric: "8", date: "14" };

// Several gaps in one text: each is a field or a list within the sentence.
/** @type {Kind<GapsSpec>} */
export const gaps = {
  parse({ gaps: list }, response) {
    if (!Array.isArray(response) || response.length !== list.length) {
      return { unread: ["Fill every gap first."] };
    }
    const parts = list.map((gap, place) => KINDS[gap.kind].parse(gap, response[place]));
    const unread = parts.flatMap((one, place) =>
      (one.unread ?? []).map((say) => `Gap ${place + 1}: ${say}`)
    );
    return unread.length ? { unread } : { value: parts.map((one) => one.value) };
  },

  score(spec, values) {
    const list = spec.gaps;
    const marks = list.map((gap, place) => KINDS[gap.kind].score(gap, values[place]));
    /** @type {(chosen: (one: Mark) => boolean, named: boolean) => string[]} */
    const said = (chosen, named) =>
      marks.flatMap((one, place) =>
        chosen(one) ? one.says.map((say) => (named ? `Gap ${place + 1}: ${say}` : say)) : []
      );
    const close = said((one) => one.state === "near", true);
    if (close.length) return { state: "near", share: 0, says: close };
    /** @param {Gap} gap */
    const weight = (gap) => gap.weight ?? 1;
    const whole = list.reduce((sum, gap) => sum + weight(gap), 0);
    const earned = list.reduce((sum, gap, place) => sum + weight(gap) * marks[place].share, 0);
    const says = said(() => true, list.length > 1);
    if (marks.every((one) => one.state === "right")) return { state: "right", share: 1, says };
    if (spec.otherwise && marks.some((one) => one.state === "wrong" && !one.says.length)) {
      says.push(spec.otherwise);
    }
    const share = earned / whole;
    return { state: share ? "part" : "wrong", share, says };
  },

  controls(spec, name, number, changed) {
    /** @type {Response} */
    let held = null;
    const fields = spec.gaps.map((gap, place) =>
      field(gap, `${name}-${place}`, place, spec.gaps.length)
    );
    const signs = spec.gaps.map(() => make("span", { class: "pfp-q-verdict" }));
    const ask = make("p", { class: "pfp-q-ask", id: `${name}-ask` }, ...number, rich(spec.ask));
    put(ask, (place) => {
      const { unit } = spec.gaps[place];
      return [fields[place], ...(unit ? [` ${unit}`] : []), signs[place]];
    });
    const node = make("div", {
      class: "pfp-q-field pfp-q-gaps",
      role: "group",
      "aria-labelledby": ask.id,
    }, ask);
    /** @param {Response} response */
    const write = (response) =>
      fields.forEach((one, place) => {
        one.value = response?.[place] === null ? "" : String(response?.[place] ?? "");
      });
    const read = () =>
      fields.map((one) => (one instanceof HTMLSelectElement ? selected(one) : one.value));
    node.addEventListener("input", () => {
      if (held) write(held);
      else changed();
    });
    return {
      node,
      read,
      write,
      judge: (show) =>
        fields.forEach((one, place) => {
          const gap = spec.gaps[place];
          const state = show ? mark(gap, read()[place]).state : "unread";
          const told = state === "right" || state === "part" || state === "wrong";
          const right = state === "right";
          if (told && !right) one.setAttribute("aria-invalid", "true");
          else one.removeAttribute("aria-invalid");
          signs[place].className = `pfp-q-verdict${
            told ? (right ? " pfp-q-is-right" : " pfp-q-is-wrong") : ""
          }`;
          signs[place].replaceChildren(
            ...(told ? verdictSign(state) : []),
          );
        }),
      lock: (locked) => {
        held = locked ? read() : null;
        for (const one of fields) {
          if (one instanceof HTMLInputElement) one.readOnly = locked;
          disable(one, locked);
        }
      },
      focus: () => (fields.find((one) => one.value === "") ?? fields[0]).focus(),
    };
  },

  answer: (spec) =>
    spec.gaps.map((gap, place) => `${place + 1}. ${KINDS[gap.kind].answer(gap).join(" / ")}`),
};

/** @type {(gap: Gap, id: string, place: number, count: number) => HTMLInputElement | HTMLSelectElement} */
function field(gap, id, place, count) {
  const label = count > 1 ? `Gap ${place + 1} of ${count}` : "Gap";
  if (gap.kind === "single") {
    const options = (gap.choices ?? []).map(({ text: words }, index) =>
      make("option", { value: String(index) }, unmarked(words))
    );
    const first = make("option", { value: "" }, "Choose \u2026");
    return make("select", { id, "aria-label": label, class: "pfp-q-gap" }, first, ...options);
  }
  return make("input", {
    type: "text",
    id,
    class: "pfp-q-entry pfp-q-gap",
    "aria-label": gap.unit ? `${label}, in ${gap.unit}` : label,
    size: SIZES[gap.kind],
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: "200",
    ...(gap.kind === "numeric" ? { inputmode: "decimal" } : {}),
  });
}

// Puts the fields into the text, wherever their numbers stand; in a program, too.
/** @type {(node: Node, fieldsOf: (place: number) => (Node | string)[]) => void} */
function put(node, fieldsOf) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const part of texts) {
    let rest = part;
    for (let found = GAP.exec(rest.data); found; found = GAP.exec(rest.data)) {
      const mark = rest.splitText(found.index);
      rest = mark.splitText(found[0].length);
      mark.replaceWith(...fieldsOf(Number(found[1]) - 1));
    }
  }
}

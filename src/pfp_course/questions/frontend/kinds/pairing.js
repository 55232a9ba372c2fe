import { disable, selected, verdictSign } from "../controls.js";
import { make } from "../dom.js";
import { rich, unmarked } from "../markup.js";

/** @import { Kind, PairingSpec, Response } from "../types.d.ts" */

// Matching and classification: to each item belongs one of the options.
/** @type {Kind<PairingSpec>} */
export const pairing = {
  parse(spec, response) {
    const usable = Array.isArray(response) &&
      response.length === spec.items.length &&
      response.every((one) => Number.isInteger(one) && one >= 0 && one < spec.options.length);
    return usable ? { value: response } : { unread: ["Choose an answer for every line first."] };
  },

  score(spec, response) {
    const wrong = spec.items.filter((item, position) => item.right !== response[position]);
    if (!wrong.length) return { state: "right", share: 1, says: [] };
    const share = (spec.items.length - wrong.length) / spec.items.length;
    return { state: share ? "part" : "wrong", share, says: wrong.map((item) => item.say) };
  },

  controls(spec, name, number, changed) {
    /** @type {Response} */
    let held = null;
    const selects = spec.items.map((_, position) =>
      make(
        "select",
        { id: `${name}-${position}` },
        make("option", { value: "" }, "Choose \u2026"),
        ...spec.options.map((option, index) =>
          make("option", { value: String(index) }, unmarked(option))
        ),
      )
    );
    const signs = spec.items.map(() => make("span", { class: "pfp-q-verdict" }));
    const rows = spec.items.map((item, position) =>
      make(
        "div",
        { class: "pfp-q-pair" },
        make("label", { for: selects[position].id }, rich(item.text)),
        selects[position],
        signs[position],
      )
    );
    const node = make(
      "fieldset",
      { class: "pfp-q-field" },
      make("legend", { class: "pfp-q-ask" }, ...number, rich(spec.ask)),
      ...rows,
    );
    const read = () => selects.map(selected);
    /** @param {Response} response */
    const put = (response) =>
      selects.forEach((select, position) => {
        const one = (response ?? [])[position];
        select.value = Number.isInteger(one) ? String(one) : "";
      });
    node.addEventListener("change", () => {
      if (held) put(held);
      else changed();
    });
    return {
      node,
      read,
      write: put,
      judge: (show) =>
        selects.forEach((select, position) => {
          const right = Number(select.value) === spec.items[position].right;
          const told = show && select.value !== "";
          rows[position].classList.toggle("pfp-q-right", Boolean(told && right));
          rows[position].classList.toggle("pfp-q-wrong", Boolean(told && !right));
          signs[position].replaceChildren(
            ...(told ? verdictSign(right ? "right" : "wrong") : []),
          );
        }),
      lock: (locked) => {
        held = locked ? read() : null;
        for (const select of selects) disable(select, locked);
      },
      focus: () => (selects.find((select) => select.value === "") ?? selects[0]).focus(),
    };
  },

  answer: (spec) => spec.items.map((item) => `${item.text}: ${spec.options[item.right]}`),
};

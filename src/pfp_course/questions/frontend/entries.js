import { make } from "./dom.js";
import { rich } from "./markup.js";

/** @import { Attributes } from "./dom.js" */
/** @import { Controls, Spec } from "./types.d.ts" */

/**
 * A field to type in, for the kinds whose answer is written.
 * @param {Spec & { unit?: string }} spec
 * @param {string} name
 * @param {(Node | string)[]} number
 * @param {Attributes} attributes
 * @param {() => void} changed
 * @returns {Controls}
 */
export function entryControls(spec, name, number, attributes, changed) {
  const input = make("input", {
    type: "text",
    id: `${name}-entry`,
    class: "pfp-q-entry",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: "200",
    ...attributes,
  });
  const label = make("label", { for: input.id, class: "pfp-q-ask" }, ...number, rich(spec.ask));
  const row = make("div", { class: "pfp-q-row" }, input);
  if (spec.unit) {
    const unit = make("span", { id: `${name}-unit`, class: "pfp-q-unit" }, spec.unit);
    input.setAttribute("aria-describedby", unit.id);
    row.append(unit);
  }
  input.addEventListener("input", changed);
  return {
    node: make("div", { class: "pfp-q-field" }, label, row),
    read: () => input.value,
    write: (response) => {
      input.value = response ?? "";
    },
    judge: (show, state) => {
      if (show && state !== "right") input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
    lock: (locked) => {
      input.readOnly = locked;
    },
    focus: () => input.focus(),
  };
}

import { make, rich } from "./nodes.js";

// A field to type in, for the kinds whose answer is written.
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

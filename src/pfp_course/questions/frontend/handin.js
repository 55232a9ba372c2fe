import { button, freshName, whenSent } from "./controls.js";
import { make } from "./dom.js";
import { quietly } from "./saving.js";

/** @import { FormModel } from "./types.d.ts" */

const PATIENCE = 20_000; // milliseconds
const SILENT =
  "The notebook does not answer. If it is busy, wait. If it has stopped, choose Kernel, " +
  "Restart Kernel and Run All Cells in the menu, and press the button again.";

/**
 * A form for a name: to hand answers in, or to begin with. What is done with the name, the model
 * knows; it counts in `heard` what it has answered in `said`.
 * @param {{ model: FormModel, el: HTMLElement }} place
 * @returns {() => void}
 */
export function renderForm({ model, el }) {
  const spec = model.get("spec");
  const input = make("input", {
    type: "text",
    id: freshName(),
    class: "pfp-q-entry",
    maxlength: 200,
    autocomplete: "name",
    spellcheck: "false",
  });
  const said = make("p", { class: "pfp-q-said", role: "status" });
  const send = button(spec.button ?? "", "pfp-q-check", "submit");
  const more = make("div", { class: "pfp-q-more" });
  const form = make(
    "form",
    { class: "pfp-q-form", novalidate: true },
    make("label", { for: input.id }, "Your name or id"),
    make("div", { class: "pfp-q-row" }, input, send),
    said,
    more,
    make("p", { class: "pfp-q-explain" }, spec.explain ?? ""),
  );
  const named = () => {
    input.value ||= model.get("student") || "";
  };
  named();
  /** @type {number | undefined} */
  let timer;
  const tell = () => {
    clearTimeout(timer);
    said.textContent = model.get("said") || "";
    more.replaceChildren(...(model.get("more") ?? []));
  };
  whenSent(form, send, () => {
    const name = input.value.trim();
    if (!name) {
      said.textContent = "Write your name or id first.";
      input.focus();
      return;
    }
    model.set("student", name);
    // Counted, so that the same name can be sent twice.
    model.set("asked", (model.get("asked") || 0) + 1);
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = SILENT), PATIENCE);
    model.save_changes();
  });
  model.on("change:heard", tell);
  model.on("change:student", named);
  tell();
  const root = make(
    "div",
    {
      class: "pfp-quiz-live pfp-hand-in",
      role: "group",
      "aria-label": spec.title,
      "data-lm-suppress-shortcuts": "true",
    },
    make("p", { class: "pfp-q-title" }, spec.title),
    form,
  );
  el.append(root);
  return () => {
    clearTimeout(timer);
    quietly(() => model.off("change:heard", tell));
    quietly(() => model.off("change:student", named));
    root.remove();
  };
}

import { freshName, make } from "./nodes.js";
import { button } from "./question.js";

const PATIENCE = 20_000; // milliseconds
const SILENT =
  "The notebook does not answer. If it is busy, wait. If it has stopped, choose Kernel, " +
  "Restart Kernel and Run All Cells in the menu, and press the button again.";

// A form for a name: to hand answers in, or to begin with. What is done with the name, the model
// knows; it counts in `heard` what it has answered in `said`.
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
  const form = make(
    "form",
    { class: "pfp-q-form", novalidate: true },
    make("label", { for: input.id }, "Your name or id"),
    make("div", { class: "pfp-q-row" }, input, button(spec.button, "pfp-q-check", "submit")),
    said,
    make("p", { class: "pfp-q-explain" }, spec.explain),
  );
  const named = () => {
    input.value ||= model.get("student") || "";
  };
  named();
  let timer = null;
  const tell = () => {
    clearTimeout(timer);
    said.textContent = model.get("said") || "";
  };
  // A browser does this by itself; JupyterLab takes the key away from it.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
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
    try {
      model.off("change:heard", tell);
      model.off("change:student", named);
    } catch {
      // Some hosts have no `off`.
    }
    root.remove();
  };
}

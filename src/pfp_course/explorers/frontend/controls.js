import { make } from "../../questions/frontend/dom.js";
import { listOf } from "./state.js";

/** @import { Control, State } from "./types.d.ts" */
/** @typedef {(change: State) => void} Set */
/** @typedef {{ node: HTMLElement, update: (state: State) => void }} Drawn */

const FEW = 4; // options that are all seen at once

let made = 0;
const nextId = () => `pfp-live-${made += 1}`;

/** @type {(control: Control, set: Set, now: () => State) => Drawn} */
export function drawControl(control, set, now) {
  const { kind, options = [] } = control;
  if (kind === "many") return many(control, set, now);
  if (kind === "number") return slider(control, set);
  if (kind === "switch") return toggle(control, set);
  if (kind === "acts") return acts(control, set, now);
  return options.length > FEW || control.below ? chooser(control, set) : radios(control, set);
}

/** @type {(control: Control, set: Set) => Drawn} */
function chooser({ name, label, options = [] }, set) {
  const id = nextId();
  const select = make("select", { id });
  for (const [value, words] of options) select.append(make("option", { value }, words));
  select.addEventListener("change", () => set({ [name]: select.value }));
  const node = make(
    "div",
    { class: "pfp-live-control", "data-control": name },
    make("label", { for: id }, label),
    select,
    make("span", { class: "pfp-live-note" }),
  );
  return {
    node,
    update: (state) => {
      select.value = state[name];
    },
  };
}

/** @type {(control: Control, set: Set) => Drawn} */
function radios({ name, label, options = [] }, set) {
  const group = nextId();
  const node = make(
    "fieldset",
    { class: "pfp-live-control pfp-live-radios", "data-control": name },
    make("legend", {}, label),
  );
  const inputs = options.map(([value, words]) => {
    const input = make("input", { type: "radio", name: group, value });
    input.addEventListener("change", () => set({ [name]: value }));
    node.append(make("label", {}, input, make("span", {}, words)));
    return input;
  });
  return {
    node,
    update: (state) => inputs.forEach((input) => (input.checked = input.value === state[name])),
  };
}

/** @type {(control: Control, set: Set) => Drawn} */
function slider({ name, label, min = 0, max = 1, step = 1, say = String }, set) {
  const id = nextId();
  const input = make("input", { type: "range", id, min, max, step });
  // The slider itself says its value.
  const output = make("span", { class: "pfp-live-value", "aria-hidden": "true" });
  input.addEventListener("input", () => set({ [name]: input.value }));
  const node = make(
    "div",
    { class: "pfp-live-control pfp-live-slider", "data-control": name },
    make("label", { for: id }, label),
    input,
    output,
  );
  return {
    node,
    update: (state) => {
      input.value = state[name];
      output.textContent = say(Number(state[name]));
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

/** @type {(control: Control, set: Set) => Drawn} */
function toggle({ name, label }, set) {
  const input = make("input", { type: "checkbox" });
  input.addEventListener("change", () => set({ [name]: input.checked ? "yes" : "no" }));
  return {
    node: make(
      "div",
      { class: "pfp-live-control pfp-live-switch", "data-control": name },
      make("label", {}, input, make("span", {}, label)),
    ),
    update: (state) => {
      input.checked = state[name] === "yes";
    },
  };
}

/** @type {(control: Control, set: Set, now: () => State) => Drawn} */
function many({ name, label, options = [], most = Infinity }, set, now) {
  const id = nextId();
  const select = make("select", { id });
  const chips = make("ul", { class: "pfp-live-chips", "aria-label": `${label}: chosen` });
  const words = new Map(options);
  /** @type {(list: string[]) => void} */
  const choose = (list) => set({ [name]: list.join(",") });
  select.addEventListener("change", () => choose([...listOf(now()[name]), select.value]));
  const node = make(
    "div",
    { class: "pfp-live-control pfp-live-many", "data-control": name },
    make("label", { for: id }, label),
    select,
    chips,
  );
  return {
    node,
    update: (state) => {
      const chosen = listOf(state[name]);
      const full = chosen.length >= most;
      const first = full ? `${most} at most: take one away` : "Add …";
      select.replaceChildren(make("option", { value: "" }, first));
      for (const [value, text] of options) {
        if (!chosen.includes(value)) select.append(make("option", { value, disabled: full }, text));
      }
      chips.replaceChildren(...chosen.map((value) => {
        const away = make(
          "button",
          { type: "button", "aria-label": `Take away ${words.get(value)}` },
          `${words.get(value)} \u00d7`,
        );
        away.addEventListener("click", () => {
          choose(chosen.filter((one) => one !== value));
          select.focus();
        });
        return make("li", {}, away);
      }));
    },
  };
}

/** @type {(control: Control, set: Set, now: () => State) => Drawn} */
function acts({ name, label, acts: all = [] }, set, now) {
  const node = make("div", {
    class: "pfp-live-control pfp-live-acts",
    role: "group",
    "aria-label": label,
    "data-control": name,
  });
  for (const act of all) {
    const button = make("button", { type: "button" }, act.label);
    button.addEventListener("click", () => set(act.change(now())));
    node.append(button);
  }
  return { node, update: () => {} };
}

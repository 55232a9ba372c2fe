import { make } from "./dom.js";

// What all controls share.

/**
 * @param {string} label
 * @param {string} name its class
 * @param {"button" | "submit"} [type]
 */
export function button(label, name, type = "button") {
  return make("button", { type, class: `pfp-q-button ${name}` }, label);
}

/**
 * Not the attribute `disabled`: it would throw the keyboard's focus off the page.
 * @param {Element} node
 * @param {boolean} yes
 */
export function disable(node, yes) {
  if (yes) node.setAttribute("aria-disabled", "true");
  else node.removeAttribute("aria-disabled");
}

/**
 * For people who cannot see the sign or the colour beside it.
 * @param {string} text
 */
export const unseen = (text) => make("span", { class: "pfp-q-unseen" }, text);

export const freshName = () => "pfp-q-" + Math.random().toString(36).slice(2, 10);

const VERDICTS = {
  right: ["\u2713", "right"],
  part: ["\u25d0", "partly right"],
  wrong: ["\u2717", "not right"],
};

/**
 * The sign of a part of an answer, and the same in words.
 * @param {"right" | "part" | "wrong"} state
 * @param {string} [words]
 */
export function verdictSign(state, words = VERDICTS[state][1]) {
  return [make("span", { "aria-hidden": "true" }, VERDICTS[state][0]), unseen(words)];
}

/** @type {(select: HTMLSelectElement) => number | null} */
export const selected = (select) => (select.value === "" ? null : Number(select.value));

/**
 * Draws something else in a place; who was in it with the keyboard stays in it.
 * @param {HTMLElement} el
 * @param {() => void} action
 */
export function redraw(el, action) {
  const inside = el.contains(document.activeElement);
  action();
  if (inside) focusFirst(el);
}

/** @type {(el: Element, options?: FocusOptions) => void} */
export function focusFirst(el, options) {
  /** @type {HTMLElement | null} */
  const first = el.querySelector("input, select, textarea, button");
  first?.focus(options);
}

/** @type {(event: Event, selector: string) => boolean} */
export const isIn = ({ target }, selector) => target instanceof Element && target.matches(selector);

/**
 * Sends a form by its button, the Enter key or the browser's own way. Not the browser's way alone:
 * JupyterLab takes the key away, a frame may forbid forms, and older browsers know no
 * `requestSubmit`.
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} send
 * @param {() => void} act
 */
export function whenSent(form, send, act) {
  /** @param {Event} event */
  const run = (event) => {
    event.preventDefault();
    act();
  };
  send.addEventListener("click", run);
  form.addEventListener("submit", run);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && isIn(event, "input")) run(event);
  });
}

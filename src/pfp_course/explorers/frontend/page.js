import { make } from "../../questions/frontend/dom.js";
import { renderExplorer } from "./explore.js";
import { anchorOf, hashOf, stateOf } from "./state.js";

/** @import { Model, Spec, State } from "./types.d.ts" */

const REST = 300; // milliseconds: browsers limit how often an address may change

/**
 * A model for `renderExplorer` where there is no kernel: its state stands in the address.
 * @type {(spec: Spec) => Model}
 */
function addressModel(spec) {
  /** @type {State} */
  let state = stateOf(spec.name, location.hash) ?? spec.state;
  let timer = 0;
  /** @type {Map<unknown, () => void>} */
  const ends = new Map();
  const hash = () => hashOf(spec.name, state, spec.state);
  /** @type {Model["get"]} */
  const get = (name) => {
    const link = `${location.href.split("#")[0]}${hash()}`;
    return ({ spec, state, link })[name];
  };
  return {
    get,
    set: (_, value) => {
      state = /** @type {State} */ (value);
    },
    save_changes: () => {
      clearTimeout(timer);
      timer = setTimeout(() => history.replaceState(history.state, "", hash()), REST);
    },
    on: (/** @type {string} */ _event, /** @type {any} */ listener) => {
      const told = () => {
        const wanted = stateOf(spec.name, location.hash);
        if (wanted === null) return;
        state = { ...spec.state, ...wanted };
        listener();
        showAnchor(spec.name);
      };
      addEventListener("hashchange", told);
      ends.set(listener, () => removeEventListener("hashchange", told));
    },
    off: (_, listener) => ends.get(listener)?.(),
  };
}

/** @type {(name: string) => void} */
function showAnchor(name) {
  document.getElementById(anchorOf(name))?.scrollIntoView();
}

/**
 * An explorer above the screen is taller or shorter than its still picture: what is read stays.
 * @type {(grown: number) => void}
 */
function keepPlace(grown) {
  const { style } = document.documentElement;
  style.overflowAnchor = "none"; // a browser that keeps the place, too, would move it twice
  scrollBy(0, grown);
  requestAnimationFrame(() => requestAnimationFrame(() => (style.overflowAnchor = "")));
}

/** @type {(host: HTMLElement) => void} */
function start(host) {
  const isAbove = host.getBoundingClientRect().bottom < 0;
  const around = host.closest("section") ?? host; // with the margins that meet
  const end = around.getBoundingClientRect().bottom;
  /** @type {Spec} */
  const spec = JSON.parse(host.querySelector(".pfp-explorer-data")?.textContent ?? "");
  const el = make("div", { class: "pfp-explorer-live" });
  host.append(el);
  host.classList.add("pfp-explorer-on");
  renderExplorer({ model: addressModel(spec), el });
  const number = host.querySelector(".pfp-figure-number")?.cloneNode(true);
  if (number) el.querySelector("figcaption")?.prepend(number);
  if (isAbove) keepPlace(around.getBoundingClientRect().bottom - end);
  // The address names more than the anchor, so that the browser does not find it.
  if (stateOf(spec.name, location.hash)) showAnchor(spec.name);
}

/**
 * Start an explorer when the keyboard has left its still picture, which is hidden then.
 * @type {(host: HTMLElement, still: Element) => void}
 */
function startAfter(host, still) {
  const told = () =>
    // Now the focus is in between; and in a window that has lost it, it stays where it was.
    setTimeout(() => {
      if (still.contains(document.activeElement)) return;
      still.removeEventListener("focusout", told);
      start(host);
    });
  still.addEventListener("focusout", told);
}

export function startExplorers() {
  for (
    const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(
      ".pfp-explorer[data-explorer]",
    ))
  ) {
    const still = host.querySelector(".pfp-explorer-still");
    if (still?.contains(document.activeElement)) startAfter(host, still);
    else start(host);
  }
}

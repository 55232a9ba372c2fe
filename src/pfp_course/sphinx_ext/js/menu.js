import { make } from "../../questions/frontend/dom.js";
import { $, the } from "./page.js";

// Whether a key stands for a Latin letter: on a layout that has none, by its place.
/** @type {(event: KeyboardEvent, letter: string) => boolean} */
function isKey({ key = "", code }, letter) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase() === letter;
  return code === `Key${letter.toUpperCase()}`;
}

// The search goes by its address: a frame may forbid forms.
function setUpSearchField() {
  const form = $(".pfp-search");
  const field = form?.querySelector("input");
  if (!(form instanceof HTMLFormElement) || !field || $("#pfp-results")) return;
  /** @param {Event} event */
  const go = (event) => {
    event.preventDefault();
    location.assign(`${form.action}?q=${encodeURIComponent(field.value)}`);
  };
  form.querySelector("button")?.addEventListener("click", go);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) go(event);
  });
}

// The side bar of narrow screens, and the key for the search.
export function setUpMenu() {
  setUpSearchField();
  const side = the("#pfp-side");
  const button = the(".pfp-menu");
  const main = the("#main");
  const narrow = matchMedia("(max-width: 63.99rem)");
  /** @type {HTMLElement | null} */
  let shade = null;
  /** @param {boolean} open */
  const set = (open) => {
    side.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    main.inert = open;
    shade?.remove();
    shade = null;
    if (open) {
      shade = make("div", { class: "pfp-shade" });
      shade.addEventListener("click", () => set(false));
      document.body.append(shade);
    }
  };
  button.addEventListener("click", () => {
    const open = !side.classList.contains("open");
    set(open);
    if (open) side.querySelector("a")?.focus();
  });
  narrow.addEventListener("change", () => set(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("open")) {
      set(false);
      button.focus();
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && isKey(event, "k")) {
      event.preventDefault();
      if (narrow.matches && side.contains($("#pfp-query"))) set(true);
      the("#pfp-query").focus();
    }
  });
  // With the first frame, which lays out the page anyway, and not before it a second time.
  requestAnimationFrame(() =>
    side.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" })
  );
}

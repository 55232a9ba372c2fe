import { make } from "../../questions/frontend/dom.js";
import { $$, root } from "./page.js";

// What a citation rests on: the entry of the page's own list of sources, shown beside it on
// hovering, focusing or touching. Without scripts a citation is a link to the references.

export function setUpSources() {
  /** @type {Map<string | undefined, HTMLElement>} */
  const entries = new Map();
  for (const entry of $$("[data-source]")) {
    entries.set(entry.dataset.source, entry);
  }
  /** @type {{ link: HTMLAnchorElement, card: HTMLElement } | null} */
  let shown = null;
  let timer = 0;
  let returning = false; // the focus comes back from the card: that is no wish to see it again

  /** @param {HTMLAnchorElement} link */
  const keyOf = (link) => link.hash.replace(/^#cite-\d+-/, "");

  /** @param {{ link: HTMLAnchorElement, card: HTMLElement }} shown */
  function place({ link, card }) {
    const at = link.getClientRects()[0];
    if (!at) return;
    const edge = 8;
    const width = root.clientWidth;
    card.style.left = `${Math.max(edge, Math.min(at.left, width - card.offsetWidth - edge))}px`;
    const below = at.bottom + 4;
    const fits = below + card.offsetHeight <= innerHeight || at.top - 4 < card.offsetHeight;
    card.style.top = `${fits ? below : at.top - 4 - card.offsetHeight}px`;
  }

  function hide() {
    clearTimeout(timer);
    if (!shown) return;
    const { link, card } = shown;
    shown = null;
    link.removeAttribute("aria-describedby");
    // The keyboard's focus must not fall off the page with the card.
    if (card.contains(document.activeElement)) {
      returning = true;
      link.focus();
      returning = false;
    }
    card.remove();
  }

  /** @param {HTMLAnchorElement} link */
  function show(link) {
    clearTimeout(timer);
    if (shown?.link === link) return;
    hide();
    const card = make("span", {
      class: "pfp-source",
      id: "pfp-source",
      role: "note",
      popover: "manual",
    });
    card.append(...entries.get(keyOf(link))?.cloneNode(true).childNodes ?? []);
    for (const outer of card.querySelectorAll("a")) {
      outer.textContent = `Open it at ${outer.hostname}`;
    }
    // The citation itself leads there: for the Tab key it is no stop of its own.
    card.append(" ", make("a", { href: link.href, tabindex: -1 }, "See it in the references"));
    card.addEventListener("mouseenter", () => clearTimeout(timer));
    card.addEventListener("mouseleave", hideSoon);
    card.addEventListener("focusout", hideUnlessInside);
    // After the citation, so that the Tab key goes from it into the card and on.
    link.after(card);
    link.setAttribute("aria-describedby", card.id);
    shown = { link, card };
    // Over the page, since a section shows nothing outside itself.
    card.showPopover?.();
    place(shown);
  }

  function hideSoon() {
    clearTimeout(timer);
    // Time to move the pointer from the citation to the card; focus holds it open.
    timer = setTimeout(() => {
      const focused = document.activeElement;
      if (shown && focused !== shown.link && !shown.card.contains(focused)) hide();
    }, 250);
  }

  /** @param {FocusEvent} event */
  function hideUnlessInside(event) {
    const relatedTarget = /** @type {Node | null} */ (event.relatedTarget);
    if (shown && relatedTarget !== shown.link && !shown.card.contains(relatedTarget)) hide();
  }

  for (const link of $$('a[href*="#cite-"]')) {
    if (!(link instanceof HTMLAnchorElement) || !entries.has(keyOf(link))) continue;
    let touched = false;
    link.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType !== "touch") show(link);
    });
    link.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType !== "touch") hideSoon();
    });
    link.addEventListener("pointerdown", ({ pointerType }) => {
      // The first touch shows the source, the second follows the link.
      touched = pointerType === "touch" && shown?.link !== link;
    });
    link.addEventListener("click", (event) => {
      if (!touched) return;
      event.preventDefault();
      touched = false;
      show(link);
    });
    link.addEventListener("focus", () => {
      if (!returning && link.matches(":focus-visible")) show(link);
    });
    link.addEventListener("blur", hideUnlessInside);
  }
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  document.addEventListener("pointerdown", (event) => {
    const target = /** @type {Node} */ (event.target);
    if (shown && !shown.link.contains(target) && !shown.card.contains(target)) hide();
  });
  for (const event of ["scroll", "resize"]) {
    addEventListener(event, () => shown && place(shown), { capture: true, passive: true });
  }
}

import { $$ } from "./page.js";

// Sections that are off the screen are laid out when the page has come in and there is time, one in
// a frame: then the page is as long as it will be, and all that measures it finds it whole.
export function setUpSections() {
  const left = [...$$("article > section > section")];
  /** @param {number} count */
  const layOut = (count) => {
    for (const section of left.splice(0, count)) section.classList.add("pfp-laid-out");
  };
  const next = () => {
    layOut(1);
    if (left.length) requestAnimationFrame(whenIdle);
  };
  const whenIdle = () => {
    // Older browsers of Apple do not tell.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(next);
    else setTimeout(next);
  };
  // Who goes to a place on the page goes there at once, past what would become longer or shorter.
  if (location.hash) layOut(left.length);
  addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest('a[href^="#"]')) layOut(left.length);
  }, true);
  addEventListener("load", whenIdle);
}

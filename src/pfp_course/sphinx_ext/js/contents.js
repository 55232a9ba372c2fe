import { $, the } from "./page.js";

// The contents of the page: open and closed on narrow screens, and where the reader is.
export function setUpContents() {
  const list = $(".pfp-toc-list");
  if (!list) return;
  const button = the(".pfp-toc button");
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(list.classList.toggle("open")));
  });
  /** @type {Map<Element, HTMLAnchorElement>} */
  const links = new Map();
  for (const link of list.querySelectorAll("a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target, link);
  }
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      list.querySelector("[aria-current]")?.removeAttribute("aria-current");
      links.get(target)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const section of links.keys()) observer.observe(section);
}

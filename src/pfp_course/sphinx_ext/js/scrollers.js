import { $$ } from "./page.js";

// A region that scrolls must be reachable by keyboard; one that does not must not be a stop.
export function setUpScrollers() {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (!(target instanceof HTMLElement)) continue;
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      target.toggleAttribute("tabindex", scrolls);
      if (scrolls) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute(
          "aria-label",
          target.dataset.label || (target.matches("pre") ? "Code" : "Table"),
        );
      } else {
        target.removeAttribute("role");
        target.removeAttribute("aria-label");
      }
    }
  });
  for (
    const element of $$(
      "article pre, article .pfp-scroll, .pfp-figure-scroll, .cell_output",
    )
  ) {
    watch.observe(element);
  }
}

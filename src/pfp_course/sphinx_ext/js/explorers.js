import { make } from "../../questions/frontend/dom.js";
import { $, $$ } from "./page.js";

// The explorers of a page come when the reader comes near one, or the address names one; until then
// each shows its still picture. A page from the disk loads scripts so, too, but no modules.

export function setUpExplorers() {
  const files = $("meta[name=pfp-explorers]")?.getAttribute("content")?.split(" ");
  if (!files) return;
  const [sheet, script] = files;
  const named = () => location.hash.startsWith("#explore-");
  const come = () => {
    near.disconnect();
    removeEventListener("hashchange", told);
    const link = make("link", { rel: "stylesheet", href: sheet });
    // Drawn with its rules: without them it would be measured wrongly.
    link.addEventListener("load", () => document.head.append(make("script", { src: script })));
    document.head.append(link);
  };
  const near = new IntersectionObserver(
    (entries) => entries.some(({ isIntersecting }) => isIntersecting) && come(),
    { rootMargin: "100% 0px" },
  );
  const told = () => named() && come();
  addEventListener("hashchange", told);
  if (named()) come();
  else for (const host of $$(".pfp-explorer[data-explorer]")) near.observe(host);
}

import { make } from "../../questions/frontend/dom.js";
import { $ } from "./page.js";

// The versions of the published course. They are asked for when a reader opens the switch; the link to
// the page of versions stands there without this, and is all there is on file://.

/** @typedef {{ version: string, path: string, pages: string[] }} Version */

/** @type {(version: Version, box: HTMLElement) => HTMLElement} */
function versionLink(version, box) {
  const { root: up = "", page = "", version: here } = box.dataset;
  const kept = version.pages.includes(page);
  const link = make(
    "a",
    { href: up + version.path + (kept ? page : "index.html") },
    `Version ${version.version}`,
  );
  if (version.version === here) link.setAttribute("aria-current", "true");
  return make("li", {}, link, kept ? "" : ", from its start: it has no such page");
}

export function setUpVersions() {
  const box = $(".pfp-versions");
  if (!(box instanceof HTMLDetailsElement) || location.protocol === "file:") return;
  box.addEventListener("toggle", async () => {
    if (!box.open || box.querySelector("ul")) return;
    const answer = await fetch(new URL(`${box.dataset.root}versions.json`, location.href));
    if (!answer.ok || box.querySelector("ul")) return;
    /** @type {{ versions: Version[] }} */
    const { versions } = await answer.json();
    box.querySelector("summary")?.after(
      make("ul", {}, ...versions.map((version) => versionLink(version, box))),
    );
  });
}

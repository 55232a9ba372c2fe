import { make } from "../../questions/frontend/dom.js";
import { $$ } from "./page.js";

// A long list gets its letters and a filter: the glossary, the references, the tables.

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** @type {(list: Element) => { name: string, nodes: HTMLElement[], text: string }[]} */
function itemsOf(list) {
  if (list.matches("section")) {
    // The sections of a page, of which the finder stands before the first.
    const all = /** @type {HTMLElement[]} */ ([...list.parentElement?.children ?? []]);
    const sections = all.slice(all.findIndex((one) => one === list)).filter((one) =>
      one.matches("section")
    );
    return sections.map((one) => ({ name: "", nodes: [one], text: fold(one.textContent ?? "") }));
  }
  /** @type {HTMLElement[][]} a term and what belongs to it */
  const groups = [];
  for (const part of /** @type {HTMLElement[]} */ ([...list.children])) {
    if (part.matches("dd")) groups.at(-1)?.push(part);
    else groups.push([part]);
  }
  return groups.map((nodes) => ({
    name: (nodes[0].textContent ?? "").trim(),
    nodes,
    text: fold(nodes.map((node) => node.textContent).join(" ")),
  }));
}

/** @param {string} name */
function letterOf(name) {
  const first = fold(name).charAt(0).toUpperCase();
  return /\p{L}/u.test(first) ? first : "0\u20139";
}

export function setUpFinder() {
  for (const finder of $$(".pfp-finder")) {
    const list = finder.nextElementSibling;
    if (!list) continue;
    const items = itemsOf(list);
    const field = make("input", { type: "text", id: "pfp-filter", autocomplete: "off" });
    const said = make("span", { role: "status" });
    const letters = make("p", { class: "pfp-letters" });
    for (const { name, nodes } of items) {
      const letter = letterOf(name);
      if (!name) continue; // in an order of their own
      if (letters.lastElementChild?.textContent === letter || !nodes[0].id) continue;
      letters.append(make("a", { href: `#${nodes[0].id}` }, letter), " ");
    }
    field.addEventListener("input", () => {
      const words = fold(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { nodes, text } of items) {
        const isShown = words.every((word) => text.includes(word));
        shown += Number(isShown);
        for (const node of nodes) node.hidden = !isShown;
      }
      letters.hidden = words.length > 0;
      said.textContent = words.length ? `${shown} of ${items.length} are shown.` : "";
    });
    const label = make("label", { for: field.id }, finder.dataset.label ?? "");
    finder.append(make("p", { class: "pfp-filter" }, label, field, said), letters);
  }
}

import { copyText } from "../../questions/frontend/clipboard.js";
import { make } from "../../questions/frontend/dom.js";
import { drawControl } from "./controls.js";
import { plotOn } from "./plot.js";
import { csv, png, save, standalone, svgFile } from "./saving.js";
import { valid } from "./state.js";

/** @import { Cell, Explorer, Model, State, View } from "./types.d.ts" */

/** The explorers that were loaded, by name. @type {Record<string, Explorer>} */
export const EXPLORERS = {};

const PAUSE = 700; // milliseconds without a change before the sentence is read out
const WIDEST = 704; // pixels

/**
 * A front-end module of anywidget (AFM): a figure that follows its controls.
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void}
 */
export function renderExplorer({ model, el }) {
  const spec = model.get("spec");
  const explorer = EXPLORERS[spec.name];
  const controls = explorer.controls(spec.data);
  let state = valid(controls, model.get("state"), spec.state);
  /** @type {View} */
  let view;
  let drawnWidth = 0;
  let timer = 0;

  const title = make("p", { class: "pfp-live-title" });
  const host = make("div", { class: "pfp-live-picture" });
  const table = make("div", {
    class: "pfp-live-table",
    tabindex: 0,
    role: "group",
    "aria-label": "Table",
  });
  const said = make("p", { class: "pfp-live-said" });
  const words = make("p", { class: "pfp-live-words" });
  const status = make("p", { class: "pfp-live-unseen", role: "status" });
  const saving = downloads(
    spec.name,
    () => ({ view, sources: spec.sources, place: root }),
    () => model.get("link"),
    (text) => {
      said.textContent = text;
      status.textContent = text;
    },
  );
  saving.append(said);
  const views = tabs([["Picture", host], ["Table", table], ["Download", saving]]);
  const parts = controls.map((control) => drawControl(control, set, () => state));
  const [above, below] = [false, true].map((isBelow) =>
    make(
      "div",
      { class: `pfp-live-controls${isBelow ? " pfp-live-below" : ""}` },
      ...parts.flatMap((
        part,
        place,
      ) => (Boolean(controls[place].below) === isBelow ? [part.node] : [])),
    )
  );
  const again = make(
    "button",
    { type: "button", class: "pfp-live-again" },
    "Back to the beginning",
  );
  again.addEventListener("click", () => set({ ...spec.state }));
  const root = make(
    "figure",
    {
      class: "pfp-figure pfp-live",
      role: "group",
      "data-name": spec.name,
    },
    title,
    ...(above.childNodes.length ? [above] : []),
    views,
    words,
    status,
    ...(below.childNodes.length ? [below] : []),
    make(
      "figcaption",
      {},
      spec.caption,
      make(
        "details",
        { class: "pfp-figure-sources" },
        make("summary", {}, "Sources"),
        make("p", {}, `Source: ${spec.sources}.`),
      ),
      again,
    ),
  );
  // JupyterLab takes a key for a command unless the element that has the focus says not to.
  root.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element) target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
  el.append(root);

  /** @param {State} change */
  function set(change) {
    state = valid(controls, { ...state, ...change }, spec.state);
    model.set("state", state);
    model.save_changes();
    update(true);
  }

  /** @param {boolean} isTold */
  function update(isTold) {
    parts.forEach((part) => part.update(state));
    view = explorer.view(spec.data, state);
    title.textContent = view.title;
    root.setAttribute("aria-label", view.title);
    words.textContent = view.words;
    parts.forEach(({ node }, place) => {
      node.hidden = Boolean(view.idle?.includes(controls[place].name));
    });
    for (const [name, note] of Object.entries(view.notes ?? {})) {
      const place = root.querySelector(`[data-control="${name}"] .pfp-live-note`);
      if (place) place.textContent = note;
    }
    again.hidden = Object.keys(spec.state).every((name) => spec.state[name] === state[name]);
    clearTimeout(timer);
    if (isTold) timer = setTimeout(() => (status.textContent = view.words), PAUSE);
    draw();
    fillTable(table, view.columns, view.rows);
  }

  function draw() {
    const width = Math.floor(Math.min(WIDEST, host.clientWidth));
    if (width < 1) return; // it is not on the screen
    drawnWidth = width;
    const { activeElement } = document;
    const key = activeElement && host.contains(activeElement)
      ? activeElement.getAttribute("data-key")
      : null;
    const plot = plotOn(host, width, view.height(width), view.title);
    view.draw(plot, set);
    if (key === null) return;
    const same = [...host.querySelectorAll("[data-key]")].find((node) =>
      node.getAttribute("data-key") === key
    );
    if (same instanceof SVGElement) same.focus({ preventScroll: true });
  }

  const taken = () => {
    const told = valid(controls, model.get("state"), spec.state);
    if (Object.keys(told).every((name) => told[name] === state[name])) return;
    state = told;
    update(true);
  };
  model.on("change:state", taken);
  const watching = new ResizeObserver(() => {
    const width = Math.floor(Math.min(WIDEST, host.clientWidth));
    if (width && width !== drawnWidth) draw();
  });
  update(false);
  watching.observe(host);
  return () => {
    clearTimeout(timer);
    watching.disconnect();
    model.off("change:state", taken);
    root.remove();
  };
}

/** @type {(view: View) => SVGSVGElement} */
function pictureOf(view) {
  // As wide as on a large screen, whatever this one shows.
  const plot = plotOn(make("div", {}), WIDEST, view.height(WIDEST), view.title);
  view.draw(plot, () => {});
  return plot.svg;
}

/** @type {(panels: [label: string, panel: HTMLElement][]) => HTMLElement} */
function tabs(panels) {
  const list = make("div", { class: "pfp-live-tabs", role: "tablist", "aria-label": "Show as" });
  const node = make("div", { class: "pfp-live-panels" }, list);
  /** @param {number} chosen */
  const choose = (chosen) => {
    all.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === chosen));
      tab.tabIndex = place === chosen ? 0 : -1;
      panels[place][1].parentElement?.toggleAttribute("hidden", place !== chosen);
    });
  };
  const all = panels.map(([label, panel], place) => {
    const id = `pfp-live-tab-${Math.random().toString(36).slice(2, 10)}`;
    const tab = make(
      "button",
      { type: "button", role: "tab", id, "aria-controls": `${id}-panel` },
      label,
    );
    tab.addEventListener("click", () => choose(place));
    node.append(make("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id }, panel));
    list.append(tab);
    return tab;
  });
  list.addEventListener("keydown", (event) => {
    const here = all.findIndex((tab) => tab === event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (here < 0 || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (here + step + all.length) % all.length;
    choose(next);
    all[next].focus();
  });
  choose(0);
  return node;
}

/** @type {(host: HTMLElement, columns: string[], rows: Cell[][]) => void} */
function fillTable(host, columns, rows) {
  const isNumber = columns.map((_, place) => rows.some((row) => typeof row[place] === "number"));
  /** @type {(row: Cell[]) => HTMLElement[]} */
  const cells = (row) =>
    row.map((cell, place) => {
      const text = cell === null ? "\u2013" : String(cell);
      if (place === 0) return make("th", { scope: "row" }, text);
      return make("td", { class: isNumber[place] ? "pfp-live-number" : null }, text);
    });
  const heads = columns.map((name, place) =>
    make("th", { scope: "col", class: place && isNumber[place] ? "pfp-live-number" : null }, name)
  );
  host.replaceChildren(make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row)))),
  ));
}

/**
 * @typedef {{ view: View, sources: string, place: HTMLElement }} Shown
 * @type {(name: string, shown: () => Shown, link: () => string | undefined, say: (text: string) => void) => HTMLElement}
 */
function downloads(name, shown, link, say) {
  const file = `pfp-${name}`;
  const alone = () => {
    const { view, sources, place } = shown();
    const picture = pictureOf(view);
    // Its colours are read from the page, so that it must stand there for a moment.
    picture.setAttribute("class", "pfp-live-unseen");
    place.append(picture);
    const made = standalone(picture, view.title, sources);
    picture.remove();
    return { ...made, text: made.text.replace(' class="pfp-live-unseen"', "") };
  };
  /** @type {[label: string, act: () => void | Promise<void>][]} */
  const ways = [
    ["Table as CSV", () => {
      const { view, sources } = shown();
      save(`${file}.csv`, csv(view.columns, view.rows, sources));
    }],
    ["Picture as SVG", () => save(`${file}.svg`, svgFile(alone().text))],
    ["Picture as PNG", async () => {
      const { text, width, height } = alone();
      save(`${file}.png`, await png(text, width, height));
    }],
  ];
  const row = make("div", { class: "pfp-live-acts" });
  for (const [label, act] of ways) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", async () => {
      try {
        await act();
        say(`${label}: saved to your downloads.`);
      } catch {
        say("This page may not make pictures of that kind. Take the SVG.");
      }
    });
    row.append(button);
  }
  const node = make("div", { class: "pfp-live-download" }, row);
  if (link() === undefined) return node;
  const address = make("code", { class: "pfp-live-address" });
  const copy = make("button", { type: "button" }, "Copy the address of this view");
  copy.addEventListener("click", async () => {
    address.textContent = link() ?? "";
    const isCopied = await copyText(address);
    say(isCopied ? "Copied: it opens this view." : "This is the address of this view: copy it.");
  });
  row.append(copy);
  node.append(address);
  return node;
}

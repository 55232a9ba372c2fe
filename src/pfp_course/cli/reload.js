import { make } from "../questions/frontend/dom.js";

// Put into each page by `pfp serve`: reloads the page when the book was built, and shows why it was
// not. The words come from the build and are text, never HTML.
const { build, instead } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
const RULES = `
  section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 60vh; overflow: auto;
    box-sizing: border-box; padding: 1rem 1.25rem; font: 1rem/1.5 system-ui, sans-serif;
    color: #1b1b1b; background: #fff4f2; border-top: 4px solid #b3261e; }
  section[hidden] { display: none; }
  h2 { font-size: 1.1rem; margin: 0; }
  p { margin: .25rem 0 .75rem; }
  pre { margin: 0; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #b3261e;
    font: .9rem/1.45 ui-monospace, Menlo, Consolas, monospace; background: #fff; }
  button { float: right; font: inherit; padding: .25rem .75rem; color: inherit; background: #fff;
    border: 1px solid currentColor; border-radius: 3px; }
  :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
  @media print { section { display: none; } }`;
/** @type {{ panel: HTMLElement, problem: HTMLElement, words: HTMLElement } | null} */
let parts = null;
/** @type {EventSource | null} */
let stream = null;

function panelParts() {
  if (parts) return parts;
  const host = make("div", { id: "pfp-serve" });
  const problem = make("pre", {
    tabindex: "0",
    role: "group",
    "aria-label": "What the build says",
  });
  const words = make("p", { role: "alert" });
  const hide = make("button", { type: "button" }, "Hide");
  const panel = make(
    "section",
    { "aria-labelledby": "title" },
    hide,
    make("h2", { id: "title" }, "The book could not be built"),
    words,
    problem,
  );
  hide.addEventListener("click", () => {
    panel.hidden = true;
  });
  // Neither the book's rules nor these reach the other.
  host.attachShadow({ mode: "open" }).append(make("style", {}, RULES), panel);
  document.body.append(host);
  parts = { panel, problem, words };
  return parts;
}

/** @param {MessageEvent<string>} event */
function told({ data }) {
  const state = JSON.parse(data);
  if (state.build !== build) {
    location.reload();
  } else if (instead !== undefined) {
    if ((state.busy ? "busy" : state.error) !== instead) location.reload();
  } else if (state.error && !state.busy) {
    const { panel, problem, words } = panelParts();
    problem.textContent = state.error;
    words.textContent =
      "You see the last book that was built. Mend what is named here and save the file: the page then reloads.";
    panel.hidden = false;
  } else if (parts && state.busy) {
    parts.words.textContent = "The book is being built again\u2026";
  } else if (parts) {
    parts.panel.hidden = true;
  }
}

// A browser keeps six connections to a host: a page that nobody sees gives its own back.
function listen() {
  stream?.close();
  stream = null;
  if (document.hidden) return;
  stream = new EventSource("/_pfp-serve/events");
  stream.addEventListener("message", told);
}
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
listen();

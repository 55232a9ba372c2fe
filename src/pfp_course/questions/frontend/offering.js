import { copyText } from "./clipboard.js";
import { button } from "./controls.js";
import { make } from "./dom.js";

// A file for the reader: saved by the browser, and as text to copy, because a page inside another
// one may be forbidden to save files and is not told so.

// Whether something may stand in the way: another page around this one, or a server that closes
// the page in.
function isFramed() {
  try {
    if (globalThis.top !== globalThis.self) return true;
  } catch {
    return true;
  }
  return self.origin === "null" && location.protocol !== "file:";
}

/** @type {(name: string, text: string) => void} */
function download(name, text) {
  const blob = new Blob([text], { type: "application/json" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** @type {(name: string, text: string, framed: boolean) => HTMLElement} */
function asText(name, text, framed) {
  const area = make("textarea", {
    class: "pfp-q-entry pfp-q-file",
    rows: "6",
    readonly: true,
    "aria-label": name,
  });
  area.value = text;
  const copy = button("Copy the text", "pfp-q-copy");
  const told = make("span", { "aria-live": "polite" });
  copy.addEventListener("click", async () => {
    const done = await copyText(area);
    told.textContent = done ? " Copied." : " The text is selected: press Ctrl+C, or Cmd+C.";
  });
  const own = [
    "Or open this page in a tab of its own, and work there: ",
    make("a", { href: location.href, target: "_blank", rel: "noopener" }, location.href),
  ];
  return make(
    "details",
    { open: framed },
    make("summary", {}, "No file? Take it as text"),
    make(
      "p",
      {},
      `Copy the text and paste it where your teacher asks for the file, or into a new text file with the name ${name}.`,
    ),
    area,
    make("p", {}, copy, told),
    ...(framed ? [make("p", {}, ...own)] : []),
  );
}

/**
 * Gives a file to the reader; returns what to say of it, after the words of what it holds, and
 * the text to copy.
 * @param {string} name
 * @param {string} text
 */
export function offer(name, text) {
  const framed = isFramed();
  download(name, text);
  const words = framed
    ? `written for you as ${name}. This page stands inside another one, which may forbid your ` +
      "browser to keep files. If no file came, copy the text below."
    : `saved as ${name}, in the folder of your downloads.`;
  return { words, more: [asText(name, text, framed)] };
}

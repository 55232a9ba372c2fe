import { make } from "./dom.js";

/** @import { MathTree } from "./types.d.ts" */
/** @typedef {{ kind: string, text: string, alt?: string, end: number }} Part */

// The marks of a bank's text, by the same rules as questions/texts.py: `code`, *emphasis*, a
// block of code between lines of three backticks, \(formula\) and \[formula\], ![words](picture),
// a backslash before a sign, and a new line.
const FENCE = /```[A-Za-z0-9_+#.-]*[ \t]*\n([^]*?)\n?```[ \t]*(?=\n|$)/y;
const IMAGE = /!\[([^[\]\n]+)\]\(([^()\s]+)\)/y;
const EMBEDDED = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;
const LETTER = /^[\p{L}\p{N}]$/u;

/** @type {(pattern: RegExp, text: string, place: number) => RegExpExecArray | null} */
const at = (pattern, text, place) => {
  pattern.lastIndex = place;
  return pattern.exec(text);
};
/** @type {(text: string, place: number) => number} */
const sizeOfRun = (text, place) => {
  let end = place;
  while (text[end] === "`") end += 1;
  return end - place;
};

/** @type {(text: string, place: number) => Part} */
function codeAt(text, place) {
  const fence = (place === 0 || text[place - 1] === "\n") && at(FENCE, text, place);
  if (fence) return { kind: "block", text: fence[1], end: place + fence[0].length };
  const size = sizeOfRun(text, place);
  let end = place + size;
  while (size <= 2 && (end = text.indexOf("`".repeat(size), end)) >= 0) {
    const run = sizeOfRun(text, end);
    if (run === size) {
      let code = text.slice(place + size, end);
      if (size === 2 && code.length > 2 && code.startsWith(" ") && code.endsWith(" ")) {
        code = code.slice(1, -1);
      }
      return { kind: "code", text: code, end: end + size };
    }
    end += run;
  }
  return { kind: "text", text: "`".repeat(size), end: place + size };
}

/** @type {(text: string, place: number) => Part | null} */
function starAt(text, place) {
  // Between letters or digits a star is a sign: 2*3*4.
  if (place && LETTER.test(text[place - 1])) return null;
  let end = place + 1;
  while (end < text.length && text[end] !== "*") end += text[end] === "\\" ? 2 : 1;
  const inner = text.slice(place + 1, end);
  if (end >= text.length || LETTER.test(text[end + 1] ?? "") || inner !== inner.trim() || !inner) {
    return null;
  }
  return { kind: "emphasis", text: inner, end: end + 1 };
}

/** @type {(text: string, place: number) => Part | null} */
function backslashAt(text, place) {
  const next = text[place + 1];
  for (const [opening, closing, kind] of [["(", "\\)", "formula"], ["[", "\\]", "display"]]) {
    const end = next === opening ? text.indexOf(closing, place + 2) : -1;
    const latex = text.slice(place + 2, end).trim();
    if (end > 0 && latex) return { kind, text: latex, end: end + 2 };
  }
  return next && "\\`*![".includes(next) ? { kind: "text", text: next, end: place + 2 } : null;
}

/** @type {(text: string, place: number) => Part | null} */
function partAt(text, place) {
  const sign = text[place];
  if (sign === "\\") return backslashAt(text, place);
  if (sign === "`") return codeAt(text, place);
  if (sign === "*") return starAt(text, place);
  if (sign === "\n") return { kind: "br", text: "\n", end: place + 1 };
  const image = sign === "!" && at(IMAGE, text, place);
  if (!image) return null;
  return { kind: "image", text: image[2], alt: image[1], end: place + image[0].length };
}

/** @param {string} text */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let place = 0;
  while (place < text.length) {
    const part = partAt(text, place) || { kind: "text", text: text[place], end: place + 1 };
    const last = parts.at(-1);
    if (part.kind === "text" && last?.kind === "text") last.text += part.text;
    else parts.push(part);
    place = part.end;
  }
  /** @param {Part | undefined} part */
  const isBlock = (part) => part?.kind === "block" || part?.kind === "display";
  return parts.filter(
    (part, number) =>
      part.kind !== "br" || !(isBlock(parts[number - 1]) || isBlock(parts[number + 1])),
  );
}

// Formulas come drawn, as trees of MathML by their LaTeX.
/** @type {Map<string, MathTree>} */
const drawings = new Map();

/** @param {Record<string, MathTree> | undefined} math */
export function learnFormulas(math) {
  for (const [latex, tree] of Object.entries(math ?? {})) drawings.set(latex, tree);
}

/** @type {(latex: string, display: string) => Element} */
function formula(latex, display) {
  const tree = drawings.get(latex);
  if (!tree) return make("code", {}, latex);
  // Only what formulas.py lets through: a file of questions may come from anywhere.
  /** @type {(tree: MathTree) => Element} */
  const element = ([tag, attributes, ...children]) => {
    const known = /^m[a-z]+$/.test(tag) && tag !== "maction";
    const node = document.createElementNS(
      "http://www.w3.org/1998/Math/MathML",
      known ? tag : "mrow",
    );
    for (const [name, value] of Object.entries(attributes)) {
      if (!/^(on|href|src|style|xlink)/i.test(name)) node.setAttribute(name, value);
    }
    node.append(...children.map((child) => (typeof child === "string" ? child : element(child))));
    return node;
  };
  const [, attributes, ...children] = tree;
  return element(["math", { ...attributes, display, alttext: latex }, ...children]);
}

/** @type {Record<string, (part: Part) => Node | string>} */
const DRAWN = {
  text: (part) => part.text,
  br: () => make("br"),
  code: (part) => make("code", {}, part.text),
  block: (part) => make("code", { class: "pfp-q-code" }, part.text),
  emphasis: (part) => make("em", {}, rich(part.text)),
  formula: (part) => formula(part.text, "inline"),
  display: (part) => formula(part.text, "block"),
  image: ({ text, alt }) =>
    EMBEDDED.test(text) ? make("img", { class: "pfp-q-picture", src: text, alt }) : `[${alt}]`,
};

/**
 * A bank's text as nodes.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function rich(text) {
  const fragment = document.createDocumentFragment();
  fragment.append(...partsOf(text).map((part) => DRAWN[part.kind](part)));
  return fragment;
}

/**
 * A bank's text without its marks, for a name or an option.
 * @param {string} text
 * @returns {string}
 */
export function unmarked(text) {
  return partsOf(text)
    .map((part) => (part.kind === "emphasis" ? unmarked(part.text) : part.alt ?? part.text))
    .join("");
}

/**
 * What a student types is no markup.
 * @param {string} text
 */
export function literal(text) {
  const parts = partsOf(text);
  if (parts.every(({ kind }) => kind === "text" || kind === "br") && unmarked(text) === text) {
    return text;
  }
  return text.replace(/[\\`*]|!(?=\[)/g, "\\$&");
}

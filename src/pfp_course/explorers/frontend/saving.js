import { drawn, make } from "../../questions/frontend/dom.js";

/** @import { Cell } from "./types.d.ts" */

/** @type {(name: string, content: Blob) => void} */
export function save(name, content) {
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * A table as CSV (RFC 4180), with the sources in its last line.
 * @type {(columns: string[], rows: Cell[][], sources: string) => Blob}
 */
export function csv(columns, rows, sources) {
  /** @type {(cell: Cell) => string} */
  const written = (cell) => {
    const text = cell === null ? "" : String(cell);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows].map((row) => row.map(written).join(","));
  lines.push("", written(`Source: ${sources}`));
  return new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
}

const MARGIN = 16;
const LINE = 17;

/**
 * A picture that stands alone: its colours are those of the page now, its title is above it, its
 * sources are below.
 * @type {(picture: SVGSVGElement, title: string, sources: string) => { text: string, width: number, height: number }}
 */
export function standalone(picture, title, sources) {
  const style = getComputedStyle(picture);
  const [wide, high] = [Number(picture.dataset.width), Number(picture.dataset.height)];
  const letters = Math.max(20, Math.floor(wide / 6.6));
  const heads = wrapped(title, Math.floor(letters * 0.85));
  const feet = wrapped(`Source: ${sources}`, letters);
  const top = MARGIN + heads.length * (LINE + 3);
  const [width, height] = [wide + 2 * MARGIN, top + high + feet.length * LINE + 2 * MARGIN];
  const inside = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
  for (const one of inside.querySelectorAll("[tabindex]")) one.removeAttribute("tabindex");
  inside.setAttribute("x", String(MARGIN));
  inside.setAttribute("y", String(top));
  inside.setAttribute("width", String(wide));
  inside.setAttribute("height", String(high));
  /** @type {(lines: string[], y: number, size: number, weight: string) => SVGElement[]} */
  const texts = (lines, y, size, weight) =>
    lines.map((line, place) =>
      drawn("text", {
        x: MARGIN,
        y: y + place * (size + 5),
        fill: style.color,
        "font-size": size,
        "font-weight": weight,
      }, line)
    );
  const whole = drawn(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "font-family": style.fontFamily,
    },
    drawn("rect", { width, height, fill: "var(--pfp-paper)" }),
    ...texts(heads, MARGIN + 12, 15, "600"),
    inside,
    ...texts(feet, top + high + MARGIN + 8, 12, "400"),
  );
  const text = new XMLSerializer().serializeToString(whole).replace(
    /var\((--pfp-[\w-]+)[^)]*\)/g,
    (_, name) => style.getPropertyValue(name).trim() || "#000000",
  );
  return { text, width, height };
}

/** @type {(text: string, letters: number) => string[]} */
function wrapped(text, letters) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= letters) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** @type {(text: string) => Blob} */
export const svgFile = (text) => new Blob([text], { type: "image/svg+xml;charset=utf-8" });

/**
 * A picture in points, two for each of the screen; rejects where the page may not make one.
 * @type {(text: string, width: number, height: number) => Promise<Blob>}
 */
export async function png(text, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(svgFile(text));
  try {
    await image.decode();
    const canvas = make("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!(blob instanceof Blob)) throw new Error("the canvas gave no picture");
    return blob;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

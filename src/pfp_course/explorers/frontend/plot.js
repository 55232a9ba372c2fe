import { drawn, make } from "../../questions/frontend/dom.js";
import { d3 } from "./d3/d3.js";

/** @import { Attributes } from "../../questions/frontend/dom.js" */
/** @import { Linear } from "./d3/d3.d.ts" */
/** @import { Point } from "./types.d.ts" */
/** @typedef {ReturnType<typeof plotOn>} Plot */

// The colours of the page; a picture that is saved gets them by value.
export const INK = "var(--pfp-ink, #1c2128)";
export const SOFT = "var(--pfp-ink-soft, #545b66)";
export const RULE = "var(--pfp-line, #d5d0c4)";
export const PAPER = "var(--pfp-paper, #fffefb)";
export const RAISED = "var(--pfp-paper-raised, #f7f5ef)";
/** The colour of a look, of those that all figures share: `s1` to `s10`. @type {(slot: string) => string} */
export const colourOf = (slot) => `var(--pfp-${slot}, #12507b)`;
/** What has no meaning of its own, and what a figure points out. */
export const PLAIN = colourOf("s6");
export const POINTED = colourOf("s2");

/**
 * The slot of a look for each name, no two alike: what has a meaning keeps its own, unless another
 * took it before; the others take what is left, in order.
 * @type {(wanted: (string | null)[], slots: string[]) => string[]}
 */
export function slotsOf(wanted, slots) {
  const free = slots.filter((slot) => !wanted.includes(slot));
  return wanted.map((slot, place) =>
    slot && wanted.indexOf(slot) === place ? slot : free.shift() ?? slots[0]
  );
}

const LETTER = 6.7; // pixels of one letter, on average
const NEAR = 28; // pixels from a mark at which the pointer means it

/** @type {(words: string) => number} */
export const widthOf = (words) => words.length * LETTER;

/**
 * Places moved as little as need be, so that no two are nearer than `apart`.
 * @type {(places: number[], apart: number) => number[]}
 */
export function spreadOut(places, apart) {
  const order = places.map((_, place) => place).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  for (let round = 0; round < 100; round += 1) {
    let close = false;
    for (let at = 1; at < order.length; at += 1) {
      const gap = apart - (moved[order[at]] - moved[order[at - 1]]);
      if (gap > 1e-6) {
        moved[order[at - 1]] -= gap / 2;
        moved[order[at]] += gap / 2;
        close = true;
      }
    }
    if (!close) break;
  }
  return moved;
}

/**
 * An empty picture in a place: axes, shapes, and marks that say their values to the pointer, the
 * finger and the keyboard.
 * @param {HTMLElement} host
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {string} title
 */
export function plotOn(host, width, height, title) {
  const svg = drawn("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    "data-width": width,
    "data-height": height,
    role: "group",
    "aria-label": `${title} Arrow keys go from mark to mark.`,
    "font-size": 12.5,
  });
  // Its words are in the table and in the sentence under it.
  const scene = drawn("g", { "aria-hidden": "true" });
  const marks = drawn("g", {});
  svg.append(scene, marks);
  const tip = make("div", { class: "pfp-live-tip", "aria-hidden": "true", hidden: true });
  host.replaceChildren(svg, tip);
  /** @type {Point[]} */
  const points = [];

  /** @type {(point: Point | undefined) => void} */
  function show(point) {
    tip.hidden = !point;
    if (!point) return;
    tip.textContent = point.words;
    const scale = svg.getBoundingClientRect().width / width || 1;
    const half = tip.offsetWidth / 2;
    const left = Math.min(Math.max(point.x * scale, half), width * scale - half);
    const above = point.y * scale - tip.offsetHeight - point.reach - 6;
    tip.style.setProperty("left", `${left - half}px`);
    tip.style.setProperty("top", `${above < 0 ? point.y * scale + point.reach + 8 : above}px`);
  }

  /** @type {(event: PointerEvent | MouseEvent) => Point | undefined} */
  function under(event) {
    const box = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map((one) =>
      one * width / box.width
    );
    /** @type {(point: Point) => number} */
    const far = (point) => Math.hypot(point.x - x, point.y - y) - point.reach;
    const [nearest] = [...points].sort((a, b) => far(a) - far(b));
    return nearest && far(nearest) < NEAR ? nearest : undefined;
  }
  svg.addEventListener("pointermove", (event) => show(under(event)));
  svg.addEventListener("pointerdown", (event) => show(under(event)));
  svg.addEventListener("pointerleave", () => show(undefined));
  svg.addEventListener("click", (event) => under(event)?.act?.());

  /** @type {(point: Point | undefined) => void} */
  function enter(point) {
    if (!point) return;
    for (const one of points) one.node.setAttribute("tabindex", one === point ? "0" : "-1");
    point.node.focus({ preventScroll: false });
  }
  svg.addEventListener("focusin", ({ target }) => {
    const point = points.find((one) => one.node === target);
    if (!point) return;
    for (const one of points) one.node.setAttribute("tabindex", one === point ? "0" : "-1");
    show(point);
  });
  svg.addEventListener("focusout", () => show(undefined));
  svg.addEventListener("keydown", (event) => {
    const here = points.find((one) => one.node === event.target);
    if (event.key === "Escape") show(undefined);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = points.filter((one) => one.series === here.series);
    const names = [...new Set(points.map((one) => one.series))];
    /** @type {(step: number) => Point | undefined} */
    const across = (step) => {
      const name = names[names.indexOf(here.series) + step];
      return points.filter((one) => one.series === name).sort((a, b) =>
        Math.abs(a.x - here.x) - Math.abs(b.x - here.x)
      )[0];
    };
    /** @type {Record<string, () => Point | undefined>} */
    const ways = {
      ArrowRight: () => row[row.indexOf(here) + 1] ?? across(1),
      ArrowLeft: () => row[row.indexOf(here) - 1] ?? across(-1),
      ArrowDown: () => across(1),
      ArrowUp: () => across(-1),
      Home: () => row[0],
      End: () => row[row.length - 1],
    };
    if (Object.hasOwn(ways, event.key)) {
      event.preventDefault();
      event.stopPropagation();
      enter(ways[event.key]());
    } else if ((event.key === "Enter" || event.key === " ") && here.act) {
      event.preventDefault();
      here.act();
    }
  });

  /**
   * A shape that says nothing by itself.
   * @template {keyof SVGElementTagNameMap} T
   * @param {T} tag
   * @param {Attributes} attributes
   * @param {(Node | string)[]} children
   */
  function add(tag, attributes, ...children) {
    const node = drawn(tag, attributes, ...children);
    scene.append(node);
    return node;
  }

  /** @type {(x: number, y: number, words: string, attributes?: Attributes) => void} */
  function text(x, y, words, attributes = {}) {
    add("text", { x, y, fill: INK, ...attributes }, words);
  }

  /**
   * A mark that says its words.
   * @param {{ x: number, y: number, words: string, series?: string, key?: string, form?: number,
   *   size?: number, fill?: string, stroke?: string, shape?: SVGElement, reach?: number,
   *   isPressed?: boolean, act?: () => void }} mark its form is one of D3's, or a shape of its own
   */
  function point({ x, y, words, series = "", key, form = 0, size = 46, ...look }) {
    const shape = look.shape ?? drawn("path", {
      d: d3.symbol(d3.symbolsFill[form % 7], size)(),
      transform: `translate(${x},${y})`,
      fill: look.fill ?? PLAIN,
      stroke: look.stroke ?? PAPER,
      "stroke-width": 1,
    });
    const node = drawn("g", {
      class: "pfp-live-mark",
      role: look.act ? "button" : "img",
      "aria-label": words,
      "aria-pressed": look.act && look.isPressed !== undefined ? String(look.isPressed) : null,
      tabindex: points.length ? -1 : 0,
      "data-key": key ?? `${series} ${words.split(":")[0]}`,
    }, shape);
    marks.append(node);
    const reach = look.reach ?? Math.sqrt(size) / 2;
    points.push({ x, y, series, words, node, reach, act: look.act });
    return node;
  }

  /**
   * An axis under the picture, or at its left.
   * @param {"x" | "y"} side
   * @param {Linear} scale
   * @param {{ at: number, to: number, label: string, count?: number, rules?: boolean,
   *   format?: (value: number) => string }} look its place, and how far its rules reach
   */
  function axis(side, scale, { at, to, label, count = 6, rules = true, format = String }) {
    const isX = side === "x";
    const [from, until] = scale.range();
    for (const value of scale.ticks(count)) {
      const place = scale(value);
      if (rules) {
        add("line", {
          ...(isX
            ? { x1: place, x2: place, y1: at, y2: to }
            : { x1: at, x2: to, y1: place, y2: place }),
          stroke: RULE,
          "stroke-width": 1,
        });
      }
      // Below the foot of a handle, which stands on the axis.
      const [x, y] = isX ? [place, at + 20] : [at - 7, place + 4];
      text(x, y, format(value), { "text-anchor": isX ? "middle" : "end", fill: SOFT });
    }
    if (isX) {
      add("line", { x1: from, x2: until, y1: at, y2: at, stroke: SOFT });
      text((from + until) / 2, at + 37, label, { "text-anchor": "middle", fill: SOFT });
    } else text(0, Math.min(from, until) - 14, label, { fill: SOFT });
  }

  /**
   * Something to drag along the width; keys move it, too.
   * @param {{ x: number, top: number, bottom: number, label: string, name: string, value: number,
   *   min: number, max: number, step: number, big?: number, words: string, at: (x: number) => number,
   *   move: (value: number) => void }} grip
   */
  function handle(
    { x, top, bottom, label, name, value, min, max, step, big = 5, words, at, move },
  ) {
    const node = drawn(
      "g",
      {
        class: "pfp-live-handle",
        role: "slider",
        tabindex: 0,
        "aria-label": label,
        "aria-valuemin": min,
        "aria-valuemax": max,
        "aria-valuenow": value,
        "aria-valuetext": words,
        "data-key": `handle ${name}`,
      },
      // Narrow beside the marks, wide at its foot: a finger must find both.
      drawn("rect", { x: x - 7, y: top, width: 14, height: bottom - top, fill: "transparent" }),
      drawn("circle", { cx: x, cy: bottom, r: 20, fill: "transparent" }),
      drawn("line", { x1: x, x2: x, y1: top, y2: bottom, stroke: POINTED, "stroke-width": 2.5 }),
      drawn("circle", { cx: x, cy: bottom, r: 9, fill: POINTED, stroke: PAPER, "stroke-width": 2 }),
    );
    marks.append(node);
    /** @type {(wanted: number) => void} */
    const go = (wanted) => move(Math.min(max, Math.max(min, wanted)));
    node.addEventListener("keydown", (event) => {
      /** @type {Record<string, number>} */
      const steps = {
        ArrowRight: value + step,
        ArrowUp: value + step,
        ArrowLeft: value - step,
        ArrowDown: value - step,
        PageUp: value + big * step,
        PageDown: value - big * step,
        Home: min,
        End: max,
      };
      if (!Object.hasOwn(steps, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      go(steps[event.key]);
    });
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      node.focus({ preventScroll: true });
      // The picture is drawn anew at each step: its place stays.
      const box = host.getBoundingClientRect();
      /** @param {PointerEvent} moved */
      const drag = (moved) => go(at((moved.clientX - box.left) * width / box.width));
      const end = () => {
        document.removeEventListener("pointermove", drag);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
      };
      document.addEventListener("pointermove", drag);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
  }

  return { svg, width, height, points, add, text, point, axis, handle };
}

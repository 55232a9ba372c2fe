import { choiceControls } from "../choices.js";
import { drawn } from "../dom.js";
import { single } from "./single.js";

/** @import { Attributes } from "../dom.js" */
/** @import { Kind, PickingSpec } from "../types.d.ts" */

const HIT = 16; // units of the drawing

// A place on a map or a point on a chart: the list is the question, the drawing a second way.
/** @type {Kind<PickingSpec>} */
export const picking = {
  parse: single.parse,

  score: single.score,

  controls(spec, name, number, changed, seed) {
    const controls = choiceControls({ ...spec, shuffle: false }, name, number, "radio", () => {
      show();
      changed();
    }, seed);
    /** @type {[Element, number][]} */
    const shapes = [];
    const { width, height, areas, frame, marks, words } = spec.drawing;
    /** @type {(tag: "path" | "circle", at: Attributes, choice: number | null) => Element} */
    const shape = (tag, attributes, choice) => {
      const node = drawn(tag, attributes);
      if (choice === null) return node;
      node.classList.add("pfp-q-shape");
      node.append(drawn("title", {}, spec.choices[choice].text));
      node.addEventListener("click", () => controls.pick(choice));
      shapes.push([node, choice]);
      return node;
    };
    const picture = drawn(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, class: "pfp-q-drawing", "aria-hidden": "true" },
      drawn("path", { d: frame, class: "pfp-q-frame" }),
      ...areas.map(({ d, choice }) => shape("path", { d, class: "pfp-q-area" }, choice)),
      ...marks.map(({ x, y, choice }) =>
        shape("circle", { cx: x, cy: y, r: 7, class: "pfp-q-dot" }, choice)
      ),
      ...(spec.drawing.small ?? []).map(({ x, y }) =>
        drawn("circle", { cx: x, cy: y, r: HIT, class: "pfp-q-ring" })
      ),
      ...words.map(({ x, y, text, at }) => drawn("text", { x, y, "text-anchor": at }, text)),
    );
    // A small state is hard to hit: a click beside it counts for it, and a ring shows where it is.
    picture.addEventListener("click", ({ clientX, clientY }) => {
      const { left, top, width: seen } = picture.getBoundingClientRect();
      const [x, y] = [clientX - left, clientY - top].map((one) => (one * width) / seen);
      /** @type {(mark: { x: number, y: number }) => number} */
      const away = (mark) => Math.hypot(mark.x - x, mark.y - y);
      const [near] = [...spec.drawing.small ?? []].sort((a, b) => away(a) - away(b));
      if (near && away(near) <= HIT) controls.pick(near.choice);
    });
    controls.node.querySelector("legend")?.after(picture);
    controls.node.classList.add("pfp-q-picking");
    function show() {
      const [chosen] = controls.chosen();
      for (const [node, choice] of shapes) node.classList.toggle("pfp-q-picked", choice === chosen);
    }
    return {
      ...controls,
      read: () => controls.chosen()[0] ?? null,
      write: (response) => {
        controls.choose(response === null ? [] : [response]);
        show();
      },
      judge: (how, state) => {
        controls.judge(how, state);
        for (const [node, choice] of shapes) {
          node.classList.toggle("pfp-q-shape-right", how === "all" && spec.choices[choice].right);
        }
      },
    };
  },

  answer: single.answer,
};

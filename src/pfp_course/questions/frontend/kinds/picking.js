import { choiceControls } from "../choices.js";
import { drawn } from "../nodes.js";
import { single } from "./single.js";

// A place on a map or a point on a chart: the list is the question, the drawing a second way.
export const picking = {
  mark: single.mark,

  controls(spec, name, number, changed, seed) {
    const controls = choiceControls({ ...spec, shuffle: false }, name, number, "radio", () => {
      show();
      changed();
    }, seed);
    const shapes = [];
    const { width, height, areas, frame, marks, words } = spec.drawing;
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
        shape("circle", { cx: x, cy: y, r: 7, class: "pfp-q-dot" }, choice),
      ),
      ...words.map(({ x, y, text, at }) => drawn("text", { x, y, "text-anchor": at }, text)),
    );
    controls.node.querySelector("legend").after(picture);
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

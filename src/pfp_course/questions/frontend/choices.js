import { disable, isIn, unseen, verdictSign } from "./controls.js";
import { make } from "./dom.js";
import { rich } from "./markup.js";
import { shuffled } from "./randomness.js";

/** @import { ChoiceSpec, Controls } from "./types.d.ts" */

/**
 * Radio buttons or check boxes, for the kinds with choices.
 * @param {ChoiceSpec} spec
 * @param {string} name
 * @param {(Node | string)[]} number
 * @param {"radio" | "checkbox"} type
 * @param {() => void} changed
 * @param {string} seed
 */
export function choiceControls(spec, name, number, type, changed, seed) {
  const pinned = spec.choices.flatMap((choice, position) => (choice.pin ? [position] : []));
  const shown = spec.shuffle
    ? shuffled(spec.choices.length, seed, spec.id, pinned)
    : spec.choices.map((_, position) => position);
  const inputs = spec.choices.map((_, position) =>
    make("input", { type, name, id: `${name}-${position}`, value: String(position) })
  );
  const verdicts = spec.choices.map(() => make("span", { class: "pfp-q-verdict" }));
  const rows = spec.choices.map((choice, position) =>
    make(
      "div",
      { class: "pfp-q-choice" },
      inputs[position],
      make(
        "label",
        { for: inputs[position].id },
        rich(choice.text),
        ...(choice.note ? [unseen(`, ${choice.note}`)] : []),
      ),
      verdicts[position],
    )
  );
  const node = make(
    "fieldset",
    { class: "pfp-q-field" },
    make("legend", { class: "pfp-q-ask" }, ...number, rich(spec.ask)),
    ...shown.map((position) => rows[position]),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => Number(input.value));
  /** @type {Controls["judge"]} */
  const judge = (show) => {
    inputs.forEach((input, position) => {
      const { right, share = 0 } = spec.choices[position];
      verdicts[position].replaceChildren();
      rows[position].classList.remove("pfp-q-right", "pfp-q-wrong");
      const told = show === "all" ? right || input.checked : show === "chosen" && input.checked;
      if (!told) return;
      rows[position].classList.add(right ? "pfp-q-right" : "pfp-q-wrong");
      verdicts[position].append(...verdictSign(right ? "right" : share > 0 ? "part" : "wrong"));
    });
  };
  // Not the attribute `disabled`: it would throw the keyboard's focus off the page. An arrow key
  // clicks, too.
  let held = false;
  node.addEventListener("click", (event) => {
    if (held && isIn(event, "input")) event.preventDefault();
  });
  node.addEventListener("change", changed);
  return {
    node,
    chosen,
    /** @param {number[]} positions */
    choose: (positions) => {
      inputs.forEach((input, position) => {
        input.checked = positions.includes(position);
      });
    },
    judge,
    /** @param {number} position */
    pick: (position) => {
      if (held) return;
      inputs[position].checked = true;
      inputs[position].dispatchEvent(new Event("change", { bubbles: true }));
    },
    /** @param {boolean} locked */
    lock: (locked) => {
      held = locked;
      for (const input of inputs) disable(input, locked);
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[shown[0]]).focus(),
  };
}

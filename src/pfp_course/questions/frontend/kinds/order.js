import { disable, focusFirst, isIn, verdictSign } from "../controls.js";
import { make } from "../dom.js";
import { rich, unmarked } from "../markup.js";
import { disordered } from "../randomness.js";

/** @import { Kind, OrderSpec } from "../types.d.ts" */

const UNTOUCHED =
  "Put the items in order first. As they are shown they are not answered, and earn nothing.";

/** @type {Kind<OrderSpec>} */
export const order = {
  parse(spec, response) {
    const count = spec.items.length;
    const usable = Array.isArray(response) &&
      response.length === count &&
      new Set(response).size === count &&
      response.every((item) => Number.isInteger(item) && item >= 0 && item < count);
    return usable ? { value: response } : { unread: [UNTOUCHED] };
  },

  score(spec, /** @type {number[]} */ response) {
    const count = spec.items.length;
    const pairs = (count * (count - 1)) / 2;
    let ordered = 0;
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) ordered += response[a] < response[b] ? 1 : 0;
    }
    if (ordered === pairs) return { state: "right", share: 1, says: [] };
    const share = Math.max(0, 2 * ordered - pairs) / pairs;
    const placed = response.filter((item, position) => item === position).length;
    const places = placed === 1 ? "1 item stands" : `${placed} items stand`;
    const says = [`${places} in the right place.`, spec.otherwise];
    return { state: share ? "part" : "wrong", share, says };
  },

  controls(spec, name, number, changed, seed) {
    const start = disordered(spec.items.length, seed, spec.id);
    // Checked as it is shown, the question is not answered; who moved an item and moved it back
    // has answered.
    let moved = false;
    let held = false;
    // Items that stand where they belong, once that was told: the others are moved past them.
    /** @type {Set<number>} */
    let fixed = new Set();
    const live = make("p", { class: "pfp-q-unseen", "aria-live": "polite" });
    const list = make("ol", { class: "pfp-q-order", "aria-labelledby": `${name}-ask` });
    const rows = spec.items.map((item, position) => {
      const up = arrow("\u2191", `Move up: ${unmarked(item)}`);
      const down = arrow("\u2193", `Move down: ${unmarked(item)}`);
      const sign = make("span", { class: "pfp-q-verdict" });
      const row = make(
        "li",
        {},
        make("span", {}, rich(item)),
        sign,
        make("span", { class: "pfp-q-arrows" }, up, down),
      );
      up.addEventListener("click", () => move(position, -1, up));
      down.addEventListener("click", () => move(position, 1, down));
      // Held by its words, an item follows the pointer; the arrow keys move it from its buttons.
      row.addEventListener("pointerdown", (event) => {
        if (held || fixed.has(position) || event.button || isIn(event, "button")) return;
        event.preventDefault();
        row.setPointerCapture(event.pointerId);
        row.classList.add("pfp-q-dragged");
      });
      row.addEventListener("pointermove", ({ pointerId, clientY }) => {
        if (row.hasPointerCapture(pointerId)) drag(position, clientY);
      });
      row.addEventListener("lostpointercapture", () => row.classList.remove("pfp-q-dragged"));
      row.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        move(position, step, step < 0 ? up : down);
      });
      return { row, sign, arrows: [up, down] };
    });
    /** @type {number[]} positions of the items, in the order in which they stand */
    let now = [];
    /** @param {number[]} order */
    function show(order) {
      now = order;
      // Only what stands elsewhere is moved, so that a row that is held keeps the pointer.
      const held = rows.find(({ row }) => row.classList.contains("pfp-q-dragged"))?.row;
      const wanted = order.map((position) => rows[position].row);
      const at = held ? wanted.indexOf(held) : -1;
      if (!held || !list.contains(held)) return list.replaceChildren(...wanted);
      wanted.slice(0, at).forEach((row) => held.before(row));
      list.append(...wanted.slice(at + 1));
    }
    /** @type {(position: number, step: number, pressed: HTMLElement) => void} */
    function move(position, step, pressed) {
      const free = now.filter((one) => !fixed.has(one));
      const target = free.indexOf(position) + step;
      if (held || fixed.has(position) || target < 0 || target >= free.length) return;
      put(position, target);
      pressed.focus();
    }
    /** @type {(position: number, target: number) => void} the target counts the places that are free */
    function put(position, target) {
      const free = now.filter((one) => one !== position && !fixed.has(one));
      free.splice(target, 0, position);
      show(now.map((one) => (fixed.has(one) ? one : /** @type {number} */ (free.shift()))));
      moved = true;
      const place = now.indexOf(position) + 1;
      live.textContent = `${unmarked(spec.items[position])}: place ${place} of ${rows.length}`;
      changed();
    }
    /** @type {(position: number, y: number) => void} */
    function drag(position, y) {
      const free = now.filter((one) => !fixed.has(one));
      const middle = (/** @type {number} */ one) => {
        const { top, height } = rows[one].row.getBoundingClientRect();
        return top + height / 2;
      };
      const target = free.filter((one) => one !== position && middle(one) < y).length;
      if (target === free.indexOf(position)) return;
      // The row stays in the page: taken out of it, it would lose the pointer.
      put(position, target);
    }
    return {
      node: make(
        "div",
        { class: "pfp-q-field", role: "group", "aria-labelledby": `${name}-ask` },
        make("p", { class: "pfp-q-ask", id: `${name}-ask` }, ...number, rich(spec.ask)),
        make("p", { class: "pfp-q-end" }, `\u2191 ${spec.ends[0]}`),
        list,
        make("p", { class: "pfp-q-end" }, `\u2193 ${spec.ends[1]}`),
        live,
      ),
      read: () => (moved ? now : null),
      write: (response) => {
        moved = Array.isArray(response);
        fixed = new Set();
        show(response ?? start);
      },
      judge: (how) => {
        if (how) fixed = new Set(now.filter((position, place) => position === place));
        now.forEach((position) => {
          const { row, sign, arrows } = rows[position];
          const right = fixed.has(position);
          row.classList.toggle("pfp-q-right", right);
          row.classList.toggle("pfp-q-wrong", Boolean(how && !right));
          arrows.forEach((one) => disable(one, right || held));
          sign.replaceChildren(
            ...(right || how
              ? verdictSign(right ? "right" : "wrong", right ? "right place" : "wrong place")
              : []),
          );
        });
      },
      lock: (locked) => {
        held = locked;
        rows.forEach(({ arrows }, position) =>
          arrows.forEach((one) => disable(one, locked || fixed.has(position)))
        );
      },
      focus: () => focusFirst(list),
    };
  },

  answer: (spec) => spec.items.map((item, position) => `${position + 1}. ${item}`),
};

/** @type {(sign: string, label: string) => HTMLButtonElement} */
function arrow(sign, label) {
  return make(
    "button",
    { type: "button", class: "pfp-q-button pfp-q-arrow", "aria-label": label },
    sign,
  );
}

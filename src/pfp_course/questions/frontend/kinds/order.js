import { make, rich, unseen } from "../nodes.js";
import { shuffled } from "../seeds.js";

export const order = {
  mark(spec, response) {
    const count = spec.items.length;
    const usable =
      Array.isArray(response) &&
      response.length === count &&
      new Set(response).size === count &&
      response.every((item) => Number.isInteger(item) && item >= 0 && item < count);
    if (!usable) return { state: "unread", share: 0, says: ["Put all items in order first."] };
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
    const start = shuffled(spec.items.length, seed, spec.id);
    // In their right order the question would answer itself.
    if (start.every((item, position) => item === position)) start.reverse();
    let held = false;
    const live = make("p", { class: "pfp-q-unseen", "aria-live": "polite" });
    const list = make("ol", { class: "pfp-q-order", "aria-labelledby": `${name}-ask` });
    const rows = spec.items.map((item, position) => {
      const up = arrow("\u2191", `Move up: ${item}`);
      const down = arrow("\u2193", `Move down: ${item}`);
      const sign = make("span", { class: "pfp-q-verdict" });
      const row = make("li", {}, make("span", {}, rich(item)), sign, make("span", { class: "pfp-q-arrows" }, up, down));
      row.position = position;
      row.sign = sign;
      up.addEventListener("click", () => move(row, -1, up));
      down.addEventListener("click", () => move(row, 1, down));
      return row;
    });
    const now = () => [...list.children].map((row) => row.position);
    function move(row, step, pressed) {
      const place = [...list.children].indexOf(row);
      const target = place + step;
      if (held || target < 0 || target >= rows.length) return;
      if (step < 0) list.children[target].before(row);
      else list.children[target].after(row);
      pressed.focus();
      live.textContent = `${spec.items[row.position]}: place ${target + 1} of ${rows.length}`;
      changed();
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
      read: now,
      write: (response) =>
        list.replaceChildren(...(response ?? start).map((position) => rows[position])),
      judge: (show) => {
        [...list.children].forEach((row, place) => {
          const right = row.position === place;
          row.className = show ? (right ? "pfp-q-right" : "pfp-q-wrong") : "";
          row.sign.replaceChildren(
            ...(show
              ? [make("span", { "aria-hidden": "true" }, right ? "\u2713" : "\u2717"),
                 unseen(right ? "right place" : "wrong place")]
              : []),
          );
        });
      },
      lock: (locked) => {
        held = locked;
        list.querySelectorAll("button").forEach((one) => {
          if (locked) one.setAttribute("aria-disabled", "true");
          else one.removeAttribute("aria-disabled");
        });
      },
      focus: () => list.querySelector("button").focus(),
    };
  },

  answer: (spec) => spec.items.map((item, position) => `${position + 1}. ${item}`),
};

function arrow(sign, label) {
  return make(
    "button",
    { type: "button", class: "pfp-q-button pfp-q-arrow", "aria-label": label.replace(/[`*]/g, "") },
    sign,
  );
}

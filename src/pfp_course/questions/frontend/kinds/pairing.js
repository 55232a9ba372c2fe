import { make, rich, unseen } from "../nodes.js";

// Matching and classification: to each item belongs one of the options.
export const pairing = {
  mark(spec, response) {
    const usable =
      Array.isArray(response) &&
      response.length === spec.items.length &&
      response.every((one) => Number.isInteger(one) && one >= 0 && one < spec.options.length);
    if (!usable) {
      return { state: "unread", share: 0, says: ["Choose an answer for every line first."] };
    }
    const wrong = spec.items.filter((item, position) => item.right !== response[position]);
    if (!wrong.length) return { state: "right", share: 1, says: [] };
    const share = (spec.items.length - wrong.length) / spec.items.length;
    return { state: share ? "part" : "wrong", share, says: wrong.map((item) => item.say) };
  },

  controls(spec, name, number, changed) {
    let held = null;
    const selects = spec.items.map((item, position) =>
      make(
        "select",
        { id: `${name}-${position}` },
        make("option", { value: "" }, "Choose \u2026"),
        ...spec.options.map((option, index) =>
          make("option", { value: String(index) }, option.replace(/[`*]/g, "")),
        ),
      ),
    );
    const signs = spec.items.map(() => make("span", { class: "pfp-q-verdict" }));
    const rows = spec.items.map((item, position) =>
      make(
        "div",
        { class: "pfp-q-pair" },
        make("label", { for: selects[position].id }, rich(item.text)),
        selects[position],
        signs[position],
      ),
    );
    const node = make(
      "fieldset",
      { class: "pfp-q-field" },
      make("legend", { class: "pfp-q-ask" }, ...number, rich(spec.ask)),
      ...rows,
    );
    const put = (response) =>
      selects.forEach((select, position) => {
        const one = (response ?? [])[position];
        select.value = Number.isInteger(one) ? String(one) : "";
      });
    node.addEventListener("change", () => {
      if (held) put(held);
      else changed();
    });
    return {
      node,
      read: () => selects.map((select) => (select.value === "" ? null : Number(select.value))),
      write: put,
      judge: (show) =>
        selects.forEach((select, position) => {
          const right = Number(select.value) === spec.items[position].right;
          const told = show && select.value !== "";
          rows[position].classList.toggle("pfp-q-right", Boolean(told && right));
          rows[position].classList.toggle("pfp-q-wrong", Boolean(told && !right));
          signs[position].replaceChildren(
            ...(told
              ? [make("span", { "aria-hidden": "true" }, right ? "\u2713" : "\u2717"),
                 unseen(right ? "right" : "not right")]
              : []),
          );
        }),
      lock: (locked) => {
        held = locked ? selects.map((select) => (select.value === "" ? null : Number(select.value))) : null;
        for (const select of selects) {
          if (locked) select.setAttribute("aria-disabled", "true");
          else select.removeAttribute("aria-disabled");
        }
      },
      focus: () => (selects.find((select) => select.value === "") ?? selects[0]).focus(),
    };
  },

  answer: (spec) => spec.items.map((item) => `${item.text}: ${spec.options[item.right]}`),
};

import { date } from "./kinds/date.js";
import { multiple } from "./kinds/multiple.js";
import { numeric } from "./kinds/numeric.js";
import { open } from "./kinds/open.js";
import { order } from "./kinds/order.js";
import { pairing } from "./kinds/pairing.js";
import { picking } from "./kinds/picking.js";
import { single } from "./kinds/single.js";
import { text } from "./kinds/text.js";

export const KINDS = {
  single,
  multiple,
  numeric,
  text,
  date,
  order,
  match: pairing,
  classify: pairing,
  place: picking,
  point: picking,
  open,
};

// A key that nothing fits, so that a kind can read the answer to a released question.
function blank(spec) {
  const nothing = { traps: [], otherwise: "", accept: [], rubric: [], key: 0, tolerance: -1 };
  const unmarked = (list) => list.map((one) => ({ ...one, right: -1, say: "" }));
  if (spec.choices) nothing.choices = spec.choices.map((one) => ({ ...one, right: false, say: "" }));
  if (spec.options) nothing.items = unmarked(spec.items);
  if (spec.kind === "date") nothing.key = "0".repeat(spec.precision);
  return nothing;
}

// The same marks as questions/kinds in Python: {state, share, says}.
export function mark(spec, response) {
  const kind = KINDS[spec.kind];
  if (!spec.exam) return kind.mark(spec, response);
  const found = kind.mark({ ...spec, ...blank(spec) }, response);
  return found.state === "unread" ? found : { state: "saved", share: 0, says: [] };
}

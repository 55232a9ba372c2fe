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

// The same marks as questions/kinds in Python: {state, share, says}.
export function mark(spec, response) {
  return KINDS[spec.kind].mark(spec, response);
}

import { multiple } from "./kinds/multiple.js";
import { numeric } from "./kinds/numeric.js";
import { single } from "./kinds/single.js";
import { text } from "./kinds/text.js";

export const KINDS = { single, multiple, numeric, text };

// The same marks as questions/kinds in Python: {state, share, says}.
export function mark(spec, response) {
  return KINDS[spec.kind].mark(spec, response);
}

import { KINDS, mark } from "./marking.js";

/** @import { Response, Spec } from "./types.d.ts" */

// Whether two responses are the same answer, however each is written; as marking.py knows it.

/** @param {Response} one */
const spaced = (one) => (typeof one === "string" ? one.replace(/\s+/g, " ").trim() : one);

/** @type {(spec: Spec, response: Response) => Response} */
const compared = (spec, response) =>
  KINDS[spec.kind].normal?.(spec, response) ??
    (Array.isArray(response) ? response.map(spaced) : spaced(response));

/** @type {(one: Response, other: Response) => boolean} */
export const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @type {(spec: Spec, one: Response, other: Response) => boolean} */
export function sameResponse(spec, one, other) {
  if (one === null || other === null) return false;
  if (!alike(compared(spec, one), compared(spec, other))) return false;
  // A kind may tell apart what is written alike here.
  const [first, second] = [mark(spec, one), mark(spec, other)];
  return first.state === second.state && first.share === second.share;
}

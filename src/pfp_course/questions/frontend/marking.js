/** @import { Kind, Mark, Response, Spec } from "./types.d.ts" */

/**
 * The kinds by their name. They are put here when the modules are joined; the Python class of a
 * kind names its module.
 * @type {Record<string, Kind<any>>}
 */
export const KINDS = {};

/**
 * The same marks as questions/kinds in Python.
 * @param {Spec} spec
 * @param {Response} response
 * @returns {Mark}
 */
export function mark(spec, response) {
  const kind = KINDS[spec.kind];
  if (!spec.exam) return kind.mark(spec, response);
  const found = kind.mark(keyless(spec), response);
  return found.state === "unread" ? found : { state: "saved", share: 0, says: [] };
}

/**
 * A released question with a key that nothing fits, so that its kind can read a response.
 * @template {Spec} S
 * @param {S} spec
 * @returns {S}
 */
export const keyless = (spec) => ({
  ...spec,
  traps: [],
  otherwise: "",
  ...KINDS[spec.kind].keyless(spec),
});

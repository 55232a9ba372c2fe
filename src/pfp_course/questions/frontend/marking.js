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
  const { value, unread } = kind.parse(spec, response);
  if (unread) return { state: "unread", share: 0, says: unread };
  return spec.exam ? { state: "saved", share: 0, says: [] } : kind.score(spec, value);
}

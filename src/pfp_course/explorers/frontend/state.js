// A state in an address: #explore-votes?states=KAZ,UZB&measure=usa

/** @import { Control, State } from "./types.d.ts" */

/** @type {(name: string) => string} */
export const anchorOf = (name) => `explore-${name}`;

/** @type {(name: string, state: State, first: State) => string} */
export function hashOf(name, state, first) {
  const said = Object.entries(state).filter(([key, value]) => value !== first[key]);
  const text = new URLSearchParams(said).toString().replaceAll("%2C", ",");
  return `#${anchorOf(name)}${text && `?${text}`}`;
}

/**
 * What an address says of an explorer; null if it speaks of something else.
 * @type {(name: string, hash: string) => State | null}
 */
export function stateOf(name, hash) {
  const [anchor, text = ""] = hash.replace(/^#/, "").split("?");
  return anchor === anchorOf(name) ? Object.fromEntries(new URLSearchParams(text)) : null;
}

/**
 * A state that the controls can show: an address may say anything.
 * @type {(controls: Control[], state: State, first: State) => State}
 */
export function valid(controls, state, first) {
  /** @type {State} */
  const kept = { ...first };
  for (const control of controls) {
    const { name } = control;
    if (control.kind === "acts" || !Object.hasOwn(state, name)) continue;
    const value = validValue(control, String(state[name]));
    if (value !== null) kept[name] = value;
  }
  return kept;
}

/** @type {(control: Control, value: string) => string | null} */
function validValue({ kind, options = [], most = Infinity, min = 0, max = 0, step = 1 }, value) {
  const known = new Set(options.map(([one]) => one));
  if (kind === "one") return known.has(value) ? value : null;
  if (kind === "switch") return value === "yes" || value === "no" ? value : null;
  if (kind === "many") {
    const some = [...new Set(value.split(","))].filter((one) => known.has(one));
    return some.slice(0, most).join(",");
  }
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return null;
  const stepped = min + Math.round((number - min) / step) * step;
  return String(Math.min(max, Math.max(min, stepped)));
}

/** @type {(value: string) => string[]} */
export const listOf = (value) => value.split(",").filter(Boolean);

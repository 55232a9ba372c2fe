// The same as statistics.py; both pass the same vectors.
import { d3 } from "./d3/d3.js";

/**
 * Cohen's kappa of two readers, or null where both use one word alone.
 * @type {(one: string[], other: string[]) => number | null}
 */
export function kappaOf(one, other) {
  const words = new Set(one);
  /** @type {(said: string[], word: string) => number} */
  const count = (said, word) => said.filter((each) => each === word).length;
  const seen = one.filter((word, place) => word === other[place]).length / one.length;
  let luck = 0;
  for (const word of words) luck += count(one, word) * count(other, word);
  if (luck === one.length ** 2) return null;
  luck /= one.length ** 2;
  return (seen - luck) / (1 - luck);
}

/**
 * Kaplan and Meier's estimate: a row at 0 and at each time, in order.
 * @param {number[]} times
 * @param {boolean[]} happened false where observation ended before
 */
export function survivalOf(times, happened) {
  let atRisk = times.length;
  let share = 1;
  const rows = [{ time: 0, atRisk, events: 0, share }];
  for (const time of [...new Set(times)].sort((a, b) => a - b)) {
    const here = times.flatMap((one, place) => (one === time ? [happened[place]] : []));
    const events = here.filter(Boolean).length;
    share *= 1 - events / atRisk;
    rows.push({ time, atRisk, events, share });
    atRisk -= here.length;
  }
  return rows;
}

/**
 * Draws by lot with replacement: the places that each draw takes. The generator is linear
 * congruential, with the constants of Numerical Recipes.
 * @type {(size: number, draws: number, seed: number) => number[][]}
 */
export function drawnPlaces(size, draws, seed) {
  const chance = d3.randomLcg(seed);
  const one = () => Array.from({ length: size }, () => Math.floor(chance() * size));
  return Array.from({ length: draws }, one);
}

/**
 * A quantile between the two nearest values, as pandas takes it.
 * @type {(values: number[], share: number) => number}
 */
export const quantileOf = (values, share) =>
  Number(d3.quantileSorted([...values].sort((a, b) => a - b), share));

/** @type {(values: number[]) => number} */
export const meanOf = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

/**
 * How many years fall into each period of equal width, from that of the first year to that of the
 * last one.
 * @param {number[]} years
 * @param {number} start a year in which a period begins
 * @param {number} width
 */
export function periodsOf(years, start, width) {
  /** @type {(year: number) => number} */
  const begin = (year) => start + Math.floor((year - start) / width) * width;
  const begins = years.map(begin);
  const rows = [];
  for (let from = Math.min(...begins); from <= Math.max(...begins); from += width) {
    rows.push({ from, to: from + width - 1, count: begins.filter((one) => one === from).length });
  }
  return rows;
}

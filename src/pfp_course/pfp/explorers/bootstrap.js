import { d3 } from "../../explorers/frontend/d3/d3.js";
import { INK, PAPER, PLAIN, POINTED, RULE, SOFT } from "../../explorers/frontend/plot.js";
import { drawn } from "../../questions/frontend/dom.js";
import { drawnPlaces, meanOf, quantileOf } from "../../explorers/frontend/statistics.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {[code: string, name: string, change: number]} Changed in thousandths
 * @typedef {{ paths: Record<string, string>, first: number, last: number,
 *   states: Record<string, Changed[]> }} BootstrapData
 */

const MOST_DRAWS = 1000;
const FEWEST_DRAWS = 20; // for an interval
const PILE = 10; // thousandths: the means in one column

/** @type {(thousandths: number) => string} */
function signed(thousandths) {
  const text = (Math.abs(thousandths) / 1000).toFixed(3);
  return `${thousandths < 0 ? "\u2212" : "+"}${text}`;
}

/** @type {(count: number) => string} */
const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** @type {(more: number) => (state: Record<string, string>) => Record<string, string>} */
const drawMore = (more) => ({ draws }) => ({
  draws: String(Math.min(MOST_DRAWS, Number(draws) + more)),
});

/** @type {Explorer<BootstrapData>} */
export const bootstrap = {
  controls: ({ paths, states }) => [
    { name: "path", kind: "one", label: "States", options: Object.entries(paths) },
    {
      name: "without",
      kind: "one",
      label: "Leave out",
      options: [
        ["none", "nobody"],
        .../** @type {[string, string][]} */ (Object.values(states).flat().map((
          [code, name],
        ) => [code, name])
          .sort((a, b) => a[1].localeCompare(b[1]))),
      ],
    },
    { name: "draws", kind: "number", label: "Draws", min: 0, max: MOST_DRAWS },
    { name: "seed", kind: "number", label: "Start of the lot", min: 1, max: 20 },
    {
      name: "lot",
      kind: "acts",
      label: "Draw",
      acts: [
        { label: "Draw one", change: drawMore(1) },
        { label: "Draw ten", change: drawMore(10) },
        { label: "Draw all 1,000", change: () => ({ draws: String(MOST_DRAWS) }) },
        { label: "Start again", change: () => ({ draws: "0" }) },
      ],
    },
  ],

  view: (data, state) => {
    const group = data.states[state.path].filter(([code]) => code !== state.without);
    const values = group.map(([, , change]) => change);
    const draws = drawnPlaces(group.length, Number(state.draws), Number(state.seed));
    const means = draws.map((places) => meanOf(places.map((place) => values[place])));
    const last = draws[draws.length - 1];
    const counts = group.map((_, at) => last?.filter((place) => place === at).length ?? 0);
    const range = means.length < FEWEST_DRAWS
      ? null
      : [quantileOf(means, 0.05), quantileOf(means, 0.95)];
    const again = group.flatMap((
      [, name],
      at,
    ) => (counts[at] > 1 ? [`${name} ${times(counts[at])}`] : []));
    const never = counts.filter((count) => count === 0).length;
    const lot = last && Number(state.draws) < MOST_DRAWS
      ? `Draw ${means.length} took ${again.join(", ") || "each once"}${
        never ? `, and ${never} of the states not at all` : ""
      }; its mean is ${signed(means[means.length - 1])}.`
      : "";
    const words = [
      `${group.length} states: ${data.paths[state.path]}. Their mean change is ${
        signed(meanOf(values))
      }.`,
      lot,
      range
        ? `After ${means.length} draws nine in ten means lie between ${signed(range[0])} and ${
          signed(range[1])
        }.`
        : "An interval comes with the twentieth draw.",
    ].filter(Boolean).join(" ");
    return {
      title: "How far does the mean change depend on single states?",
      words,
      columns: ["State", `Change of the index, ${data.first} to ${data.last}`, "In the last draw"],
      rows: group.map(([, name, change], at) => [name, change / 1000, counts[at]]),
      height: (width) => (width < 500 ? 470 : 490),
      draw: (plot) => drawLots(plot, group, counts, means, range, data),
    };
  },
};

/**
 * @param {Plot} plot
 * @param {Changed[]} group
 * @param {number[]} counts
 * @param {number[]} means
 * @param {number[] | null} range
 * @param {BootstrapData} data
 */
function drawLots(plot, group, counts, means, range, data) {
  const all = Object.values(data.states).flat().map(([, , change]) => change);
  const [left, right] = [14, plot.width - 14];
  const x = d3.scaleLinear([Math.min(...all) / 1000, Math.max(...all) / 1000], [left, right])
    .nice();
  const [statesAt, bottom, top] = [148, plot.height - 44, 218];
  plot.axis("x", x, {
    at: bottom,
    to: 26,
    label: `change of the index, ${data.first} to ${data.last}`,
    count: right > 420 ? 9 : 5,
    format: (value) => value.toFixed(1).replace("-", "\u2212"),
  });
  plot.text(
    left,
    16,
    right > 420
      ? "the states, with the number of times that the last draw took each"
      : "states, and how often the last draw took each",
    { fill: SOFT },
  );
  plot.add("line", { x1: left, x2: right, y1: statesAt, y2: statesAt, stroke: RULE });
  // States of nearly the same change stand over each other.
  /** @type {{ x: number, level: number }[]} */
  const standing = [];
  [...group.entries()].sort(([, a], [, b]) => a[2] - b[2]).forEach(([at, [code, name, change]]) => {
    const place = x(change / 1000);
    const taken = standing.filter((one) => Math.abs(one.x - place) < 18).map(({ level }) => level);
    let level = 0;
    while (taken.includes(level)) level += 1;
    standing.push({ x: place, level });
    const y = statesAt - 10 - level * 18;
    const count = counts[at];
    const node = plot.point({
      x: place,
      y,
      words: `${name}: ${signed(change)}, in the last draw ${count ? times(count) : "not at all"}`,
      series: "states",
      key: code,
      size: 220,
      fill: count ? PLAIN : PAPER,
      stroke: PLAIN,
    });
    if (count) {
      node.append(drawn("text", {
        x: place,
        y: y + 4.5,
        fill: PAPER,
        "text-anchor": "middle",
        "font-weight": 700,
      }, String(count)));
    }
  });
  plot.text(
    left,
    top - 26,
    `the means of ${means.length} ${means.length === 1 ? "draw" : "draws"}`,
    { fill: SOFT },
  );
  /** @type {Map<number, number>} */
  const piles = new Map();
  for (const mean of means) {
    const pile = Math.floor(mean / PILE);
    piles.set(pile, (piles.get(pile) ?? 0) + 1);
  }
  const highest = Math.max(10, ...piles.values());
  const y = d3.scaleLinear([0, highest], [bottom, top]);
  for (const [pile, count] of [...piles].sort(([a], [b]) => a - b)) {
    const [from, to] = [x(pile * PILE / 1000), x((pile + 1) * PILE / 1000)];
    plot.add("rect", {
      x: from,
      y: y(count),
      width: Math.max(3, to - from - 0.6),
      height: bottom - y(count),
      fill: PLAIN,
      "fill-opacity": 0.75,
    });
    plot.point({
      x: (from + to) / 2,
      y: y(count),
      words: `${signed(pile * PILE)} to ${signed((pile + 1) * PILE)}: ${count} ${
        count === 1 ? "mean" : "means"
      }`,
      series: "means",
      key: `mean ${pile}`,
      size: 8,
    });
  }
  const whole = x(meanOf(group.map(([, , change]) => change)) / 1000);
  plot.add("line", {
    x1: whole,
    x2: whole,
    y1: top - 12,
    y2: bottom,
    stroke: INK,
    "stroke-dasharray": "3 3",
  });
  if (!range) return;
  const [from, to] = range.map((end) => x(end / 1000));
  plot.add("path", {
    d: `M${from} ${top - 16}V${top - 4}M${from} ${top - 10}H${to}M${to} ${top - 16}V${top - 4}`,
    stroke: POINTED,
    "stroke-width": 3,
    fill: "none",
  });
  range.forEach((end, at) => {
    plot.point({
      x: [from, to][at],
      y: top - 10,
      words: `${at ? "upper" : "lower"} end: ${signed(end)}`,
      series: "interval",
      size: 20,
      fill: POINTED,
    });
  });
}

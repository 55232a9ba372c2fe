import { d3 } from "../../explorers/frontend/d3/d3.js";
import { INK, PAPER, PLAIN, POINTED, SOFT } from "../../explorers/frontend/plot.js";
import { periodsOf } from "../../explorers/frontend/statistics.js";
import { drawn } from "../../questions/frontend/dom.js";

/** @import { Explorer, State } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {{ tools: [year: number, name: string][] }} PeriodData
 * @typedef {{ from: number, to: number, count: number, names: string[] }} Period
 */

const [FIRST_START, LAST_START, WIDEST_PERIOD] = [1981, 1990, 10];

/** @type {(period: { from: number, to: number }) => string} */
const periodWords = ({ from, to }) => (from === to ? String(from) : `${from}\u2013${to}`);

/** @type {Explorer<PeriodData>} */
export const periods = {
  controls: () => [
    {
      name: "start",
      kind: "number",
      label: "A period begins in",
      min: FIRST_START,
      max: LAST_START,
    },
    {
      name: "width",
      kind: "number",
      label: "Width",
      min: 1,
      max: WIDEST_PERIOD,
      say: (value) => (value === 1 ? "1 year" : `${value} years`),
    },
  ],

  view: ({ tools }, state) => {
    const [start, width] = [Number(state.start), Number(state.width)];
    const rows = periodsOf(tools.map(([year]) => year), start, width).map((row) => ({
      ...row,
      names: tools.filter(([year]) => year >= row.from && year <= row.to).map(([, name]) => name),
    }));
    const most = Math.max(...rows.map(({ count }) => count));
    const peaks = rows.filter(({ count }) => count === most).map(periodWords);
    const years = width === 1 ? "of 1 year" : `of ${width} years`;
    return {
      title: "How many tools began in each period?",
      words: `${tools.length} tools since 1990, in periods ${years} that begin in ${start}. ` +
        `Most began in ${peaks.join(" and in ")}: ${most}.`,
      columns: ["Period", "Tools introduced", "Which"],
      rows: rows.map((row) => [periodWords(row), row.count, row.names.join("; ")]),
      height: (wide) => (wide < 500 ? 320 : 350),
      draw: (plot, set) => drawPeriods(plot, rows, start, width, set),
    };
  },
};

/** @type {(plot: Plot, rows: Period[], start: number, width: number, set: (change: State) => void) => void} */
function drawPeriods(plot, rows, start, width, set) {
  const [left, right, top, bottom] = [34, plot.width - 10, 30, plot.height - 44];
  // The same axes for every choice, so that only the bars move.
  const x = d3.scaleLinear([FIRST_START - 0.5, 2026], [left, right]);
  const most = Math.max(...rows.map(({ count }) => count));
  const y = d3.scaleLinear([0, Math.max(20, most)], [bottom, top]).nice();
  plot.axis("y", y, { at: left, to: right, label: "tools introduced", count: 5 });
  plot.axis("x", x, {
    at: bottom,
    to: top,
    label: "year of introduction",
    count: right > 420 ? 9 : 5,
    rules: false,
  });
  for (const row of rows) {
    const [from, to] = [x(row.from), x(row.to + 1)];
    const isPeak = row.count === most;
    const shape = drawn(
      "g",
      {},
      drawn("rect", {
        x: from + 1,
        y: y(row.count),
        width: Math.max(1, to - from - 2),
        height: Math.max(0, bottom - y(row.count)),
        fill: isPeak ? POINTED : PLAIN,
      }),
    );
    if (row.count && to - from > 15) {
      shape.append(drawn("text", {
        x: (from + to) / 2,
        y: y(row.count) - 5,
        "text-anchor": "middle",
        fill: INK,
        "font-weight": isPeak ? 700 : 400,
      }, isPeak ? `\u25be ${row.count}` : String(row.count)));
    }
    const names = row.names.length > 6 ? [...row.names.slice(0, 6), "…"] : row.names;
    plot.point({
      x: (from + to) / 2,
      y: Math.min(y(row.count) + 8, bottom - 4),
      words: `${periodWords(row)}: ${row.count}${names.length ? ` (${names.join(", ")})` : ""}`,
      series: "periods",
      shape,
      reach: Math.max(8, (to - from) / 2),
    });
  }
  plot.handle({
    x: x(start),
    top: top + 30,
    bottom,
    label: "A period begins in",
    name: "start",
    value: start,
    min: FIRST_START,
    max: LAST_START,
    step: 1,
    words: String(start),
    at: (place) => Math.round(x.invert(place)),
    move: (value) => set({ start: String(value) }),
  });
  plot.handle({
    x: x(start + width),
    top: top + 60,
    bottom,
    label: "Width in years",
    name: "width",
    value: width,
    min: 1,
    max: WIDEST_PERIOD,
    step: 1,
    words: width === 1 ? "1 year" : `${width} years`,
    at: (place) => Math.round(x.invert(place)) - start,
    move: (value) => set({ width: String(value) }),
  });
  plot.text(x(start) + 6, top + 26, "start", {
    fill: SOFT,
    stroke: PAPER,
    "stroke-width": 3,
    "paint-order": "stroke",
  });
  plot.text(x(start + width) + 6, top + 56, "width", {
    fill: SOFT,
    stroke: PAPER,
    "stroke-width": 3,
    "paint-order": "stroke",
  });
}

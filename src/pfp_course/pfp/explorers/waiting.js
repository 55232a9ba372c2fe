import { d3 } from "../../explorers/frontend/d3/d3.js";
import { colourOf, INK, PLAIN, RULE, SOFT } from "../../explorers/frontend/plot.js";
import { quantileOf, survivalOf } from "../../explorers/frontend/statistics.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {{ states: [name: string, signed: number, joined: number | null][],
 *   joined: string, outside: string }} WaitData days since 1970; the slots of two looks
 * @typedef {{ name: string, signed: number, end: number, joined: boolean, years: number }} Wait
 */

const DAYS_IN_A_YEAR = 365.25;
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September"],
  ...["October", "November", "December"],
];

/**
 * The last day of a month, in days since 1970; months are counted from the year 0.
 * @type {(month: number) => number}
 */
const lastDay = (month) => Date.UTC(Math.floor(month / 12), month % 12 + 1, 0) / 86_400_000;

/** @type {(month: number) => string} */
const dayWords = (month) =>
  `${new Date(lastDay(month) * 86_400_000).getUTCDate()} ${MONTHS[month % 12]} ${
    Math.floor(month / 12)
  }`;

/** @type {(day: number) => number} */
const yearOf = (day) => 1970 + day / DAYS_IN_A_YEAR;

const [FIRST_MONTH, LAST_MONTH] = [1994 * 12 + 5, 2024 * 12 + 11];

/** @type {Explorer<WaitData>} */
export const waiting = {
  controls: () => [
    {
      name: "day",
      kind: "number",
      label: "Day of observation",
      min: FIRST_MONTH,
      max: LAST_MONTH,
      say: dayWords,
    },
    {
      name: "order",
      kind: "one",
      label: "Order of the states",
      options: [["signature", "by signature"], ["wait", "by wait"]],
    },
  ],

  view: ({ states, ...looks }, state) => {
    const month = Number(state.day);
    const day = lastDay(month);
    /** @type {Wait[]} */
    const seen = states.filter(([, signed]) => signed <= day).map(([name, signed, accession]) => {
      const joined = accession !== null && accession <= day;
      const end = joined ? accession : day;
      return { name, signed, end, joined, years: (end - signed) / DAYS_IN_A_YEAR };
    });
    if (state.order === "wait") seen.sort((one, other) => one.years - other.years);
    const curve = survivalOf(seen.map((one) => one.years), seen.map((one) => one.joined));
    const waits = seen.filter((one) => one.joined).map((one) => one.years);
    const share = curve[curve.length - 1].share;
    const half = curve.find((row) => row.share <= 0.5);
    const median = waits.length
      ? `The median wait of those who had joined was ${quantileOf(waits, 0.5).toFixed(1)} years.`
      : "So there is no wait to measure, and many who wait.";
    const end = half
      ? `by it, one half had joined after ${half.time.toFixed(1)} years`
      : "it does not reach one half";
    const words =
      `Seen on ${dayWords(month)}: ${seen.length} states had signed, ${waits.length} of them had ` +
      `joined NATO, and ${seen.length - waits.length} were outside. ${median} ` +
      `The curve ends at ${(share * 100).toFixed(1)}%; ${end}.`;
    return {
      title: `How long did signatories stay outside NATO, seen on ${dayWords(month)}?`,
      words,
      columns: ["State", "Years", "On this day", "Outside just before", "Share still outside (%)"],
      rows: [...seen].sort((one, other) => one.years - other.years).map((one) => {
        const row = curve.find(({ time }) => time === one.years);
        return [
          one.name,
          Number(one.years.toFixed(2)),
          one.joined ? "had joined" : "still outside",
          row?.atRisk ?? null,
          Number(((row?.share ?? 1) * 100).toFixed(1)),
        ];
      }),
      height: () => 600,
      draw: (plot, set) => drawWaiting(plot, seen, curve, month, looks, set),
    };
  },
};

/**
 * @param {Plot} plot
 * @param {Wait[]} seen
 * @param {ReturnType<typeof survivalOf>} curve
 * @param {number} month
 * @param {{ joined: string, outside: string }} looks
 * @param {(change: Record<string, string>) => void} set
 */
function drawWaiting(plot, seen, curve, month, looks, set) {
  const [left, right] = [44, plot.width - 14];
  const [top, middle] = [26, 280];
  const day = lastDay(month);
  const calendar = d3.scaleLinear([1994, 2025], [left, right]);
  plot.axis("x", calendar, {
    at: middle,
    to: top,
    label: plot.width > 480
      ? "calendar: a line for each state, from its signature to its accession"
      : "a line for each state, to its accession",
    count: plot.width > 480 ? 8 : 4,
  });
  const row = (middle - top - 10) / 34;
  seen.forEach((one, place) => {
    const y = top + 4 + place * row;
    const [from, to] = [calendar(yearOf(one.signed)), calendar(yearOf(one.end))];
    const colour = colourOf(one.joined ? looks.joined : looks.outside);
    plot.add("line", {
      x1: from,
      x2: to,
      y1: y,
      y2: y,
      stroke: colour,
      "stroke-width": 2.2,
      "stroke-dasharray": one.joined ? "none" : "4 2",
    });
    plot.point({
      x: to,
      y,
      words: `${one.name}: ${one.joined ? "joined after" : "still outside after"} ${
        one.years.toFixed(1)
      } years`,
      series: "states",
      form: one.joined ? 0 : 4,
      size: 26,
      fill: colour,
    });
  });
  plot.handle({
    x: calendar(yearOf(day)),
    top: top - 8,
    bottom: middle,
    label: "Day of observation",
    name: "day",
    value: month,
    min: FIRST_MONTH,
    max: LAST_MONTH,
    step: 1,
    big: 12,
    words: dayWords(month),
    at: (x) => Math.round((calendar.invert(x) - 1 / 24) * 12),
    move: (value) => set({ day: String(value) }),
  });
  const [high, low] = [plot.height - 44 - 200, plot.height - 44];
  const x = d3.scaleLinear([0, 31], [left, right]);
  const y = d3.scaleLinear([0, 1], [low, high]);
  plot.axis("y", y, {
    at: left,
    to: right,
    label: "share that has not joined",
    count: 5,
    format: (value) => `${Math.round(value * 100)}%`,
  });
  plot.axis("x", x, { at: low, to: high, label: "years after signing", rules: false });
  plot.add("line", {
    x1: left,
    x2: right,
    y1: y(0.5),
    y2: y(0.5),
    stroke: SOFT,
    "stroke-dasharray": "3 3",
  });
  /** @type {ReturnType<typeof d3.line<(typeof curve)[number]>>} */
  const steps = d3.line();
  steps.x((one) => x(one.time)).y((one) => y(one.share)).curve(d3.curveStepAfter);
  plot.add("path", { d: steps(curve), fill: "none", stroke: PLAIN, "stroke-width": 2.4 });
  plot.add("line", { x1: left, x2: left, y1: low, y2: high, stroke: RULE });
  for (const one of curve.slice(1)) {
    const at = { x: x(one.time), y: y(one.share) };
    const share = `${(one.share * 100).toFixed(0)}%`;
    if (!one.events) {
      plot.add("line", {
        x1: at.x,
        x2: at.x,
        y1: at.y - 6,
        y2: at.y + 6,
        stroke: INK,
        "stroke-width": 1.4,
      });
    }
    plot.point({
      ...at,
      words: `After ${one.time.toFixed(1)} years: ${
        one.events ? `${one.events} of ${one.atRisk} join` : "one more is watched no longer"
      }; ${share} still outside`,
      series: "curve",
      size: one.events ? 30 : 4,
      fill: one.events ? PLAIN : INK,
    });
  }
}

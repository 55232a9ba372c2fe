import { d3 } from "../../explorers/frontend/d3/d3.js";
import { colourOf, slotsOf, spreadOut, widthOf } from "../../explorers/frontend/plot.js";
import { listOf } from "../../explorers/frontend/state.js";

/** @import { Explorer, View } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {(number | null)[]} Series whole percent, or hundredths, by year
 * @typedef {{ name: string, slot: string | null, usa: Series, russia: Series, china: Series, point: Series, low: Series,
 *   high: Series, subjects: { usa: Series, russia: Series }[] }} Voter
 * @typedef {{ first: number, last: number, subjects: string[], states: Record<string, Voter>,
 *   looks: Record<string, string> }} VoteData its looks are dashes by slot
 * @typedef {{ year: number, value: number, low: number, high: number }} VotePoint
 * @typedef {{ code: string, name: string, slot: string | null, points: VotePoint[] }} VoteLine
 */

/** @type {Record<string, string>} */
const POWERS = { usa: "the United States", russia: "Russia", china: "China" };

/** @type {(line: VoteLine, show: (value: number) => string) => string} */
function voteSentence({ name, points }, show) {
  if (!points.length) return `${name}: no value.`;
  const [first, last] = [points[0], points[points.length - 1]];
  const top = points.reduce((best, one) => (one.value > best.value ? one : best));
  return `${name}: ${show(first.value)} in ${first.year}, ${
    show(last.value)
  } in ${last.year}, at most ${show(top.value)} in ${top.year}.`;
}

/** @type {Explorer<VoteData>} */
export const votes = {
  controls: ({ first, last, subjects, states }) => [
    {
      name: "states",
      kind: "many",
      label: "States (five at most)",
      most: 5,
      options: Object.entries(states).map(([code, { name }]) => [code, name]),
    },
    {
      name: "measure",
      kind: "one",
      label: "What to show",
      options: [
        ["usa", "like the United States"],
        ["russia", "like Russia"],
        ["china", "like China"],
        ["point", "ideal point"],
      ],
    },
    {
      name: "subject",
      kind: "one",
      label: "Subject",
      options: [
        ["all", "all subjects"],
        .../** @type {[string, string][]} */ (subjects.map((
          one,
          place,
        ) => [String(place), one])),
      ],
    },
    { name: "from", kind: "number", label: "From", min: first, max: last },
    { name: "to", kind: "number", label: "To", min: first, max: last },
    { name: "intervals", kind: "switch", label: "Intervals" },
  ],

  view: (data, state) => {
    const isPoint = state.measure === "point";
    const bySubject = state.subject !== "all" && state.measure in { usa: 1, russia: 1 };
    const [from, to] = [Number(state.from), Number(state.to)].sort((a, b) => a - b);
    const show = (
      /** @type {number} */ value,
    ) => (isPoint ? (value / 100).toFixed(2).replace("-", "\u2212") : `${value}%`);
    const lines = listOf(state.states).map((code) => {
      const voter = data.states[code];
      const measure = /** @type {"usa" | "russia"} */ (state.measure);
      const values = bySubject ? voter.subjects[Number(state.subject)][measure] : voter[measure];
      const points = values.flatMap((value, place) => {
        const year = data.first + place;
        if (value === null || year < from || year > to) return [];
        const [low, high] = [voter.low[place] ?? value, voter.high[place] ?? value];
        return [{ year, value, low, high }];
      });
      return { code, name: voter.name, slot: voter.slot, points };
    });
    const subject = bySubject
      ? `on ${data.subjects[Number(state.subject)].toLowerCase()}`
      : "on all subjects";
    const title = isPoint
      ? "Where does the model place each state?"
      : `How often did each state vote like ${POWERS[state.measure]}${
        bySubject ? `, ${subject}` : ""
      }?`;
    const head = isPoint
      ? "Ideal points, without a unit; only distances count."
      : `Share of votes like ${POWERS[state.measure]}, ${subject}.`;
    const said = lines.map((line) => voteSentence(line, show));
    return {
      title,
      words: lines.length ? [head, ...said].join(" ") : "Add a state to see its votes.",
      columns: isPoint
        ? ["State", "Year", "Ideal point", "5% bound", "95% bound"]
        : ["State", "Year", "Share of votes (%)"],
      rows: lines.flatMap(({ name, points }) =>
        points.map((one) =>
          isPoint
            ? [name, one.year, one.value / 100, one.low / 100, one.high / 100]
            : [name, one.year, one.value]
        )
      ),
      idle: [
        ...(isPoint ? [] : ["intervals"]),
        ...(state.measure in { usa: 1, russia: 1 } ? [] : ["subject"]),
      ],
      height: (width) => (width < 500 ? 330 : 390),
      draw: (plot) =>
        drawVotes(plot, lines, {
          looks: data.looks,
          from,
          to,
          isPoint,
          show,
          bands: isPoint && state.intervals === "yes",
        }),
    };
  },
};

/**
 * @param {Plot} plot
 * @param {VoteLine[]} lines
 * @param {{ looks: Record<string, string>, from: number, to: number, isPoint: boolean, bands: boolean, show: (value: number) => string }} look
 */
function drawVotes(plot, lines, { looks, from, to, isPoint, bands, show }) {
  const all = lines.flatMap(({ points }) => points);
  const ends = all.flatMap((one) => (bands ? [one.low, one.high] : [one.value]));
  const right = plot.width - Math.max(30, ...lines.map(({ name }) => widthOf(name) + 22));
  const bottom = plot.height - 44;
  const x = d3.scaleLinear([from, Math.max(to, from + 1)], [44, right]);
  const [least, greatest] = isPoint ? [Math.min(0, ...ends), Math.max(0, ...ends)] : [0, 100];
  const y = d3.scaleLinear([least, greatest], [bottom, 26]).nice();
  const label = isPoint ? "ideal point (no unit)" : "share of votes";
  plot.axis("y", y, { at: 44, to: right, label, count: 6, format: show });
  plot.axis("x", x, {
    at: bottom,
    to: 26,
    label: "year of the session",
    count: right > 400 ? 8 : 4,
    rules: false,
  });
  const names = spreadOut(
    lines.map(({ points }) => (points.length ? y(points[points.length - 1].value) : bottom)),
    16,
  );
  const slots = slotsOf(lines.map(({ slot }) => slot), Object.keys(looks));
  lines.forEach(({ name, points, code }, place) => {
    const colour = colourOf(slots[place]);
    if (!points.length) return;
    if (bands) {
      /** @type {ReturnType<typeof d3.area<VotePoint>>} */
      const band = d3.area();
      band.x((one) => x(one.year)).y0((one) => y(one.low)).y1((one) => y(one.high));
      plot.add("path", { d: band(points), fill: colour, "fill-opacity": 0.16 });
    }
    /** @type {ReturnType<typeof d3.line<VotePoint>>} */
    const line = d3.line();
    line.x((one) => x(one.year)).y((one) => y(one.value));
    plot.add("path", {
      d: line(points),
      fill: "none",
      stroke: colour,
      "stroke-width": 2,
      "stroke-dasharray": looks[slots[place]],
    });
    plot.text(right + 8, names[place] + 4, name, { fill: colour, "font-weight": 600 });
    for (const one of points) {
      const range = bands ? `, from ${show(one.low)} to ${show(one.high)}` : "";
      plot.point({
        x: x(one.year),
        y: y(one.value),
        words: `${name}, ${one.year}: ${show(one.value)}${range}`,
        series: code,
        form: place,
        size: 34,
        fill: colour,
      });
    }
  });
}

import { INK, PAPER, PLAIN, POINTED, RULE, SOFT } from "../../explorers/frontend/plot.js";
import { drawnPlaces, kappaOf, quantileOf } from "../../explorers/frontend/statistics.js";
import { drawn } from "../../questions/frontend/dom.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {{ id: string, claim: string, verdict: string, alternative: string, for: string, against: string }} Claim
 * @typedef {{ verdicts: string[], claims: Claim[] }} ClaimData
 */

const KAPPA_DRAWS = 1000;

/** @type {(claim: Claim, mine: string) => string} */
function reply(claim, mine) {
  if (mine === "none") return "";
  const same = mine === claim.verdict ? "We wrote the same." : `We wrote: ${claim.verdict}.`;
  const close = claim.alternative
    ? ` A close call: another reader may write ${claim.alternative}.`
    : "";
  const sides = [
    claim.for && `For: ${claim.for}`,
    claim.against && `Against: ${claim.against}`,
  ].filter(Boolean);
  return `${same}${close} ${sides.join(" ")}`;
}

/** @type {(mine: string[], ours: string[]) => [number, number] | null} */
function kappaInterval(mine, ours) {
  const found = drawnPlaces(mine.length, KAPPA_DRAWS, 1).flatMap((places) => {
    const one = kappaOf(places.map((place) => mine[place]), places.map((place) => ours[place]));
    return one === null ? [] : [one];
  });
  return found.length > KAPPA_DRAWS / 2 ? [quantileOf(found, 0.05), quantileOf(found, 0.95)] : null;
}

/** @type {(value: number) => string} */
const kappaWords = (value) =>
  (value + 0).toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "\u2212");

/** The sides of a cell. @type {(width: number) => [number, number]} */
const cellOf = (width) => {
  const side = Math.floor((Math.min(width, 460) - 98) / 5);
  return [side, Math.floor(side * 0.72)];
};

/** @type {Explorer<ClaimData>} */
export const claims = {
  controls: ({ verdicts, claims: all }) =>
    all.map(({ id, claim }) => ({
      name: id,
      kind: "one",
      label: `${id}. ${claim}`,
      below: true,
      options: [
        ["none", "your verdict …"],
        .../** @type {[string, string][]} */ (verdicts.map((one) => [one, one])),
      ],
    })),

  view: ({ verdicts, claims: all }, state) => {
    const judged = all.filter(({ id }) => state[id] !== "none");
    const mine = judged.map(({ id }) => state[id]);
    const ours = judged.map(({ verdict }) => verdict);
    const equal = judged.filter(({ id, verdict }) => state[id] === verdict).length;
    const luck = mine.reduce((sum, word) => sum + ours.filter((one) => one === word).length, 0) /
      mine.length ** 2;
    const kappa = judged.length ? kappaOf(mine, ours) : null;
    const isWhole = judged.length === all.length;
    const range = kappa === null || judged.length < 3 ? null : kappaInterval(mine, ours);
    /** @type {(share: number) => string} */
    const percent = (share) => `${Math.round(share * 100)}%`;
    const begin = `${judged.length} of ${all.length} claims are judged.`;
    const words = judged.length
      ? [
        begin,
        `The two readers agree on ${equal} of them: ${percent(equal / judged.length)}.`,
        `Luck alone would give ${percent(luck)}.`,
        kappa === null
          ? "Kappa has no value: both readers used one word only."
          : `${isWhole ? "Kappa is" : `So far, from ${judged.length} of ${all.length}, kappa is`} ${
            kappaWords(kappa)
          }${
            range
              ? `; nine in ten of a thousand draws lie between ${kappaWords(range[0])} and ${
                kappaWords(range[1])
              }`
              : ", from too few claims for a range"
          }.`,
      ].join(" ")
      : `${begin} Give your verdicts under the figure; ours come when you have given yours.`;
    return {
      title: "Where do you and the course agree, and where not?",
      words,
      columns: ["Claim", "Text", "You", "The course"],
      rows: all.map(({ id, claim, verdict }) => [
        id,
        claim,
        state[id] === "none" ? null : state[id],
        state[id] === "none" ? null : verdict,
      ]),
      notes: Object.fromEntries(all.map((one) => [one.id, reply(one, state[one.id])])),
      height: (width) => 44 + verdicts.length * cellOf(width)[1] + 58,
      draw: (plot) => drawVerdicts(plot, verdicts, mine, ours, { value: kappa, range, isWhole }),
    };
  },
};

/**
 * @param {Plot} plot
 * @param {string[]} verdicts
 * @param {string[]} mine
 * @param {string[]} ours
 * @param {{ value: number | null, range: [number, number] | null, isWhole: boolean }} kappa
 */
function drawVerdicts(plot, verdicts, mine, ours, { value: kappa, range, isWhole }) {
  const [left, top] = [92, 44];
  const [side, high] = cellOf(plot.width);
  plot.text(left, 14, "the course", { fill: SOFT });
  plot.text(0, 14, "you", { fill: SOFT });
  verdicts.forEach((row, down) => {
    const y = top + down * high;
    plot.text(left - 8, y + high / 2 + 4, row, { "text-anchor": "end" });
    const head = side < 66 && row.length > 7 ? `${row.slice(0, 5)}.` : row;
    plot.text(left + (down + 0.5) * side, top - 10, head, {
      "text-anchor": "middle",
      "font-size": side < 80 ? 12 : 12.5,
    });
    verdicts.forEach((column, across) => {
      const count = mine.filter((word, place) => word === row && ours[place] === column).length;
      const x = left + across * side;
      const isSame = row === column;
      const shape = drawn(
        "g",
        {},
        drawn("rect", {
          x: x + 1,
          y: y + 1,
          width: side - 2,
          height: high - 2,
          fill: count ? isSame ? PLAIN : POINTED : PAPER,
          stroke: isSame ? INK : RULE,
          "stroke-width": isSame ? 2 : 1,
        }),
        drawn("text", {
          x: x + side / 2,
          y: y + high / 2 + 5,
          fill: count ? PAPER : SOFT,
          "text-anchor": "middle",
          "font-weight": count ? 700 : 400,
        }, String(count)),
      );
      plot.point({
        x: x + side / 2,
        y: y + high / 2,
        words: `you ${row}, the course ${column}: ${count}`,
        series: row,
        key: `${row} ${column}`,
        shape,
        reach: high / 2,
      });
    });
  });
  const y = top + verdicts.length * high + 30;
  /** @type {(value: number) => number} */
  const at = (value) => left + (Math.max(-1, value) + 1) / 2 * side * verdicts.length;
  plot.text(left - 8, y + 4, isWhole ? "kappa" : "kappa so far", { "text-anchor": "end" });
  plot.add("line", { x1: at(-1), x2: at(1), y1: y, y2: y, stroke: RULE, "stroke-width": 2 });
  for (const value of [-1, -0.5, 0, 0.5, 1]) {
    plot.add("line", { x1: at(value), x2: at(value), y1: y - 4, y2: y + 4, stroke: SOFT });
    plot.text(at(value), y + 20, kappaWords(value).replace(/\.?0+$/, "") || "0", {
      "text-anchor": "middle",
      fill: SOFT,
    });
  }
  if (kappa === null) return;
  if (range) {
    plot.add("line", {
      x1: at(range[0]),
      x2: at(range[1]),
      y1: y,
      y2: y,
      stroke: PLAIN,
      "stroke-width": 6,
      "stroke-opacity": 0.5,
    });
  }
  const words = range ? `, from ${kappaWords(range[0])} to ${kappaWords(range[1])}` : "";
  plot.point({
    x: at(kappa),
    y,
    words: `kappa${isWhole ? "" : ` so far, from ${mine.length} claims`}: ${
      kappaWords(kappa)
    }${words}`,
    series: "kappa",
    form: 3,
    size: 90,
    // Filled when all claims are judged.
    fill: isWhole ? PLAIN : PAPER,
    stroke: isWhole ? PAPER : PLAIN,
  });
}

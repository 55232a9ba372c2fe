import { colourOf, INK, PAPER, RAISED, SOFT, widthOf } from "../../explorers/frontend/plot.js";
import { drawn } from "../../questions/frontend/dom.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {{ code: string, name: string, tile: [number, number], region: string, signed: string,
 *   joined: string | null, withdrew: string | null, rejoined: string | null }} Signatory
 * @typedef {{ first: number, last: number, states: Signatory[], partner: string, Ally: string }} MapData
 *   the last two are slots of looks
 * @typedef {"to come" | "partner" | "Ally" | "withdrawn"} Standing
 */

const [TILE_COLUMNS, TILE_ROWS] = [11, 9];

/** @type {(state: Signatory, end: string) => Standing} */
function standingOf({ signed, joined, withdrew, rejoined }, end) {
  if (signed > end) return "to come";
  if (joined && joined <= end) return "Ally";
  return withdrew && withdrew <= end && !(rejoined && rejoined <= end) ? "withdrawn" : "partner";
}

/** @type {Explorer<MapData>} */
export const map = {
  controls: ({ first, last, states }) => [
    { name: "year", kind: "number", label: "End of the year", min: first, max: last },
    {
      name: "region",
      kind: "one",
      label: "Region to point out",
      options: [
        ["all", "none"],
        .../** @type {[string, string][]} */ ([
          ...new Set(states.map(({ region }) => region)),
        ].sort().map((one) => [one, one])),
      ],
    },
  ],

  view: ({ states, partner, Ally }, state) => {
    const end = `${state.year}-12-31`;
    const now = states.map((one) => ({ ...one, standing: standingOf(one, end) }));
    /** @type {(standing: Standing) => number} */
    const count = (standing) => now.filter((one) => one.standing === standing).length;
    const signed = states.length - count("to come");
    const inYear = states.filter((one) => one.signed.startsWith(state.year)).map(({ name }) =>
      name
    );
    const rest = [
      count("Ally") ? `${count("Ally")} of them were Allies by then.` : "",
      count("withdrawn") ? `${count("withdrawn")} had withdrawn.` : "",
      count("to come")
        ? `${count("to come")} of the ${states.length} signatories were still to come.`
        : `${count("partner")} were partners.`,
      inYear.length && inYear.length < 6 ? `New in ${state.year}: ${inYear.join(", ")}.` : "",
      inYear.length ? "" : `Nobody signed in ${state.year}.`,
    ];
    return {
      title: `Who had signed by the end of ${state.year}?`,
      words: [`By the end of ${state.year}, ${signed} states had signed.`, ...rest.filter(Boolean)]
        .join(" "),
      columns: ["State", "Region", "Signed", `End of ${state.year}`],
      rows: now.map((one) => [one.name, one.region, one.signed, one.standing]),
      height: (width) => tileSide(width) * TILE_ROWS + 34,
      draw: (plot) => drawTiles(plot, now, state.region, { partner, Ally }),
    };
  },
};

/** @type {(width: number) => number} */
const tileSide = (width) => Math.min(52, Math.floor(width / TILE_COLUMNS));

/** @type {(x: number, y: number, size: number) => string} */
const cornerPath = (x, y, size) => `M${x - size} ${y}H${x}V${y + size}Z`;

/** @type {(x: number, y: number, size: number) => SVGElement} */
const cutCorner = (x, y, size) => drawn("path", { d: cornerPath(x, y, size), fill: PAPER });

/**
 * @param {Plot} plot
 * @param {(Signatory & { standing: Standing })[]} now
 * @param {string} region
 * @param {{ partner: string, Ally: string }} slots
 */
function drawTiles(plot, now, region, slots) {
  const side = tileSide(plot.width);
  const left = Math.floor((plot.width - side * TILE_COLUMNS) / 2);
  /** @type {Record<Standing, { fill: string, ink: string, dashes: string }>} */
  const looks = {
    "to come": { fill: PAPER, ink: SOFT, dashes: "3 3" },
    partner: { fill: colourOf(slots.partner), ink: PAPER, dashes: "none" },
    Ally: { fill: colourOf(slots.Ally), ink: PAPER, dashes: "none" },
    withdrawn: { fill: RAISED, ink: INK, dashes: "none" },
  };
  for (const { code, name, tile: [column, row], standing, signed, ...one } of now) {
    const [x, y] = [left + column * side, 8 + row * side];
    const look = looks[standing];
    const isFar = region !== "all" && one.region !== region;
    const shape = drawn(
      "g",
      { opacity: isFar ? 0.35 : 1 },
      drawn("rect", {
        x: x + 1.5,
        y: y + 1.5,
        width: side - 3,
        height: side - 3,
        fill: look.fill,
        stroke: standing === "to come" || standing === "withdrawn" ? SOFT : look.fill,
        "stroke-dasharray": look.dashes,
      }),
      drawn("text", {
        x: x + side / 2,
        y: y + side / 2 + 4.5,
        fill: look.ink,
        "text-anchor": "middle",
        "font-weight": 600,
        "font-size": Math.min(13, side * 0.38),
      }, code),
    );
    // The corner of an Ally is cut, so that colour is not the only sign.
    if (standing === "Ally") shape.append(cutCorner(x + side - 1, y + 1, side * 0.3));
    const since = standing === "to come" ? "had not signed" : `signed ${signed}, ${standing}`;
    plot.point({
      x: x + side / 2,
      y: y + side / 2,
      words: `${name}: ${since}`,
      series: `row ${row}`,
      shape,
      reach: side / 2,
    });
  }
  const y = 8 + TILE_ROWS * side + 18;
  let x = left;
  for (
    const [standing, words] of /** @type {[Standing, string][]} */ ([
      ["partner", "partner"],
      ["Ally", "Ally"],
      ["to come", "not yet"],
      ["withdrawn", "withdrawn"],
    ])
  ) {
    const { fill, dashes } = looks[standing];
    const stroke = fill === PAPER || fill === RAISED ? SOFT : fill;
    plot.add("rect", {
      x,
      y: y - 10,
      width: 12,
      height: 12,
      fill,
      stroke,
      "stroke-dasharray": dashes,
    });
    if (standing === "Ally") {
      plot.add("path", { d: cornerPath(x + 12.5, y - 10.5, 6), fill: PAPER });
    }
    plot.text(x + 17, y, words);
    x += 28 + widthOf(words);
  }
}

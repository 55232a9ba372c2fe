import { d3 } from "../../explorers/frontend/d3/d3.js";
import { INK, PLAIN, POINTED, widthOf } from "../../explorers/frontend/plot.js";
import { drawn } from "../../questions/frontend/dom.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {[code: string, name: string, partner: number, troops: number, people: number, income: number]} Contingent
 * its income is the GDP in millions of US dollars
 * @typedef {{ contingents: Contingent[] }} ShareData
 * @typedef {{ code: string, name: string, partner: boolean, value: number, place: number }} Placed
 */

/** @type {Record<string, { title: string, unit: string, head: string, of: (one: Contingent) => number, digits: number }>} */
const WHOLES = {
  troops: { title: "in troops", unit: "troops", head: "By troops", of: (one) => one[3], digits: 0 },
  people: {
    title: "per million inhabitants",
    unit: "troops per million inhabitants",
    head: "Per million inhabitants",
    of: (one) => one[3] / one[4] * 1e6,
    digits: 0,
  },
  income: {
    title: "by income",
    unit: "troops per thousand million US$ of GDP",
    head: "Per thousand million US$ of GDP",
    of: (one) => one[3] / one[5] * 1e3,
    digits: 1,
  },
};

/** @type {Explorer<ShareData>} */
export const shares = {
  controls: ({ contingents }) => [
    {
      name: "measure",
      kind: "one",
      label: "A share of what",
      options: [
        ["troops", "troops"],
        ["people", "per million inhabitants"],
        ["income", "by GDP"],
      ],
    },
    {
      name: "chosen",
      kind: "one",
      label: "State to follow",
      options: [...contingents].sort((a, b) => a[1].localeCompare(b[1])).map((
        one,
      ) => [one[0], one[1]]),
    },
    {
      name: "shown",
      kind: "number",
      label: "How many",
      min: 5,
      max: 45,
      say: (value) => `first ${value}`,
    },
    { name: "usa", kind: "switch", label: "With the United States" },
  ],

  view: ({ contingents }, state) => {
    const { title, unit, head, of, digits } = WHOLES[state.measure];
    const isWith = state.usa === "yes";
    /** @type {Placed[]} */
    const placed = contingents.filter(([code]) => isWith || code !== "USA").map((one) => ({
      code: one[0],
      name: one[1],
      partner: one[2] === 1,
      value: of(one),
      place: 0,
    })).sort((a, b) => b.value - a.value || (a.code < b.code ? -1 : 1)).map((one, place) => ({
      ...one,
      place: place + 1,
    }));
    /** @type {(value: number) => string} */
    const show = (value) =>
      value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, digits ? "" : ",");
    const own = placed.find(({ code }) => code === state.chosen);
    const without = isWith ? "" : ", without the United States";
    return {
      title: `Who gave most to ISAF in November 2010, ${title}?`,
      words: `${placed.length} contingents of November 2010${without}. ${head} ${
        placed[0].name
      } is first with ${show(placed[0].value)} troops. ${
        own
          ? `${own.name} is number ${own.place} of ${placed.length}.`
          : "The state to follow is left out."
      }`,
      columns: ["State", "Place", unit, "Partner in PfP"],
      rows: placed.map((one) => [
        one.name,
        one.place,
        Number(one.value.toFixed(digits + 1)),
        one.partner ? "yes" : "no",
      ]),
      height: () =>
        (Math.min(Number(state.shown), placed.length) +
            (own && own.place > Number(state.shown) ? 1 : 0)) * 25 + 56,
      draw: (plot, set) => {
        const shown = placed.slice(0, Number(state.shown));
        if (own && !shown.includes(own)) shown.push(own);
        drawShares(plot, shown, state.chosen, {
          of: placed.length,
          unit,
          show,
          choose: (code) => set({ chosen: code }),
        });
      },
    };
  },
};

/**
 * @param {Plot} plot
 * @param {Placed[]} shown
 * @param {string} chosen
 * @param {{ of: number, unit: string, show: (value: number) => string, choose: (code: string) => void }} look
 */
function drawShares(plot, shown, chosen, { of, unit, show, choose }) {
  const names = shown.map(({ place, name, partner }) =>
    `${place}. ${partner ? "\u25b8 " : ""}${name}`
  );
  const left = Math.min(plot.width * 0.42, Math.max(...names.map(widthOf)) + 12);
  const right = plot.width - 52;
  const bottom = shown.length * 25 + 10;
  const x = d3.scaleLinear([0, Math.max(...shown.map(({ value }) => value))], [left, right]).nice(
    5,
  );
  plot.axis("x", x, {
    at: bottom,
    to: 6,
    label: unit,
    count: right - left > 300 ? 5 : 3,
    format: (value) => value.toLocaleString("en"),
  });
  shown.forEach(({ code, name, partner, value, place }, row) => {
    const y = 8 + row * 25;
    const isChosen = code === chosen;
    const shape = drawn(
      "g",
      {},
      drawn("rect", {
        x: left,
        y: y + 3,
        width: Math.max(1, x(value) - left),
        height: 17,
        fill: partner ? POINTED : PLAIN,
        stroke: isChosen ? INK : "none",
        "stroke-width": 2.5,
      }),
      drawn("text", {
        x: left - 6,
        y: y + 16,
        fill: INK,
        "text-anchor": "end",
        "font-weight": isChosen ? 700 : 400,
      }, names[row]),
      drawn(
        "text",
        { x: x(value) + 5, y: y + 16, fill: INK, "font-weight": isChosen ? 700 : 400 },
        show(value),
      ),
    );
    plot.point({
      x: (left + x(value)) / 2,
      y: y + 11,
      words: `${name}: ${show(value)} ${unit}, number ${place} of ${of}${
        partner ? ", a partner in PfP" : ""
      }`,
      series: "states",
      key: code,
      shape,
      reach: 11,
      isPressed: isChosen,
      act: () => choose(code),
    });
  });
}

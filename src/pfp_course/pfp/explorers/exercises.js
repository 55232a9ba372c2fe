import { INK, PAPER, PLAIN, POINTED, SOFT, widthOf } from "../../explorers/frontend/plot.js";

/** @import { Explorer } from "../../explorers/frontend/types.d.ts" */
/** @import { Plot } from "../../explorers/frontend/plot.js" */
/**
 * @typedef {{ first: number, last: number, five: string[], states: [code: string, name: string][],
 *   exercises: [states: number[], powers: number[]][] }} ExerciseData
 * @typedef {{ one: number, other: number, together: number }} Tie
 */

/** @type {Record<string, string>} */
const WITH = {
  usa: "with the United States",
  russia: "with Russia",
  china: "with China",
  none: "with none of the three powers",
};
const POWER_PLACES = ["usa", "russia", "china"];

/** @type {(lists: number[][], least: number) => Tie[]} */
function tiesOf(lists, least) {
  /** @type {Map<string, number>} */
  const counted = new Map();
  for (const names of lists) {
    for (const [at, one] of names.entries()) {
      for (const other of names.slice(at + 1)) {
        const key = one < other ? `${one} ${other}` : `${other} ${one}`;
        counted.set(key, (counted.get(key) ?? 0) + 1);
      }
    }
  }
  return [...counted].filter(([, together]) => together >= least).map(([key, together]) => {
    const [one, other] = key.split(" ").map(Number);
    return { one, other, together };
  }).sort((a, b) => b.together - a.together);
}

/** @type {Explorer<ExerciseData>} */
export const exercises = {
  controls: ({ states }) => [
    {
      name: "power",
      kind: "one",
      label: "Which exercises",
      options: [
        ["any", "all exercises"],
        .../** @type {[string, string][]} */ (Object.entries(WITH)),
      ],
    },
    {
      name: "least",
      kind: "number",
      label: "Together at least",
      min: 1,
      max: 60,
      say: (value) => `${value} times`,
    },
    {
      name: "chosen",
      kind: "one",
      label: "State to point out",
      options: [["none", "none"], ...states],
    },
  ],

  view: (data, state) => {
    const least = Number(state.least);
    const kept = data.exercises.filter(([, powers]) =>
      state.power === "any" ||
      (state.power === "none" ? !powers.length : powers.includes(POWER_PLACES.indexOf(state.power)))
    );
    const ties = tiesOf(kept.map(([names]) => names), least);
    const chosen = data.states.findIndex(([code]) => code === state.chosen);
    /** @type {(place: number) => string} */
    const name = (place) => data.states[place][1];
    const met = ties.filter(({ one, other }) => one === chosen || other === chosen).map((tie) => ({
      name: name(tie.one === chosen ? tie.other : tie.one),
      together: tie.together,
    })).sort((a, b) => b.together - a.together || a.name.localeCompare(b.name));
    const which = state.power === "any"
      ? `All ${kept.length} exercises`
      : `The ${kept.length} exercises ${WITH[state.power]}`;
    const words = [
      `${which} of the table, from ${data.first} to ${data.last}.`,
      `${ties.length} pairs of states met in ${least} or more of them.`,
      ...(chosen < 0 ? [] : [
        met.length
          ? `${name(chosen)} did so with ${met.length} states: ${
            met.slice(0, 5).map((one) => `${one.name} ${one.together}`).join(", ")
          }.`
          : `${name(chosen)} did so with no state.`,
      ]),
    ].join(" ");
    return {
      title: `Which states met in ${least} or more exercises${
        state.power === "any" ? "" : ` ${WITH[state.power]}`
      }?`,
      words,
      columns: ["State", "With", "Exercises together"],
      rows: [...ties].sort((a, b) =>
        Number(b.one === chosen || b.other === chosen) -
        Number(a.one === chosen || a.other === chosen)
      ).map(({ one, other, together }) =>
        other === chosen ? [name(other), name(one), together] : [name(one), name(other), together]
      ),
      height: (width) => Math.min(width, 560) * 0.92 + 20,
      draw: (plot, set) =>
        drawTies(
          plot,
          data,
          ties,
          chosen,
          (code) => set({ chosen: code === state.chosen ? "none" : code }),
        ),
    };
  },
};

/**
 * @param {Plot} plot
 * @param {ExerciseData} data
 * @param {Tie[]} ties
 * @param {number} chosen
 * @param {(code: string) => void} choose
 */
function drawTies(plot, data, ties, chosen, choose) {
  const tied = [...new Set(ties.flatMap(({ one, other }) => [one, other]))].sort((a, b) => a - b);
  const isWide = plot.width > 480;
  const [middleX, middleY] = [plot.width / 2, plot.height / 2];
  const radius = Math.max(60, Math.min(middleY - 34, middleX - (isWide ? 110 : 58)));
  const places = new Map(tied.map((state, number) => {
    const angle = 2 * Math.PI * number / tied.length;
    return [state, {
      x: middleX + radius * Math.sin(angle),
      y: middleY - radius * Math.cos(angle),
      angle,
    }];
  }));
  if (!tied.length) {
    plot.text(middleX, middleY, "No pair met so often.", { "text-anchor": "middle" });
  }
  const most = Math.max(1, ...ties.map(({ together }) => together));
  /** @type {(tie: Tie) => boolean} */
  const isOwn = ({ one, other }) => one === chosen || other === chosen;
  // Those of the chosen state lie on top.
  for (const tie of [...ties].sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)))) {
    const [from, to] = [places.get(tie.one), places.get(tie.other)];
    if (!from || !to) continue;
    const own = isOwn(tie);
    plot.add("line", {
      x1: from.x,
      y1: from.y,
      x2: to.x,
      y2: to.y,
      stroke: own ? POINTED : SOFT,
      "stroke-opacity": own ? 0.85 : chosen < 0 ? 0.4 : 0.16,
      "stroke-width": Math.max(0.8, 9 * tie.together / most),
      "stroke-linecap": "round",
    });
  }
  // Where many stand on the circle, those tied to the chosen state keep their names.
  const isFull = tied.length > (isWide ? 34 : 26);
  for (const state of tied) {
    const place = places.get(state);
    if (!place) continue;
    const [code, name] = data.states[state];
    const five = data.five.includes(code);
    const tie = ties.find((one) => isOwn(one) && (one.one === state || one.other === state));
    const count = state === chosen || !tie ? "" : ` ${tie.together}`;
    const own = ties.filter(({ one, other }) => one === state || other === state).length;
    const label = `${isWide && !isFull ? name : code}${count}`;
    const side = Math.sin(place.angle);
    const anchor = Math.abs(side) < 0.2 ? "middle" : side > 0 ? "start" : "end";
    const shift = anchor === "middle" ? 0 : side > 0 ? 11 : -11;
    const lift = anchor === "middle" ? (Math.cos(place.angle) > 0 ? -13 : 22) : 4;
    const half = widthOf(label);
    const x = Math.min(
      Math.max(place.x + shift, anchor === "end" ? half : 0),
      plot.width - (anchor === "start" ? half : 0),
    );
    if (!isFull || count || five || state === chosen) {
      plot.text(x, place.y + lift, label, {
        "text-anchor": anchor,
        "font-weight": state === chosen ? 700 : 400,
        stroke: PAPER,
        "stroke-width": 3,
        "paint-order": "stroke",
      });
    }
    plot.point({
      x: place.x,
      y: place.y,
      words: `${name}: tied to ${own} ${own === 1 ? "state" : "states"}${
        count && `, ${count.trim()} exercises with ${data.states[chosen][1]}`
      }`,
      series: "states",
      key: code,
      form: five ? 3 : 0,
      size: state === chosen ? 180 : 90,
      fill: state === chosen ? POINTED : five ? PLAIN : SOFT,
      stroke: state === chosen ? INK : PAPER,
      isPressed: state === chosen,
      act: () => choose(code),
    });
  }
}

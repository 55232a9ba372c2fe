import { make } from "./dom.js";
import { isRight } from "./rightness.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { Spec } from "./types.d.ts" */

/**
 * The close of a chapter: points, objectives met, terms, and what comes next. It shows itself with
 * the first answer.
 * @param {Record<string, string>} objectives
 * @param {Spec[]} asked the questions of the page
 * @param {BrowserRecord} record
 * @param {HTMLElement} el
 */
export function renderClose(objectives, asked, record, el) {
  const said = make("p", { class: "pfp-close-points" });
  const list = make("ul", { class: "pfp-progress-list" });
  const root = make(
    "section",
    { class: "pfp-quiz-live pfp-close", "aria-label": "What you have reached" },
    make("p", { class: "pfp-q-title" }, "What you have reached"),
    said,
    list,
    ...terms(),
    ...next(),
  );
  const draw = () => {
    const answers = record.answers();
    const states = asked.map((spec) => {
      const { id, points, fingerprint, objective } = spec;
      const answer = answers[id]?.fingerprint === fingerprint ? answers[id] : undefined;
      const isDone = isRight({ fingerprints: [fingerprint], points }, answer);
      return {
        id,
        points,
        objective,
        isDone,
        score: answer?.shown ? 0 : answer?.score ?? 0,
        answer,
      };
    });
    root.hidden = !states.some(({ answer }) => answer);
    /** @type {(numbers: number[]) => number} */
    const sum = (numbers) => Math.round(numbers.reduce((a, b) => a + b, 0) * 100) / 100;
    const right = states.filter(({ isDone }) => isDone).length;
    said.textContent = `${sum(states.map(({ score }) => score))} of ${
      sum(states.map(({ points }) => points))
    } points; ${right} of ${states.length} questions right.`;
    list.replaceChildren(
      ...Object.entries(objectives).flatMap(([name, text]) => {
        const own = states.filter(({ objective }) => objective === name);
        if (!own.length) return [];
        const open = own.find(({ isDone }) => !isDone);
        return [
          make(
            "li",
            { class: open ? "" : "pfp-progress-met" },
            make("strong", {}, `${open ? "not yet" : "\u2713 met"} \u00b7 `),
            text,
            ...(open ? [" ", make("a", { href: `#q-${open.id}` }, "To a question of it")] : []),
          ),
        ];
      }),
    );
  };
  record.listen(draw);
  draw();
  el.append(root);
}

// The new terms of a chapter lead to the glossary; the same links stand here.
function terms() {
  /** @type {Map<string, Node>} */
  const links = new Map();
  for (
    const { href, textContent } of /** @type {NodeListOf<HTMLAnchorElement>} */ (document
      .querySelectorAll('article a[href*="#term-"]'))
  ) {
    if (!links.has(href)) links.set(href, make("a", { href }, textContent ?? ""));
  }
  if (!links.size) return [];
  const listed = [...links.values()].flatMap((link, place) => (place ? ["; ", link] : [link]));
  return [make("p", {}, make("strong", {}, "New terms: "), ...listed)];
}

function next() {
  /** @type {[string, string][]} */
  const ways = [
    ["Next: ", ".pfp-next a[rel=next]"],
    ["What you missed comes back: ", ".pfp-nav a[data-role=review]"],
    ["All chapters: ", ".pfp-nav a[data-role=progress]"],
  ];
  return ways.flatMap(([words, selector]) => {
    /** @type {HTMLAnchorElement | null} */
    const link = document.querySelector(selector);
    const title = link?.querySelector("b") ?? link;
    return link && title
      ? [make("p", {}, words, make("a", { href: link.href }, title.textContent ?? ""))]
      : [];
  });
}

import { button, disable, focusFirst } from "./controls.js";
import { make } from "./dom.js";
import { rich } from "./markup.js";
import { question } from "./question.js";
import { isRight } from "./rightness.js";
import { keeper, showSaved } from "./saving.js";

/** @import { Answer, Card, Kept, Place, QuestionHost, QuizSpec, Review, Spec } from "./types.d.ts" */
/** @typedef {{ id: string, time: number } & ({ question: Spec, card?: undefined } | { card: Card })} Item */

// Review: what was missed comes back after 1, 3, 7 and 21 days, and so do the terms.
const DAY = 24 * 60 * 60 * 1000;
const DAYS = [1, 3, 7, 21];
const AT_ONCE = 10;

/** @param {Answer} answer */
const missed = (answer) =>
  answer.shown || answer.attempts > 1 || (answer.attempts === 1 && answer.score < answer.points);

/**
 * When a question is due, as milliseconds; null if it never is.
 * @type {(answer: Answer | undefined, review: Review | undefined) => number | null}
 */
function dueAt(answer, review) {
  if (review) return review.stage > DAYS.length - 1 ? null : Date.parse(review.due);
  return answer && missed(answer) ? Date.parse(answer.at ?? "") + DAYS[0] * DAY : null;
}

/**
 * The next stage: a right answer moves on, a wrong one begins again.
 * @type {(review: Review | undefined, right: boolean, now: number) => Review}
 */
export function nextReview(review, right, now) {
  const stage = right ? (review?.stage ?? 0) + 1 : 0;
  const days = DAYS[Math.min(stage, DAYS.length - 1)];
  /** @param {number} time */
  const iso = (time) => new Date(time).toISOString();
  const revision = (review?.revision ?? 0) + 1;
  return { stage, due: iso(now + days * DAY), revision, at: iso(now) };
}

/**
 * What is due: questions that were missed, and terms of chapters that were begun.
 * @param {QuizSpec} spec
 * @param {Kept["answers"]} answers
 * @param {Kept["reviews"]} reviews
 * @param {number} now
 */
export function dueItems(spec, answers, reviews, now) {
  const begun = new Set(Object.keys(answers).map((id) => id.slice(0, 2)));
  /** @type {number[]} */
  const times = [];
  /** @type {Item[]} */
  const due = [];
  /** @type {(item: any, time: number | null) => void} */
  const consider = (item, time) => {
    if (time === null) return;
    times.push(time);
    if (time <= now) due.push({ ...item, time });
  };
  for (const one of spec.questions) {
    const answer = answers[one.id];
    const same = answer && answer.fingerprint === one.fingerprint ? answer : undefined;
    consider({ id: one.id, question: one }, dueAt(same, reviews[one.id]));
  }
  for (const card of (spec.cards ?? []).filter(({ chapter }) => begun.has(chapter))) {
    const review = reviews[card.id];
    consider({ id: card.id, card }, review ? dueAt(undefined, review) : now);
  }
  due.sort((a, b) => a.time - b.time);
  const later = times.filter((time) => time > now);
  return { due: due.slice(0, AT_ONCE), next: later.length ? Math.min(...later) : null };
}

/**
 * @param {Place} place
 * @returns {() => void}
 */
export function renderReview({ model, el, room }) {
  const spec = model.get("spec");
  const now = Date.now();
  const said = make("p", { role: "status", tabindex: "-1" });
  const keeping = keeper(model, () => drawn?.drawKept(), room);
  keeping.restore([...spec.questions, ...spec.cards ?? []]);
  const { due, next } = dueItems(spec, model.get("answers"), model.get("reviews"), now);
  let left = due.length;
  let at = 0;
  /** @type {{ node: HTMLElement, drawKept: () => void, end?: () => void } | undefined} */
  let drawn;
  const stage = make("div", { class: "pfp-review-stage" });
  const forward = button("Next", "pfp-q-check pfp-q-next");
  forward.hidden = true;

  /** @type {(id: string, right: boolean) => void} */
  function graded(id, right) {
    keeping.keep("reviews", id, nextReview(model.get("reviews")[id], right, Date.now()));
    left -= 1;
    forward.hidden = at + 1 >= due.length;
    tell();
    // Who is right goes on; who is not may try again before that.
    if (right || due[at].card) (forward.hidden ? said : forward).focus();
  }
  function tell() {
    const day = next === null
      ? ""
      : ` The next is due on ${new Date(next).toISOString().slice(0, 10)}.`;
    said.textContent = left
      ? `${left} of ${due.length} to do.`
      : due.length
      ? "Done for today."
      : `Nothing is due today.${day} Questions that you miss come back after a day.`;
  }
  // One at a time: what stands beside a question draws the eye from it.
  function show() {
    const item = due[at];
    if (!item) return;
    drawn?.end?.();
    drawn = item.card
      ? card(item.card, graded, keeping)
      : asked(item.question, at, due.length, spec.seed, graded, keeping);
    stage.replaceChildren(drawn.node);
    forward.hidden = true;
  }
  forward.addEventListener("click", () => {
    at += 1;
    show();
    focusFirst(stage);
  });
  tell();
  show();
  const root = make(
    "div",
    {
      class: "pfp-quiz-live",
      role: "group",
      "aria-label": spec.title,
      "data-lm-suppress-shortcuts": "true",
    },
    make("p", { class: "pfp-q-title" }, spec.title),
    said,
    stage,
    make("div", { class: "pfp-q-buttons" }, forward),
  );
  el.append(root);
  return () => {
    drawn?.end?.();
    keeping.end();
    root.remove();
  };
}

/**
 * The first answer counts; the others are for learning.
 * @param {Spec} spec
 * @param {number} place
 * @param {number} count
 * @param {string} seed
 * @param {(id: string, right: boolean) => void} graded
 * @param {ReturnType<typeof keeper>} keeping
 */
function asked(spec, place, count, seed, graded, keeping) {
  let first = true;
  // Answers are given anew here and not kept; what is kept is when a question is due.
  /** @type {QuestionHost} */
  const host = {
    keep: (id, answer) => {
      if (!first || answer.attempts === 0) return;
      first = false;
      graded(id, isRight({ fingerprints: [spec.fingerprint], points: spec.points }, answer));
    },
    write: () => {},
    drafts: () => undefined,
    ask: keeping.ask,
    state: (id) => keeping.state(id, "reviews"),
    isSilent: keeping.isSilent,
  };
  const one = question({ ...spec, attempts: 0 }, place, count, seed, host);
  one.load(undefined);
  return one;
}

/**
 * @param {Card} of
 * @param {(id: string, right: boolean) => void} graded
 * @param {ReturnType<typeof keeper>} keeping
 */
function card({ id, term, meaning, names, isUnconfirmed }, graded, keeping) {
  const back = make("div", { class: "pfp-q-feedback", role: "status" });
  const show = button("Show the meaning", "pfp-q-check");
  const knew = button("I knew it", "pfp-q-knew");
  const not = button("I did not know it", "pfp-q-not");
  knew.hidden = true;
  not.hidden = true;
  show.addEventListener("click", () => {
    back.replaceChildren(make("p", {}, rich(meaning)), ...otherLanguages(names, isUnconfirmed));
    show.hidden = true;
    knew.hidden = false;
    not.hidden = false;
    knew.focus();
  });
  /** @param {boolean} right */
  const end = (right) => {
    if (knew.hasAttribute("aria-disabled")) return;
    for (const one of [knew, not]) {
      disable(one, true);
      one.hidden = true;
    }
    graded(id, right);
    drawKept();
  };
  const kept = make("small", { class: "pfp-q-kept" });
  const drawKept = () => {
    if (knew.hasAttribute("aria-disabled")) showSaved(kept, keeping.state(id, "reviews"));
  };
  knew.addEventListener("click", () => end(true));
  not.addEventListener("click", () => end(false));
  const node = make(
    "div",
    { class: "pfp-q", role: "group", "aria-label": `What does ${term} mean?` },
    make("p", { class: "pfp-q-ask" }, "What does ", make("strong", {}, term), " mean?"),
    make("div", { class: "pfp-q-buttons" }, show, knew, not),
    kept,
    back,
  );
  return { node, drawKept };
}

/** @type {(names: Record<string, string>, isUnconfirmed: boolean) => Node[]} */
function otherLanguages(names, isUnconfirmed) {
  const languages = new Intl.DisplayNames("en", { type: "language" });
  const parts = Object.entries(names).flatMap(([code, name], place) => [
    `${place ? "; " : ""}${languages.of(code)}: `,
    make("span", { lang: code }, name),
  ]);
  return parts.length ? [make("p", {}, ...parts, isUnconfirmed ? " (unconfirmed)" : "")] : [];
}

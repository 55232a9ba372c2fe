import { make, rich } from "./nodes.js";
import { button, question } from "./question.js";

// Review: what was missed comes back after 1, 3, 7 and 21 days, and so do the terms.
const DAY = 24 * 60 * 60 * 1000;
const DAYS = [1, 3, 7, 21];
const AT_ONCE = 10;

const missed = (answer) =>
  answer.shown || answer.attempts > 1 || (answer.attempts === 1 && answer.score < answer.points);

// When a question is due, as milliseconds; null if it never is.
function dueAt(answer, review) {
  if (review) return review.stage > DAYS.length - 1 ? null : Date.parse(review.due);
  return answer && missed(answer) ? Date.parse(answer.at) + DAYS[0] * DAY : null;
}

// The next stage: a right answer moves on, a wrong one begins again.
export function nextReview(review, right, now) {
  const stage = right ? (review?.stage ?? 0) + 1 : 0;
  const days = DAYS[Math.min(stage, DAYS.length - 1)];
  const iso = (time) => new Date(time).toISOString();
  return { stage, due: iso(now + days * DAY), at: iso(now) };
}

// What is due: questions that were missed, and terms of chapters that were begun.
export function dueItems(spec, answers, reviews, now) {
  const begun = new Set(Object.keys(answers).map((id) => id.slice(0, 2)));
  const times = [];
  const due = [];
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
  for (const card of spec.cards.filter(({ chapter }) => begun.has(chapter))) {
    const review = reviews[card.id];
    consider({ id: card.id, card }, review ? dueAt(undefined, review) : now);
  }
  due.sort((a, b) => a.time - b.time);
  const later = times.filter((time) => time > now);
  return { due: due.slice(0, AT_ONCE), next: later.length ? Math.min(...later) : null };
}

export function renderReview({ model, el }) {
  const spec = model.get("spec");
  const now = Date.now();
  const { due, next } = dueItems(spec, model.get("answers"), model.get("reviews"), now);
  const said = make("p", { role: "status" });
  let left = due.length;

  function graded(id, right) {
    const reviews = model.get("reviews");
    model.set("reviews", { ...reviews, [id]: nextReview(reviews[id], right, Date.now()) });
    model.save_changes();
    left -= 1;
    tell();
  }
  function tell() {
    const day = next === null ? "" : ` The next is due on ${new Date(next).toISOString().slice(0, 10)}.`;
    said.textContent = left
      ? `${left} of ${due.length} to do.`
      : due.length
        ? "Done for today."
        : `Nothing is due today.${day} Questions that you miss come back after a day.`;
  }
  const drawn = due.map((item, place) =>
    item.card ? card(item, graded) : asked(item, place, due.length, spec.seed, graded),
  );
  tell();
  el.append(
    make(
      "div",
      { class: "pfp-quiz-live", role: "group", "aria-label": spec.title, "data-lm-suppress-shortcuts": "true" },
      make("p", { class: "pfp-q-title" }, spec.title),
      said,
      make("ol", { class: "pfp-q-list" }, ...drawn.map((node) => make("li", {}, node))),
    ),
  );
}

// The first answer counts; the others are for learning.
function asked(item, place, count, seed, graded) {
  let first = true;
  const one = question({ ...item.question, attempts: 0 }, place, count, seed, (id, answer) => {
    if (!first || answer.attempts === 0) return;
    first = false;
    graded(item.id, answer.score === answer.points);
  });
  one.load(undefined);
  return one.node;
}

function card({ id, card: { term, meaning } }, graded) {
  const back = make("div", { class: "pfp-q-feedback", role: "status" });
  const show = button("Show the meaning", "pfp-q-check");
  const knew = button("I knew it", "pfp-q-knew");
  const not = button("I did not know it", "pfp-q-not");
  knew.hidden = true;
  not.hidden = true;
  show.addEventListener("click", () => {
    back.replaceChildren(make("p", {}, rich(meaning)));
    show.hidden = true;
    knew.hidden = false;
    not.hidden = false;
    knew.focus();
  });
  const end = (right) => {
    if (knew.hasAttribute("aria-disabled")) return;
    for (const one of [knew, not]) one.setAttribute("aria-disabled", "true");
    graded(id, right);
  };
  knew.addEventListener("click", () => end(true));
  not.addEventListener("click", () => end(false));
  return make(
    "div",
    { class: "pfp-q", role: "group", "aria-label": `What does ${term} mean?` },
    make("p", { class: "pfp-q-ask" }, "What does ", make("strong", {}, term), " mean?"),
    make("div", { class: "pfp-q-buttons" }, show, knew, not),
    back,
  );
}

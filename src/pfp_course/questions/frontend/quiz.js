import { button, freshName, redraw } from "./controls.js";
import { make } from "./dom.js";
import { renderForm } from "./handin.js";
import { question } from "./question.js";
import { keeper, quietly } from "./saving.js";
import { inSlices } from "./slices.js";

/** @import { FormModel, Model, Place, QuestionHost, Spec } from "./types.d.ts" */

export const SHORT = 25; // questions that are drawn in one go

/**
 * A front-end module of anywidget (AFM). The spec changes once, where a name comes before the
 * questions.
 * @param {Place} place
 * @returns {() => void}
 */
export function render({ model, el, room }) {
  let away = draw({ model, el, room });
  const anew = () =>
    redraw(el, () => {
      away();
      away = draw({ model, el, room });
    });
  model.on("change:spec", anew);
  return () => {
    quietly(() => model.off("change:spec", anew));
    away();
  };
}

/**
 * The text that a saved notebook shows where nothing is live, and the live quiz in its place.
 * @type {(model: Model, isHidden: boolean) => void}
 */
function standIn(model, isHidden) {
  const name = model.get("stand_in");
  if (!name) return;
  /** @type {NodeListOf<HTMLElement>} */
  const saved = document.querySelectorAll(".pfp-quiz-saved");
  for (const one of saved) {
    if (one.dataset.pfpStandIn === name) one.hidden = isHidden;
  }
}

/** @param {Place} place */
function draw({ model, el, room }) {
  const away = drawQuiz({ model, el, room });
  standIn(model, true);
  return () => {
    standIn(model, false);
    away();
  };
}

/**
 * @param {Place} place
 * @returns {() => void}
 */
function drawQuiz({ model, el, room }) {
  const spec = model.get("spec");
  if (spec.form) {
    return renderForm({ model: /** @type {FormModel} */ (/** @type {unknown} */ (model)), el });
  }
  const title = make("p", { class: "pfp-q-title", id: freshName() }, spec.title);
  /** @type {ReturnType<typeof question>[]} */
  const questions = [];
  const keeping = keeper(model, () => questions.forEach((one) => one.drawKept()), room);
  /** @type {QuestionHost} */
  const host = {
    ask: keeping.ask,
    isSilent: keeping.isSilent,
    state: (id) => keeping.state(id),
    links: model.get("links") === true,
    drafts: (id) => model.get("drafts")[id],
    keep: (id, answer) => {
      keeping.keep("answers", id, answer);
      sum();
    },
    write: (id, draft) => {
      keeping.keep("drafts", id, draft);
      sum();
    },
  };
  keeping.restore(spec.questions);
  const count = spec.questions.length;
  if (count > 1 && !spec.questions.some((one) => one.exam)) {
    host.next = (id) => {
      const at = questions.findIndex((_, place) => spec.questions[place].id === id);
      const after = [...questions.slice(at + 1), ...questions.slice(0, at)];
      const open = after.find((one) => !one.state().done);
      if (open) open.focus();
      else summary.focus();
    };
  }
  const list = make("ol", { class: count > SHORT ? "pfp-q-list pfp-q-long" : "pfp-q-list" });
  const summary = make("p", { class: "pfp-q-summary", tabindex: "-1" });
  const again = button("Start again", "pfp-q-again");
  const yes = button("Yes, delete my answers", "pfp-q-yes");
  const no = button("No, keep them", "pfp-q-no");
  const confirm = make(
    "div",
    { class: "pfp-q-confirm", role: "group", hidden: true },
    make(
      "span",
      {},
      count === 1 ? "Delete this answer?" : "Delete the answers to these questions?",
    ),
    yes,
    no,
  );
  confirm.setAttribute("aria-label", "Start again");
  const notice = make("p", { class: "pfp-q-notice", role: "alert" });
  const foot = make("div", { class: "pfp-q-foot" }, summary, again, confirm);
  const root = make(
    "div",
    {
      class: "pfp-quiz-live",
      role: "group",
      "aria-labelledby": title.id,
      // JupyterLab must not take a typed letter for a command.
      "data-lm-suppress-shortcuts": "true",
    },
    title,
    notice,
    list,
    foot,
  );

  function sum() {
    const states = questions.map((one) => one.state());
    const done = states.filter((one) => one.done).length;
    const score = states.reduce((total, one) => total + one.score, 0);
    const points = states.reduce((total, one) => total + one.points, 0);
    const shown = Math.round(score * 100) / 100;
    const end = done === count ? " All questions are done." : "";
    const exam = spec.questions.every((one) => one.exam);
    const earned = exam ? "saved." : `done, ${shown} of ${points} points.${end}`;
    summary.textContent = count === 1 ? "" : `${done} of ${count} questions ${earned}`;
    again.hidden = !states.some((one) => one.touched) || !confirm.hidden;
    foot.hidden = (count === 1 && again.hidden && confirm.hidden) || questions.length < count;
  }
  /** @param {boolean} open */
  function asking(open) {
    confirm.hidden = !open;
    sum();
  }
  again.addEventListener("click", () => {
    asking(true);
    yes.focus();
  });
  no.addEventListener("click", () => {
    asking(false);
    again.focus();
  });
  yes.addEventListener("click", () => {
    questions.forEach((one) => one.clear());
    asking(false);
    questions[0].focus();
  });

  let generation = model.get("generation") ?? 0;
  const reload = () => {
    const answers = model.get("answers");
    const now = model.get("generation") ?? 0;
    questions.forEach((one, place) =>
      one.load(answers[spec.questions[place].id], now !== generation)
    );
    questions.forEach((one) => one.drawKept());
    generation = now;
    sum();
  };
  // The page may go: what is written is kept now, and where it cannot be, the reader is asked.
  const flush = () => questions.forEach((one) => one.flush());
  const hide = () => document.visibilityState === "hidden" && flush();
  /** @param {BeforeUnloadEvent} event */
  const leave = (event) => {
    flush();
    if (keeping.isSafe() || !questions.some((one) => one.isUnsaved())) return;
    event.preventDefault();
    event.returnValue = "";
  };
  addEventListener("pagehide", flush);
  addEventListener("beforeunload", leave);
  document.addEventListener("visibilitychange", hide);
  const renotice = () => {
    notice.textContent = model.get("notice") || "";
  };
  model.on("change:answers", reload);
  model.on("change:notice", renotice);
  renotice();
  el.append(root);

  let gone = false;
  /** @type {(one: Spec, place: number) => boolean} */
  const add = (one, place) => {
    if (gone) return false;
    const drawn = question(one, place, count, spec.seed, host);
    drawn.load(model.get("answers")[one.id]);
    drawn.drawKept();
    questions.push(drawn);
    list.append(make("li", host.links ? { id: `q-${one.id}` } : {}, drawn.node));
    if (questions.length < count) return true;
    sum();
    el.dispatchEvent(new Event("pfp-drawn", { bubbles: true }));
    return true;
  };
  sum();
  if (count <= SHORT) spec.questions.forEach(add);
  else inSlices(spec.questions.entries(), ([place, one]) => add(one, place));
  return () => {
    gone = true;
    quietly(() => model.off("change:answers", reload));
    quietly(() => model.off("change:notice", renotice));
    questions.forEach((one) => one.end());
    keeping.end();
    removeEventListener("pagehide", flush);
    removeEventListener("beforeunload", leave);
    document.removeEventListener("visibilitychange", hide);
    root.remove();
  };
}

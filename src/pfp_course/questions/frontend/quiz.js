import { freshName, make, redraw } from "./nodes.js";
import { button, question } from "./question.js";
import { renderReview } from "./review.js";
import { renderForm } from "./handin.js";

// Hosts differ: some have no `off`, and on a page nothing is to be saved.
function quietly(action) {
  try {
    return action();
  } catch (error) {
    console.warn("Partnership for Peace course:", error);
    return undefined;
  }
}

// A front-end module of anywidget (AFM): the model has `spec`, `answers` and `notice`. The spec
// changes once, where a name comes before the questions.
export function render({ model, el }) {
  let away = draw({ model, el });
  const anew = () =>
    redraw(el, () => {
      away?.();
      away = draw({ model, el });
    });
  model.on("change:spec", anew);
  return () => {
    quietly(() => model.off("change:spec", anew));
    away?.();
  };
}

function draw({ model, el }) {
  const spec = model.get("spec");
  if (spec.cards) return renderReview({ model, el });
  if (spec.form) return renderForm({ model, el });
  const title = make("p", { class: "pfp-q-title", id: freshName() }, spec.title);
  const keep = (id, answer) => {
    model.set("answers", { ...model.get("answers"), [id]: answer });
    quietly(() => model.save_changes());
    sum();
  };
  const count = spec.questions.length;
  const questions = spec.questions.map((one, place) => question(one, place, count, spec.seed, keep));
  const summary = make("p", { class: "pfp-q-summary" });
  const again = button("Start again", "pfp-q-again");
  const yes = button("Yes, delete my answers", "pfp-q-yes");
  const no = button("No, keep them", "pfp-q-no");
  const confirm = make(
    "div",
    { class: "pfp-q-confirm", role: "group", hidden: true },
    make("span", {}, count === 1 ? "Delete this answer?" : "Delete the answers to these questions?"),
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
    make("ol", { class: "pfp-q-list" }, ...questions.map((one) => make("li", {}, one.node))),
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
    foot.hidden = count === 1 && again.hidden && confirm.hidden;
  }
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

  const reload = () => {
    const answers = model.get("answers");
    questions.forEach((one, place) => one.load(answers[spec.questions[place].id]));
    sum();
  };
  const renotice = () => {
    notice.textContent = model.get("notice") || "";
  };
  model.on("change:answers", reload);
  model.on("change:notice", renotice);
  reload();
  renotice();
  el.append(root);
  return () => {
    quietly(() => model.off("change:answers", reload));
    quietly(() => model.off("change:notice", renotice));
    root.remove();
  };
}

import { browserRecord } from "./record.js";
import { renderProgress } from "./progress.js";
import { render } from "./quiz.js";
import { make, redraw } from "./nodes.js";
import { renderBegin, renderDownload } from "./receipt.js";
import { pick } from "./seeds.js";

// A model for `render` where there is no kernel: it reads and writes the browser's record.
function pageModel(spec, record) {
  return {
    get: (name) =>
      ({ spec, answers: record.answers(), reviews: record.reviews(), notice: record.notice() })[name],
    set: (name, value) => {
      if (name === "answers") record.add(value);
      if (name === "reviews") record.addReviews(value);
    },
    save_changes: () => {},
    on: (event, listener) => event !== "change:spec" && record.listen(listener),
    off: () => {},
  };
}

// Between two quizzes the browser may answer the reader: a slow phone needs long for all of them.
const breath = () => new Promise((resolve) => setTimeout(resolve));

export async function start() {
  let record = null;
  for (const host of document.querySelectorAll(".pfp-progress[data-quiz]")) {
    const { course, outline } = JSON.parse(host.querySelector("script").textContent);
    record ??= browserRecord(course);
    host.querySelector("p").remove();
    renderProgress(outline, record, host);
    const banks = Object.fromEntries(outline.map((one) => [one.chapter, one.bank]));
    const el = make("div", {});
    host.append(el);
    renderDownload(record, course, banks, () => true, el);
  }
  const waiting = [];
  const begin = () => waiting.splice(0).forEach((ask) => ask());
  for (const host of document.querySelectorAll(".pfp-quiz[data-quiz]")) {
    await breath();
    const spec = JSON.parse(host.querySelector(".pfp-quiz-data").textContent);
    record ??= browserRecord(spec.course);
    const el = make("div", {});
    host.querySelector(".pfp-quiz-plain").replaceWith(el);
    if (record.seedBy() === "student" && !record.seed()) {
      const away = renderBegin(record, begin, el);
      const ask = () => {
        away();
        renderQuiz(spec, record, el);
      };
      waiting.push(() => redraw(el, ask));
    } else renderQuiz(spec, record, el);
  }
}

function renderQuiz(spec, record, el) {
  spec.seed ||= record.seed();
  spec.questions = spec.questions.map((one) =>
    one.variants ? one.variants[pick(one.variants.length, spec.seed, one.id)] : one,
  );
  render({ model: pageModel(spec, record), el });
  if (!spec.bank) return;
  const mine = (id) => id.startsWith(`${spec.id}.`);
  renderDownload(record, spec.course, { [spec.id]: spec.bank }, mine, el);
}

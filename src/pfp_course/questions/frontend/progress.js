import { button } from "./controls.js";
import { make } from "./dom.js";
import { offer } from "./offering.js";
import { SURE } from "./question.js";
import { isAnswerTo, isRight } from "./rightness.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { Chapter, Kept } from "./types.d.ts" */

/**
 * The page "My progress": what has been reached, and the record to take along.
 * @param {Chapter[]} outline
 * @param {BrowserRecord} record
 * @param {HTMLElement} el
 * @param {(place: HTMLElement) => void} handIn draws the form to hand in
 * @returns {() => void}
 */
export function renderProgress(outline, record, el, handIn) {
  const total = make("p", { class: "pfp-progress-total" });
  const table = make("div", {});
  const said = make("p", { role: "status" });
  const erased = make("p", { role: "status" });
  const text = make("div", { class: "pfp-q-more" });
  const save = button("Download my record", "pfp-q-check");
  const file = make("input", { type: "file", id: "pfp-load", accept: ".json,application/json" });
  const erase = button("Delete all my answers", "pfp-q-again");
  const yes = button("Yes, delete all", "pfp-q-yes");
  const no = button("No, keep them", "pfp-q-no");
  const confirm = make(
    "span",
    { role: "group", "aria-label": "Delete all", hidden: true },
    yes,
    no,
  );

  /**
   * How often the first answer was right, for each of the ways to be sure of it.
   * @param {Kept["answers"]} answers
   */
  function sureness(answers) {
    const said = outline
      .flatMap((one) => one.questions)
      .map((one) => ({ ...answers[one.id], right: isRight(one, answers[one.id]) }))
      .filter((one) => (one.confidence ?? null) !== null);
    if (!said.length) return [];
    const lines = SURE.map((text, level) => {
      const of = said.filter((one) => one.confidence === level);
      const right = of.filter((one) => one.right && one.attempts === 1).length;
      return make(
        "li",
        {},
        make("strong", {}, text),
        `: ${right} of ${of.length} right at the first try`,
      );
    });
    return [
      make("h2", {}, "How sure, and how right"),
      make(
        "p",
        {},
        "If you were certain and often wrong, slow down. If you guessed and were often right, trust yourself more.",
      ),
      make("ul", { class: "pfp-progress-list" }, ...lines),
    ];
  }

  // Of an objective with questions: how many there are, and how many are right.
  /** @type {(chapter: Chapter, answers: Kept["answers"]) => { id: string, text: string, all: number, right: number }[]} */
  const reached = ({ objectives, questions }, answers) =>
    Object.entries(objectives).flatMap(([id, text]) => {
      const asked = questions.filter((one) => one.objective === id);
      const right = asked.filter((one) => isRight(one, answers[one.id])).length;
      return asked.length ? [{ id, text, all: asked.length, right }] : [];
    });

  function draw() {
    const answers = record.answers();
    const all = outline.flatMap((one) => reached(one, answers));
    const questions = outline.flatMap((one) => one.questions);
    const given = questions.filter((one) => isAnswerTo(one, answers[one.id])).length;
    const right = all.reduce((sum, one) => sum + one.right, 0);
    const met = all.filter((one) => one.right === one.all).length;
    total.textContent = `${given} of ${questions.length} questions answered, ${right} of them ` +
      `right; ${met} of ${all.length} objectives met.`;
    table.replaceChildren(
      ...sureness(answers),
      ...outline.flatMap((one) => [
        make("h2", {}, heading(one)),
        make(
          "ul",
          { class: "pfp-progress-list" },
          ...reached(one, answers).map(({ id, text, all, right }) =>
            make(
              "li",
              { class: right === all ? "pfp-progress-met" : "" },
              make("strong", {}, `${right === all ? "\u2713 met" : "not yet"} \u00b7 ${id} `),
              `${text} `,
              make("small", {}, `${right} of ${all} questions right`),
            )
          ),
        ),
      ]),
    );
  }
  /** @param {string} words */
  const tell = (words) => {
    said.textContent = words;
    text.replaceChildren();
  };
  save.addEventListener("click", () => {
    const { words, more } = offer("pfp-progress.json", JSON.stringify(record.value(), null, 1));
    tell(`The record is ${words}`);
    text.replaceChildren(...more);
  });
  file.addEventListener("change", async () => {
    if (!file.files?.length) return;
    const count = record.load(await file.files[0].text());
    tell(
      count === null
        ? "This file is no record of this course, or is damaged. Nothing was changed."
        : `${count} answers were read. Of two answers to a question that which was changed more often stays.`,
    );
    file.value = "";
    draw();
  });
  erase.addEventListener("click", () => {
    confirm.hidden = false;
    yes.focus();
  });
  no.addEventListener("click", () => {
    confirm.hidden = true;
    erase.focus();
  });
  yes.addEventListener("click", () => {
    record.clear();
    confirm.hidden = true;
    erase.focus();
    erased.textContent = "All answers are deleted.";
    draw();
  });
  const end = record.listen(draw);
  draw();
  const notice = record.notice();
  const tools = make(
    "div",
    { class: "pfp-quiz-live pfp-progress-tools" },
    make("p", { class: "pfp-q-title" }, "Take your answers along"),
    make("p", {}, save),
    make("p", {}, make("label", { for: file.id }, "Load a record: "), file),
    said,
    text,
  );
  const hand = make("div", {});
  // Apart from all else, and last: nobody comes to it on the way to something else.
  const danger = make(
    "div",
    { class: "pfp-quiz-live pfp-progress-danger" },
    make("p", { class: "pfp-q-title" }, "Delete your answers"),
    make(
      "p",
      {},
      "What is deleted here cannot be brought back, unless you have downloaded it before.",
    ),
    make("p", {}, erase, " ", confirm),
    erased,
  );
  const parts = [...(notice ? [make("p", {}, notice)] : []), total, tools, table, hand, danger];
  el.append(...parts);
  handIn(hand);
  return () => {
    end();
    parts.forEach((one) => one.remove());
  };
}

/** @param {Chapter} chapter */
function heading({ chapter, title, page }) {
  const words = `${Number(chapter)}. ${title}`;
  return page ? make("a", { href: page }, words) : words;
}

import { make } from "./nodes.js";
import { button, SURE } from "./question.js";
import { download } from "./receipt.js";

// The page "My progress": what has been reached, and the record to take along.
export function renderProgress(outline, record, el) {
  const table = make("div", {});
  const said = make("p", { role: "status" });
  const save = button("Download my record", "pfp-q-check");
  const file = make("input", { type: "file", id: "pfp-load", accept: ".json,application/json" });
  const erase = button("Delete all my answers", "pfp-q-again");
  const yes = button("Yes, delete all", "pfp-q-yes");
  const no = button("No, keep them", "pfp-q-no");
  const confirm = make("span", { role: "group", "aria-label": "Delete all", hidden: true }, yes, no);

  const isRight = (question, answer) =>
    answer !== undefined &&
    !answer.shown &&
    question.fingerprints.includes(answer.fingerprint) &&
    answer.score === question.points;

  // How often the first answer was right, for each of the ways to be sure of it.
  function sureness(answers) {
    const said = outline
      .flatMap((one) => one.questions)
      .map((one) => ({ ...answers[one.id], right: isRight(one, answers[one.id]) }))
      .filter((one) => (one.confidence ?? null) !== null);
    if (!said.length) return [];
    const lines = SURE.map((text, level) => {
      const of = said.filter((one) => one.confidence === level);
      const right = of.filter((one) => one.right && one.attempts === 1).length;
      return make("li", {}, make("strong", {}, text), `: ${right} of ${of.length} right at the first try`);
    });
    return [
      make("h2", {}, "How sure, and how right"),
      make("p", {}, "If you were certain and often wrong, slow down. If you guessed and were often right, trust yourself more."),
      make("ul", { class: "pfp-progress-list" }, ...lines),
    ];
  }

  function draw() {
    const answers = record.answers();
    table.replaceChildren(
      ...sureness(answers),
      ...outline.flatMap(({ chapter, title, objectives, questions }) => [
        make("h2", {}, `${Number(chapter)}. ${title}`),
        make(
          "ul",
          { class: "pfp-progress-list" },
          ...Object.entries(objectives).flatMap(([id, text]) => {
            const asked = questions.filter((one) => one.objective === id);
            if (!asked.length) return [];
            const right = asked.filter((one) => isRight(one, answers[one.id])).length;
            const met = right === asked.length;
            return [
              make(
                "li",
                { class: met ? "pfp-progress-met" : "" },
                make("strong", {}, `${met ? "\u2713 met" : "not yet"} \u00b7 ${id} `),
                `${text} `,
                make("small", {}, `${right} of ${asked.length} questions right`),
              ),
            ];
          }),
        ),
      ]),
    );
  }
  const tell = (text) => {
    said.textContent = text;
  };
  save.addEventListener("click", () => {
    download("pfp-progress.json", JSON.stringify(record.value(), null, 1));
    tell("The record is saved as pfp-progress.json.");
  });
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const count = record.load(await file.files[0].text());
    tell(
      count === null
        ? "This file is no record of this course, or is damaged. Nothing was changed."
        : `${count} answers were read. Of two answers to a question the newer one stays.`,
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
    tell("All answers are deleted.");
    draw();
  });
  record.listen(draw);
  draw();
  el.append(
    make(
      "div",
      { class: "pfp-quiz-live pfp-progress-tools" },
      make("p", {}, record.notice()),
      make("p", {}, save),
      make("p", {}, make("label", { for: file.id }, "Load a record: "), file),
      make("p", {}, erase, " ", confirm),
      said,
    ),
    table,
  );
}

// How far the reader is in each chapter, from the record of answers that this browser keeps.
// `outline` comes before: by chapter the questions, each [name, points, ...fingerprints].

function answersKept() {
  try {
    const record = JSON.parse(localStorage.getItem("pfp-course/progress"));
    return record?.version === 1 && record.answers ? record.answers : {};
  } catch {
    return {}; // storage may be closed to us, or hold what is no record
  }
}

function countChapter(chapter, answers) {
  const counted = { all: 0, answered: 0, right: 0 };
  for (const [name, points, ...fingerprints] of outline[chapter]) {
    counted.all += 1;
    const answer = answers[`${chapter}.${name}`];
    // An answer to another wording of the question is not this question's.
    if (!answer || !fingerprints.some((one) => String(answer.fingerprint).startsWith(one))) continue;
    counted.answered += answer.response != null || answer.shown === true;
    counted.right += answer.score === points && !answer.shown;
  }
  return counted;
}

function setUpMarks() {
  const marks = document.querySelectorAll(".pfp-reached[data-chapter]");
  const draw = () => {
    const answers = answersKept();
    for (const mark of marks) {
      if (!outline[mark.dataset.chapter]) continue;
      const { all, answered, right } = countChapter(mark.dataset.chapter, answers);
      const sign = right === all ? "\u2713" : `${right}/${all}`;
      const said = right === all ? `(all ${all} questions right)` :
        `(${answered} of ${all} questions answered, ${right} right)`;
      mark.replaceChildren(...(answered ? [
        element("span", { "aria-hidden": "true" }, sign),
        element("span", { class: "pfp-hidden" }, said),
      ] : []));
    }
  };
  addEventListener("pfp-record", draw);
  addEventListener("storage", draw);
  draw();
}

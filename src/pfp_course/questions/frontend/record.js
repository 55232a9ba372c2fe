import { seedOf } from "./seeds.js";

// The record of answers in the browser: the same JSON as the file beside a notebook.

const KEY = "pfp-course/progress";
const NOT_KEPT =
  "Your answers are not kept: this browser does not let the page store them. " +
  "They stay until you close or reload the page.";

const isAnswer = (one) =>
  one !== null &&
  typeof one === "object" &&
  typeof one.fingerprint === "string" &&
  typeof one.at === "string" &&
  Number.isInteger(one.attempts) &&
  Number.isInteger(one.hints);

const isReview = (one) =>
  one !== null &&
  typeof one === "object" &&
  Number.isInteger(one.stage) &&
  typeof one.at === "string" &&
  !Number.isNaN(Date.parse(one.due));

function isRecord(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    value.format === KEY &&
    value.version === 1 &&
    value.answers !== null &&
    typeof value.answers === "object" &&
    Object.values(value.answers).every(isAnswer)
  );
}

export function browserRecord(course) {
  let answers = {};
  let rest = {};
  // What this page was told, over what the record says: seed, assignment, student.
  let mine = {};
  let notice = "";
  const listeners = [];

  function merge(others) {
    for (const [id, other] of Object.entries(others)) {
      if (!answers[id] || other.at >= answers[id].at) answers = { ...answers, [id]: other };
    }
  }
  function mergeReviews(others) {
    const known = rest.reviews ?? {};
    for (const [id, other] of Object.entries(others ?? {})) {
      if (isReview(other) && (!known[id] || other.at >= known[id].at)) known[id] = other;
    }
    rest = { ...rest, reviews: known };
  }
  function read() {
    const text = localStorage.getItem(KEY);
    if (text === null) return {};
    let value = null;
    try {
      value = JSON.parse(text);
    } catch {
      // Set aside below, like everything that is not a record.
    }
    if (isRecord(value)) {
      // What a later version adds is kept.
      const { reviews } = rest;
      rest = { ...value, ...mine };
      mergeReviews(reviews);
      return value.answers;
    }
    const aside = `${KEY}.set-aside-${new Date().toISOString()}`;
    localStorage.setItem(aside, text);
    localStorage.removeItem(KEY);
    notice = `Your earlier answers could not be read. They were kept as \u201c${aside}\u201d, and a new record has been begun.`;
    return {};
  }
  // The side bar shows how far the reader is; it knows nothing of this record but its news.
  const tellPage = () => window.dispatchEvent(new Event("pfp-record"));
  function write() {
    try {
      merge(read());
      localStorage.setItem(KEY, JSON.stringify({ ...rest, format: KEY, version: 1, course, answers }));
      if (notice === NOT_KEPT) notice = "";
    } catch {
      notice = NOT_KEPT;
    }
    tellPage();
  }
  // A class code in the address, as ?seed=7b, decides on variants from then on; as
  // ?seed-by=student, the name does. A link to an assignment names it, as ?assignment=a-1b2c3d.
  const address = new URLSearchParams(location.search);
  const given = address.get("seed");
  const assignment = address.get("assignment");
  const own = address.get("seed-by") === "student";
  if (given) mine = { seed: given.slice(0, 100), seedBy: "" };
  if (own) mine = { seed: "", seedBy: "student" };
  if (assignment) mine.assignment = assignment.slice(0, 60);
  rest = { ...mine };
  try {
    merge(read());
  } catch {
    notice = NOT_KEPT;
  }
  if (own && rest.student) {
    mine.seed = seedOf(rest.student);
    rest.seed = mine.seed;
  }
  if (given || own || assignment) write();
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    try {
      merge(read());
    } catch {
      return;
    }
    listeners.forEach((listener) => listener());
  });
  return {
    answers: () => answers,
    seed: () => rest.seed ?? "",
    student: () => rest.student ?? "",
    assignment: () => rest.assignment ?? "",
    seedBy: () => rest.seedBy ?? "",
    sign: (student, seed = rest.seed ?? "") => {
      mine = { ...mine, student, seed };
      rest = { ...rest, student, seed };
      write();
    },
    reviews: () => rest.reviews ?? {},
    addReviews: (changed) => {
      mergeReviews(changed);
      write();
    },
    notice: () => notice,
    add: (changed) => {
      merge(changed);
      write();
      listeners.forEach((listener) => listener());
    },
    value: () => ({ ...rest, format: KEY, version: 1, course, answers }),
    // Merges a record from elsewhere; returns how many answers it holds, or null if it is none.
    load: (text) => {
      let value = null;
      try {
        value = JSON.parse(text);
      } catch {
        return null;
      }
      if (!isRecord(value)) return null;
      merge(value.answers);
      mergeReviews(value.reviews);
      write();
      listeners.forEach((listener) => listener());
      return Object.keys(value.answers).length;
    },
    clear: () => {
      answers = {};
      rest = {};
      mine = {};
      try {
        localStorage.removeItem(KEY);
      } catch {
        notice = NOT_KEPT;
      }
      tellPage();
      listeners.forEach((listener) => listener());
    },
    listen: (listener) => listeners.push(listener),
  };
}

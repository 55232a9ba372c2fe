import { renderForm } from "./handin.js";
import { hash, seedOf } from "./seeds.js";

// The receipt: a student's answers, to be handed in. The same file as classroom/receipt.py makes.
const FORMAT = "pfp-course/receipt";

// Python sorts by characters, and JavaScript by halves of them.
const byCharacters = (one, other) => {
  const [these, those] = [Array.from(one), Array.from(other)];
  const place = these.findIndex((letter, index) => letter !== those[index]);
  if (place === -1) return these.length - those.length;
  return place >= those.length ? 1 : these[place].codePointAt(0) - those[place].codePointAt(0);
};

// One text for one value, whatever the order of its fields.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.keys(value)
      .sort(byCharacters)
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value);
}

// Half a character cannot be written in UTF-8.
function whole(value) {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(whole);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [whole(key), whole(one)]));
}

// CRC-32 (ISO 3309), as zlib counts it: it finds damage, and proves nothing.
function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

export function receiptText({ student, seed, assignment, course, made, banks, answers }) {
  const given = Object.entries(answers).map(([id, one]) => [
    id,
    {
      fingerprint: one.fingerprint,
      response: one.response ?? null,
      attempts: one.attempts,
      hints: one.hints,
      shown: one.shown === true,
      confidence: one.confidence ?? null,
      seconds: one.seconds ?? 0,
      at: one.at,
    },
  ]);
  const content = whole({
    format: FORMAT,
    version: 1,
    course,
    assignment,
    student,
    seed,
    made,
    banks,
    answers: Object.fromEntries(given),
  });
  const checksum = `crc32:${crc32(canonical(content))}`;
  return `${JSON.stringify({ ...content, checksum }, null, 1)}\n`;
}

// One name for each student and assignment, so that the newest file is easy to find.
export function receiptName(assignment, student) {
  const what = assignment.replace(/[^A-Za-z0-9-]+/g, "-") || "pfp";
  return `receipt-${what}-${hash(seedOf(student)).toString(16).padStart(8, "0")}.json`;
}

export function download(name, text) {
  const blob = new Blob([text], { type: "application/json" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// The same words as classroom/handin.py.
export const EXPLAIN =
  "The receipt is one small file. It holds your name or id, your answers, how often you tried, " +
  "the hints you used, whether you looked at the answer, how sure you were, your times, and the " +
  "versions of the course and of its questions. It holds no marks. Its checksum finds a file " +
  "that was damaged on the way; it proves nothing about who answered. The file goes nowhere by " +
  "itself: you give it to your teacher, in the way that was agreed.";

// The form under a page's questions: it gives the answers to some questions as a file.
export function renderDownload(record, course, banks, wanted, el) {
  const spec = { title: "Hand in", button: "Download my answers", explain: EXPLAIN };
  renderForm({
    model: formModel(spec, record.student(), (student) => {
      const answers = Object.fromEntries(
        Object.entries(record.answers()).filter(([id]) => wanted(id)),
      );
      const count = Object.keys(answers).length;
      if (!count) return "There is no answer yet. Answer a question first.";
      if (record.seedBy() === "student" && record.seed() !== seedOf(student)) {
        return record.seed() ? otherName(record.student()) : BEGIN_FIRST;
      }
      record.sign(student);
      const [seed, assignment] = [record.seed(), record.assignment()];
      const made = new Date().toISOString();
      const name = receiptName(assignment, student);
      download(name, receiptText({ student, seed, assignment, course, made, banks, answers }));
      const words = count === 1 ? "answer is" : "answers are";
      return `${count} ${words} saved as ${name}, in the folder of your downloads.`;
    }),
    el,
  });
}

const BEGIN_FIRST = "Open a chapter of your assignment first, and begin there with your name.";

const otherName = (student) =>
  `You began as \u201c${student}\u201d, and your questions were drawn for this name. Write it ` +
  "again here. If it is misspelt, hand in all the same, and tell your teacher.";

// The form that comes first where a student's name decides on the questions.
export function renderBegin(record, begin, el) {
  const spec = {
    title: "Before you begin",
    button: "Begin",
    explain: "Your name or id decides which variant of a question you get. Write it as you will hand in.",
  };
  const act = (student) => {
    record.sign(student, seedOf(student));
    begin();
    return "";
  };
  return renderForm({ model: formModel(spec, record.student(), act), el });
}

// A model for a form where there is no kernel: what `act` returns, the form says.
function formModel(spec, student, act) {
  const values = { spec, student };
  let listener = () => {};
  return {
    get: (name) => values[name],
    set: (name, value) => {
      values[name] = value;
    },
    save_changes: () => {
      values.said = act(values.student);
      listener();
    },
    on: (event, then) => {
      if (event === "change:heard") listener = then;
    },
    off: () => {},
  };
}

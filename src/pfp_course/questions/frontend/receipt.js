import { renderForm } from "./handin.js";

// The receipt: a student's answers, to be handed in. The same file as classroom/receipt.py makes.
const FORMAT = "pfp-course/receipt";

// One text for one value, whatever the order of its fields.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value);
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

export function receipt({ student, seed, assignment, course, banks, answers }) {
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
  const content = {
    format: FORMAT,
    version: 1,
    course,
    assignment,
    // Half a character cannot be written in UTF-8.
    student: student.replace(/\p{Surrogate}/gu, "\ufffd"),
    seed,
    made: new Date().toISOString(),
    banks,
    answers: Object.fromEntries(given),
  };
  return { ...content, checksum: `crc32:${crc32(canonical(content))}` };
}

export function download(name, value) {
  const blob = new Blob([JSON.stringify(value, null, 1)], { type: "application/json" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

const EXPLAIN =
  "The file holds your name, your answers, how often you tried, the hints you used and your times. " +
  "It goes nowhere by itself: give it to your teacher in the way that was agreed.";

// The form under a page's questions: it gives the answers to some questions as a file.
export function renderDownload(record, course, banks, wanted, el) {
  const values = {
    spec: { title: "Hand in", button: "Download my answers", explain: EXPLAIN },
    student: record.student(),
  };
  let listener = () => {};
  function give(student) {
    record.sign(student);
    const answers = Object.fromEntries(Object.entries(record.answers()).filter(([id]) => wanted(id)));
    const count = Object.keys(answers).length;
    if (!count) {
      values.said = "There is no answer yet. Answer a question first.";
      return;
    }
    const made = receipt({
      student,
      seed: record.seed(),
      assignment: record.assignment(),
      course,
      banks,
      answers,
    });
    const name = `receipt-${made.checksum.slice(6)}.json`;
    download(name, made);
    values.said = `${count} ${count === 1 ? "answer is" : "answers are"} saved as ${name}, in the folder of your downloads.`;
  }
  const model = {
    get: (name) => values[name],
    set: (name, value) => {
      values[name] = value;
    },
    save_changes: () => {
      give(values.student);
      listener();
    },
    on: (event, then) => {
      listener = then;
    },
  };
  renderForm({ model, el });
}

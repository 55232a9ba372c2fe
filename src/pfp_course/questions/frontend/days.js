import { plainWords } from "./words.js";

// The same rules as kinds/date.py.

/** @typedef {{ value: string, problem?: undefined } | { value?: undefined, problem: string }} Read */

const MONTH_NAMES = [
  "january jan январь января қаңтар",
  "february feb февраль февраля ақпан",
  "march mar март марта наурыз",
  "april apr апрель апреля сәуір",
  "may май мая мамыр",
  "june jun июнь июня маусым",
  "july jul июль июля шілде",
  "august aug август августа тамыз",
  "september sep sept сентябрь сентября қыркүйек",
  "october oct октябрь октября қазан",
  "november nov ноябрь ноября қараша",
  "december dec декабрь декабря желтоқсан",
];
/** @type {Map<string, number>} */
const MONTHS = new Map(
  MONTH_NAMES.flatMap((names, index) =>
    names.split(" ").map((name) => [plainWords(name), index + 1])
  ),
);
const SKIPPED = new Set("of the г год года ж жыл жылы".split(" ").map(plainWords));
const ISO = /^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$/;
const DIGITS = /^([0-9]{1,2})([./])([0-9]{1,2})[./]([0-9]{4})$/;
const ORDINAL = /^([0-9]{1,2})(?:st|nd|rd|th)?$/;
const YEAR = /^[0-9]{4}$/;
const UNKNOWN = {
  problem: "I cannot read this as a date. Write it like 31 March 1999 or 1999-03-31.",
};

/**
 * The value is ISO text, as precise as it was given.
 * @type {(text: string) => Read}
 */
export function readDate(text) {
  const clean = text.replace(/\s+/g, " ").trim();
  if (!clean) return { problem: "Write a date first." };
  const iso = ISO.exec(clean);
  if (iso) {
    const [year, month, day] = iso.slice(1).map((part) => (part ? Number(part) : null));
    return checked(year ?? 0, month, day);
  }
  const digits = DIGITS.exec(clean);
  if (digits) return byDigits(digits);
  const words = plainWords(clean)
    .split(" ")
    .filter((word) => word && !SKIPPED.has(word));
  const months = words.flatMap((word) => MONTHS.get(word) ?? []);
  const years = words.filter((word) => YEAR.test(word)).map(Number);
  const rest = words.filter((word) => !MONTHS.has(word) && !YEAR.test(word));
  const days = rest.flatMap((word) => ORDINAL.exec(word)?.[1] ?? []);
  if (months.length !== 1 || years.length !== 1 || days.length > 1 || days.length < rest.length) {
    return UNKNOWN;
  }
  return checked(years[0], months[0], days.length ? Number(days[0]) : null);
}

/** @type {(found: RegExpExecArray) => Read} */
function byDigits(found) {
  let [first, second] = [Number(found[1]), Number(found[3])];
  if (found[2] === "/" && first <= 12 && second <= 12 && first !== second) {
    return {
      problem: `\u201c${found[0]}\u201d can be read in two ways. Write the month as a word.`,
    };
  }
  if (found[2] === "/" && second > 12) [first, second] = [second, first];
  return checked(Number(found[4]), second, first);
}

/** @type {(year: number, month: number | null, day: number | null) => Read} */
function checked(year, month, day) {
  const real = new Date(0);
  real.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  if (year < 1 || real.getUTCMonth() !== (month ?? 1) - 1 || real.getUTCDate() !== (day ?? 1)) {
    return { problem: "There is no such day. Look at the day and the month again." };
  }
  /** @type {(number: number, size: number) => string} */
  const pad = (number, size) => String(number).padStart(size, "0");
  const parts = [pad(year, 4)];
  if (month) parts.push(pad(month, 2));
  if (month && day) parts.push(pad(day, 2));
  return { value: parts.join("-") };
}

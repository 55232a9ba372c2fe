import { readDate } from "../../../questions/frontend/days.js";
import { readNumber } from "../../../questions/frontend/numbers.js";

/** @import { Answer, Response } from "../../../questions/frontend/types.d.ts" */
/** @import { ReportedQuestion, Shape } from "./scorm_types.d.ts" */

// A response as the two versions write it: RTE 3.4.7 of SCORM 1.2 (CMIFeedback), RTE 4.2.9 of
// SCORM 2004.

/** @typedef {"1.2" | "2004"} Version */

/** The longest text that each version keeps of what was typed, in characters. */
const LONGEST = { text: { "1.2": 255, "2004": 250 }, essay: { "1.2": 255, "2004": 4000 } };

// One line, and nothing that could be taken for a mark of the format.
/** @type {(text: string, most: number) => string} */
const oneLine = (text, most) =>
  text.replace(/\s+/g, " ").replace(/\[([,.:])\]/g, "[ $1 ]").replace(/^\{/, "(").trim()
    .slice(0, most);

/**
 * A number with at most seven decimals and no exponent: real(10,7).
 * @param {number} value
 */
export const real = (value) => Number.isFinite(value) ? value.toFixed(7).replace(/\.?0+$/, "") : "";

/** @type {(shape: Shape, response: Response, version: Version) => string} */
function typed(shape, response, version) {
  if (shape.texts) return oneLine(shape.texts[response] ?? "", LONGEST.text[version]);
  const text = String(response ?? "");
  if (shape.form === "number") {
    const { value } = readNumber(text, shape.unit ?? "");
    if (value !== undefined) return real(value);
  }
  const read = shape.date ? readDate(text).value : undefined;
  return oneLine(read ?? text, LONGEST.text[version]);
}

/**
 * @param {Shape} shape
 * @param {Response} response
 * @param {Version} version
 * @returns {string}
 */
export function responseText(shape, response, version) {
  const { codes = [], options = [], gaps = [] } = shape;
  const [and, to] = version === "2004" ? ["[,]", "[.]"] : [",", "."];
  const list = Array.isArray(response) ? response : [response];
  switch (shape.form) {
    case "choice":
    case "order":
      return list.map((place) => codes[place]).filter(Boolean).join(and);
    case "pairs":
      return list.map((place, item) => `${codes[item]}${to}${options[place]}`).join(and);
    case "gaps": {
      const filled = gaps.map((gap, place) => typed(gap, list[place], version));
      return version === "2004" ? filled.join(and) : oneLine(filled.join("; "), 255);
    }
    case "essay": {
      const text = typeof response?.text === "string" ? response.text : JSON.stringify(response);
      return oneLine(text, LONGEST.essay[version]);
    }
    default:
      return typed(shape, response, version);
  }
}

/** @type {(question: ReportedQuestion, answer: Answer, version: Version) => string} */
export function resultOf(question, answer, version) {
  if (!question.scored) return "neutral";
  const score = answer.shown ? 0 : answer.score;
  if (score === question.points) return "correct";
  if (score) return real(Math.round(score * 100) / 100);
  return version === "2004" ? "incorrect" : "wrong";
}

/** @type {(number: number) => string} */
const two = (number) => String(number).padStart(2, "0");

/** @type {(seconds: number, version: Version) => string} a time span */
export function spanOf(seconds, version) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (version === "2004") return `PT${parts[0]}H${parts[1]}M${parts[2]}S`;
  return `${String(Math.min(parts[0], 9999)).padStart(4, "0")}:${two(parts[1])}:${two(parts[2])}`;
}

/** @type {(at: string | undefined, version: Version) => string} a moment, in 1.2 of the day alone */
export function momentOf(at, version) {
  const then = new Date(at ?? Date.now());
  if (version === "2004") return `${then.toISOString().slice(0, 19)}.00Z`;
  return [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(":");
}

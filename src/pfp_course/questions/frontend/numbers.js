// The same rules as kinds/numeric.py; tests/vectors/scoring.json holds both to them.

/** @typedef {{ value: number, note?: string, problem?: undefined } | { value?: undefined, note?: undefined, problem: string }} Read */

const PLAIN = /^[-+]?[0-9]+(?:\.[0-9]+)?$/;
const POWER = /^([-+]?[0-9]+(?:[.,][0-9]+)?)[eE]([-+]?[0-9]{1,3})$/;
const FRACTION = /^([-+]?[0-9]{1,9}) ?\/ ?([0-9]{1,9})$/;
const NUMBER = /^([-+]?[0-9][0-9 .,]*|[-+]?[.,][0-9]+)(.*)$/s;
/** @type {Record<string, RegExp>} */
const GROUPS = {
  " ": /^[0-9]{1,3}(?: [0-9]{3})+$/,
  ".": /^[0-9]{1,3}(?:\.[0-9]{3})+$/,
  ",": /^[0-9]{1,3}(?:,[0-9]{3})+$/,
};

/**
 * The note says how the text was read.
 * @type {(text: string, unit: string) => Read}
 */
export function readNumber(text, unit) {
  const clean = text.replaceAll("\u2212", "-").replace(/\s+/g, " ").trim();
  if (!clean) return { problem: "Write a number first." };
  const withUnit = unit && clean.toLowerCase().endsWith(unit.toLowerCase());
  const bare = withUnit ? clean.slice(0, clean.length - unit.length).trim() : clean;
  if (PLAIN.test(bare)) return { value: Number(bare), note: "" };
  const read = special(bare) ?? general(clean, unit);
  return read.problem !== undefined ? read : { value: read.value, note: note(read.value) };
}

/** @type {(bare: string) => Read | null} */
function special(bare) {
  const power = POWER.exec(bare);
  if (power) {
    const value = Number(`${power[1].replace(",", ".")}e${power[2]}`);
    return Number.isFinite(value) ? { value } : null;
  }
  const fraction = FRACTION.exec(bare);
  if (!fraction) return null;
  if (Number(fraction[2]) === 0) return { problem: "A fraction cannot have 0 below its line." };
  return { value: Number(fraction[1]) / Number(fraction[2]) };
}

/** @type {(clean: string, unit: string) => Read} */
function general(clean, unit) {
  const found = NUMBER.exec(clean);
  if (!found) return { problem: "This is not a number. Write digits, for example 12 or 2.5." };
  const number = found[1].trim();
  const rest = found[2].trim();
  if (rest === "%" && unit !== "%") return { problem: "Write the number without a percent sign." };
  if (rest && rest.toLowerCase() !== unit.toLowerCase()) {
    const wanted = unit ? ` (the unit is ${unit})` : "";
    return { problem: `Write the number only, without \u201c${rest}\u201d${wanted}.` };
  }
  const size = magnitude(number.replace(/^[-+]+/, "").replace(/[ .,]+$/, ""), clean);
  if (size.problem !== undefined) return size;
  return { value: number.startsWith("-") ? -size.value : size.value };
}

/** @param {number} value */
function note(value) {
  const size = Math.abs(value);
  if (size < 1e15 && Number.isInteger(value)) return `I read this as ${value}.`;
  if (!(size > 1e-3 && size < 1e11)) return "";
  return `I read this as ${Math.floor(value * 1e4 + 0.5) / 1e4}.`;
}

/** @type {(digits: string, shown: string) => Read} */
function magnitude(digits, shown) {
  const problem =
    `\u201c${shown}\u201d is not a number that I can read. Write it like 1234 or 1234.5.`;
  const points = digits.split(".").length - 1;
  const commas = digits.split(",").length - 1;
  const cut = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  let whole = digits;
  let decimals = "";
  if (points && commas) {
    [whole, decimals] = [digits.slice(0, cut), digits.slice(cut + 1)];
  } else if (commas === 1 && GROUPS[","].test(digits) && !digits.startsWith("0")) {
    const plain = digits.replace(",", "");
    const point = digits.replace(",", ".") + "0";
    return {
      problem:
        `\u201c${shown}\u201d can be read in two ways. Write ${plain}, or ${point} with a point.`,
    };
  } else if (points + commas === 1) {
    [whole, decimals] = [digits.slice(0, cut), digits.slice(cut + 1)];
  }
  const marks = [...new Set(whole.replace(/[^ .,]/g, ""))];
  if (marks.length > 1 || (marks.length && !GROUPS[marks[0]].test(whole))) return { problem };
  if (decimals && !/^[0-9]+$/.test(decimals)) return { problem };
  return { value: Number(`${whole.replace(/[ .,]/g, "") || "0"}.${decimals || "0"}`) };
}

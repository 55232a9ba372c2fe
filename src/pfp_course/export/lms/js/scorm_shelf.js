/** @import { Answer, Draft } from "../../../questions/frontend/types.d.ts" */
/** @import { Answers, Drafts, Reached, ReportedChapter } from "./scorm_types.d.ts" */

// The record of answers as suspend data: a system keeps 4,096 characters of it (SCORM 1.2), or
// 64,000 (2004). What decides on a mark is kept first, and long texts last.

const FORM = 1;
const [SHOWN, CUT] = [1, 2]; // flags of an answer
const MARK = 6; // digits of a fingerprint: enough to tell a question from its earlier wording

/** @param {string | undefined} at */
const inSeconds = (at) => Math.floor(Date.parse(at ?? "") / 1000) || 0;
/** @param {unknown} at */
const fromSeconds = (at) => new Date(Number(at) * 1000).toISOString();

// Every character beyond ASCII as \uXXXX, which is all that SCORM 1.2 promises to keep.
/** @param {string} text */
const inAscii = (text) =>
  text.replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/**
 * @param {ReportedChapter} chapter
 * @param {Answers} answers
 * @param {Drafts} drafts
 * @param {Reached} reached
 * @param {string[]} [missing] answers of which the response was not in the text before, and is not
 *   here
 * @returns {{ text: string, left: string[] }} the text, and the names of the questions of which
 *   not all that was written is in it
 */
export function shelved(chapter, answers, drafts, reached, missing = []) {
  const names = chapter.questions.map((one) => one.name);
  // Answers of which the response is not in the text.
  const cut = new Set(missing.filter((name) => answers[name] && answers[name].response === null));
  /** @type {Set<string>} */
  const dropped = new Set(); // drafts that are not in it
  /** @param {boolean} isTriedKept */
  function writtenWith(isTriedKept) {
    const given = names.filter((name) => answers[name]).map((name) => {
      const one = answers[name];
      const isCut = cut.has(name);
      const tried = isTriedKept && !isCut && one.tried?.length ? [one.tried] : [];
      return [name, [
        one.fingerprint.slice(0, MARK),
        isCut ? null : one.response,
        one.score,
        one.attempts,
        one.hints,
        (one.shown ? SHOWN : 0) + (isCut ? CUT : 0),
        one.confidence ?? -1,
        one.seconds,
        one.revision,
        inSeconds(one.at),
        ...tried,
      ]];
    });
    const begun = names.filter((name) => drafts[name] && !dropped.has(name)).map((name) => {
      const { fingerprint, response, confidence, base, count, at } = drafts[name];
      const mark = fingerprint.slice(0, MARK);
      return [name, [mark, response, confidence ?? -1, base, count, inSeconds(at)]];
    });
    const parts = [Object.fromEntries(given), Object.fromEntries(begun)];
    const text = JSON.stringify([FORM, reached.best, reached.isComplete ? 1 : 0, ...parts]);
    const ascii = inAscii(text);
    return ascii.length <= chapter.room ? ascii : text;
  }
  // What was tried before is given up first: without it a repeated answer is counted once more.
  let text = writtenWith(true);
  if (text.length > chapter.room) text = writtenWith(false);
  /** @type {(from: Answers | Drafts, into: Set<string>) => [number, string, Set<string>][]} */
  const sizes = (from, into) =>
    names.filter((name) => from[name]).map((name) => [
      JSON.stringify(from[name].response).length,
      name,
      into,
    ]);
  const largest = [...sizes(answers, cut), ...sizes(drafts, dropped)]
    .sort(([one], [other]) => other - one);
  for (const [, name, into] of largest) {
    if (text.length <= chapter.room) break;
    into.add(name);
    text = writtenWith(false);
  }
  return { text, left: names.filter((name) => cut.has(name) || dropped.has(name)) };
}

/**
 * What was kept, or null where the text is none of ours. Answers to questions that have changed
 * since are left out.
 * @param {ReportedChapter} chapter
 * @param {string} text
 * @returns {{ answers: Answers, drafts: Drafts, reached: Reached, cut: string[] } | null}
 */
export function unshelved(chapter, text) {
  const fingerprints = new Map(chapter.questions.map((one) => [one.name, one.fingerprint]));
  const points = new Map(chapter.questions.map((one) => [one.name, one.points]));
  try {
    const [form, best, isComplete, given, begun] = JSON.parse(text);
    if (form !== FORM) return null;
    /** @type {(entry: [string, any[]]) => boolean} */
    const isKnown = ([name, [mark]]) => Boolean(fingerprints.get(name)?.startsWith(mark));
    /** @type {string[]} */
    const cut = [];
    /** @type {[string, Answer][]} */
    const answers = Object.entries(given).filter(isKnown).map(([name, one]) => {
      const [, response, score, attempts, hints, flags, sure, spent, revision, at, tried] = one;
      if (flags & CUT) cut.push(name);
      return [name, {
        fingerprint: fingerprints.get(name) ?? "",
        response,
        score,
        points: points.get(name) ?? 0,
        attempts,
        hints,
        shown: (flags & SHOWN) !== 0,
        confidence: sure < 0 ? null : sure,
        seconds: spent,
        tried: tried ?? [],
        revision,
        at: fromSeconds(at),
      }];
    });
    /** @type {[string, Draft][]} */
    const drafts = Object.entries(begun).filter(isKnown).map(([name, one]) => {
      const [, response, sure, base, count, at] = one;
      const confidence = sure < 0 ? null : sure;
      const fingerprint = fingerprints.get(name) ?? "";
      return [name, { fingerprint, response, confidence, base, count, at: fromSeconds(at) }];
    });
    return {
      answers: Object.fromEntries(answers),
      drafts: Object.fromEntries(drafts),
      reached: { best: Number(best), isComplete: isComplete === 1 },
      cut,
    };
  } catch {
    return null;
  }
}

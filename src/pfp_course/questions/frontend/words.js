// The same rules as kinds/words.py.

const SHORTEST_NEAR = 5;

/** @param {string} text */
const bareWords = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** @param {string} text */
export const plainWords = (text) => bareWords(text).toLowerCase().trim();

/**
 * A text in the form in which it is compared: do capital letters, accents and signs matter?
 * @type {(text: string, cased: boolean, signs: boolean) => string}
 */
export function formOf(text, cased, signs) {
  if (!signs) return cased ? bareWords(text) : plainWords(text);
  // deno-lint-ignore no-control-regex -- what Python takes for space
  const spaced = text.normalize("NFC").replace(/[\s\x1c-\x1f\x85\ufeff]+/g, " ").replace(
    /^ | $/g,
    "",
  );
  return cased ? spaced : spaced.toLowerCase();
}

/** @type {(one: string, other: string) => boolean} */
export function isNear(one, other) {
  const [short, long] = [Array.from(one), Array.from(other)].sort((a, b) => a.length - b.length);
  if (one === other || short.length < SHORTEST_NEAR || long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  /** @type {(letters: string[], from: number) => string} */
  const rest = (letters, from) => letters.slice(from).join("");
  if (short.length < long.length) return rest(short, start) === rest(long, start + 1);
  const swapped = short[start] === long[start + 1] &&
    short[start + 1] === long[start] &&
    rest(short, start + 2) === rest(long, start + 2);
  return swapped || rest(short, start + 1) === rest(long, start + 1);
}

import { make } from "../../questions/frontend/dom.js";
import { $, the } from "./page.js";

// The search page: finds words in the index that stands before it.
/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** @param {string} text */
const parts = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
// Words of a phrase stand side by side, whatever stands between them but letters and digits.
/** @param {string} text */
const joined = (text) => ` ${parts(text).join(" ")} `;

// What is searched for: words, each a beginning or a part of one, and phrases in quotes.
/** @param {string} query */
function wanted(query) {
  /** @type {string[][]} */
  const phrases = [];
  const quoted =
    /["\u201c\u201d\u201e\u201f\u00ab\u00bb]([^"\u201c\u201d\u201e\u201f\u00ab\u00bb]*)["\u201c\u201d\u201e\u201f\u00ab\u00bb]/g;
  const loose = fold(query).replace(quoted, (_, phrase) => {
    if (parts(phrase).length) phrases.push(parts(phrase));
    return " ";
  });
  return { phrases, words: [...new Set([...parts(loose), ...phrases.flat()])] };
}

// Cyrillic letters, also Kazakh ones, in Latin ones, as many write the names of states.
const LATIN = Object.fromEntries(
  "а:a ә:a б:b в:v г:g ғ:g д:d е:e ж:zh з:z и:i к:k қ:q л:l м:m н:n ң:n о:o ө:o п:p р:r с:s т:t у:u ұ:u ү:u ф:f х:h һ:h ц:ts ч:ch ш:sh щ:sch ъ: ы:y і:i ь: э:e ю:yu я:ya"
    .split(" ").map((pair) => pair.split(":")),
);
/** @param {string} text */
const latin = (text) => text.replace(/[\u0400-\u04ff]/g, (letter) => LATIN[letter] ?? letter);

const SHORTEST_NAME = 4; // letters from which a beginning stands for the name of a state

/**
 * What a word may stand as: itself, and the other names of a state of which it is the beginning.
 * @type {(word: string, names: string[][]) => string[]}
 */
function forms(word, names) {
  if (word.length < SHORTEST_NAME) return [word];
  const meant = names.filter((group) =>
    group.some((name) =>
      [fold(name), latin(fold(name))].some((one) =>
        parts(one).some((part) => part.startsWith(word))
      )
    )
  );
  return [...new Set([word, ...meant.flat().map(fold)])];
}

/** @type {(entries: SearchEntry[], names: string[][], query: string) => { words: string[], phrases: string[][], hits: { entry: SearchEntry, score: number }[] }} */
export function find(entries, names, query) {
  const { phrases, words } = wanted(query);
  if (!words.length) return { words, phrases, hits: [] };
  const meant = words.map((word) => forms(word, names));
  const asked = parts(fold(query)).join(" ");
  const hits = [];
  for (const entry of entries) {
    const title = fold(entry.title);
    const page = fold(entry.page);
    const text = fold(entry.text);
    /** @type {(place: string, forms: string[]) => number} */
    const count = (place, forms) =>
      forms.reduce((sum, one) => sum + place.split(one).length - 1, 0);
    /** @param {string[]} forms */
    const own = (forms) => count(title, forms) + count(text, forms) > 0;
    // A word may stand in the page's title only, but something must be said in this place.
    if (!meant.some(own) || !meant.every((one) => own(one) || count(page, one))) continue;
    const places = phrases.length ? [title, text, page].map(joined) : [];
    /** @param {string[]} phrase */
    const isThere = (phrase) => places.some((place) => place.includes(` ${phrase.join(" ")} `));
    if (!phrases.every(isThere)) continue;
    let score = 0;
    for (const forms of meant) {
      score += (count(title, forms) ? 12 : 0) + (count(page, forms) ? 2 : 0);
      score += Math.min(count(text, forms), 6);
    }
    // What is called so, or begins so, is looked for; then what a definition begins with.
    const name = parts(title).join(" ");
    if (name === asked) score += 60;
    else if (name.startsWith(asked)) score += 20;
    if (parts(text).slice(0, 12).join(" ").includes(asked)) score += 6;
    // The references are many and short: what the course itself says comes before them.
    if (entry.anchor.startsWith("cite-")) score -= 100;
    if (entry.anchor.startsWith("sources")) score -= 50;
    hits.push({ entry, score });
  }
  hits.sort((a, b) => b.score - a.score);
  return { words: [...new Set(meant.flat())], phrases, hits };
}

/** @type {(text: string, words: string[], phrases: string[][]) => HTMLElement} */
function excerpt(text, words, phrases) {
  const folded = fold(text);
  /** @param {string[]} sought */
  const first = (sought) =>
    Math.min(...sought.map((one) => folded.indexOf(one)).filter((i) => i >= 0), text.length);
  // A phrase is shown where it stands as it was written, else one of its words.
  const whole = first(phrases.map((phrase) => phrase.join(" ")));
  const at = whole < text.length ? whole : first(words);
  const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, at - 70)));
  const end = start + 220 < text.length ? text.lastIndexOf(" ", start + 220) : text.length;
  const piece = text.slice(start, end > start ? end : start + 220);
  const paragraph = make("p");
  const safe = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&"));
  const pattern = new RegExp(`(${safe.sort((a, b) => b.length - a.length).join("|")})`, "i");
  if (start > 0) paragraph.append("… ");
  for (const part of piece.split(pattern)) {
    if (words.includes(fold(part))) {
      paragraph.append(make("mark", {}, part));
    } else {
      paragraph.append(part);
    }
  }
  if (end < text.length) paragraph.append(" …");
  return paragraph;
}

export function setUpSearch() {
  const list = $("#pfp-results");
  if (!list) return;
  const field = /** @type {HTMLInputElement} */ (the("#pfp-query"));
  const show = () => {
    const { words, phrases, hits } = find(
      globalThis.pfpSearchIndex || [],
      globalThis.pfpSearchNames || [],
      field.value,
    );
    const some = hits.slice(0, 40);
    list.replaceChildren(...some.map(({ entry }) => {
      const href = entry.url + (entry.anchor ? `#${entry.anchor}` : "");
      const link = make("a", { href }, entry.title);
      return make(
        "li",
        {},
        link,
        make("small", {}, entry.page),
        excerpt(entry.text, words, phrases),
      );
    }));
    const shown = some.length < hits.length ? `; the first ${some.length} are shown` : "";
    const places = hits.length === 1 ? "1 place" : `${hits.length} places`;
    the("#pfp-found").textContent = !words.length
      ? "Type a word to search for."
      : hits.length
      ? `Found in ${places}${shown}.`
      : "Found nowhere. Try fewer or other words.";
  };
  // What was typed before this script came stays.
  field.value ||= new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", show);
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  show();
  field.focus();
}

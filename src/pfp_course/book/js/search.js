// The search page: finds words in the index that stands before it.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function find(entries, query) {
  const words = fold(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!words.length) return { words, hits: [] };
  const hits = [];
  for (const entry of entries) {
    const title = fold(entry.title);
    const page = fold(entry.page);
    const text = fold(entry.text);
    const own = (word) => title.includes(word) || text.includes(word);
    // A word may stand in the page's title only, but something must be said in this place.
    if (!words.some(own) || !words.every((word) => own(word) || page.includes(word))) continue;
    let score = 0;
    for (const word of words) {
      score += (title.includes(word) ? 12 : 0) + (page.includes(word) ? 2 : 0);
      score += Math.min(text.split(word).length - 1, 6);
    }
    // The references are many and short: what the course itself says comes before them.
    if (entry.anchor.startsWith("cite-")) score -= 100;
    hits.push({ entry, score });
  }
  hits.sort((a, b) => b.score - a.score);
  return { words, hits };
}

function excerpt(text, words) {
  const folded = fold(text);
  const at = Math.max(0, Math.min(...words.map((word) => folded.indexOf(word)).filter((i) => i >= 0), text.length));
  const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, at - 70)));
  const end = start + 220 < text.length ? text.lastIndexOf(" ", start + 220) : text.length;
  const piece = text.slice(start, end > start ? end : start + 220);
  const paragraph = document.createElement("p");
  const pattern = new RegExp(`(${words.join("|")})`, "iu");
  if (start > 0) paragraph.append("… ");
  for (const part of piece.split(pattern)) {
    if (words.includes(fold(part))) {
      const mark = document.createElement("mark");
      mark.textContent = part;
      paragraph.append(mark);
    } else {
      paragraph.append(part);
    }
  }
  if (end < text.length) paragraph.append(" …");
  return paragraph;
}

function setUpSearch() {
  const list = $("#pfp-results");
  if (!list) return;
  const field = $("#pfp-query");
  const show = () => {
    const { words, hits } = find(window.pfpSearchIndex || [], field.value);
    const some = hits.slice(0, 40);
    list.replaceChildren(...some.map(({ entry }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = entry.url + (entry.anchor ? `#${entry.anchor}` : "");
      link.textContent = entry.title;
      const where = document.createElement("small");
      where.textContent = entry.page;
      item.append(link, where, excerpt(entry.text, words));
      return item;
    }));
    const shown = some.length < hits.length ? `; the first ${some.length} are shown` : "";
    const places = hits.length === 1 ? "1 place" : `${hits.length} places`;
    $("#pfp-found").textContent = !words.length ? "Type a word to search for." :
      hits.length ? `Found in ${places}${shown}.` : "Found nowhere. Try fewer or other words.";
  };
  field.value = new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  show();
  field.focus();
}

/* Colours, menu, contents of the page, wide tables and search. A classic script: it must run from file://. */
(function () {
  "use strict";
  const root = document.documentElement;
  const $ = (selector) => document.querySelector(selector);

  function remembered() {
    try { return localStorage.getItem("pfp-scheme"); } catch { return null; }
  }

  function setUpScheme() {
    const system = matchMedia("(prefers-color-scheme: dark)");
    let mode = remembered() || "auto";
    const apply = () => {
      root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
    };
    for (const input of document.querySelectorAll("input[name=pfp-scheme]")) {
      input.checked = input.value === mode;
      input.addEventListener("change", () => {
        mode = input.value;
        // A browser that closes its storage to us still gets the colours for this page.
        try { localStorage.setItem("pfp-scheme", mode); } catch { /* nothing to keep */ }
        apply();
      });
    }
    system.addEventListener("change", apply);
    apply();
  }

  function setUpMenu() {
    const side = $("#pfp-side");
    const button = $(".pfp-menu");
    const main = $("#main");
    const narrow = matchMedia("(max-width: 63.99rem)");
    let shade = null;
    const set = (open) => {
      side.classList.toggle("open", open);
      button.setAttribute("aria-expanded", String(open));
      main.inert = open;
      shade?.remove();
      shade = null;
      if (open) {
        shade = document.createElement("div");
        shade.className = "pfp-shade";
        shade.addEventListener("click", () => set(false));
        document.body.append(shade);
      }
    };
    button.addEventListener("click", () => {
      const open = !side.classList.contains("open");
      set(open);
      if (open) side.querySelector("a").focus();
    });
    narrow.addEventListener("change", () => set(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && side.classList.contains("open")) {
        set(false);
        button.focus();
      }
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (narrow.matches && side.contains($("#pfp-query"))) set(true);
        $("#pfp-query").focus();
      }
    });
    side.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  function setUpContents() {
    const list = $(".pfp-toc-list");
    if (!list) return;
    const button = $(".pfp-toc button");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(list.classList.toggle("open")));
    });
    const links = new Map();
    for (const link of list.querySelectorAll("a")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) links.set(target, link);
    }
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        list.querySelector("[aria-current]")?.removeAttribute("aria-current");
        links.get(target).setAttribute("aria-current", "true");
      }
    }, { rootMargin: "0px 0px -75% 0px" });
    for (const section of links.keys()) observer.observe(section);
  }

  // A region that scrolls must be reachable by keyboard; one that does not must not be a stop.
  function setUpScrollers() {
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const scrolls = target.scrollWidth > target.clientWidth + 1;
        target.toggleAttribute("tabindex", scrolls);
        if (scrolls) {
          target.tabIndex = 0;
          target.setAttribute("role", "group");
          target.setAttribute("aria-label", target.dataset.label || (target.matches("pre") ? "Code" : "Table"));
        } else {
          target.removeAttribute("role");
          target.removeAttribute("aria-label");
        }
      }
    });
    for (const element of document.querySelectorAll("article pre, article .pfp-scroll, .pfp-figure-scroll, .cell_output")) {
      watch.observe(element);
    }
  }

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

  // Visited pages are kept for the time without a connection, where the browser can.
  function setUpWorker() {
    if (!("serviceWorker" in navigator) || !location.protocol.startsWith("http")) return;
    const root = new URL(document.documentElement.dataset.content_root, location.href);
    window.addEventListener("load", () => {
      navigator.serviceWorker.register(new URL("worker.js", root)).catch(() => {
        // A browser may forbid it, as in a private window; the book works without.
      });
    });
  }

  setUpScheme();
  setUpMenu();
  setUpContents();
  setUpScrollers();
  setUpSearch();
  setUpWorker();
})();

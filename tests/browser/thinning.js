/*
 * Marks what a check of colours need not look at: of elements that are painted alike it leaves the
 * first, the one in the middle and the last. It is one function, and is evaluated on a page.
 *
 * Colours and their contrast come from what the browser has computed, and only from that: the
 * text of an element, and what is painted under it by itself and by all around it. So a rule for
 * one element alone, by class, place, attribute or style, makes it one of its own kind.
 */
() => {
  // What an element paints under its text, and under that of its descendants.
  const GROUND = {
    backgroundColor: "rgba(0, 0, 0, 0)",
    backgroundImage: "none",
    opacity: "1",
    filter: "none",
    backdropFilter: "none",
    mixBlendMode: "normal",
    clipPath: "none",
    transform: "none",
    position: "static",
    zIndex: "auto",
    visibility: "visible",
    contentVisibility: "visible",
  };
  // How its own text looks, and how a link stands out from the words around it.
  const TEXT = [
    "display",
    "color",
    "fill",
    "webkitTextFillColor",
    "webkitTextStrokeColor",
    "webkitTextStrokeWidth",
    "textShadow",
    "textIndent",
    "fontFamily",
    "fontSize",
    "fontStyle",
    "fontWeight",
    "letterSpacing",
    "textDecorationLine",
    "textDecorationStyle",
    "textDecorationColor",
    "borderBottomStyle",
    "borderBottomWidth",
    "borderBottomColor",
    "backgroundClip",
    "cursor",
  ];
  const grounds = new Map();
  const numbers = new Map();
  const kinds = new Map();
  const numbered = (words) => {
    const key = JSON.stringify(words);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
  };

  /** Return the number of all that is painted under the text of an element. */
  const groundOf = (element, style) => {
    const around = grounds.get(element.parentElement) ?? -1;
    const own = Object.keys(GROUND).map((name) => style[name]);
    for (const part of ["::before", "::after"]) {
      const made = getComputedStyle(element, part);
      if (["none", "normal"].includes(made.content)) continue;
      own.push(part, made.backgroundColor, made.backgroundImage, made.position, made.display);
    }
    const plain = own.every((value, place) => value === Object.values(GROUND)[place]);
    return plain ? around : numbered([around, ...own]);
  };

  /** Return whether a link has words beside it in its block. */
  const amongWords = (link) => {
    let block = link.parentElement;
    while (block && getComputedStyle(block).display.startsWith("inline")) {
      block = block.parentElement;
    }
    if (!block) return false;
    const linked = [...block.querySelectorAll("a")].map((one) => one.textContent).join("");
    return block.textContent.replace(/\s/g, "").length > linked.replace(/\s/g, "").length;
  };

  for (const element of document.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    grounds.set(element, groundOf(element, style));
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.data)
      .join("")
      .trim();
    // What is drawn inside such an element is not among those of the page.
    const closed = element.shadowRoot || element.matches("iframe, object, embed");
    if (!text && !closed && !element.matches("a, input, select, textarea")) continue;
    const kind = numbered([
      grounds.get(element),
      ...TEXT.map((name) => style[name]),
      element.localName,
      element.matches(":disabled, [aria-disabled=true], :disabled *, [aria-disabled=true] *"),
      // A single character is no text for axe.
      text.length > 1,
      element.matches("a") && amongWords(element),
      closed ? kinds.size : "",
    ]);
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(element);
  }

  const looked = new Set();
  for (const alike of kinds.values()) {
    for (const place of [0, alike.length >> 1, alike.length - 1]) {
      for (let one = alike[place]; one && !looked.has(one); one = one.parentElement) looked.add(one);
    }
  }
  // What holds one that is looked at stays, since it may be what is painted under it.
  const mark = (element) => {
    if (looked.has(element)) [...element.children].forEach(mark);
    else element.setAttribute("data-alike", "");
  };
  mark(document.body);
  return {
    texts: [...kinds.values()].flat().length,
    kinds: kinds.size,
    left: [...kinds.values()].flat().filter((one) => !one.closest("[data-alike]")).length,
    lost: [...kinds.values()].filter((alike) =>
      alike.every((one) => one.closest("[data-alike]"))
    ).length,
  };
};

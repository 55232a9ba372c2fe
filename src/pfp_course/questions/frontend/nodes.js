// Elements are made, never parsed: no text of an author becomes HTML.

const MARKS = /`([^`]+)`|\*([^*\s](?:[^*]*[^*\s])?)\*/g;

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// The two marks of a bank's text: `code` and *emphasis*.
export function rich(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(text.slice(end, found.index));
    parts.push(found[1] ? make("code", {}, found[1]) : make("em", {}, found[2]));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  const fragment = document.createDocumentFragment();
  fragment.append(...parts.filter((part) => part !== ""));
  return fragment;
}

// For people who cannot see the sign or the colour beside it.
export function unseen(text) {
  return make("span", { class: "pfp-q-unseen" }, text);
}

export function freshName() {
  return "pfp-q-" + Math.random().toString(36).slice(2, 10);
}

export function drawn(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

// Draws something else in a place; who was in it with the keyboard stays in it.
export function redraw(el, action) {
  const inside = el.contains(document.activeElement);
  action();
  if (inside) el.querySelector("input, select, textarea, button")?.focus();
}

// Where this browser keeps the record: courses that share an origin have one each, and the
// versions of one course share theirs. The book's own script reads it here, too.
export const RECORD = "pfp-course/progress";

// The path of the course, "/" at the root of an origin and on a disk.
export function coursePath() {
  if (!location.protocol.startsWith("http")) return "/";
  /** @type {HTMLElement | null} */
  const versions = document.querySelector(".pfp-versions");
  const top = versions?.dataset.root ?? document.documentElement.dataset.content_root ?? "./";
  return new URL(top, location.href).pathname;
}

export function recordKey() {
  const path = coursePath();
  return path === "/" ? RECORD : RECORD + path;
}

// deno-lint-ignore-file no-var
// What must be known before the page is drawn: that scripts run, and which colours it has.
(function (d) {
  /** @type {string | null} */
  var mode = null;
  try {
    mode = localStorage.getItem("pfp-scheme");
  } catch (_) { /* storage may be closed to us */ }
  var dark = mode === "dark" ||
    (mode !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  d.classList.add("js");
  d.dataset.theme = dark ? "dark" : "light";
  // The style sheet names the font, too, but later; from the disk no font can be asked for early.
  var here = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!here) return;
  var link = document.createElement("link");
  if (location.protocol !== "file:") {
    link.rel = "preload";
    link.as = "font";
    link.type = "font/woff2";
    link.crossOrigin = "";
    link.href = new URL("course-sans.woff2", here.src).href;
    document.head.append(link);
  } else {
    // From there it is always at hand, if a moment late: shown then, and not left out.
    link.rel = "stylesheet";
    link.href = new URL("pfp-disk.css", here.src).href;
    document.addEventListener("DOMContentLoaded", function () {
      document.head.append(link);
    });
  }
})(document.documentElement);

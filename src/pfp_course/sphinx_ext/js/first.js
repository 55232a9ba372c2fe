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
  var font = document.createElement("link");
  if (here && location.protocol !== "file:") {
    font.rel = "preload";
    font.as = "font";
    font.type = "font/woff2";
    font.crossOrigin = "";
    font.href = new URL("course-sans.woff2", here.src).href;
    document.head.append(font);
  }
})(document.documentElement);

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
  var folder = here ? here.src : "";
  var font = document.createElement("link");
  if (here && location.protocol !== "file:") {
    font.rel = "preload";
    font.as = "font";
    font.type = "font/woff2";
    font.crossOrigin = "";
    font.href = new URL("course-sans.woff2", here.src).href;
    document.head.append(font);
  } else if (here) {
    // From there it is always at hand, if a moment late: shown then, and not left out.
    document.addEventListener("DOMContentLoaded", function () {
      var rules = document.createElement("style");
      [["normal", "400 700", ""], ["italic", "400", "-italic"]].forEach(function (face) {
        rules.append(
          '@font-face{font-family:"Course Sans";font-display:swap;font-style:' + face[0] +
            ";font-weight:" + face[1] + ";src:url(" +
            JSON.stringify(new URL("course-sans" + face[2] + ".woff2", folder).href) + ")}",
        );
      });
      document.head.append(rules);
    });
  }
})(document.documentElement);

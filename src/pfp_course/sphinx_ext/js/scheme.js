import { $$, root } from "./page.js";

// The colours of the page: those of the system, or the reader's choice.
function remembered() {
  try {
    return localStorage.getItem("pfp-scheme");
  } catch {
    return null;
  }
}

export function setUpScheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let mode = remembered() || "auto";
  const apply = () => {
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  };
  for (const input of $$("input[name=pfp-scheme]")) {
    if (!(input instanceof HTMLInputElement)) continue;
    input.checked = input.value === mode;
    input.addEventListener("change", () => {
      mode = input.value;
      // A browser that closes its storage to us still gets the colours for this page.
      try {
        localStorage.setItem("pfp-scheme", mode);
      } catch { /* nothing to keep */ }
      apply();
    });
  }
  system.addEventListener("change", apply);
  apply();
}

import { copyText } from "../../questions/frontend/clipboard.js";
import { make } from "../../questions/frontend/dom.js";
import { $$ } from "./page.js";

// A button to copy a block of code, by keyboard too, and a word on what became of it.
const COPIED = 4000; // milliseconds for which the word stands

export function setUpCopying() {
  for (const pre of $$("article .highlight pre")) {
    if (pre.closest(".cell_output") || !pre.textContent.trim()) continue;
    const label = make("span", {}, "Copy");
    const button = make(
      "button",
      { type: "button" },
      label,
      make("span", { class: "pfp-hidden" }, " this code"),
    );
    const said = make("span", { role: "status", class: "pfp-hidden" });
    let timer = 0;
    button.addEventListener("click", async () => {
      const words = (await copyText(pre)) ? "Copied" : "Press Ctrl+C, or Cmd+C";
      label.textContent = words;
      said.textContent = words;
      clearTimeout(timer);
      timer = setTimeout(() => {
        label.textContent = "Copy";
        said.textContent = "";
      }, COPIED);
    });
    pre.after(make("p", { class: "pfp-copy" }, button, said));
  }
}

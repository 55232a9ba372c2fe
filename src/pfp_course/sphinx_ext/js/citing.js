import { copyText } from "../../questions/frontend/clipboard.js";
import { make } from "../../questions/frontend/dom.js";
import { $$ } from "./page.js";

// A button to copy each form of a reference, and a word on what became of it.

export function setUpCiting() {
  for (const form of $$(".pfp-cite [data-copy]")) {
    const name = (form.dataset.copy ?? "").replace(/^t/, "T");
    const button = make("button", { type: "button" }, `Copy ${form.dataset.copy}`);
    const said = make("span", { role: "status" });
    button.addEventListener("click", async () => {
      const done = await copyText(form);
      said.textContent = done
        ? `${name} is copied.`
        : `This browser does not let the page copy. ${name} is selected: press Ctrl+C, or Cmd+C.`;
    });
    // Beside the link to the file, where there is one.
    const next = form.nextElementSibling;
    const row = next instanceof HTMLParagraphElement ? next : make("p");
    if (row !== next) form.after(row);
    row.classList.add("pfp-cite-row");
    row.prepend(button);
    row.append(said);
  }
}

// A button to copy each form of a reference, and a word on what became of it.

function selectText(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

async function copyText(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    // Without a secure connection there is no clipboard, but the older way may be open.
    selectText(node);
    return document.execCommand("copy");
  }
}

function setUpCiting() {
  for (const form of document.querySelectorAll(".pfp-cite [data-copy]")) {
    const name = form.dataset.copy.replace(/^t/, "T");
    const button = element("button", { type: "button" }, `Copy ${form.dataset.copy}`);
    const said = element("span", { role: "status" });
    button.addEventListener("click", async () => {
      const done = await copyText(form);
      said.textContent = done ? `${name} is copied.` :
        `This browser does not let the page copy. ${name} is selected: press Ctrl+C, or Cmd+C.`;
    });
    // Beside the link to the file, where there is one.
    let row = form.nextElementSibling;
    if (row?.tagName !== "P") {
      row = element("p", {});
      form.after(row);
    }
    row.classList.add("pfp-cite-row");
    row.prepend(button);
    row.append(said);
  }
}

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
  for (const box of document.querySelectorAll(".pfp-cite")) {
    const said = document.createElement("p");
    said.className = "pfp-cite-said";
    said.setAttribute("role", "status");
    for (const form of box.querySelectorAll("[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `Copy ${form.dataset.copy}`;
      button.addEventListener("click", async () => {
        const done = await copyText(form);
        const name = form.dataset.copy.replace(/^t/, "T");
        said.textContent = done ? `${name} is copied.` :
          `This browser does not let the page copy. ${name} is selected: press Ctrl+C, or Cmd+C.`;
      });
      form.after(button);
    }
    box.append(said);
  }
}

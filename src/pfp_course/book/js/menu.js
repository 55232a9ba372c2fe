// The side bar of narrow screens, and the key for the search.
function setUpMenu() {
  const side = $("#pfp-side");
  const button = $(".pfp-menu");
  const main = $("#main");
  const narrow = matchMedia("(max-width: 63.99rem)");
  let shade = null;
  const set = (open) => {
    side.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    main.inert = open;
    shade?.remove();
    shade = null;
    if (open) {
      shade = document.createElement("div");
      shade.className = "pfp-shade";
      shade.addEventListener("click", () => set(false));
      document.body.append(shade);
    }
  };
  button.addEventListener("click", () => {
    const open = !side.classList.contains("open");
    set(open);
    if (open) side.querySelector("a").focus();
  });
  narrow.addEventListener("change", () => set(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("open")) {
      set(false);
      button.focus();
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (narrow.matches && side.contains($("#pfp-query"))) set(true);
      $("#pfp-query").focus();
    }
  });
  side.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

import { $, $$ } from "./page.js";

// The cover: a line under the pointer, under a finger or chosen in the list says what it shows.

// Where a line lies at x, from its two ends; between 94 and 866 it is the curve of tools/cover.py.
/** @type {(path: Element, x: number) => number} */
function heightAt(path, x) {
  const [, left, right] = /M\S+ (\S+)H.* 866 (\S+?)H/.exec(path.getAttribute("d") ?? "") ?? [];
  const [from, to] = [Number(left), Number(right)];
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const s = (low + high) / 2;
    const at = 94 * (1 - s) ** 3 + 3 * 454 * s * (1 - s) ** 2 + 3 * 506 * s ** 2 * (1 - s) +
      866 * s ** 3;
    if (at < x) low = s;
    else high = s;
  }
  return from + (to - from) * (3 * low ** 2 - 2 * low ** 3);
}

export function setUpCover() {
  const picture = $(".pfp-picture svg");
  const list = /** @type {HTMLSelectElement | null} */ ($(".pfp-chooser select"));
  const said = $(".pfp-chooser [role=status]");
  const lines = [...$$(".pfp-picture .pfp-line")];
  if (!picture || !list || !said) return;
  // What a line says stands below: the browser's own small label would say it twice.
  const words = lines.map((line) => {
    const title = line.querySelector("title");
    title?.remove();
    return title?.textContent ?? "";
  });
  /** @param {number} place */
  function show(place) {
    if (lines[place].classList.contains("pfp-shown")) return;
    lines.forEach((line, one) => line.classList.toggle("pfp-shown", one === place));
    if (list) list.value = String(place);
    if (said) said.textContent = words[place];
  }
  /** @param {PointerEvent} event */
  function point({ clientX, clientY }) {
    const { left, top, width, height } = /** @type {HTMLElement} */ (picture)
      .getBoundingClientRect();
    const [x, y] = [(clientX - left) * 960 / width, (clientY - top) * 400 / height];
    const away = lines.map((line) => {
      const path = line.querySelector("path");
      return path ? Math.abs(heightAt(path, x) - y) : Infinity;
    });
    const nearest = away.indexOf(Math.min(...away));
    if (away[nearest] < 20) show(nearest);
  }
  picture.addEventListener("pointermove", point);
  picture.addEventListener("pointerdown", point);
  list.addEventListener("input", () => show(Number(list.value)));
}

import { make } from "./dom.js";
import { drawnFor, pageModel } from "./page_model.js";
import { renderProgress } from "./progress.js";
import { renderBegin, renderDownload } from "./receipt.js";
import { browserRecord } from "./record.js";
import { renderReview } from "./review.js";

/** @import { BrowserRecord } from "./record.js" */
/** @import { Chapter, QuizSpec } from "./types.d.ts" */

// What the pages "My progress" and "Review" need beside a chapter's questions.

export function startPersonal() {
  /** @type {BrowserRecord | undefined} */
  let record;
  for (const host of document.querySelectorAll(".pfp-progress[data-quiz]")) {
    /** @type {{ course: string, outline: Chapter[] }} */
    const { course, outline } = JSON.parse(host.querySelector("script")?.textContent ?? "");
    record ??= browserRecord(course);
    const banks = Object.fromEntries(outline.map((one) => [one.chapter, one.bank]));
    const el = make("div", {});
    host.querySelector("p")?.replaceWith(el);
    const kept = record;
    renderProgress(outline, record, el, (place) => {
      renderDownload(kept, course, banks, () => true, place);
    });
  }
  for (const host of document.querySelectorAll('.pfp-quiz[data-quiz="review"]')) {
    /** @type {QuizSpec} */
    const spec = JSON.parse(host.querySelector(".pfp-quiz-data")?.textContent ?? "");
    record ??= browserRecord(spec.course);
    const kept = record;
    const el = make("div", {});
    host.querySelector(".pfp-quiz-plain")?.replaceWith(el);
    const show = () => renderReview({ model: pageModel(drawnFor(spec, kept), kept), el });
    if (kept.seedBy() !== "student" || kept.seed()) show();
    else {
      const away = renderBegin(kept, () => {
        away();
        show();
      }, el);
    }
  }
}

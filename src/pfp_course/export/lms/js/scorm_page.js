import { start } from "../../../questions/frontend/page.js";
import { browserRecord } from "../../../questions/frontend/record.js";
import { connection, findApi } from "./scorm_api.js";
import { ALONE, ENDED, SHUT, statusLine } from "./scorm_status.js";
import { systemStore } from "./scorm_store.js";

/** @import { ReportedChapter } from "./scorm_types.d.ts" */

// The page of a chapter inside a learning management system. The system keeps the answers, and is
// told of them; where there is none, the page is that of the book.

// A page of another site has no place in the frame of this one, and would end the session.
/** @param {MouseEvent} event */
function openOutside({ target }) {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.download) return;
  if (link.href.split("#")[0] === location.href.split("#")[0]) return;
  link.target = "_blank";
  link.rel = "noopener";
}

export async function startInSystem() {
  const data = document.querySelector("#pfp-lms-data")?.textContent;
  const place = document.querySelector(".pfp-lms");
  if (!data || !(place instanceof HTMLElement)) return start();
  /** @type {ReportedChapter} */
  const chapter = JSON.parse(data);
  const line = statusLine(place);
  document.addEventListener("click", openOutside);
  const api = findApi(chapter.version);
  if (!api) {
    line.say(ALONE);
    line.hideReport();
    return start();
  }
  const session = connection(api, chapter.version);
  if (!session.begin()) {
    line.say(SHUT);
    line.hideReport();
    line.warn(`${SHUT} (${session.why()})`);
    return start();
  }
  const system = systemStore(session, chapter, line);
  const end = () => system.end();
  addEventListener("pagehide", end);
  addEventListener("pageshow", (event) => {
    if (event.persisted) line.warn(ENDED);
  });
  await start((course) => {
    const record = browserRecord(course, system.store);
    system.attach(record);
    return record;
  }, false);
  // After the questions, which write their drafts when the page goes.
  removeEventListener("pagehide", end);
  addEventListener("pagehide", end);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") system.leave();
  });
  system.greet();
}

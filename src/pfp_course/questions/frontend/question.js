import { workClock } from "./clock.js";
import { button, disable, freshName, unseen, whenSent } from "./controls.js";
import { make } from "./dom.js";
import { drafting } from "./drafting.js";
import { KINDS, mark } from "./marking.js";
import { learnFormulas, rich } from "./markup.js";
import { alike, sameResponse } from "./repeated.js";
import { LOST_DRAFT, showSaved } from "./saving.js";

/** @import { Answer, Mark, QuestionHost, Response, Spec } from "./types.d.ts" */

/** @type {Record<string, [string, string]>} */
const HEADINGS = {
  right: ["\u2713", "Right."],
  part: ["\u25d0", "Partly right."],
  wrong: ["\u2717", "Not right yet."],
  near: ["\u2248", "Almost."],
  unread: ["?", "One moment."],
  saved: ["\u270e", "Saved."],
};

/** @type {(spec: Spec) => Answer} */
const emptyAnswer = (spec) => ({
  fingerprint: spec.fingerprint,
  response: null,
  score: 0,
  points: spec.points,
  attempts: 0,
  hints: 0,
  shown: false,
  seconds: 0,
  tried: [],
  revision: 0,
});

const MOST_TRIED = 30;
const AGAIN = "You have given this answer already; it is not counted again.";

/**
 * One question: it shows an answer, and tells the host of a new one with `keep`, and of a draft
 * with `write`. `host.state` tells whether an answer is kept.
 * @param {Spec} released
 * @param {number} position
 * @param {number} count
 * @param {string} seed
 * @param {QuestionHost} host
 */
export function question(released, position, count, seed, host) {
  // A released question holds no help and no reasons.
  const spec = { hints: [], sources: [], rubric: [], attempts: 0, ...released };
  const kind = KINDS[spec.kind];
  learnFormulas(spec.math);
  let answer = emptyAnswer(spec);

  const practice = spec.code !== undefined;
  const worth = practice ? "for practice" : spec.points === 1 ? "1 point" : `${spec.points} points`;
  const tries = spec.attempts === 1 ? ", 1 attempt" : `, ${spec.attempts} attempts`;
  const points = spec.attempts ? worth + tries : worth;
  const number = count > 1
    ? [make("span", { class: "pfp-q-number" }, `${position + 1}.`, unseen(` of ${count}: `))]
    : [];
  const controls = kind.controls(spec, freshName(), number, () => {
    if (result()?.state !== "saved") controls.judge(null);
    draft?.begin();
  }, seed);
  const sure = spec.confidence ? confidence() : null;
  const check = button(spec.exam ? "Save" : "Check", "pfp-q-check", "submit");
  const hint = button("Hint", "pfp-q-hint");
  const show = button("Show the answer", "pfp-q-show");
  const next = host.next ? button("Next", "pfp-q-check pfp-q-next") : null;
  const hints = make("ul", { class: "pfp-q-hints", "aria-live": "polite" });
  const feedback = make("div", { class: "pfp-q-feedback", role: "status" });
  const kept = make("small", { class: "pfp-q-kept" });
  const link = host.links
    ? [
      make(
        "a",
        { class: "pfp-q-link", href: `#q-${spec.id}` },
        "Link",
        unseen(` to question ${position + 1}`),
      ),
    ]
    : [];
  const buttons = make(
    "div",
    { class: "pfp-q-buttons" },
    check,
    hint,
    show,
    ...(next ? [next] : []),
    make("small", {}, points),
    ...link,
  );
  const node = make(
    "form",
    { class: "pfp-q", novalidate: true },
    controls.node,
    ...(sure ? [sure.node] : []),
    buttons,
    kept,
    hints,
    feedback,
    ...(spec.code === undefined ? [] : [codeOf(spec.code)]),
  );

  const result = () => (answer.response === null ? null : mark(spec, answer.response));
  const spent = () => spec.attempts > 0 && answer.attempts >= spec.attempts;
  const done = () =>
    answer.shown || (answer.attempts > 0 && (spent() || kind.final || result()?.state === "right"));

  const clock = workClock(node);
  const draft = drafting(
    node,
    () => ({ response: controls.read(), confidence: sure ? sure.read() : null }),
    (written) => {
      const at = new Date().toISOString();
      const { response = null, confidence = null } = written ?? {};
      const { fingerprint } = spec;
      const count = (host.drafts(spec.id)?.count ?? 0) + 1;
      host.write(spec.id, { fingerprint, response, confidence, base: answer.revision, count, at });
      drawKept();
    },
  );
  node.addEventListener("focusin", () => host.ask());

  /** @param {Partial<Answer>} change */
  function update(change) {
    const seconds = answer.seconds + clock.take();
    const revision = answer.revision + 1;
    answer = { ...answer, seconds, ...change, revision, at: new Date().toISOString() };
    host.keep(spec.id, answer);
  }

  whenSent(node, check, () => {
    if (done()) return;
    const response = controls.read();
    const verdict = mark(spec, response);
    if (verdict.state === "unread" || verdict.state === "near") {
      tell(verdict, []);
      controls.focus();
      return;
    }
    if (verdict.state === "saved") {
      if (!alike(response, answer.response) || !isKept()) update({ response });
      draw();
      return;
    }
    const again = kind.final ? [] : [...answer.tried, answer.response];
    const isRepeated = answer.attempts > 0 &&
      again.some((one) => sameResponse(spec, one, response));
    const score = Math.round(verdict.share * spec.points * 1e4) / 1e4;
    // What counts is how sure the student was before the first answer was marked.
    const how = sure && answer.attempts === 0 ? { confidence: sure.read() } : {};
    if (!isRepeated) {
      const tried = verdict.state === "right" ? answer.tried : [...answer.tried, response];
      const attempts = answer.attempts + 1;
      update({ response, score, attempts, tried: tried.slice(-MOST_TRIED), ...how });
    } else if (!alike(response, answer.response) || !isKept()) update({ response, score });
    draw();
    if (isRepeated) tell({ ...verdict, says: [AGAIN, ...verdict.says] }, []);
  });
  hint.addEventListener("click", () => {
    if (answer.hints >= spec.hints.length || done()) return;
    update({ hints: answer.hints + 1 });
    if (draft.isDirty()) draft.renew();
    drawHints();
    drawKept();
  });
  show.addEventListener("click", () => {
    if (done()) return;
    update({ shown: true, score: 0 });
    draw();
  });

  next?.addEventListener("click", () => host.next?.(spec.id));

  /** @type {(verdict: Mark, after: Node[], sign?: string, heading?: string) => void} */
  function tell(
    verdict,
    after,
    sign = HEADINGS[verdict.state][0],
    heading = HEADINGS[verdict.state][1],
  ) {
    feedback.className = `pfp-q-feedback pfp-q-is-${verdict.state}`;
    feedback.replaceChildren(
      make(
        "p",
        { class: "pfp-q-heading" },
        make("span", { "aria-hidden": "true" }, `${sign} `),
        make("span", {}, heading),
      ),
      ...verdict.says.map((say) => make("p", {}, rich(say))),
      ...after,
    );
  }

  function because() {
    const links = spec.sources.flatMap(({ label, text, url }, place) => [
      place ? "; " : "",
      /^https?:/.test(url) ? make("a", { href: url, title: text }, label) : label,
    ]);
    if (spec.exam) return [];
    return [
      make("p", {}, rich(spec.because)),
      ...(links.length ? [make("p", { class: "pfp-q-sources" }, "Sources: ", ...links)] : []),
    ];
  }

  // The answer itself, where the student did not find it.
  function solution() {
    if (spec.exam || result()?.state === "saved") return [];
    const found = result()?.state === "right" && !answer.shown;
    const texts = found ? kind.exact?.(spec) ?? [] : kind.answer(spec);
    return texts.map((text) => make("p", {}, make("strong", {}, rich(text))));
  }

  function drawHints() {
    while (hints.childElementCount < answer.hints) {
      hints.append(make("li", {}, rich(spec.hints[hints.childElementCount])));
    }
    while (hints.childElementCount > answer.hints) hints.lastChild?.remove();
    const left = spec.hints.length - answer.hints;
    hint.hidden = spec.hints.length === 0 || done();
    hint.textContent = left === spec.hints.length ? "Hint" : left ? "Next hint" : "No more hints";
    disable(hint, left === 0 || done());
  }

  // What is answered has one button, which leads on; who pressed another one stands on it.
  function drawButtons() {
    const wasInside = buttons.contains(document.activeElement);
    // Offered only after an attempt, so that the first thought is the student's own.
    show.hidden = answer.attempts === 0 || kind.final === true || done();
    check.hidden = done() && next !== null;
    disable(check, done());
    if (next) next.hidden = !done();
    drawHints();
    if (wasInside && done()) (next ?? check).focus();
  }

  const isKept = () => answer.revision === 0 || host.state(spec.id) === "saved";

  // Whether what stands here is kept. Nothing is called saved that is not.
  function drawKept() {
    const state = answer.at === undefined ? "saved" : host.state(spec.id);
    if (!draft.isDirty()) showSaved(kept, state, answer.at === undefined ? "" : undefined);
    else if (state === "lost" || host.isSilent()) showSaved(kept, "lost", LOST_DRAFT);
    else if (state === "refused") showSaved(kept, state);
    else showSaved(kept, "saved", `A draft: not ${spec.exam ? "saved" : "checked"} yet.`);
    if (result()?.state !== "saved" || answer.shown) return;
    const heading = feedback.querySelector(".pfp-q-is-saved .pfp-q-heading > :last-child");
    if (heading) {
      heading.textContent = { saved: "Saved.", saving: "Saving \u2026" }[String(state)] ??
        "Not saved.";
    }
  }

  function draw() {
    const verdict = result();
    controls.write(answer.response);
    const told = verdict && !spec.exam ? "chosen" : null;
    controls.judge(answer.shown ? "all" : told, spec.exam ? null : verdict?.state);
    controls.lock(done());
    sure?.draw(answer.confidence ?? null, answer.attempts > 0);
    drawButtons();
    if (answer.shown) {
      const shown = [...solution(), ...because()];
      tell({ state: "part", share: 0, says: [] }, shown, "\u2192", "The answer:");
      feedback.classList.replace("pfp-q-is-part", "pfp-q-is-shown");
    } else if (verdict) {
      tell(verdict, done() || verdict.state === "saved" ? [...solution(), ...because()] : []);
    } else {
      feedback.className = "pfp-q-feedback";
      feedback.replaceChildren();
    }
    draft.settle();
    drawKept();
  }

  // An answer kept earlier, or by another window; one to another wording of the question is not
  // this question's. What is being written stays, unless everything has been deleted since.
  /**
   * @param {Answer | undefined} stored
   * @param {boolean} [isDeleted]
   */
  function load(stored, isDeleted = false) {
    const usable = stored && stored.fingerprint === spec.fingerprint;
    const isSame = usable && stored.at === answer.at && stored.revision === answer.revision;
    if (isSame && isDrawn) return;
    if (!usable && answer.at === undefined && isDrawn && !isDeleted) return;
    const written = isDrawn && !isDeleted && draft.isDirty() ? controls.read() : null;
    answer = usable ? { ...emptyAnswer(spec), ...stored } : emptyAnswer(spec);
    if (!Array.isArray(answer.tried)) answer.tried = [];
    draw();
    if (written !== null) put(written);
    else if (!isDrawn || isDeleted) restore(); // what was begun since, if anything
    isDrawn = true;
    if (written !== null) draft.renew();
  }
  let isDrawn = false;

  /** @param {Response} response */
  function put(response) {
    if (done()) return;
    controls.write(response);
    if (result()?.state !== "saved") controls.judge(null);
    drawKept();
  }
  function restore() {
    const written = host.drafts(spec.id);
    if (!written || written.fingerprint !== spec.fingerprint || written.response === null) return;
    if ((written.base ?? 0) < answer.revision || done()) return;
    try {
      put(written.response);
    } catch {
      controls.write(answer.response); // a draft of another form than this kind's
      return;
    }
    if (answer.attempts === 0) sure?.draw(written.confidence ?? null, false);
    draft.resume();
    drawKept();
  }

  return {
    node,
    load,
    flush: draft.flush,
    end: () => {
      draft.flush();
      clock.stop();
    },
    drawKept,
    isUnsaved: () => !isKept() || draft.isDirty(),
    clear: () => {
      if (answer.at !== undefined || draft.isDirty()) {
        answer = { ...emptyAnswer(spec), revision: answer.revision };
        update({});
      }
      draw();
    },
    focus: controls.focus,
    state: () => ({
      // Not a draft: what it would bring into sight would move the page under the pointer.
      touched: answer.response !== null || answer.attempts > 0 || answer.hints > 0,
      done: spec.exam ? answer.response !== null : done(),
      score: answer.shown ? 0 : answer.score,
      points: spec.points,
    }),
  };
}

/**
 * The code that answers an exercise, for who asks for it, and where it can be run.
 * @param {string} code
 */
function codeOf(code) {
  const places = [...document.querySelectorAll(".pfp-run a")].map((link) =>
    make("li", {}, link.cloneNode(true))
  );
  return make(
    "details",
    { class: "pfp-q-solution" },
    make("summary", {}, "Show the code"),
    make("pre", { class: "pfp-q-code" }, make("code", {}, code)),
    ...(places.length ? [make("ul", { class: "pfp-run" }, ...places)] : []),
  );
}

export const SURE = ["I guess", "fairly sure", "certain"];

// How sure the student is, before the answer is marked; nobody has to say.
function confidence() {
  const name = freshName();
  const inputs = SURE.map((text, level) =>
    make("input", { type: "radio", name, id: `${name}-${level}`, value: text })
  );
  const node = make(
    "fieldset",
    { class: "pfp-q-sure" },
    make("legend", {}, "How sure are you? (optional)"),
    ...inputs.map((input) =>
      make("span", {}, input, make("label", { for: input.id }, input.value))
    ),
  );
  return {
    node,
    read: () => {
      const chosen = inputs.findIndex((input) => input.checked);
      return chosen < 0 ? null : chosen;
    },
    /** @type {(level: number | null, given: boolean) => void} */
    draw: (level, given) => {
      node.hidden = given && level === null;
      inputs.forEach((input, one) => {
        if (given || level !== null) input.checked = level === one;
        input.disabled = given;
      });
    },
  };
}

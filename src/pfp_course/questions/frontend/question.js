import { freshName, make, rich, unseen } from "./nodes.js";
import { KINDS, mark } from "./marking.js";
import { workClock } from "./clock.js";

const HEADINGS = {
  right: ["\u2713", "Right."],
  part: ["\u25d0", "Partly right."],
  wrong: ["\u2717", "Not right yet."],
  near: ["\u2248", "Almost."],
  unread: ["?", "One moment."],
  saved: ["\u270e", "Saved."],
};

const emptyAnswer = (spec) => ({
  fingerprint: spec.fingerprint,
  response: null,
  score: 0,
  points: spec.points,
  attempts: 0,
  hints: 0,
  shown: false,
  seconds: 0,
});

// One question: it shows an answer, and tells `keep` of a new one.
export function question(given, position, count, seed, keep) {
  // A released question holds no help and no reasons.
  const spec = { hints: [], sources: [], rubric: [], ...given };
  const kind = KINDS[spec.kind];
  let answer = emptyAnswer(spec);

  const worth = spec.points === 1 ? "1 point" : `${spec.points} points`;
  const tries = spec.attempts === 1 ? ", 1 attempt" : `, ${spec.attempts} attempts`;
  const points = spec.attempts ? worth + tries : worth;
  const number =
    count > 1
      ? [make("span", { class: "pfp-q-number" }, `${position + 1}.`, unseen(` of ${count}: `))]
      : [];
  const controls = kind.controls(spec, freshName(), number, () => {
    if (result()?.state !== "saved") controls.judge(null);
  }, seed);
  const sure = spec.confidence ? confidence() : null;
  const check = button(spec.exam ? "Save" : "Check", "pfp-q-check", "submit");
  const hint = button("Hint", "pfp-q-hint");
  const show = button("Show the answer", "pfp-q-show");
  const hints = make("ul", { class: "pfp-q-hints", "aria-live": "polite" });
  const feedback = make("div", { class: "pfp-q-feedback", role: "status" });
  const node = make(
    "form",
    { class: "pfp-q", novalidate: true },
    controls.node,
    ...(sure ? [sure.node] : []),
    make("div", { class: "pfp-q-buttons" }, check, hint, show, make("small", {}, points)),
    hints,
    feedback,
  );

  const result = () => (answer.response === null ? null : mark(spec, answer.response));
  const spent = () => spec.attempts > 0 && answer.attempts >= spec.attempts;
  const done = () =>
    answer.shown || (answer.attempts > 0 && (spent() || kind.final || result().state === "right"));

  const clock = workClock(node);

  function update(change) {
    const seconds = answer.seconds + clock.take();
    answer = { ...answer, seconds, ...change, at: new Date().toISOString() };
    keep(spec.id, answer);
  }

  // A browser does this by itself; JupyterLab takes the key away from it.
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    node.requestSubmit();
  });
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    if (done()) return;
    const response = controls.read();
    const verdict = mark(spec, response);
    if (verdict.state === "unread" || verdict.state === "near") {
      tell(verdict, []);
      controls.focus();
      return;
    }
    if (verdict.state === "saved") {
      update({ response });
      draw();
      return;
    }
    const score = Math.round(verdict.share * spec.points * 1e4) / 1e4;
    // What counts is how sure the student was before the first answer was marked.
    const how = sure && answer.attempts === 0 ? { confidence: sure.read() } : {};
    update({ response, score, attempts: answer.attempts + 1, ...how });
    draw();
  });
  hint.addEventListener("click", () => {
    if (answer.hints >= spec.hints.length || done()) return;
    update({ hints: answer.hints + 1 });
    drawHints();
  });
  show.addEventListener("click", () => {
    if (done()) return;
    update({ shown: true, score: 0 });
    draw();
  });

  function tell(verdict, after) {
    const [sign, heading] = HEADINGS[verdict.state];
    feedback.className = `pfp-q-feedback pfp-q-is-${verdict.state}`;
    feedback.replaceChildren(
      make(
        "p",
        { class: "pfp-q-heading" },
        make("span", { "aria-hidden": "true" }, `${verdict.sign ?? sign} `),
        verdict.heading ?? heading,
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
      make("p", { class: "pfp-q-sources" }, "Sources: ", ...links),
    ];
  }

  // The answer itself, where the student did not find it.
  function solution() {
    if (spec.exam || result()?.state === "saved") return [];
    if (result()?.state === "right" && !answer.shown) return [];
    return kind.answer(spec).map((text) => make("p", {}, make("strong", {}, rich(text))));
  }

  function drawHints() {
    while (hints.childElementCount < answer.hints) {
      hints.append(make("li", {}, rich(spec.hints[hints.childElementCount])));
    }
    while (hints.childElementCount > answer.hints) hints.lastChild.remove();
    const left = spec.hints.length - answer.hints;
    hint.hidden = spec.hints.length === 0;
    hint.textContent = left === spec.hints.length ? "Hint" : left ? "Next hint" : "No more hints";
    disable(hint, left === 0 || done());
  }

  function draw() {
    const verdict = result();
    controls.write(answer.response);
    const told = verdict && !spec.exam ? "chosen" : null;
    controls.judge(answer.shown ? "all" : told, verdict && !spec.exam && verdict.state);
    controls.lock(done());
    sure?.draw(answer.confidence ?? null, answer.attempts > 0);
    disable(check, done());
    // Offered only after an attempt, so that the first thought is the student's own.
    show.hidden = answer.attempts === 0 || kind.final || (done() && !answer.shown);
    disable(show, done());
    drawHints();
    if (answer.shown) {
      const heading = { state: "part", sign: "\u2192", heading: "The answer:", says: [] };
      tell(heading, [...solution(), ...because()]);
      feedback.classList.replace("pfp-q-is-part", "pfp-q-is-shown");
    } else if (verdict) {
      tell(verdict, done() || verdict.state === "saved" ? [...solution(), ...because()] : []);
    } else {
      feedback.className = "pfp-q-feedback";
      feedback.replaceChildren();
    }
  }

  // An answer kept earlier, or by another window; one to another wording of the question is not
  // this question's.
  function load(kept) {
    const usable = kept && kept.fingerprint === spec.fingerprint;
    if (usable && kept.at === answer.at) return;
    if (!usable && answer.at === undefined && node.isConnected) return;
    answer = usable ? { ...emptyAnswer(spec), ...kept } : emptyAnswer(spec);
    draw();
  }

  return {
    node,
    load,
    clear: () => {
      if (answer.at !== undefined) {
        answer = emptyAnswer(spec);
        update({});
      }
      draw();
    },
    focus: controls.focus,
    state: () => ({
      touched: answer.response !== null || answer.attempts > 0 || answer.hints > 0,
      done: spec.exam ? answer.response !== null : done(),
      score: answer.shown ? 0 : answer.score,
      points: spec.points,
    }),
  };
}

export const SURE = ["I guess", "fairly sure", "certain"];

// How sure the student is, before the answer is marked; nobody has to say.
function confidence() {
  const name = freshName();
  const inputs = SURE.map((text, level) => [
    make("input", { type: "radio", name, id: `${name}-${level}`, value: text }),
    text,
  ]);
  const node = make(
    "fieldset",
    { class: "pfp-q-sure" },
    make("legend", {}, "How sure are you? (optional)"),
    ...inputs.map(([input, text]) => make("span", {}, input, make("label", { for: input.id }, text))),
  );
  return {
    node,
    read: () => {
      const chosen = inputs.find(([input]) => input.checked);
      return chosen ? SURE.indexOf(chosen[0].value) : null;
    },
    draw: (level, given) => {
      node.hidden = given && level === null;
      for (const [input] of inputs) {
        if (given) input.checked = level === SURE.indexOf(input.value);
        input.disabled = given;
      }
    },
  };
}

export function button(label, name, type = "button") {
  return make("button", { type, class: `pfp-q-button ${name}` }, label);
}

// Not the attribute `disabled`: it would throw the keyboard's focus off the page.
function disable(node, yes) {
  if (yes) node.setAttribute("aria-disabled", "true");
  else node.removeAttribute("aria-disabled");
}

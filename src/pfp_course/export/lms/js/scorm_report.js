import { momentOf, real, responseText, resultOf, spanOf } from "./scorm_responses.js";

/** @import { Answer } from "../../../questions/frontend/types.d.ts" */
/** @import { Connection } from "./scorm_api.js" */
/** @import { Answers, Reached, ReportedChapter, ReportedQuestion, Standing } from "./scorm_types.d.ts" */

// What a system is told of a chapter: the standing, the objectives, and each question with the
// newest answer to it (a state, in the terms of SCORM, and not a journal of attempts: so the same
// question has the same number in the report of each student).

/** @type {(question: ReportedQuestion, answers: Answers) => Answer | undefined} */
const answerTo = (question, answers) => {
  const answer = answers[question.name];
  return answer?.fingerprint === question.fingerprint ? answer : undefined;
};

/** @param {Answer | undefined} answer */
const isGiven = (answer) =>
  answer !== undefined &&
  (answer.attempts > 0 || answer.shown || (answer.response ?? null) !== null);

/** @type {(questions: ReportedQuestion[], answers: Answers) => Standing} */
export function standing(questions, answers) {
  const scored = questions.filter((one) => one.scored);
  const score = scored.reduce((sum, one) => {
    const answer = answerTo(one, answers);
    return sum + (answer && !answer.shown ? answer.score : 0);
  }, 0);
  return {
    answered: questions.filter((one) => isGiven(answerTo(one, answers))).length,
    count: questions.length,
    score: Math.round(score * 1e4) / 1e4,
    points: scored.reduce((sum, one) => sum + one.points, 0),
  };
}

/**
 * What is reached with these answers: the best score stays, and so does the end.
 * @type {(now: Standing, before: Reached) => Reached}
 */
export const reachedWith = (now, before) => ({
  best: Math.max(before.best, now.score),
  isComplete: before.isComplete || now.answered === now.count,
});

/** @type {(value: number) => number} */
const hundredth = (value) => Math.round(value * 100) / 100;

/**
 * @param {Connection} api
 * @param {ReportedChapter} chapter
 */
export function reporting(api, chapter) {
  const { version } = chapter;
  const is2004 = version === "2004";
  /** @type {Map<string, string>} what each element was set to last */
  const known = new Map();
  /** @type {Set<string>} what the system did not take, and why */
  const refused = new Set();
  let refusals = 0;

  /** @type {(element: string, value: string | number) => boolean} */
  function tell(element, value) {
    const text = String(value);
    if (known.get(element) === text) return true;
    if (!api.set(element, text)) {
      refusals += 1;
      refused.add(`${element.replace(/\d+/g, "n")}: ${api.why()}`);
      return false;
    }
    known.set(element, text);
    return true;
  }

  /** @type {(list: string, id: (place: number) => string) => (place: number) => number} */
  function places(list, id) {
    /** @type {Map<string, number>} */
    const found = new Map();
    let count = Number(api.get(`${list}._count`)) || 0;
    // Of SCORM 1.2 an interaction cannot be read: there it has the number of its question.
    const canBeRead = is2004 || list !== "cmi.interactions";
    for (let place = 0; canBeRead && place < count; place += 1) {
      found.set(api.get(`${list}.${place}.id`), place);
    }
    return (place) => {
      if (!canBeRead) return place;
      const at = found.get(id(place)) ?? count;
      if (at === count) count += 1;
      found.set(id(place), at);
      return at;
    };
  }
  const placeOfQuestion = places("cmi.interactions", (place) => chapter.questions[place].id);
  const placeOfGoal = places("cmi.objectives", (place) => chapter.objectives[place].id);

  /** @type {(question: ReportedQuestion, place: number, answer: Answer | undefined) => void} */
  function tellQuestion(question, place, answer) {
    const at = `cmi.interactions.${placeOfQuestion(place)}`;
    if (!tell(`${at}.id`, question.id)) return;
    tell(`${at}.type`, question.type);
    tell(`${at}.objectives.0.id`, chapter.objectives[question.objective].id);
    question.patterns.forEach((pattern, one) =>
      tell(`${at}.correct_responses.${one}.pattern`, pattern)
    );
    tell(`${at}.weighting`, question.scored ? question.points : 0);
    if (is2004) tell(`${at}.description`, question.ask);
    if (!answer || !isGiven(answer)) return;
    tell(`${at}.${is2004 ? "timestamp" : "time"}`, momentOf(answer.at, version));
    const response = answer.response === null
      ? ""
      : responseText(question, answer.response, version);
    if (response) tell(`${at}.${is2004 ? "learner" : "student"}_response`, response);
    tell(`${at}.result`, resultOf(question, answer, version));
    tell(`${at}.latency`, spanOf(answer.seconds, version));
  }

  /** @type {(at: string, now: Standing) => void} */
  function tellScore(at, { score, points }) {
    if (!points) return;
    const share = hundredth((100 * score) / points);
    // A score of SCORM 1.2 is one of a hundred.
    const [raw, most] = is2004 ? [score, points] : [share, 100];
    tell(`${at}.raw`, real(raw));
    tell(`${at}.min`, 0);
    tell(`${at}.max`, real(most));
    if (is2004) tell(`${at}.scaled`, real(score / points));
  }

  /** @type {(now: Standing, isComplete: boolean) => "passed" | "failed" | "unknown"} */
  function success({ score, points }, isComplete) {
    if (points && score / points >= pass - 1e-9) return "passed";
    return points && isComplete ? "failed" : "unknown";
  }
  // The system's own mark, where the teacher has set one there.
  const set = Number(
    api.get(is2004 ? "cmi.scaled_passing_score" : "cmi.student_data.mastery_score") || NaN,
  );
  const pass = Number.isNaN(set) ? chapter.pass : is2004 ? set : set / 100;

  /** @type {(place: number, answers: Answers) => void} */
  function tellGoal(place, answers) {
    const questions = chapter.questions.filter((one) => one.objective === place);
    const now = standing(questions, answers);
    const isComplete = now.answered === now.count;
    const at = `cmi.objectives.${placeOfGoal(place)}`;
    if (!tell(`${at}.id`, chapter.objectives[place].id)) return;
    if (now.answered) tellScore(`${at}.score`, now);
    const how = success(now, isComplete);
    if (is2004) {
      tell(`${at}.description`, chapter.objectives[place].text);
      tell(`${at}.success_status`, how);
      tell(`${at}.completion_status`, isComplete ? "completed" : "incomplete");
      tell(`${at}.progress_measure`, real(now.answered / now.count));
    } else {
      const done = how === "unknown" ? "completed" : how;
      tell(`${at}.status`, isComplete ? done : now.answered ? "incomplete" : "not attempted");
    }
  }

  return {
    pass,
    /** What the system did not take of the report, each once. */
    refused: () => [...refused],
    /**
     * Tells all that has changed; returns whether the score and the status were taken.
     * @type {(answers: Answers, reached: Reached, seconds: number) => boolean}
     */
    tell(answers, reached, seconds) {
      const now = standing(chapter.questions, answers);
      const best = { ...now, score: Math.min(reached.best, now.points) };
      const before = refusals;
      if (now.answered) tellScore(is2004 ? "cmi.score" : "cmi.core.score", best);
      const how = success(best, reached.isComplete);
      if (is2004) {
        tell("cmi.completion_status", reached.isComplete ? "completed" : "incomplete");
        tell("cmi.success_status", how);
        tell("cmi.progress_measure", reached.isComplete ? 1 : real(now.answered / now.count));
      } else {
        const done = how === "unknown" ? "completed" : how;
        tell("cmi.core.lesson_status", reached.isComplete ? done : "incomplete");
      }
      const isTaken = refusals === before;
      chapter.objectives.forEach((_, place) => tellGoal(place, answers));
      chapter.questions.forEach((question, place) =>
        tellQuestion(question, place, answerTo(question, answers))
      );
      this.leave(seconds);
      return isTaken;
    },
    /**
     * How long this session took, and that it will be gone on with.
     * @param {number} seconds
     */
    leave(seconds) {
      tell(is2004 ? "cmi.session_time" : "cmi.core.session_time", spanOf(seconds, version));
      tell(is2004 ? "cmi.exit" : "cmi.core.exit", "suspend");
    },
  };
}

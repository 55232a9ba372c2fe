/** @import { Answer, Asked } from "./types.d.ts" */

/**
 * Whether an answer is one to this question as it is worded now.
 * @param {Asked} question
 * @param {Answer | undefined} answer
 * @returns {answer is Answer}
 */
export const isAnswerTo = ({ fingerprints }, answer) =>
  fingerprints.some((one) => String(answer?.fingerprint).startsWith(one));

/**
 * Whether the student answered a question rightly, and was not shown the answer.
 * @param {Asked} question
 * @param {Answer | undefined} answer
 */
export const isRight = (question, answer) =>
  isAnswerTo(question, answer) && !answer.shown && answer.score === question.points;

// What a SCORM package says of itself to its script, as export/lms/scorm_page.py writes it, and the
// two versions of the run-time interface.
import type { Answer, Draft } from "../../../questions/frontend/types.d.ts";

/** How a response is written: what is chosen by its code, or what was typed. */
export interface Shape {
  form: "choice" | "order" | "pairs" | "number" | "text" | "gaps" | "essay";
  /** Codes of what is chosen or put in order, or of the items that are paired. */
  codes?: string[];
  /** Codes of what items are paired with. */
  options?: string[];
  unit?: string;
  date?: boolean;
  /** For a gap with choices: their texts. */
  texts?: string[];
  gaps?: Shape[];
}
export interface ReportedQuestion extends Shape {
  /** Its name in the record of answers, and in the system. */
  name: string;
  id: string;
  /** As the version of SCORM calls it. */
  type: string;
  fingerprint: string;
  /** Position of its objective. */
  objective: number;
  points: number;
  /** Whether its points count: an answer that a person has to judge earns none. */
  scored: boolean;
  ask: string;
  patterns: string[];
}
export interface ReportedChapter {
  version: "1.2" | "2004";
  name: string;
  /** Characters of suspend data. */
  room: number;
  /** The share of the points that passes. */
  pass: number;
  objectives: { id: string; text: string }[];
  questions: ReportedQuestion[];
}

/** What is kept of a chapter, apart from the record: neither falls again. */
export interface Reached {
  best: number;
  isComplete: boolean;
}
export type Answers = Record<string, Answer>;
export type Drafts = Record<string, Draft>;

/** Where the reader stands, in points and questions. */
export interface Standing {
  answered: number;
  count: number;
  score: number;
  points: number;
}

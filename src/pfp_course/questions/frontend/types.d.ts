// The contract of the front end: what a question, an answer, a kind and a host are.
// `make lint` checks every module against it; nothing of this file reaches a page.
import type { AnyModel } from "@anywidget/types";

/** Whatever a record or a control holds; each kind checks what it is given. */
// deno-lint-ignore no-explicit-any
export type Response = any;

/** What a formula is drawn from: the tag, its attributes, then texts and further trees. */
export type MathTree = [string, Record<string, string>, ...(string | MathTree)[]];

/** A question in its public form, as questions/spec.py writes it. */
export interface Spec {
  id: string;
  kind: string;
  ask: string;
  objective?: string;
  points: number;
  fingerprint: string;
  /** How often it may be answered; 0 for any number. */
  attempts?: number;
  /** Released for an exam: without its key. */
  exam?: boolean;
  /** Whether it asks how sure the student is. */
  confidence?: boolean;
  hints?: string[];
  sources?: { label: string; text: string; url: string }[];
  because: string;
  math?: Record<string, MathTree>;
  say?: string;
  otherwise?: string;
  /** Of an exercise on a page: the code that answers it. */
  code?: string;
  /** In a page for all seeds: the forms of which one is chosen. */
  variants?: Spec[];
}

export interface Choice {
  text: string;
  right: boolean;
  say: string;
  share?: number;
  pin?: boolean;
  note?: string;
}
export interface ChoiceSpec extends Spec {
  choices: Choice[];
  shuffle?: boolean;
}
export interface Drawing {
  width: number;
  height: number;
  frame: string;
  areas: { d: string; choice: number | null }[];
  marks: { x: number; y: number; choice: number | null }[];
  words: { x: number; y: number; text: string; at: string }[];
  /** The middles of states that are hard to hit. */
  small?: { x: number; y: number; choice: number }[];
}
export interface PickingSpec extends ChoiceSpec {
  drawing: Drawing;
}
/** A number that earns points or has a reply of its own: a value or a range. */
export interface NumberTrap {
  value?: number;
  tolerance?: number;
  low?: number;
  high?: number;
  open?: boolean;
  say: string;
  share?: number;
}
export interface NumericSpec extends Spec {
  key: number;
  tolerance: number;
  unit: string;
  answer: string;
  accept?: NumberTrap[];
  traps: NumberTrap[];
}
export interface TextSpec extends Spec {
  accept: string[];
  says?: Record<string, string>;
  traps: { text: string; say: string; share?: number }[];
  case?: boolean;
  signs?: boolean;
  answer: string;
}
export interface DateSpec extends Spec {
  /** ISO 8601, as precise as the answer must be. */
  key: string;
  /** Of a released question: how many characters the key has. */
  precision?: number;
  traps: { value: string; say: string; share?: number }[];
  answer: string;
}
export interface OrderSpec extends Spec {
  items: string[];
  ends: [string, string];
  otherwise: string;
}
export interface PairingSpec extends Spec {
  items: { text: string; right: number; say: string }[];
  options: string[];
}
export interface OpenSpec extends Spec {
  words: number;
  rubric: { text: string; levels: string[] }[];
}
/** A gap is a question of a simple kind within a text. */
export type Gap = Spec & {
  weight?: number;
  unit?: string;
  choices?: Choice[];
};
export interface GapsSpec extends Spec {
  gaps: Gap[];
}

export type State = "unread" | "near" | "wrong" | "part" | "right" | "saved";
/** What a response earns: its state, its share of the points from 0 to 1, and what is said. */
export interface Mark {
  state: State;
  share: number;
  says: string[];
}

/** A response as `score` takes it; or, where it cannot be read, what the student is told. */
export interface Parsed {
  value?: Response;
  unread?: string[];
}

/** What a student works with. `write` shows a response, or an unanswered question for null. */
export interface Controls {
  node: HTMLElement;
  read(): Response;
  write(response: Response): void;
  /** Shows what is right: of all, of what was chosen, or of nothing. */
  judge(show: "all" | "chosen" | null, state?: State | "" | false | null): void;
  lock(locked: boolean): void;
  focus(): void;
}

/** A kind of question: kinds/NAME.js exports it as NAME. */
export interface Kind<S extends Spec = Spec> {
  /** Reads a response, to a released question, too. */
  parse(spec: S, response: Response): Parsed;
  /** Marks what `parse` has read. */
  score(spec: S, value: Response): Mark;
  controls(
    spec: S,
    name: string,
    number: (Node | string)[],
    changed: () => void,
    seed: string,
  ): Controls;
  /** The right answer in the marks of a bank's text, one line for each part of it. */
  answer(spec: S): string[];
  /** What is told to who answered rightly: the value itself, where others near it are right, too. */
  exact?(spec: S): string[];
  /** A response in the form in which two are compared, where more than spaces make no difference. */
  normal?(spec: S, response: Response): Response;
  /** Whether what was given is final, because nobody else judges it. */
  final?: boolean;
}

/** As record_model.py's Answer. */
export interface Answer {
  fingerprint: string;
  response: Response;
  score: number;
  points: number;
  attempts: number;
  hints: number;
  shown: boolean;
  confidence?: number | null;
  seconds: number;
  tried: Response[];
  revision: number;
  at?: string;
}
export interface Draft {
  fingerprint: string;
  response: Response;
  confidence: number | null;
  base: number;
  count: number;
  at: string;
}
export interface Review {
  stage: number;
  due: string;
  revision: number;
  at: string;
}
/** What a host keeps, by the id of a question or a term. */
export interface Kept {
  answers: Record<string, Answer>;
  drafts: Record<string, Draft>;
  reviews: Record<string, Review>;
}

export interface Card {
  id: string;
  chapter: string;
  term: string;
  meaning: string;
  /** The term in other languages, by their codes. */
  names: Record<string, string>;
  isUnconfirmed: boolean;
}
/** What is drawn: a quiz, a review (with cards), or a form for a name. */
export interface QuizSpec {
  id: string;
  title: string;
  course: string;
  seed: string;
  questions: Spec[];
  bank?: string;
  /** Of the closing quiz on a page: the objectives of the chapter, by their names. */
  close?: Record<string, string>;
  cards?: Card[];
  form?: boolean;
  button?: string;
  explain?: string;
}

/** The model of a quiz, as widget.py and pageModel have it.
 *
 * Whatever is changed is sent under a number, `sent`, that only rises. The host says with `received`
 * up to which number it has handled what came, and with `saved` up to which all of it is written;
 * `refused` names what it could not take in. */
export interface Traits extends Kept {
  spec: QuizSpec;
  notice: string;
  sent: number;
  received: number;
  saved: number;
  refused: string[];
  /** Names the record: what is not saved waits in the browser under this name. */
  place?: string;
  stand_in?: string;
  links?: boolean;
  generation?: number;
}
export type Model = Pick<AnyModel<Traits>, "get" | "set" | "save_changes" | "on" | "off">;

export interface FormTraits {
  spec: Pick<QuizSpec, "title" | "button" | "explain">;
  student: string;
  asked: number;
  heard: number;
  said: string;
  more?: Node[];
}
export type FormModel = Pick<AnyModel<FormTraits>, "get" | "set" | "save_changes" | "on" | "off">;

/** Where what no kernel has saved waits. */
export interface WaitingRoom {
  put(name: keyof Kept, id: string, value: Kept[keyof Kept][string]): void;
  drop(name: keyof Kept, id: string): void;
  /** Gives the model what is newer than what it has, and returns what that was. */
  restore(specs: { id: string; fingerprint?: string }[]): [keyof Kept, string][];
  /** Whether all that was put there is kept. */
  isSafe(): boolean;
}
/** Where something is drawn; only a kernel needs a room. */
export interface Place {
  model: Model;
  el: HTMLElement;
  room?: WaitingRoom;
}

export type SavedState = "saved" | "saving" | "refused" | "lost";
/** What a question needs of the place where it stands. */
export interface QuestionHost {
  links?: boolean;
  /** Leads from a question to the next one that is open. */
  next?(id: string): void;
  keep(id: string, answer: Answer): void;
  write(id: string, draft: Draft): void;
  drafts(id: string): Draft | undefined;
  /** Asks a host that was silent for long whether it is there. */
  ask(): void;
  state(id: string): SavedState;
  isSilent(): boolean;
}

/** A chapter as student_progress.py's course_outline gives it. */
export interface Chapter {
  chapter: string;
  bank: string;
  title: string;
  /** The address of its page, from the page that lists it. */
  page?: string;
  objectives: Record<string, string>;
  questions: (Asked & { id: string; objective: string })[];
}
/** What decides whether an answer is right: fingerprints or their beginnings, and the points. */
export interface Asked {
  fingerprints: string[];
  points: number;
}

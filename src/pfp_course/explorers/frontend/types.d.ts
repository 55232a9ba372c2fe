import type { AnyModel } from "@anywidget/types";
import type { Plot } from "./plot.js";

/** What a reader has chosen: one text for each control. */
export type State = Record<string, string>;

export interface Control {
  name: string;
  label: string;
  /** One of the options, some of them, a number, yes or no, or buttons that change the state. */
  kind: "one" | "many" | "number" | "switch" | "acts";
  options?: [value: string, label: string][];
  /** At most this many of the options. */
  most?: number;
  min?: number;
  max?: number;
  step?: number;
  /** A number in words, such as a date. */
  say?: (value: number) => string;
  acts?: { label: string; change: (state: State) => State }[];
  /** Under the picture, as a long list is. */
  below?: boolean;
}

export type Cell = string | number | null;

/** What a state shows: as a picture, as a table, and in a sentence. */
export interface View {
  title: string;
  words: string;
  columns: string[];
  rows: Cell[][];
  /** Pixels; the width is given. */
  height: (width: number) => number;
  draw: (plot: Plot, set: (change: State) => void) => void;
  /** Shown under the controls, such as the verdicts on claims. */
  notes?: Record<string, string>;
  /** The controls that change nothing now. */
  idle?: string[];
}

/** An explorer: its controls, and what it shows. The data are those of its Python module. */
// deno-lint-ignore no-explicit-any
export interface Explorer<Data = any> {
  controls: (data: Data) => Control[];
  view: (data: Data, state: State) => View;
}

export interface Spec {
  name: string;
  data: unknown;
  /** What the still picture shows. */
  state: State;
  caption: string;
  sources: string;
}

export interface Traits {
  spec: Spec;
  state: State;
  /** Only on a page: the address of what is shown. */
  link?: string;
}

export type Model = Pick<AnyModel<Traits>, "get" | "set" | "on" | "off" | "save_changes">;

/** A mark that says its value, and may be chosen. */
export interface Point {
  x: number;
  y: number;
  series: string;
  words: string;
  node: SVGElement;
  /** Half the sides of the box around it that takes the pointer. */
  reach: number;
  act?: () => void;
}

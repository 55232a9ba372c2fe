// The types of what the explorers use of D3; the whole is documented at https://d3js.org.

export interface Linear {
  (value: number): number;
  invert(place: number): number;
  domain(): number[];
  domain(values: number[]): Linear;
  range(): number[];
  range(places: number[]): Linear;
  nice(count?: number): Linear;
  clamp(yes: boolean): Linear;
  ticks(count?: number): number[];
}

export interface Band {
  (name: string): number | undefined;
  bandwidth(): number;
  step(): number;
  domain(): string[];
}

export interface Form {
  draw(context: unknown, size: number): void;
}

type Place<T> = (datum: T, index: number) => number;

export interface Line<T> {
  (data: T[]): string | null;
  x(place: Place<T>): Line<T>;
  y(place: Place<T>): Line<T>;
  curve(curve: unknown): Line<T>;
}

export interface Area<T> {
  (data: T[]): string | null;
  x(place: Place<T>): Area<T>;
  y0(place: Place<T>): Area<T>;
  y1(place: Place<T>): Area<T>;
}

export const d3: {
  quantileSorted(sorted: number[], share: number): number | undefined;
  randomLcg(seed: number): () => number;
  scaleLinear(domain: number[], range: number[]): Linear;
  scaleSqrt(domain: number[], range: number[]): Linear;
  scaleBand(domain: string[], range: number[]): Band & {
    padding(share: number): Band;
  };
  line<T>(): Line<T>;
  area<T>(): Area<T>;
  curveStepAfter: unknown;
  symbol(form: Form, size: number): () => string | null;
  symbolsFill: Form[];
};

// What the explorers use of D3, and nothing else; its README says how the file is made.
export { quantileSorted } from "d3-array";
export { randomLcg } from "d3-random";
export { scaleBand, scaleLinear, scaleSqrt } from "d3-scale";
export { area, curveStepAfter, line, symbol, symbolsFill } from "d3-shape";

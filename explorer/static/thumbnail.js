// The small picture of a lesson that is to come: curves, a grid of numbers, or a scatter.

import { shape } from "./elements.js";
import { scale } from "./scales.js";

const WIDTH = 320;
const HEIGHT = 150;
const PAD = 18;
const TONES = ["var(--pos)", "var(--neg)", "var(--ok)", "var(--muted)"];

/** The smallest and largest of a list of numbers, never an empty range. */
export function extent(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

function scales(series) {
  const all = series.flat();
  return [scale(extent(all.map(([x]) => x)), [PAD, WIDTH - PAD]), scale(extent(all.map(([, y]) => y)), [HEIGHT - PAD, PAD])];
}

function curves({ series }) {
  const [x, y] = scales(series);
  return series.map((points, index) => shape("polyline", {
    class: "curve", stroke: TONES[index % TONES.length], points: points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(" "),
  })).reverse();
}

function scatter({ series }) {
  const [x, y] = scales(series);
  return series.flatMap((points, index) => points.map(([px, py]) => shape("circle", { cx: x(px), cy: y(py), r: 2.6, fill: TONES[index], "fill-opacity": 0.8 })));
}

/** The colour of one cell: ink from page to text, diverging from orange over grey to blue. */
export function cellColour(value, kind) {
  if (kind === "ink") return `color-mix(in srgb, var(--text) ${Math.round(Math.min(1, Math.max(0, value)) * 100)}%, var(--page))`;
  const tone = value < 0 ? "var(--neg)" : "var(--pos)";
  return `color-mix(in srgb, ${tone} ${Math.round(Math.min(1, Math.abs(value)) * 92)}%, var(--page))`;
}

function cells({ rows, scale: kind }) {
  const size = Math.min((WIDTH - 2 * PAD) / rows[0].length, (HEIGHT - 2 * PAD) / rows.length);
  const [left, top] = [(WIDTH - size * rows[0].length) / 2, (HEIGHT - size * rows.length) / 2];
  return rows.flatMap((row, r) => row.map((value, c) => shape("rect", {
    x: (left + c * size).toFixed(2), y: (top + r * size).toFixed(2), width: (size + 0.3).toFixed(2), height: (size + 0.3).toFixed(2), style: `fill:${cellColour(value, kind)}`,
  })));
}

/** Draw a lesson's picture. */
export function thumbnailPicture(data) {
  return shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" }, ...{ curves, scatter, map: cells }[data.kind](data));
}

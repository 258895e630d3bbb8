// Axes of a plot: grid, tick labels, and the variable in place of the last tick.

import { shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { ticks } from "./scales.js";

function label(x, y, text, anchor, kind = "") {
  return shape("text", { x, y, class: kind, "text-anchor": anchor, text });
}

/** How many ticks fit: about one for each 66 px across and 60 px down. */
export function tickCounts(box) {
  const larger = box.left / 34;
  return [Math.max(2, Math.round((box.right - box.left) / (66 * larger))), Math.max(2, Math.round((box.bottom - box.top) / (60 * larger)))];
}

/** The nodes of both axes; `names` are the letters at their ends. */
export function axes(box, x, y, names, { grid = true, zero = true } = {}) {
  const [across, down] = tickCounts(box);
  const made = [];
  const xs = ticks(...x.domain, across);
  for (const value of xs.values) {
    const at = x(value);
    if (grid) made.push(shape("line", { x1: at, x2: at, y1: box.top, y2: box.bottom, stroke: value === 0 && zero ? "var(--line)" : "var(--grid)" }));
    const words = fixed(value, xs.digits);
    if (at < box.right - 16 - 4 * words.length) made.push(label(at, box.bottom + 18, words, "middle"));
  }
  const ys = ticks(...y.domain, down);
  for (const value of ys.values) {
    const at = y(value);
    if (grid) made.push(shape("line", { x1: box.left, x2: box.right, y1: at, y2: at, stroke: value === 0 && zero ? "var(--line)" : "var(--grid)" }));
    if (at > box.top + 26) made.push(label(box.left - 8, at + 4, fixed(value, ys.digits), "end"));
  }
  made.push(label(box.right, box.bottom + 18, names[0], "end", "axis"));
  made.push(label(box.left - 8, box.top + 12, names[1], "end", "axis"));
  return made;
}

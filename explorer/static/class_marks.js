// The markers of the data classes as SVG: a shape for each colour, filled or hollow.

import { shape } from "./elements.js";

const turned = (corners, angle) => corners.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);
const PLUS = [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]];

/** Circle, triangle, square, diamond, plus, triangle down, cross, hexagon. */
const OUTLINES = [
  null,
  [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  [[0, -1.3], [1.2, 0], [0, 1.3], [-1.2, 0]],
  PLUS,
  [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  turned(PLUS, Math.PI / 4),
  Array.from({ length: 6 }, (_, corner) => turned([[0, -1.1]], (corner * Math.PI) / 3)[0]),
];

/** The outline of marker `index` around (0, 0) for a radius of 1; null is the circle. */
export const outline = (index) => OUTLINES[index % OUTLINES.length];

/** Marker `index` at a place, `size` pixels in radius, in the colour of its class. */
export function classMark(index, x, y, size, hollow = false) {
  const colour = `var(--class-${(index % OUTLINES.length) + 1})`;
  const look = hollow ? { fill: "var(--page)", stroke: colour, "stroke-width": 1.6 } : { fill: colour };
  const corners = outline(index);
  if (!corners) return shape("circle", { cx: x, cy: y, r: size, ...look });
  return shape("polygon", { points: corners.map(([dx, dy]) => `${(x + dx * size).toFixed(2)},${(y + dy * size).toFixed(2)}`).join(" "), ...look });
}

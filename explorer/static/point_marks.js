// Points of the plane on a canvas: a colour and a shape for each class, hollow when held back.

import { outline } from "./class_marks.js";

const TURN = Math.PI * 2;

/** The path of marker `kind` at a place, `radius` pixels large. */
export function markerPath(kind, x, y, radius) {
  const path = new Path2D();
  const corners = outline(kind);
  if (!corners) path.arc(x, y, radius, 0, TURN);
  else {
    corners.forEach(([dx, dy], index) => path[index ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
    path.closePath();
  }
  return path;
}

/** How large the marks are for so many points. */
export const markRadius = (count, width) => Math.max(2.2, Math.min(5.5, (width / 68) * (count > 700 ? 0.62 : count > 300 ? 0.78 : 1)));

/**
 * Paint points given as rows of x₁, x₂, class or number, held back, in the last batch.
 *
 * `look(value)` returns `{ colour, shape }`; `place(x1, x2)` returns pixels.
 */
export function paintPoints(context, rows, place, look, radius, { page, accent }) {
  for (let pass = 1; pass >= 0; pass -= 1) { // Held back first: training points lie on top.
    for (let at = 0; at < rows.length; at += 5) {
      if (rows[at + 3] !== pass) continue;
      const [x, y] = place(rows[at], rows[at + 1]);
      const { colour, shape } = look(rows[at + 2]);
      const path = markerPath(shape, x, y, radius);
      context.lineWidth = pass ? 3.2 : 2.4;
      context.strokeStyle = page;
      context.stroke(path);
      context.fillStyle = pass ? page : colour;
      context.fill(path);
      if (pass) {
        context.lineWidth = 1.6;
        context.strokeStyle = colour;
        context.stroke(path);
      }
      if (rows[at + 4]) {
        context.lineWidth = 2;
        context.strokeStyle = accent;
        context.beginPath();
        context.arc(x, y, radius + 3.5, 0, TURN);
        context.stroke();
      }
    }
  }
}

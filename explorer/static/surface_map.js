// A loss surface as filled contours on a canvas, and where its level labels go.

import { levels, rings, sample } from "./contours.js";
import { significant } from "./numbers.js";

/** The grid in the space where contours are straightest: the root of the excess. */
export function eased(values, smallest, power) {
  if (power === 1) return { values, ease: (level) => level };
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 1) out[i] = Math.sqrt(Math.max(0, values[i] - smallest));
  return { values: out, ease: (level) => Math.sqrt(Math.max(0, level - smallest)) };
}

/** The colours of the theme's sequential ramp, lightest (or darkest) first. */
export function ramp(root) {
  const list = getComputedStyle(root).getPropertyValue("--st-chart-sequential-colors");
  return list.split(",").map((colour) => colour.trim()).filter(Boolean);
}

/** The surface of a scene made ready once per frame: levels and their rings. */
export function prepare(scene) {
  const { grid, size: [columns, rows] } = scene;
  let highest = 0;
  for (let i = 0; i < grid.length; i += 1) if (Number.isFinite(grid[i]) && grid[i] > highest) highest = grid[i];
  const { values, ease } = eased(grid, scene.best.loss, scene.power);
  const found = levels(scene.base, scene.ratio, highest).map((level) => ({ level, rings: rings(values, columns, rows, ease(level)) }));
  return { levels: found, highest };
}

/** Grid coordinates to pixels, for the ranges that the grid was computed on. */
export function placement(scene, x, y) {
  const { m, b } = scene.gridView;
  const [columns, rows] = scene.size;
  const stepM = (m[1] - m[0]) / (columns - 1);
  const stepB = (b[1] - b[0]) / (rows - 1);
  return ([column, row]) => [x(m[0] + column * stepM), y(b[0] + row * stepB)];
}

/** Paint the bands; `box` is the rectangle in CSS pixels, `density` the device's. */
export function paint(canvas, scene, ready, box, x, y, colours, density, dark) {
  const [width, height] = [Math.round(box.right - box.left), Math.round(box.bottom - box.top)];
  if (canvas.width !== width * density || canvas.height !== height * density) {
    canvas.width = width * density;
    canvas.height = height * density;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.style.left = `${box.left}px`;
    canvas.style.top = `${box.top}px`;
  }
  const context = canvas.getContext("2d");
  const place = placement(scene, x, y);
  context.setTransform(density, 0, 0, density, -box.left * density, -box.top * density);
  // Round corners are cut here: on the element they would cost a mask for every frame.
  context.clearRect(box.left, box.top, width, height);
  context.save();
  context.beginPath();
  context.roundRect(box.left, box.top, width, height, 8);
  context.clip();
  const colour = (index) => colours[Math.min(colours.length - 1, index)];
  context.fillStyle = colour(ready.levels.length);
  context.fillRect(box.left, box.top, width, height);
  context.lineWidth = 1;
  context.strokeStyle = dark ? "rgba(255,255,255,.16)" : "rgba(255,255,255,.75)";
  for (let index = ready.levels.length - 1; index >= 0; index -= 1) {
    context.beginPath();
    for (const ring of ready.levels[index].rings) {
      ring.forEach((corner, at) => {
        const [px, py] = place(corner);
        if (at === 0) context.moveTo(px, py);
        else context.lineTo(px, py);
      });
      context.closePath();
    }
    context.fillStyle = colour(index);
    context.fill("evenodd");
    context.stroke();
  }
  context.restore();
}

/** Labels of the levels, found on a ray from the minimum to the side with more room. */
export function levelLabels(scene, ready, box, x, y) {
  const [columns, rows] = scene.size;
  const { m, b } = scene.gridView;
  const value = (px, py) => sample(
    scene.grid, columns, rows,
    ((x.invert(px) - m[0]) / (m[1] - m[0])) * (columns - 1),
    ((y.invert(py) - b[0]) / (b[1] - b[0])) * (rows - 1));
  const [fromX, fromY] = [x(scene.best.m), y(scene.best.b)];
  const right = box.right - fromX >= fromX - box.left ? 1 : -1;
  const slope = -0.06;
  const found = [];
  let next = 0;
  for (let d = 14; next < ready.levels.length; d += 2) {
    const [px, py] = [fromX + right * d, fromY - slope * d];
    if (px < box.left + 16 || px > box.right - 16 || py < box.top + 12 || py > box.bottom - 8) break;
    if (value(px, py) < ready.levels[next].level) continue;
    const last = found[found.length - 1];
    if (!last || Math.abs(px - last.x) > 22) found.push({ x: px, y: py, index: next, text: significant(ready.levels[next].level, 2) });
    next += 1;
  }
  return found;
}

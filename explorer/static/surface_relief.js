// The same loss surface as a 3-D relief, painted back to front on a canvas.

import { prepare } from "./surface_map.js";

const MESH = 7;

/** Projection of (m, b, loss) for a turn and a tilt in degrees; depth grows away. */
export function camera(scene, box, [turn, tilt], highest) {
  const { m, b } = scene.gridView;
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  const [up, flat] = [Math.sin((tilt * Math.PI) / 180), Math.cos((tilt * Math.PI) / 180)];
  const size = Math.min((box.right - box.left) / 1.35, (box.bottom - box.top) / (up * 1.25 + flat * 0.62));
  const [middleX, middleY] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2 + size * flat * 0.3];
  return (mValue, bValue, loss) => {
    const u = (mValue - m[0]) / (m[1] - m[0]) - 0.5;
    const v = (bValue - b[0]) / (b[1] - b[0]) - 0.5;
    const h = Math.min(1.15, loss / highest) * 0.7;
    const [across, deep] = [u * cos - v * sin, u * sin + v * cos];
    return { x: middleX + across * size, y: middleY - deep * size * up - h * size * flat, depth: deep * flat - h * up };
  };
}

/** How far (m, b) moves for a drag of the dot by pixels, on the level it stands on. */
export function unproject(project, m, b, loss, dx, dy, stepM, stepB) {
  const here = project(m, b, loss);
  const [alongM, alongB] = [project(m + stepM, b, loss), project(m, b + stepB, loss)];
  const [a, c] = [(alongM.x - here.x) / stepM, (alongM.y - here.y) / stepM];
  const [d, e] = [(alongB.x - here.x) / stepB, (alongB.y - here.y) / stepB];
  const determinant = a * e - d * c;
  return [(dx * e - d * dy) / determinant, (a * dy - dx * c) / determinant];
}

/** The facets of the relief, far ones first, each with its corners and its level. */
export function facets(scene, project, ready, stride = 1) {
  const [columns, rows] = scene.size;
  const { m, b } = scene.gridView;
  const made = [];
  const corner = (column, row) => {
    const mValue = m[0] + (column * (m[1] - m[0])) / (columns - 1);
    const bValue = b[0] + (row * (b[1] - b[0])) / (rows - 1);
    return project(mValue, bValue, scene.grid[row * columns + column]);
  };
  const points = new Map();
  const at = (column, row) => {
    const key = row * columns + column;
    if (!points.has(key)) points.set(key, corner(column, row));
    return points.get(key);
  };
  for (let row = 0; row < rows - 1; row += stride) {
    for (let column = 0; column < columns - 1; column += stride) {
      const [right, below] = [Math.min(columns - 1, column + stride), Math.min(rows - 1, row + stride)];
      const corners = [at(column, row), at(right, row), at(right, below), at(column, below)];
      const loss = (scene.grid[row * columns + column] + scene.grid[below * columns + right]) / 2;
      let level = 0;
      while (level < ready.levels.length && loss > ready.levels[level].level) level += 1;
      const mesh = [row % MESH === 0, column % MESH === 0];
      made.push({ corners, level, mesh, depth: corners[0].depth + corners[2].depth });
    }
  }
  return made.sort((p, q) => q.depth - p.depth);
}

/** Paint the relief and return the projection with the ready surface. */
export function paintRelief(canvas, scene, box, turn, colours, density, dark) {
  const ready = prepare(scene);
  const project = camera(scene, box, turn, ready.highest);
  const [width, height] = [Math.round(box.right - box.left), Math.round(box.bottom - box.top)];
  canvas.width = width * density;
  canvas.height = height * density;
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, left: `${box.left}px`, top: `${box.top}px` });
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, -box.left * density, -box.top * density);
  context.clearRect(box.left, box.top, width, height);
  context.lineJoin = "round";
  context.lineWidth = 0.75;
  const edge = dark ? "rgba(255,255,255,.22)" : "rgba(15,69,82,.28)";
  const trace = (corners) => {
    context.beginPath();
    corners.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  };
  for (const { corners, level, mesh } of facets(scene, project, ready)) {
    trace(corners);
    context.closePath();
    // The outline in the facet's own colour hides the seams between facets.
    context.fillStyle = context.strokeStyle = colours[Math.min(colours.length - 1, level)];
    context.fill();
    context.stroke();
    context.strokeStyle = edge;
    if (mesh[0]) { trace([corners[0], corners[1]]); context.stroke(); }
    if (mesh[1]) { trace([corners[0], corners[3]]); context.stroke(); }
  }
  return { project, ready };
}

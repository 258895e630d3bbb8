// Regions below a level on a grid of values, as closed rings (marching squares).

const OUTSIDE = Infinity;

/** The grid with a border that lies above every level, so that every ring closes. */
function padded(values, width, height) {
  const wide = width + 2;
  const out = new Float64Array(wide * (height + 2)).fill(OUTSIDE);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      out[(row + 1) * wide + column + 1] = values[row * width + column];
    }
  }
  return out;
}

// For each of the 16 corner patterns (bit 1 top left, 2 top right, 4 bottom right,
// 8 bottom left: set where the value lies below the level) the edges that a segment
// joins, walked with the region on one side. Edges: 0 top, 1 right, 2 bottom, 3 left.
const JOINS = [
  [], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], [],
];

/** Every edge that a contour crosses, mapped to the edge where it goes on. */
function followers(grid, wide, tall, level) {
  const next = new Int32Array(2 * wide * tall).fill(-1);
  for (let row = 0; row < tall - 1; row += 1) {
    for (let column = 0; column < wide - 1; column += 1) {
      const at = row * wide + column;
      const pattern = (grid[at] <= level ? 1 : 0) | (grid[at + 1] <= level ? 2 : 0)
        | (grid[at + wide + 1] <= level ? 4 : 0) | (grid[at + wide] <= level ? 8 : 0);
      if (pattern === 0 || pattern === 15) continue;
      const edges = [2 * at, 2 * (at + 1) + 1, 2 * (at + wide), 2 * at + 1];
      for (const [from, to] of JOINS[pattern]) next[edges[from]] = edges[to];
    }
  }
  return next;
}

/** Where the level crosses an edge, in grid coordinates without the border. */
function crossing(grid, wide, edge, level) {
  const at = edge >> 1;
  const across = (edge & 1) === 0;
  const other = at + (across ? 1 : wide);
  const [low, high] = [grid[at], grid[other]];
  let part = 0.5;
  if (low === OUTSIDE) part = 1;
  else if (high === OUTSIDE) part = 0;
  else part = (level - low) / (high - low);
  const column = (at % wide) - 1;
  const row = Math.floor(at / wide) - 1;
  return across ? [column + part, row] : [column, row + part];
}

/** The rings around `{value <= level}`; fill them with the even-odd rule. */
export function rings(values, width, height, level) {
  const [wide, tall] = [width + 2, height + 2];
  const grid = padded(values, width, height);
  const next = followers(grid, wide, tall, level);
  const found = [];
  for (let start = 0; start < next.length; start += 1) {
    if (next[start] < 0) continue;
    const ring = [];
    let edge = start;
    while (next[edge] >= 0) {
      ring.push(crossing(grid, wide, edge, level));
      const following = next[edge];
      next[edge] = -1;
      edge = following;
    }
    if (ring.length > 2) found.push(ring);
  }
  return found;
}

/** Contour levels: `base`, then times `ratio`, up to the largest value on the grid. */
export function levels(base, ratio, highest, count = 9) {
  const found = [];
  for (let level = base; level < highest && found.length < count; level *= ratio) found.push(level);
  return found;
}

/** The value between grid points, by bilinear interpolation; `x` and `y` in grid units. */
export function sample(values, width, height, x, y) {
  const column = Math.min(width - 2, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 2, Math.max(0, Math.floor(y)));
  const [u, v] = [Math.min(1, Math.max(0, x - column)), Math.min(1, Math.max(0, y - row))];
  const at = row * width + column;
  const top = values[at] * (1 - u) + values[at + 1] * u;
  const bottom = values[at + width] * (1 - u) + values[at + width + 1] * u;
  return top * (1 - v) + bottom * v;
}

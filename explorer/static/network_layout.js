// Where everything in the network diagram stands, and what lies under a point.

const TILE = 36; // Largest tile and largest distance between tiles, in CSS pixels.
const PITCH = 42;
const HEAD = 48;
const TAGS = 16; // One more line above the columns: dropout, batch normalization.
const FEET = { wide: 34, snug: 54, tight: 54 };
const SIDES = { label: 78, output: 64, outputs: 72 };

/** How far the handles of a link reach, as a part of its width. */
export const BEND = 0.45;

/** How much text has room beside a column: "wide", "snug" or "tight" for a distance of columns. */
export function roomFor(distance, em = 16) {
  const scaled = (distance * 16) / em;
  if (scaled >= 164) return "wide";
  return scaled >= 100 ? "snug" : "tight";
}

/** Diameter of the tiles of a column and the distance of their middles. */
export function tileSize(count, height, distance) {
  const pitch = Math.min(PITCH, height / Math.max(1, count));
  const size = Math.min(TILE, pitch - Math.max(2, pitch * 0.13), distance * 0.46);
  return { pitch, size: Math.max(8, Math.floor(size)) };
}

/** The indices of the units that feed the next column: of the inputs only those in use. */
export function sourcesOf(column) {
  return column.units.map((unit, index) => (unit.on === false ? -1 : index)).filter((index) => index >= 0);
}

/** Where the numbers of a frame belong: offsets of every layer, and how many there must be. */
export function frameShape(columns) {
  let [weights, biases] = [0, 0];
  const layers = columns.slice(1).map((column, index) => {
    const layer = { sources: sourcesOf(columns[index]), count: column.units.length, weights, biases };
    weights += layer.sources.length * layer.count;
    biases += layer.count;
    return layer;
  });
  return { layers, weights, biases };
}

/**
 * Lay out columns of tiles in a box.
 *
 * `box` is {width, height, em}; the result is wider than the box where columns would stand
 * closer than 60 px. `columns` holds {x, size, ys}, `gaps` the two ends of the links between
 * neighbours, `addPlaces` where a hidden layer can be put in.
 */
export function networkLayout(columns, { width, height, em = 16 }) {
  const rem = em / 16;
  const outputs = columns.at(-1).units.length > 1 ? SIDES.outputs : SIDES.output;
  const [left, right] = [SIDES.label * rem, outputs * rem];
  const steps = columns.length - 1;
  const whole = Math.max(width, Math.ceil(left + right + steps * 60 * rem));
  const distance = (whole - left - right) / steps;
  const room = roomFor(distance, em);
  const top = (HEAD + (columns.some(tagged) ? TAGS : 0)) * rem;
  const bottom = height - FEET[room] * rem;
  const placed = columns.map((column, index) => {
    const count = column.units.length;
    const { pitch, size } = tileSize(count, bottom - top, distance);
    const middle = (top + bottom) / 2;
    const ys = column.units.map((_, unit) => Math.round(middle + (unit - (count - 1) / 2) * pitch - size / 2) + size / 2);
    return { x: Math.round(left + index * distance - size / 2) + size / 2, size, ys };
  });
  const gaps = placed.slice(1).map((to, index) => {
    const from = placed[index];
    return { x1: from.x + from.size / 2 + 1, x2: to.x - to.size / 2 - 1, from: sourcesOf(columns[index]).map((unit) => from.ys[unit]), to: to.ys };
  });
  const addPlaces = gaps.map((gap, position) => ({ position, x: Math.round((placed[position].x + placed[position + 1].x) / 2) }));
  return { width: whole, height, top, bottom, distance, room, gear: distance >= 128 * rem, columns: placed, gaps, addPlaces };
}

/** Whether a layer has something to say in the line of tags. */
export function tagged(column) {
  return Boolean(column.dropout || column.batchNorm);
}

/** The cubic curve of a link: start, two handles, end as eight numbers. */
export function linkCurve(gap, to, source) {
  const reach = (gap.x2 - gap.x1) * BEND;
  const [y1, y2] = [gap.from[source], gap.to[to]];
  return [gap.x1, y1, gap.x1 + reach, y1, gap.x2 - reach, y2, gap.x2, y2];
}

const across = (t) => 3 * (1 - t) ** 2 * t * BEND + 3 * (1 - t) * t * t * (1 - BEND) + t ** 3;

/** The parameter of the curve where it has covered `part` of its width; `across` backwards. */
function parameterAt(part) {
  let [low, high] = [0, 1];
  for (let k = 0; k < 24; k += 1) {
    const middle = (low + high) / 2;
    if (across(middle) < part) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The unit whose tile holds a point, as {column, unit}, or null. */
export function unitAt(layout, [x, y], slack = 2) {
  for (const [column, { x: middle, size, ys }] of layout.columns.entries()) {
    if (Math.abs(x - middle) > size / 2 + slack) continue;
    const unit = ys.findIndex((at) => Math.abs(y - at) <= size / 2 + Math.min(slack, 1));
    return unit < 0 ? null : { column, unit };
  }
  return null;
}

/**
 * The link nearest to a point within `tolerance` pixels, as {layer, to, source, distance}, or null.
 *
 * All links of a gap run over the same width, so one parameter answers for all of them; the
 * upright distance, corrected by the slope, stands for the distance to the curve.
 */
export function linkAt(layout, [x, y], tolerance) {
  const layer = layout.gaps.findIndex((gap) => x >= gap.x1 && x <= gap.x2);
  if (layer < 0) return null;
  const { x1, x2, from, to } = layout.gaps[layer];
  const t = parameterAt((x - x1) / (x2 - x1));
  const share = t * t * (3 - 2 * t);
  const speed = 3 * BEND * (1 - t) ** 2 + 6 * (1 - 2 * BEND) * (1 - t) * t + 3 * BEND * t * t;
  const slope = (6 * t * (1 - t)) / (speed * (x2 - x1));
  let best = null;
  for (let unit = 0; unit < to.length; unit += 1) {
    for (let source = 0; source < from.length; source += 1) {
      const rise = to[unit] - from[source];
      const distance = Math.abs(y - from[source] - rise * share) / Math.hypot(1, rise * slope);
      if (distance <= tolerance && !(best && best.distance <= distance)) best = { layer, to: unit, source, distance };
    }
  }
  return best;
}

/** Where an arrow key leads from a unit, as {column, unit}; null for other keys and at the rim. */
export function neighbour(counts, { column, unit }, key) {
  const [side, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  const next = column + side;
  if (side) {
    if (next < 0 || next >= counts.length) return null;
    const level = Math.round(((unit + 0.5) / counts[column]) * counts[next] - 0.5);
    return { column: next, unit: Math.min(counts[next] - 1, Math.max(0, level)) };
  }
  const to = unit + down;
  return down && to >= 0 && to < counts[column] ? { column, unit: to } : null;
}

/** The name of a unit in words: "x₁", "hidden 2, unit 6", "output P(blue)". */
export function unitName(columns, { column, unit }) {
  const { kind, units } = columns[column];
  if (kind === "hidden") return `hidden ${column}, unit ${unit + 1}`;
  return kind === "output" ? `output ${units[unit].label}` : units[unit].label;
}

/** The name of a link in words: "x₁ → hidden 1, unit 3". */
export function linkName(columns, { layer, to, source }) {
  const from = { column: layer, unit: sourcesOf(columns[layer])[source] };
  return `${unitName(columns, from)} → ${unitName(columns, { column: layer + 1, unit: to })}`;
}

// Several curves over a common x: training solid, validation dashed, read under a cursor.

import { decades, plannedEnd } from "./card_curve.js";
import { element, put, shape } from "./elements.js";
import { fixed, significant } from "./numbers.js";
import { frame, scale, ticks } from "./scales.js";

const GAP = 34;

/** Push labels apart so that each has its room, from the top down and back up into the box. */
export function apart(places, gap, [top, bottom]) {
  const order = places.map((at, index) => ({ at, index })).sort((one, other) => one.at - other.at);
  order.forEach((one, rank) => { one.at = Math.max(one.at, rank ? order[rank - 1].at + gap : top); });
  for (let rank = order.length - 1, limit = bottom; rank >= 0; rank -= 1, limit -= gap) {
    order[rank].at = Math.min(order[rank].at, limit);
  }
  const found = [];
  for (const { at, index } of order) found[index] = at;
  return found;
}

/** The range of y: from the data, 0 included where it is near, never empty. */
export function heights(rows, range) {
  if (range) return range;
  const inside = rows.flatMap((row) => Array.from(row)).filter(Number.isFinite);
  if (!inside.length) return [0, 1];
  const [low, high] = inside.reduce(([small, large], value) => [Math.min(small, value), Math.max(large, value)], [Infinity, -Infinity]);
  const bottom = low >= 0 && low < 0.5 * high ? 0 : low - 0.08 * (high - low || 1);
  return [bottom, high + 0.06 * (high - bottom || 1)];
}

/** Rows without what lies a thousand times beyond their start: a run that went astray. */
export function sane(rows) {
  return rows.map((row) => {
    const start = Array.from(row).find(Number.isFinite) ?? 0;
    return Array.from(row, (value) => (Math.abs(value) <= 1000 * Math.max(Math.abs(start), 1e-3) ? value : NaN));
  });
}

/** A range widened to whole steps of its ticks, so that it holds still while numbers move a little. */
export function whole([low, high], [least, most] = [-Infinity, Infinity]) {
  const { values, digits } = ticks(low, high, 4);
  const step = values[1] - values[0];
  const round = (value) => Number(value.toFixed(digits + 2));
  return [Math.max(least, round(Math.floor(low / step + 1e-9) * step)), Math.min(most, round(Math.ceil(high / step - 1e-9) * step))];
}

/** Where in a rising row `x` a value is nearest. */
export function nearest(x, value) {
  let best = 0;
  for (let at = 1; at < x.length; at += 1) if (Math.abs(x[at] - value) < Math.abs(x[best] - value)) best = at;
  return best;
}

/** The points of a polyline, in pieces where numbers are missing. */
export function pieces(x, row, toX, toY) {
  const found = [[]];
  row.forEach((value, at) => {
    if (Number.isFinite(value)) found[found.length - 1].push(`${toX(x[at]).toFixed(1)},${toY(value).toFixed(1)}`);
    else if (found[found.length - 1].length) found.push([]);
  });
  return found.filter((piece) => piece.length).map((piece) => piece.join(" "));
}

/** Powers of ten, and 3 times them where there are few, inside a range of logarithms. */
export function logTicks([low, high]) {
  const found = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const factor of high - low > 3 ? [1] : [1, 3]) {
      const at = power + Math.log10(factor);
      if (at >= low - 1e-9 && at <= high + 1e-9) found.push(at);
    }
  }
  return found;
}

/**
 * Curves of a declaration `{x, series, shown, xLabel, log, percent, plan, range, events}`.
 *
 * A series has its numbers, its style, a label (none for a quiet one), its own `x` or that of
 * all, and `marks` for rings. `go(x)` is called where the picture is clicked, or Enter is
 * pressed on its cursor.
 */
export function linePlot({ go, right = null }) {
  const drawing = shape("g");
  const cursor = shape("line", { class: "cursor", visibility: "hidden" });
  const svg = shape("svg", { role: "img", tabindex: "0" }, drawing, cursor);
  const readout = element("div", { class: "lines-read number", hidden: true });
  const root = element("div", { class: "plot lines-plot" }, svg, readout);
  let card = null;
  let series = [];
  let box = null;
  let toX = null;
  let at = null;

  const written = (value) => (card.percent ? `${fixed(value, 1)} %` : significant(value >= 3e38 ? Infinity : value, 3));
  const name = ({ label, side }) => (side ? `${side} ${label}` : label);
  const named = () => series.filter((one) => one.label);
  const last = (row) => { for (let place = row.length - 1; place >= 0; place -= 1) if (Number.isFinite(row[place])) return row[place]; return NaN; };

  function take(values) {
    const row = ({ from, count }) => values.subarray(from, from + count);
    series = card.series.map((one) => ({ ...one, xs: row(one.x ?? card.x), ys: row(one) }));
  }
  function draw() {
    if (!card || !root.clientWidth) return;
    box ??= frame(root.clientWidth, root.clientHeight, { left: 44, right: right ?? (named().length > 2 ? 104 : 88), top: 8 });
    const first = Math.min(...series.map(({ xs }) => xs[0] ?? Infinity));
    const start = Number.isFinite(first) ? first : 0;
    const end = Math.max(start, ...series.map(({ xs }) => xs[xs.length - 1] ?? start));
    toX = scale([start, Math.max(start + 1, card.plan ?? plannedEnd(end))], [box.left, box.right]);
    const rows = series.map(({ ys }) => ys);
    const near = sane(rows);
    const range = card.log ? decades(near.flat(), 1e-6) : card.range ?? whole(heights(near), card.percent ? [0, 100] : undefined);
    const y = scale(range, [box.bottom, box.top]);
    const inside = (pixel) => Math.max(box.top, Math.min(box.bottom, pixel));
    const toY = (value) => inside(y(card.log ? Math.log10(Math.max(value, 1e-12)) : value));
    const made = [...grid(y, range, end)];
    for (const one of series) made.push(...curve(one, toY));
    made.push(...events(), ...labels(toY), ...place(end, toY));
    put(svg, { width: box.width, height: box.height, "aria-label": `${card.title}: ${named().map((one) => `${name(one)} ${written(last(one.ys))}`).join(", ")}` });
    drawing.replaceChildren(...made);
    readAt(at);
  }
  function grid(y, range, end) {
    const made = [];
    if (toX(end) < box.right) made.push(shape("rect", { x: toX(end), y: box.top, width: box.right - toX(end), height: box.bottom - box.top, fill: "var(--sunk)" }));
    const down = card.log ? { values: logTicks(range) } : ticks(...range, 4);
    for (const value of down.values) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 8, y: y(value) + 4, "text-anchor": "end", text: card.log ? significant(10 ** value, 1) : `${fixed(value, down.digits)}${card.percent ? " %" : ""}` }));
    }
    made.push(shape("text", { x: box.right, y: box.bottom + 18, "text-anchor": "end", text: card.xLabel }));
    const room = box.right - 8 * (card.xLabel?.length ?? 0) - 14;
    for (const value of ticks(...toX.domain, 5).values.filter((one) => toX(one) < room)) made.push(shape("text", { x: toX(value), y: box.bottom + 18, "text-anchor": "middle", text: value }));
    return made;
  }
  function curve({ xs, ys, style, side, marks }, toY) {
    const look = `series ${style}${side === "B" ? " second" : ""}`;
    const made = pieces(xs, ys, toX, toY).map((points) => shape("polyline", { class: look, points }));
    const end = ys.findLastIndex(Number.isFinite);
    if (end >= 0 && !marks) made.push(shape("circle", { class: `ring ${style}`, cx: toX(xs[end]), cy: toY(ys[end]), r: 3 }));
    if (marks) ys.forEach((value, index) => Number.isFinite(value) && made.push(shape("circle", { class: `ring ${style}`, cx: toX(xs[index]), cy: toY(value), r: 3.6 })));
    return made;
  }
  function events() {
    return card.events.flatMap(({ at: where, text }) => [
      shape("line", { class: "event", x1: toX(where), x2: toX(where), y1: box.top, y2: box.bottom }),
      shape("text", { class: "halo", x: toX(where) + 4, y: box.top + 10, text })]);
  }
  function labels(toY) {
    const shown = named();
    const ends = shown.map(({ ys }) => toY(last(ys)));
    const places = apart(ends.map((end) => (Number.isFinite(end) ? end : box.bottom)), GAP, [box.top + 6, box.bottom - 14]);
    return shown.flatMap((one, index) => [
      shape("text", { class: `named series-label ${one.style}`, x: box.right + 8, y: places[index] + 2, text: name(one) }),
      shape("text", { class: `series-label ${one.style}`, x: box.right + 8, y: places[index] + 17, text: written(last(one.ys)) })]);
  }
  function place(end, toY) {
    if (card.shown === null || !(card.shown < end)) return [];
    const made = [shape("line", { class: "shown", x1: toX(card.shown), x2: toX(card.shown), y1: box.top, y2: box.bottom })];
    for (const { xs, ys } of named()) {
      const here = nearest(xs, card.shown);
      if (Number.isFinite(ys[here])) made.push(shape("circle", { cx: toX(xs[here]), cy: toY(ys[here]), r: 5, fill: "var(--page)", stroke: "var(--accent)", "stroke-width": 2.5 }));
    }
    return made;
  }
  function readAt(where) {
    at = where;
    const hidden = where === null || !box || !series.length;
    readout.hidden = hidden;
    put(cursor, { visibility: hidden ? "hidden" : "visible" });
    if (hidden) return;
    const across = Math.min(box.right, Math.max(box.left, toX(where)));
    put(cursor, { x1: across, x2: across, y1: box.top, y2: box.bottom });
    const numbers = named().map((one) => `${name(one)} ${written(one.ys[nearest(one.xs, where)])}`);
    readout.textContent = [`${card.xLabel} ${Number(where.toFixed(2))}`, ...numbers].join(" · ");
    const far = across > (box.left + box.right) / 2;
    readout.style.left = far ? "44px" : "auto";
    readout.style.right = far ? "auto" : "8px";
  }
  /** The x of the nearest number to a place. */
  const snapped = (where) => { const { xs } = named()[named().length - 1] ?? series[0]; return xs[nearest(xs, where)]; };
  const under = (event) => {
    if (!box || !series.length) return null;
    const across = event.clientX - svg.getBoundingClientRect().left;
    return across < box.left - 6 || across > box.right + 6 ? null : snapped(toX.invert(across));
  };
  svg.addEventListener("pointermove", (event) => readAt(under(event)));
  svg.addEventListener("pointerleave", () => readAt(null));
  svg.addEventListener("click", (event) => { const where = under(event); if (where !== null) go?.(where); });
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Enter" && at !== null) go?.(at);
    if (!by || !series.length) return;
    event.preventDefault();
    event.stopPropagation();
    const { xs } = named()[named().length - 1] ?? series[0];
    readAt(xs[Math.max(0, Math.min(xs.length - 1, (at === null ? xs.length - 1 : nearest(xs, at)) + by))]);
  });
  svg.addEventListener("blur", () => readAt(null));
  return {
    root,
    redraw() { box = null; draw(); },
    /** Draw a declaration; its numbers are pieces of `payload`. */
    update(next, payload) {
      if (card && card.series.length !== next.series.length) box = null;
      card = next;
      take(payload);
      draw();
    },
  };
}

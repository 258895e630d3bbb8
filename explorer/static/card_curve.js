// A curve that grows while it is watched: loss by step.

import { cardFrame } from "./card_frame.js";
import { element, shape } from "./elements.js";
import { significant } from "./numbers.js";
import { rich } from "./rich.js";
import { frame, scale, ticks } from "./scales.js";

/** The end of the planned axis: it holds still and then jumps, never creeps. */
export function plannedEnd(count) {
  let end = 10;
  for (const factor of [2, 2.5, 2]) if (count > end) end *= factor;
  while (count > end) end *= 2;
  return end;
}

/** Whole powers of ten around positive values; at least two decades, even around none. */
export function decades(values, floor = 1e-12) {
  const inside = values.filter((value) => Number.isFinite(value)).map((value) => Math.max(floor, value));
  if (!inside.length) return [-2, 0];
  const [least, most] = inside.reduce(([small, large], value) => [Math.min(small, value), Math.max(large, value)], [Infinity, -Infinity]);
  const low = Math.floor(Math.log10(least) + 1e-9);
  const high = Math.ceil(Math.log10(most) - 1e-9);
  return [low, Math.max(high, low + 2)];
}

const superscript = (power) => String(power).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
const powerText = (power) => (power >= -2 && power <= 3 ? String(10 ** power).slice(0, 5) : `10${superscript(power)}`);

/** A card with one or more series on a log axis, a reference line and events. */
export function curveCard() {
  const { root, title, end, body } = cardFrame("curve-card");
  const svg = shape("svg", { role: "img" });
  body.className = "plot curve-plot";
  body.append(svg);
  let card = null;
  let values = null;

  let box = null;

  function draw() {
    if (!card) return;
    box ??= body.clientWidth ? frame(body.clientWidth, body.clientHeight, { left: 40, right: 12 }) : null;
    if (!box) return;
    const total = card.count - 1;
    const plan = plannedEnd(total);
    const data = Array.from(values.subarray(card.from, card.from + card.count));
    const range = decades([...data, ...(card.reference > 0 ? [card.reference] : [])], card.floor);
    const x = scale([0, plan], [box.left, box.right]);
    const y = scale(range, [box.bottom, box.top]);
    const height = (value) => y(Math.log10(Math.max(card.floor, Number.isFinite(value) ? value : 10 ** range[1])));
    const made = [];
    if (total < plan) made.push(shape("rect", { x: x(total), y: box.top, width: x(plan) - x(total), height: box.bottom - box.top, fill: "var(--sunk)" }));
    const every = Math.max(1, Math.ceil((range[1] - range[0]) / 5));
    for (let power = range[0]; power <= range[1]; power += every) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: y(power), y2: y(power), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 8, y: y(power) + 4, "text-anchor": "end", text: powerText(power) }));
    }
    for (const value of ticks(0, plan, 5).values) made.push(shape("text", { x: x(value), y: box.bottom + 18, "text-anchor": "middle", text: value }));
    made.push(...references(box, y), ...events(box, x), ...series(data, x, height));
    svg.setAttribute("width", box.width);
    svg.setAttribute("height", box.height);
    svg.setAttribute("aria-label", `${card.title}: ${significant(data[card.shown], 4)} at step ${card.shown}`);
    svg.replaceChildren(...made);
  }
  function references(box, y) {
    if (!(card.reference > 0)) return [];
    const at = y(Math.log10(card.reference));
    const below = at + 16 < box.bottom;
    return [
      shape("line", { class: "reference", x1: box.left, x2: box.right, y1: at, y2: at }),
      shape("text", { class: "halo", x: box.right, y: below ? at + 16 : at - 6, "text-anchor": "end", text: card.referenceText })];
  }
  function events(box, x) {
    return card.events.flatMap(({ step, text }) => [
      shape("line", { class: "event", x1: x(step), x2: x(step), y1: box.top, y2: box.bottom }),
      shape("text", { class: "halo", x: x(step) + 4, y: box.top + 10, text })]);
  }
  function series(data, x, height) {
    const points = data.map((value, step) => `${x(step).toFixed(1)},${height(value).toFixed(1)}`);
    const made = [shape("polyline", { class: "series training", points: points.join(" ") })];
    if (data.length <= 60) made.push(...data.map((value, step) => shape("circle", { class: "mark training", cx: x(step), cy: height(value), r: 3 })));
    if (card.shown < data.length - 1) made.push(shape("circle", { cx: x(card.shown), cy: height(data[card.shown]), r: 6, fill: "var(--page)", stroke: "var(--accent)", "stroke-width": 3 }));
    const [tipX, tipY] = [x(card.shown), height(data[card.shown])];
    const late = tipX > x.range[0] + (x.range[1] - x.range[0]) * 0.8;
    made.push(shape("text", { class: "named halo series-label training", x: tipX + (late ? -4 : 8), y: Math.max(14, tipY - 8), "text-anchor": late ? "end" : "start", text: significant(data[card.shown], 3) }));
    return made;
  }
  function redraw() {
    box = null;
    draw();
  }
  return {
    root,
    redraw,
    update(next, payload) {
      card = next;
      values = payload;
      title.textContent = card.title;
      end.replaceChildren(...rich(card.note));
      draw();
    },
  };
}

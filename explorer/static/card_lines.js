// Several curves over the epochs: training solid, validation dashed, read under a cursor.

import { cardFrame } from "./card_frame.js";
import { tabs } from "./card_tabs.js";
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
  const [low, high] = [Math.min(...inside), Math.max(...inside)];
  const bottom = low >= 0 && low < 0.5 * high ? 0 : low - 0.08 * (high - low || 1);
  return [bottom, high + 0.06 * (high - bottom || 1)];
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

/** A card with curves; a click goes to that epoch. */
export function linesCard(channel) {
  const { root, title, end, body } = cardFrame("lines-card");
  const show = tabs(channel, "curve", "Curve");
  const note = element("span", { class: "sub" });
  const holder = element("span");
  end.append(holder);
  title.after(note);
  const drawing = shape("g");
  const cursor = shape("line", { class: "cursor", visibility: "hidden" });
  const svg = shape("svg", { role: "img", tabindex: "0" }, drawing, cursor);
  const readout = element("div", { class: "lines-read number", hidden: true });
  body.className = "plot lines-plot";
  body.append(svg, readout);
  let card = null;
  let values = null;
  let box = null;
  let toX = null;
  let at = null;

  const row = ({ from, count }) => values.subarray(from, from + count);
  const written = (value) => (card.percent ? `${fixed(value, 1)} %` : significant(value, 3));
  const name = ({ label, side }) => (side ? `${side} ${label}` : label);

  function draw() {
    if (!card || !body.clientWidth) return;
    box ??= frame(body.clientWidth, body.clientHeight, { left: 40, right: card.series.length > 2 ? 104 : 88, top: 8 });
    const x = row(card.x);
    const last = x[x.length - 1] ?? 0;
    toX = scale([x[0] ?? 0, Math.max((x[0] ?? 0) + 1, card.plan ?? plannedEnd(last))], [box.left, box.right]);
    const rows = card.series.map(row);
    const range = card.log ? decades(rows.flatMap((one) => Array.from(one))) : heights(rows, card.range);
    const y = scale(range, [box.bottom, box.top]);
    const toY = card.log ? (value) => y(Math.log10(Math.max(value, 1e-12))) : y;
    const made = [...grid(y, range, last)];
    card.series.forEach((series, index) => {
      const look = `series ${series.style}${series.side === "B" ? " second" : ""}`;
      for (const points of pieces(x, rows[index], toX, toY)) made.push(shape("polyline", { class: look, points }));
    });
    made.push(...events(), ...labels(rows, toY), ...place(x, rows, toY));
    put(svg, { width: box.width, height: box.height, "aria-label": `${card.title}: ${card.series.map((series, index) => `${name(series)} ${written(lastOf(rows[index]))}`).join(", ")}` });
    drawing.replaceChildren(...made);
    readAt(at);
  }
  const lastOf = (one) => Array.from(one).filter(Number.isFinite).pop() ?? NaN;
  function grid(y, range, last) {
    const made = [];
    if (toX(last) < box.right) made.push(shape("rect", { x: toX(last), y: box.top, width: box.right - toX(last), height: box.bottom - box.top, fill: "var(--sunk)" }));
    const down = ticks(...range, 4);
    for (const value of down.values) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 8, y: y(value) + 4, "text-anchor": "end", text: card.log ? significant(10 ** value, 1) : fixed(value, down.digits) }));
    }
    for (const value of ticks(...toX.domain, 5).values) made.push(shape("text", { x: toX(value), y: box.bottom + 18, "text-anchor": "middle", text: value }));
    return made;
  }
  function events() {
    return card.events.flatMap(({ at: epoch, text }) => [
      shape("line", { class: "event", x1: toX(epoch), x2: toX(epoch), y1: box.top, y2: box.bottom }),
      shape("text", { class: "halo", x: toX(epoch) + 4, y: box.top + 10, text })]);
  }
  function labels(rows, toY) {
    const ends = rows.map((one) => toY(lastOf(one)));
    const places = apart(ends.map((end) => (Number.isFinite(end) ? end : box.bottom)), GAP, [box.top + 6, box.bottom - 14]);
    return card.series.flatMap((series, index) => [
      shape("text", { class: `named series-label ${series.style}`, x: box.right + 8, y: places[index] + 2, text: name(series) }),
      shape("text", { class: `series-label ${series.style}`, x: box.right + 8, y: places[index] + 17, text: written(lastOf(rows[index])) })]);
  }
  function place(x, rows, toY) {
    if (!(card.shown < (x[x.length - 1] ?? 0))) return [];
    const here = nearest(x, card.shown);
    const made = [shape("line", { class: "shown", x1: toX(card.shown), x2: toX(card.shown), y1: box.top, y2: box.bottom })];
    rows.forEach((one) => Number.isFinite(one[here]) && made.push(shape("circle", { cx: toX(x[here]), cy: toY(one[here]), r: 5, fill: "var(--page)", stroke: "var(--accent)", "stroke-width": 2.5 })));
    return made;
  }
  function readAt(epoch) {
    at = epoch;
    const hidden = epoch === null || !box;
    readout.hidden = hidden;
    put(cursor, { visibility: hidden ? "hidden" : "visible" });
    if (hidden) return;
    const x = row(card.x);
    const here = nearest(x, epoch);
    const across = toX(x[here]);
    put(cursor, { x1: across, x2: across, y1: box.top, y2: box.bottom });
    readout.textContent = [`${card.xLabel} ${x[here]}`, ...card.series.map((series) => `${name(series)} ${written(row(series)[here])}`)].join(" · ");
    readout.style.left = across > (box.left + box.right) / 2 ? "44px" : "auto";
    readout.style.right = across > (box.left + box.right) / 2 ? "auto" : "8px";
  }
  const under = (event) => {
    if (!box) return null;
    const across = event.clientX - svg.getBoundingClientRect().left;
    return across < box.left - 6 || across > box.right + 6 ? null : toX.invert(across);
  };
  const go = (epoch) => channel.send({ type: "go_to", epoch: Math.round(epoch) });
  svg.addEventListener("pointermove", (event) => card && readAt(under(event)));
  svg.addEventListener("pointerleave", () => readAt(null));
  svg.addEventListener("click", (event) => { const epoch = under(event); if (epoch !== null) go(row(card.x)[nearest(row(card.x), epoch)]); });
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Enter" && at !== null) go(at);
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const x = row(card.x);
    readAt(x[Math.max(0, Math.min(x.length - 1, (at === null ? x.length - 1 : nearest(x, at)) + by))]);
  });
  svg.addEventListener("blur", () => readAt(null));
  return {
    root,
    redraw() { box = null; draw(); },
    update(next, payload) {
      if (card && card.series.length !== next.series.length) box = null;
      card = next;
      values = payload;
      title.textContent = card.title;
      note.textContent = card.note;
      show(holder, card.tabs, card.tab);
      draw();
    },
  };
}

// How fast this machine trains: a race of devices, and throughput against the size of a batch.

import { cardFrame } from "./card_frame.js";
import { button, element, put, shape } from "./elements.js";
import { frame, scale, ticks } from "./scales.js";
import { rich } from "./rich.js";

const LOOK_MS = 400;
const [WIDE, HIGH] = [420, 190];
const STYLES = ["training", "validation", "test", "plain"];

/** A count as an axis shows it: 3,500 as "3.5k". */
export const shortNumber = (value) => (value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(value));

/** The polyline points, scales and ticks of some series; x on a log scale if asked for. */
export function layout({ series, log, ticks: marks }, wide = WIDE, high = HIGH) {
  const box = frame(wide, high, { left: 44, right: 70, top: 12, bottom: 34 });
  const along = (value) => (log ? Math.log2(value) : value);
  const xs = [...(marks ?? []), ...series.flatMap(({ x }) => x)].map(along);
  const top = Math.max(1e-9, ...series.flatMap(({ y }) => y)) * 1.06;
  const x = scale(xs.length ? [Math.min(...xs), Math.max(...xs, Math.min(...xs) + 1e-6)] : [0, 1], [box.left, box.right]);
  const y = scale([0, top], [box.bottom, box.top]);
  const lines = series.map((one) => one.x.map((value, at) => `${x(along(value)).toFixed(1)},${y(one.y[at]).toFixed(1)}`));
  const xTicks = marks ? marks.map((value) => [x(along(value)), String(value)]) : ticks(...x.domain, 5).values.map((value) => [x(value), String(value)]);
  return { box, lines, xTicks, yTicks: ticks(0, top, 4).values.map((value) => [y(value), shortNumber(value)]) };
}

function picture(part) {
  const { box, lines, xTicks, yTicks } = layout(part);
  const made = [];
  for (const [at, text] of yTicks) made.push(shape("line", { x1: box.left, x2: box.right, y1: at, y2: at, stroke: "var(--grid)" }), shape("text", { x: box.left - 8, y: at + 4, "text-anchor": "end", text }));
  for (const [at, text] of xTicks) made.push(shape("text", { x: at, y: box.bottom + 18, "text-anchor": "middle", text }));
  made.push(shape("text", { x: box.right, y: box.bottom + 32, "text-anchor": "end", text: part.xLabel }));
  lines.forEach((points, index) => {
    const style = STYLES[index % STYLES.length];
    made.push(shape("polyline", { class: `series ${style}`, points: points.join(" ") }));
    if (part.log) made.push(...points.map((point) => shape("circle", { class: `mark ${style}`, cx: point.split(",")[0], cy: point.split(",")[1], r: 3.5 })));
    const [x, y] = points[points.length - 1].split(",").map(Number);
    if (part.series.length > 1) made.push(shape("text", { class: `named halo series-label ${style}`, x: Math.min(x + 6, WIDE - 66), y: Math.max(14, y + 4), text: part.series[index].name.replace(/^CPU, /, "") }));
  });
  return shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${part.title}: ${part.yLabel} over ${part.xLabel}` }, made);
}

function table({ heads, rows }) {
  const line = (cells, tag) => element("tr", {}, cells.map((text, at) => element(at ? tag : "th", { class: at ? "number" : null, scope: tag === "th" ? "col" : at ? null : "row", text })));
  return element("table", {}, element("thead", {}, line(heads, "th")), element("tbody", {}, rows.map((row) => line(row, "td"))));
}

/** A card with the devices of this machine and two measurements. */
export function speedCard(channel) {
  const { root, title, end, body } = cardFrame("speed-card");
  const list = element("ul", { class: "devices" });
  const grid = element("div", { class: "speed-parts" });
  body.append(list, grid);
  const made = new Map();
  let known = "";
  let timer = null;

  function makePart(what) {
    const one = { what, running: false, shown: "", head: element("h4"), about: element("p", { class: "sub" }), body: element("div", { class: "speed-body" }), verdict: element("p", { role: "status" }) };
    one.press = button({ label: "Measure", kind: "small", onclick: () => channel.send({ type: one.running ? "stop_race" : "race", what }) });
    grid.append(element("section", { class: "speed-part" }, one.head, one.about, one.body, one.verdict, element("div", { class: "foot" }, one.press)));
    made.set(what, one);
    return one;
  }
  function look() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!channel.busy) channel.send({ type: "look_race", moving: true, target: "race" });
      look();
    }, LOOK_MS);
    timer.unref?.();
  }
  function show(one, part) {
    one.running = part.running;
    put(one.head, { text: part.title });
    put(one.about, { text: part.about, hidden: !part.about });
    put(one.press.querySelector("span"), { text: part.running ? "Stop measuring" : part.action });
    put(one.press, { "aria-label": part.running ? `Stop: ${part.title}` : `${part.action}: ${part.title}` });
    const wanted = JSON.stringify(part);
    if (wanted === one.shown) return;
    one.shown = wanted;
    one.verdict.replaceChildren(...rich(part.verdict || part.text));
    one.body.replaceChildren(...(part.series.length ? [element("div", { class: "plot" }, picture(part))] : []), ...(part.rows.length ? [table(part)] : []));
  }
  return {
    root,
    destroy: () => clearTimeout(timer),
    update(card) {
      put(title, { text: card.title });
      put(end, { text: card.note });
      if (JSON.stringify(card.devices) !== known) {
        known = JSON.stringify(card.devices);
        list.replaceChildren(...card.devices.map(([name, words, ok]) => element("li", { class: ok ? "there" : "" }, element("b", { text: name }), ` ${words}`)));
      }
      for (const part of card.parts) show(made.get(part.what) ?? makePart(part.what), part);
      if (card.parts.some(({ running }) => running)) { if (timer === null) look(); }
      else { clearTimeout(timer); timer = null; }
    },
  };
}

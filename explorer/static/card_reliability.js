// Confidence against how often it was right, before and after the temperature.

import { cardFrame } from "./card_frame.js";
import { element, put, shape } from "./elements.js";
import { rich } from "./rich.js";
import { frame, scale } from "./scales.js";

/** The side of a mark for a bin with `count` of `most` answers, 3 to 9 pixels. */
export const markSize = (count, most) => 3 + 6 * Math.sqrt(count / Math.max(1, most));

/** A card with a diagram of reliability. */
export function reliabilityCard() {
  const { root, title, end, body } = cardFrame("reliability-card");
  const svg = shape("svg", { role: "img" });
  const plot = element("div", { class: "plot reliability-plot" }, svg);
  const text = element("p", { class: "sub" });
  body.append(plot, text);
  let card = null;
  let said = "";

  function draw() {
    if (!card || !plot.clientWidth) return;
    const box = frame(plot.clientWidth, plot.clientHeight, { left: 44, right: 12, top: 8 });
    const [x, y] = [scale([0, 100], [box.left, box.right]), scale([0, 100], [box.bottom, box.top])];
    const made = [];
    for (const value of [0, 25, 50, 75, 100]) {
      made.push(shape("line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value), stroke: "var(--grid)" }));
      made.push(shape("text", { x: box.left - 8, y: y(value) + 4, "text-anchor": "end", text: `${value} %` }));
      if (value < 75 || (value < 100 && x(value) < box.right - 96)) made.push(shape("text", { x: x(value), y: box.bottom + 18, "text-anchor": "middle", text: value }));
    }
    made.push(shape("text", { x: box.right, y: box.bottom + 18, "text-anchor": "end", text: "confidence" }));
    made.push(shape("line", { class: "reference", x1: x(0), y1: y(0), x2: x(100), y2: y(100) }));
    const most = Math.max(1, ...card.series.flatMap(({ bins }) => bins.map(({ count }) => count)));
    for (const { style, bins } of card.series) {
      const points = bins.map(({ sure, right }) => `${x(100 * sure).toFixed(1)},${y(100 * right).toFixed(1)}`);
      if (points.length > 1) made.push(shape("polyline", { class: `series ${style}`, points: points.join(" ") }));
      made.push(...bins.map(({ sure, right, count }) => shape("circle", { class: `mark ${style}`, cx: x(100 * sure), cy: y(100 * right), r: markSize(count, most) })));
    }
    put(svg, { width: box.width, height: box.height, "aria-label": card.reading.replaceAll("*", "") });
    svg.replaceChildren(...made);
  }
  return {
    root,
    redraw: draw,
    update(next, values, glossary) {
      card = next;
      title.textContent = card.title;
      end.textContent = card.note;
      if (said !== card.reading) {
        said = card.reading;
        text.replaceChildren(...rich(card.reading, glossary));
      }
      draw();
    },
  };
}

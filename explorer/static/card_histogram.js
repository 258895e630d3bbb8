// How often each value occurs, one outline for each channel.

import { cardFrame } from "./card_frame.js";
import { element, shape } from "./elements.js";
import { fixed } from "./numbers.js";
import { frame, scale } from "./scales.js";

const DASHES = { red: "none", green: "6 3", blue: "2 3", grey: "none" };
const HEIGHT = 150;
const GAP = 24;

/** The outline of counts as steps: a path in pixels between two edges. */
export function outline(counts, x, y) {
  const left = (bin) => x(bin).toFixed(1);
  const steps = counts.map((count, bin) => `H${left(bin)}V${y(count).toFixed(1)}H${left(bin + 1)}`);
  return `M${left(0)} ${y(0).toFixed(1)}${steps.join("")}V${y(0).toFixed(1)}`;
}

/** The highest bar that has to fit: single spikes, such as all black pixels, may be cut off. */
export function ceiling(channels) {
  const sorted = channels.flatMap(({ counts }) => counts).filter((count) => count > 0).sort((one, other) => other - one);
  if (!sorted.length) return 1;
  const spike = sorted[0];
  const next = sorted[Math.min(sorted.length - 1, Math.max(1, Math.floor(sorted.length * 0.05)))];
  return Math.max(1, Math.min(spike, 2 * next));
}

function picture({ title, low, high, channels }, width) {
  const box = frame(width, HEIGHT, { left: 2, right: 2, top: 6, bottom: 22 });
  const bins = channels[0].counts.length;
  const top = ceiling(channels);
  const [x, y] = [scale([0, bins], [box.left, box.right]), scale([0, top], [box.bottom, box.top])];
  const lines = channels.map(({ name, counts }) => shape("path", { class: `channel ${name}`, "stroke-dasharray": DASHES[name], d: outline(counts.map((count) => Math.min(count, top)), x, y) }));
  const zero = low < 0 && high > 0 ? ((0 - low) / (high - low)) * bins : null;
  const ticks = [[0, low, "start"], [bins, high, "end"], ...(zero === null ? [] : [[zero, 0, "middle"]])];
  const marks = ticks.map(([at, value, anchor]) => shape("text", { x: x(at), y: HEIGHT - 6, "text-anchor": anchor, text: value === 0 || value === 1 ? String(value) : fixed(value, 2) }));
  const rule = zero === null ? [] : [shape("line", { class: "zero", x1: x(zero), x2: x(zero), y1: box.top, y2: box.bottom })];
  return shape("svg", { width, height: HEIGHT, role: "img", "aria-label": `${title}: how many pixels have each value from ${fixed(low, 2)} to ${fixed(high, 2)}` }, rule, shape("line", { class: "ground", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }), lines, marks);
}

/** A card with the values before and after they are normalised. */
export function histogramCard() {
  const { root, title, end, body } = cardFrame("histogram-card");
  const plots = element("div", { class: "histograms" });
  const foot = element("p", { class: "sub" });
  body.append(plots, foot);
  let card = null;
  let shown = "";

  const sample = (name) => shape("svg", { class: "channel-sample", width: 18, height: 8, "aria-hidden": "true" }, shape("line", { class: `channel ${name}`, x1: 0, x2: 18, y1: 4, y2: 4, "stroke-dasharray": DASHES[name] }));
  const legend = (channels) => element("div", { class: "channel-legend number" }, channels.map(({ name, mean, deviation }) => element("span", {}, sample(name), element("b", { text: name }), ` μ ${mean.replace("-", "−")}, σ ${deviation}`)));
  function draw() {
    const whole = body.clientWidth || 300;
    const beside = card.plots.length > 1 && whole > 480;
    plots.style.gridTemplateColumns = beside ? "1fr 1fr" : "1fr";
    const width = Math.max(160, beside ? (whole - GAP) / 2 : whole);
    plots.replaceChildren(...card.plots.map((one) => element("figure", { class: "histogram" }, element("figcaption", { class: "sub", text: one.title }), element("div", { class: "plot" }, picture(one, width)), legend(one.channels))));
  }
  return {
    root,
    redraw: () => card && draw(),
    update(next) {
      const key = JSON.stringify(next);
      if (key === shown) return;
      shown = key;
      card = next;
      title.textContent = card.title;
      end.textContent = card.note;
      foot.textContent = card.foot;
      foot.hidden = !card.foot;
      draw();
    },
  };
}

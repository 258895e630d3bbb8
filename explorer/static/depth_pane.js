// How much of the gradient is left after many layers: one curve for each activation.

import { shape } from "./elements.js";
import { functionPlot } from "./function_plot.js";
import { significant } from "./numbers.js";
import { spread } from "./activation_curves.js";
import { tone } from "./series_colours.js";

/** Whole powers of ten around positive values, between 1e−12 and 1e12. */
export function powerRange(values) {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map((value) => Math.min(12, Math.max(-12, Math.log10(value))));
  if (!logs.length) return [-1, 1];
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  return [Math.min(low, -1), Math.max(high, 1)];
}

/** Gradient size by layer on a log axis; the last layer stands at the right. */
export function depthPane() {
  let scene = null;
  const frame = functionPlot(["layer", "10ⁿ"], ["curves", "words"], "Size of the gradient by layer", paint);
  const { plot } = frame;
  function paint() {
    if (!scene) return;
    const height = (value) => plot.y(value > 0 ? Math.min(12, Math.max(-12, Math.log10(value))) : plot.y.domain[0]);
    const made = [];
    const ends = [];
    scene.profiles.forEach((one, index) => {
      const { colour, dash } = tone(index);
      const points = Array.from(one.norms, (value, layer) => `${plot.x(layer + 1).toFixed(1)},${height(value).toFixed(1)}`).join(" ");
      made.push(shape("polyline", { class: "function", points, stroke: colour, "stroke-dasharray": dash }));
      made.push(...Array.from(one.norms, (value, layer) => shape("circle", { cx: plot.x(layer + 1), cy: height(value), r: 3, fill: colour })));
      const dead = one.dead > 0 ? `, ${Math.round(one.dead * 100)} % dead` : "";
      ends.push({ words: `${one.label} ${significant(one.norms[0], 2)}${dead}`, at: height(one.norms[0]) });
    });
    plot.layers.curves.setAttribute("clip-path", plot.clip);
    plot.layers.curves.replaceChildren(...made);
    const heights = spread(ends.map((end) => end.at - 10), 20, plot.box.top + 14, plot.box.bottom - 8);
    plot.layers.words.replaceChildren(...ends.map((end, index) => shape("text", { class: "named halo", x: plot.box.left + 12, y: heights[index], text: end.words, style: "fill:var(--text)" })));
  }
  return {
    root: frame.root,
    redraw: frame.redraw,
    update(next) {
      scene = next;
      const all = scene.profiles.flatMap((one) => Array.from(one.norms));
      frame.update([1, Math.max(2, scene.layers)], powerRange(all));
    },
  };
}

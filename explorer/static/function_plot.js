// A plot of functions over x that several panes share: axes, clipped curves, handles.

import { axes } from "./axes.js";
import { element, shape } from "./elements.js";
import { frame, scale } from "./scales.js";

/** Sampled values as one path, broken where a value is not a number. */
export function curvePath(values, x, y, limit = 1e4) {
  let d = "";
  let pen = false;
  const [low, high] = x.domain;
  const step = (high - low) / (values.length - 1);
  for (let i = 0; i < values.length; i += 1) {
    const py = y(values[i]);
    if (!Number.isFinite(py)) {
      pen = false;
      continue;
    }
    const inside = Math.max(-limit, Math.min(limit, py));
    d += `${pen ? "L" : "M"}${x(low + i * step).toFixed(1)} ${inside.toFixed(1)}`;
    pen = true;
  }
  return d;
}

/** A handle to take hold of, named for the keyboard and for readers. */
export function grip(name, label, radius = 7) {
  return shape("g", { class: "handle", "data-handle": name, tabindex: "0", role: "slider", "aria-label": label, "aria-valuenow": "0" },
    shape("circle", { class: "halo", r: 20 }), shape("circle", { class: "knob", r: radius }));
}

/** An SVG with layers, measured on resize only; `paint(plot)` draws into it. */
export function functionPlot(names, layers, label, paint) {
  const svg = shape("svg", { role: "group", "aria-label": label });
  const made = Object.fromEntries(["axes", ...layers].map((name) => [name, shape("g", { "data-layer": name })]));
  const clip = shape("rect");
  const id = `clip-${Math.random().toString(36).slice(2)}`;
  svg.append(shape("clipPath", { id }, clip), ...Object.values(made));
  const root = element("div", { class: "plot pane-plot" }, svg);
  const plot = { svg, layers: made, box: null, x: null, y: null, clip: `url(#${id})` };
  let ranges = null;

  function measure() {
    if (!root.clientWidth || !root.clientHeight) return false;
    const left = parseFloat(getComputedStyle(svg).getPropertyValue("--axis-left")) || 34;
    plot.box = frame(root.clientWidth, root.clientHeight, { left, bottom: left - 2 });
    svg.setAttribute("width", plot.box.width);
    svg.setAttribute("height", plot.box.height);
    const { left: x, top: y } = plot.box;
    Object.entries({ x, y, width: plot.box.right - x, height: plot.box.bottom - y }).forEach(([name, value]) => clip.setAttribute(name, value));
    return true;
  }
  function draw() {
    if (!ranges || (!plot.box && !measure())) return;
    plot.x = scale(ranges[0], [plot.box.left, plot.box.right]);
    plot.y = scale(ranges[1], [plot.box.bottom, plot.box.top]);
    plot.layers.axes.replaceChildren(...axes(plot.box, plot.x, plot.y, names));
    paint(plot);
  }
  return {
    root,
    plot,
    update(x, y) {
      ranges = [x, y];
      draw();
    },
    redraw() {
      plot.box = null;
      draw();
    },
  };
}

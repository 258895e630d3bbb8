// What a neuron does with its activation: one input as a curve, two inputs as a map.

import { arrow, draggable } from "./drag.js";
import { element, shape } from "./elements.js";
import { curvePath, functionPlot, grip } from "./function_plot.js";
import { fixed } from "./numbers.js";

const keys = (svg, act, hand) => {
  svg.addEventListener("keydown", (event) => {
    const step = arrow(event);
    const name = event.target.closest("[data-handle]")?.dataset.handle;
    if (!step || !name) return;
    event.preventDefault();
    event.stopPropagation();
    act(name, step);
  });
  svg.addEventListener("keyup", (event) => arrow(event) && event.target.closest("[data-handle]") && hand.release());
};
const handleOf = (event) => event.target.closest("[data-handle]")?.dataset.handle ?? null;

/** The weight and bias for which the sum is 0 at `zero` and 1 at `one`. */
export function fromPlaces(zero, one, least = 0.1) {
  const gap = one - zero;
  const w = 1 / (Math.abs(gap) < 1e-9 ? 1e-9 : gap);
  const bounded = Math.sign(w) * Math.min(10, Math.max(least, Math.abs(w)));
  return { w: bounded, b: -bounded * zero };
}

/** One input: drag where the weighted sum is 0, and where it is 1. */
export function neuronPane(hand) {
  let scene = null;
  const grips = { zero: grip("zero", "Where the weighted sum is 0"), one: grip("one", "Where the weighted sum is 1") };
  const frame = functionPlot(["x", "y"], ["curves", "words", "handles"], "Output of a neuron with one input", paint);
  const { plot } = frame;
  plot.layers.handles.append(grips.zero, grips.one);
  const places = () => ({ zero: -scene.b / scene.w, one: (1 - scene.b) / scene.w });
  function put(name, x) {
    const at = places();
    if (name === "zero") hand.neuron({ w: scene.w, b: Math.min(10, Math.max(-10, -scene.w * x)) });
    else hand.neuron(fromPlaces(at.zero, x));
  }
  draggable(plot.svg, { pick: handleOf, move: (name, [px]) => put(name, plot.x.invert(px)), end: (name, moved) => moved && hand.release() });
  keys(plot.svg, (name, [across, up]) => put(name, places()[name] + (across + up) * 0.1), hand);

  function paint() {
    if (!scene) return;
    plot.layers.curves.setAttribute("clip-path", plot.clip);
    plot.layers.curves.replaceChildren(
      shape("path", { class: "plain-curve", d: curvePath(scene.plain, plot.x, plot.y) }),
      shape("path", { class: "own-line", fill: "none", d: curvePath(scene.values, plot.x, plot.y) }));
    const words = [];
    for (const [name, sum] of [["zero", 0], ["one", 1]]) {
      const x = Math.min(scene.range[1], Math.max(scene.range[0], places()[name]));
      const y = Math.min(scene.yRange[1], Math.max(scene.yRange[0], sum === 0 ? scene.atZero : scene.atOne));
      grips[name].setAttribute("transform", `translate(${plot.x(x)} ${plot.y(y)})`);
      grips[name].setAttribute("aria-valuetext", `x ${fixed(places()[name])}`);
      words.push(shape("text", { class: "halo", x: plot.x(x) + 16, y: plot.y(y) + (sum ? -16 : 26), text: `sum is ${sum}`, "text-anchor": plot.x(x) > plot.box.right - 90 ? "end" : "start" }));
    }
    plot.layers.words.replaceChildren(...words);
  }
  return { root: frame.root, redraw: frame.redraw, update(next) { scene = next; frame.update(scene.range, scene.yRange); } };
}

/** Foot of the perpendicular from the origin on w·x + b = 0. */
export function foot([w1, w2], b) {
  const size = w1 * w1 + w2 * w2;
  return [(-b * w1) / size, (-b * w2) / size];
}

/** Two inputs: a map with the line where the sum is 0; drag the line and its arrow. */
export function planePane(hand) {
  let scene = null;
  const canvas = element("canvas", { class: "surface", "aria-hidden": "true" });
  const grips = { line: grip("line", "The line where the sum is 0"), tip: grip("tip", "The weights, as an arrow") };
  const frame = functionPlot(["x₁", "x₂"], ["line", "arrow", "words", "handles"], "Output of a neuron with two inputs", paint);
  const { plot } = frame;
  plot.svg.before(canvas);
  plot.layers.handles.append(grips.line, grips.tip);
  const limit = (value) => Math.min(5, Math.max(-5, value));
  function put(name, [x, y]) {
    const [w1, w2] = scene.w;
    if (name === "line") hand.plane({ w: [w1, w2], b: limit(-(w1 * x + w2 * y)) });
    else {
      const [fx, fy] = foot(scene.w, scene.b);
      let w = [limit(x - fx), limit(y - fy)];
      if (Math.hypot(...w) < 0.2) w = [0.2, 0];
      hand.plane({ w, b: limit(-(w[0] * fx + w[1] * fy)) });
    }
  }
  draggable(plot.svg, { pick: handleOf, move: (name, [px, py]) => put(name, [plot.x.invert(px), plot.y.invert(py)]), end: (name, moved) => moved && hand.release() });
  keys(plot.svg, (name, [across, up]) => {
    const [fx, fy] = foot(scene.w, scene.b);
    const from = name === "line" ? [fx, fy] : [fx + scene.w[0], fy + scene.w[1]];
    put(name, [from[0] + across * 0.1, from[1] + up * 0.1]);
  }, hand);

  function paintMap() {
    const { box } = plot;
    Object.assign(canvas.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px` });
    canvas.width = canvas.height = scene.size;
    const context = canvas.getContext("2d");
    const picture = context.createImageData(scene.size, scene.size);
    for (let row = 0; row < scene.size; row += 1) {
      for (let column = 0; column < scene.size; column += 1) {
        const value = scene.map[(scene.size - 1 - row) * scene.size + column] / scene.largest;
        const colour = scene.ramp(value * 0.62);
        picture.data.set([...colour, 255], 4 * (row * scene.size + column));
      }
    }
    context.putImageData(picture, 0, 0);
  }
  function paint() {
    if (!scene) return;
    paintMap();
    const [w1, w2] = scene.w;
    const [fx, fy] = foot(scene.w, scene.b);
    const [px, py] = [plot.x(fx), plot.y(fy)];
    const along = [-w2, w1].map((part) => (part / Math.hypot(w1, w2)) * 20);
    const tip = [plot.x(fx + w1), plot.y(fy + w2)];
    plot.layers.line.setAttribute("clip-path", plot.clip);
    plot.layers.line.replaceChildren(shape("line", { class: "own-line", x1: plot.x(fx - along[0]), y1: plot.y(fy - along[1]), x2: plot.x(fx + along[0]), y2: plot.y(fy + along[1]) }));
    plot.layers.arrow.replaceChildren(shape("line", { class: "arrow-shaft", x1: px, y1: py, x2: tip[0], y2: tip[1] }));
    plot.layers.words.replaceChildren(shape("text", { class: "named on-map", x: tip[0] + 14, y: tip[1] - 12, text: "w" }));
    grips.line.setAttribute("transform", `translate(${px} ${py})`);
    grips.tip.setAttribute("transform", `translate(${tip[0]} ${tip[1]})`);
    grips.tip.setAttribute("aria-valuetext", `w ${fixed(w1)}, ${fixed(w2)}`);
    grips.line.setAttribute("aria-valuetext", `b ${fixed(scene.b)}`);
  }
  return { root: frame.root, redraw: frame.redraw, update(next) { scene = next; frame.update([-4, 4], [-4, 4]); } };
}

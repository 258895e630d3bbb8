// A few neurons added up: by hand or by descent they follow a target; stacked, they may not.

import { arrow, draggable } from "./drag.js";
import { shape } from "./elements.js";
import { curvePath, functionPlot, grip } from "./function_plot.js";
import { fixed } from "./numbers.js";

/** The sum of neurons: each has a handle at its kink, as high as its output weight. */
export function chainPane(hand) {
  let scene = null;
  const frame = functionPlot(["x", "y"], ["parts", "curves", "words", "handles"], "Sum of neurons and its target", paint);
  const { plot } = frame;
  let grips = [];

  const indexOf = (event) => {
    const name = event.target.closest("[data-handle]")?.dataset.handle;
    return name === undefined ? null : Number(name);
  };
  const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
  const move = (index, x, v) => hand.unit({ index, kink: Number(clamp(x, scene.range).toFixed(3)), v: Number(clamp(v, scene.yRange).toFixed(3)) });
  draggable(plot.svg, { pick: indexOf, move: (index, [px, py]) => move(index, plot.x.invert(px), plot.y.invert(py)), end: (thing, moved) => moved && hand.release() });
  plot.svg.addEventListener("keydown", (event) => {
    const step = arrow(event);
    const index = indexOf(event);
    if (!step || index === null) return;
    event.preventDefault();
    event.stopPropagation();
    move(index, scene.units[index].kink + step[0] * 0.05, scene.units[index].v + step[1] * 0.05);
  });
  plot.svg.addEventListener("keyup", (event) => arrow(event) && indexOf(event) !== null && hand.release());

  function placeGrips() {
    if (grips.length !== scene.units.length) {
      grips = scene.units.map((unit, index) => grip(String(index), `Neuron ${index + 1}`, 6));
      plot.layers.handles.replaceChildren(...grips);
    }
    scene.units.forEach((unit, index) => {
      const [x, y] = [clamp(unit.kink, scene.range), clamp(unit.v, scene.yRange)];
      grips[index].setAttribute("transform", `translate(${plot.x(x)} ${plot.y(y)})`);
      grips[index].setAttribute("aria-valuetext", `bends at ${fixed(unit.kink)}, output weight ${fixed(unit.v)}`);
    });
  }
  function paint() {
    if (!scene) return;
    for (const name of ["parts", "curves"]) plot.layers[name].setAttribute("clip-path", plot.clip);
    plot.layers.parts.replaceChildren(...scene.parts.map((values, index) => shape("path", { class: `part ${scene.units[index].v < 0 ? "neg" : "pos"}`, d: curvePath(values, plot.x, plot.y) })));
    plot.layers.curves.replaceChildren(
      shape("path", { class: "target", d: curvePath(scene.target, plot.x, plot.y) }),
      shape("path", { class: "own-line", fill: "none", d: curvePath(scene.values, plot.x, plot.y) }));
    const numbers = scene.units.map((unit, index) => shape("text", { class: "halo", "text-anchor": "middle", x: plot.x(clamp(unit.kink, scene.range)), y: plot.y(clamp(unit.v, scene.yRange)) - 12, text: index + 1 }));
    plot.layers.words.replaceChildren(...numbers, shape("text", { class: "named halo", x: plot.box.left + 8, y: plot.box.top + 16, text: "dotted: the target", style: "fill:var(--text)" }));
    placeGrips();
  }
  return { root: frame.root, redraw: frame.redraw, update(next) { scene = next; frame.update(scene.range, scene.yRange); } };
}

/** Layers on top of each other: with no bend between them they are one straight line. */
export function stackPane() {
  let scene = null;
  const frame = functionPlot(["x", "y"], ["curves", "words"], "A stack of layers", paint);
  const { plot } = frame;
  function paint() {
    if (!scene) return;
    plot.layers.curves.setAttribute("clip-path", plot.clip);
    plot.layers.curves.replaceChildren(
      shape("path", { class: "target", d: curvePath(scene.linear, plot.x, plot.y) }),
      shape("path", { class: "own-line", fill: "none", d: curvePath(scene.values, plot.x, plot.y) }));
    const text = (y, words, fill) => shape("text", { class: "named halo", x: plot.box.left + 8, y: plot.box.top + y, text: words, style: `fill:${fill}` });
    plot.layers.words.replaceChildren(text(16, `with ${scene.label} between the layers`, "var(--accent)"), text(36, "dotted: without it, one straight line", "var(--text)"));
  }
  return { root: frame.root, redraw: frame.redraw, update(next) { scene = next; frame.update(scene.range, scene.yRange); } };
}
